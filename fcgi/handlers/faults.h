/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * faults.h: things that go wrong on purpose. In the test build only.
 */
#ifndef SPORTELLO_HANDLERS_FAULTS_H
#define SPORTELLO_HANDLERS_FAULTS_H

#include "route.h"

bool faults_ignore(struct request *r);	 /* answers with the body unread */
bool faults_big(struct request *r);	 /* 100 MB with its length */
bool faults_cut(struct request *r);	 /* half an answer, then SIGKILL */
bool faults_abort(struct request *r);	 /* half an answer, then given up */
bool faults_sleep(struct request *r);	 /* ?ms= */
bool faults_mismatch(struct request *r); /* a pipeline out of step */

#define FAULT_ROUTES                                                           \
	{ POST, "/test/ignore", ANYONE, faults_ignore, .raw = true },          \
		{ GET, "/test/big", ANYONE, faults_big },                      \
		{ GET, "/test/cut", ANYONE, faults_cut },                      \
		{ GET, "/test/abort", ANYONE, faults_abort },                  \
		{ GET, "/test/sleep", ANYONE, faults_sleep },                  \
		{ GET, "/test/mismatch", ANYONE, faults_mismatch },

#endif
