/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * releases.h: what tickets are told of a release is made here, in every
 * language that there is, since the texts are the program's.
 */
#ifndef SPORTELLO_HANDLERS_RELEASES_H
#define SPORTELLO_HANDLERS_RELEASES_H

#include "route.h"

bool releases_create(struct request *r); /* POST /api/releases */
bool releases_change(struct request *r); /* PATCH /api/releases/:id */
bool releases_answer(struct request *r); /* POST /api/tickets/:number/fixed */

#endif
