/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * status.h: service status as a feed, and who subscribes to it by mail.
 */
#ifndef SPORTELLO_HANDLERS_STATUS_H
#define SPORTELLO_HANDLERS_STATUS_H

#include "route.h"

/* GET /status.atom: what was said of incidents and maintenance, the newest
 * first, in the reader's language (RFC 4287). */
bool status_feed(struct request *r);

/* POST /status/subscribe: a form with any number of `part`s, the components
 * that are wanted. */
bool status_subscribe(struct request *r);

#endif
