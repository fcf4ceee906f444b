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
 *
 * Whose name a customer's own host is decides which machine answers there, and
 * anybody can make a link to /hand-over. So nobody goes there signed in without
 * having said yes: the page names the host, and POST /hand-over makes the
 * token. To the canonical host, whose name is the operator's, it goes on by
 * itself.
 */
#ifndef SPORTELLO_HANDLERS_PLACES_H
#define SPORTELLO_HANDLERS_PLACES_H

#include "request.h"

/* The page that leads to the portal's canonical host, or to ?host=. */
bool places_leave(struct request *r);

bool places_arrive(struct request *r);

/* The token, or the page that asks. */
bool places_ask(struct request *r);
bool places_hand_over(struct request *r);

#endif
