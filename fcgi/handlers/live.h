/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * live.h: the way to the live server, which nginx takes for whoever we let.
 */
#ifndef SPORTELLO_HANDLERS_LIVE_H
#define SPORTELLO_HANDLERS_LIVE_H

#include "route.h"

bool live_listen(struct request *r); /* GET /api/live */

#endif
