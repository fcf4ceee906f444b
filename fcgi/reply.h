/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * reply.h: what goes out.
 */
#ifndef SPORTELLO_REPLY_H
#define SPORTELLO_REPLY_H

#include "request.h"

/* Sets an answer, and is true so that it can end a handler's chain. */
bool reply(struct request *r, int status, const char *type, struct str body);
bool reply_json(struct request *r, int status, struct str body);

/* 303 to a path of our own. */
bool reply_see_other(struct request *r, struct str path);

/* Does the database's answer say {"wait": seconds}, that something was done too
 * often? Then the problem is set. */
bool reply_must_wait(struct request *r, struct str answer);

void reply_header(struct request *r, const char *name, struct str value);

/* Turns r->problem into the answer, as problem+json. */
void reply_problem(struct request *r);

/* Status line and headers, as FastCGI wants them. */
struct str reply_head(const struct request *r);

#endif
