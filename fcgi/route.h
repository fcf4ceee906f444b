/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * route.h: from method and path to a row of routes.c.
 */
#ifndef SPORTELLO_ROUTE_H
#define SPORTELLO_ROUTE_H

#include "query.h"
#include "request.h"

/* Who may come in, most public first. The database checks it (auth.enter). */
enum who { ANYONE, CUSTOMER, AGENT, ADMIN };

struct route {
	enum method method;
	const char
		*path; /* with :name for a part, at most REQUEST_PARAMS_MAX */
	enum who who;
	bool (*handle)(struct request *r);
	const struct query *query;
	const struct query *filtered; /* instead, when a filter is given */
	const char *page;	      /* template, for pages */
	const char *pool;	      /* NULL: api */
	bool tickets;		      /* of the kind that a host may lack */
	bool raw;		      /* the handler leaves the body unread */
	bool stream;		      /* it reads it itself, as it comes */
	bool file;		      /* the body is a file, whatever it is */
	bool large;		      /* the body may be large */
};

/* The table: routes.c. Ends with a row without a path. */
extern const struct route routes[];
/* Behind it: where an address leads that was elsewhere before. */
extern const struct route route_moved;

/* Finds the row that means the path most exactly, and the :params. False: 404,
 * or 405 with Allow. */
bool route_find(struct request *r, const struct route *table) MUST_CHECK;

/* The query for this request: the row's, or its filtered one when one of the
 * inputs that it is planned for came in the query string. */
const struct query *route_query(const struct request *r);

/* The value of :name in the request's path; empty when it has none. */
struct str route_param(const struct request *r, const char *name);

#endif
