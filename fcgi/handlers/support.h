/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * support.h: how the tenant's agents enter a customer's portal under a grant.
 * Leaving is signing out (sessions.h).
 */
#ifndef SPORTELLO_HANDLERS_SUPPORT_H
#define SPORTELLO_HANDLERS_SUPPORT_H

#include "route.h"

/* At the desk: an address at the portal, good once and for 30 seconds. */
bool support_new_entry(struct request *r);

/* There: it becomes a session that reads. */
bool support_enter(struct request *r);

/* At the desk: a signed token about a grant, which the tenant's own product
 * checks. */
bool support_token(struct request *r);

#endif
