/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * input.h: a query's declared inputs, out of a request.
 *
 * Presence, kind and size are checked here, each fault with its field; what
 * a value may mean is the database's to decide. A member of the body that the
 * query does not declare is refused, so that a misspelt one is not lost.
 */
#ifndef SPORTELLO_INPUT_H
#define SPORTELLO_INPUT_H

#include "query.h"
#include "request.h"

/* Fills values (as many as q has inputs, NULL for what is absent or for the
 * handler to make). False: r->problem names the fields. */
bool input(struct request *r, const struct query *q,
	   const char **values) MUST_CHECK;

/* Only those that the request answers without anybody having sent them. */
void input_asked(const struct request *r, const struct query *q,
		 const char **values);

#endif
