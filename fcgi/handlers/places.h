/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * places.h: from one host of a portal to another, staying signed in.
 *
 *	here                         there
 *	GET /elsewhere?to=…    →     GET /arrive?from=here&to=…&signed=1
 *	GET /hand-over?at=…    ←     (keeps a secret in a cookie)
 *	(makes a token)        →     GET /arrive?token=… (wants the cookie)
 *
 * The token is for one person, session, host and browser, once and for 30
 * seconds. The cookie makes it the browser's own: a link with somebody else's
 * token signs nobody in.
 */
#ifndef SPORTELLO_HANDLERS_PLACES_H
#define SPORTELLO_HANDLERS_PLACES_H

#include "request.h"

/* The page that leads to the portal's canonical host, or to ?host=. */
bool places_leave(struct request *r);

bool places_arrive(struct request *r);
bool places_hand_over(struct request *r);

#endif
