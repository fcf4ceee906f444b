/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * sessions.h: signing in and out, and preferences kept in cookies.
 */
#ifndef SPORTELLO_HANDLERS_SESSIONS_H
#define SPORTELLO_HANDLERS_SESSIONS_H

#include "route.h"

bool sessions_page(struct request *r);	      /* GET /sign-in */
bool sessions_open(struct request *r);	      /* POST /sign-in, a form */
bool sessions_close(struct request *r);	      /* POST /sign-out, a form */
bool sessions_end(struct request *r);	      /* DELETE /api/session */
bool sessions_whose(struct request *r);	      /* GET /api/session: by nginx */
bool sessions_preferences(struct request *r); /* POST /preferences, a form */

/* What follows from the answer of auth.let_in() and its like: the session's
 * cookie and a 303 to `to`, or, where a second factor is due, its page. */
bool sessions_begin(struct request *r, struct str token,
		    const struct json *answer, struct str to);

/* The first half of it, for a page that leads on by itself: sets the cookie,
 * and where to go from there. */
bool sessions_keep(struct request *r, struct str token,
		   const struct json *answer, struct str *to);

/* The field of a posted form or the query string; empty when there is none. */
struct str sessions_value(const struct pairs *p, const char *name);

#endif
