/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * serve.h: the handler of every route that needs no C of its own.
 */
#ifndef SPORTELLO_SERVE_H
#define SPORTELLO_SERVE_H

#include "route.h"

/* Inputs, one trip, the database's JSON as the answer: 200, 201 after a POST,
 * 204 where there is nothing to show. */
bool serve(struct request *r);

/* The second half, for a handler that made some inputs itself. */
bool serve_with(struct request *r, const char *const *values);

#endif
