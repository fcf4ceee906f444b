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
bool sessions_preferences(struct request *r); /* POST /preferences, a form */

/* A session's cookie, and where to: {"rank", "seconds"} as the database says. */
bool sessions_begin(struct request *r, struct str token,
		    const struct json *session, struct str to);

#endif
