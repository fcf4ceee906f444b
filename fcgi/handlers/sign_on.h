/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * sign_on.h: single sign-on, there and back (oidc.h). In the pool `proof`.
 *
 * A provider leads back to one host of ours for all portals, and from there the
 * browser goes on to the portal it began at. What must not be lost or changed on
 * the way is sealed: in `state`, which host that is; in a cookie of that host
 * what only the browser that began may know. So another browser's answer, or an
 * answer to another question, opens nothing.
 *
 * The beginning is one trip; the end two, with at most three questions to the
 * provider between them.
 */
#ifndef SPORTELLO_HANDLERS_SIGN_ON_H
#define SPORTELLO_HANDLERS_SIGN_ON_H

#include "route.h"

bool sign_on_begin(struct request *r); /* GET /sign-in/with/:provider */
bool sign_on_back(struct request *r);  /* GET /sign-in/back */

/* To the sign-in page, which says why. */
bool sign_on_refuse(struct request *r, struct str why, struct str to);

#endif
