/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * downloads.h: files that go out, whole or a part of them, in short trips: a
 * session that ends, or a ticket that is not seen any more, ends them too.
 */
#ifndef SPORTELLO_HANDLERS_DOWNLOADS_H
#define SPORTELLO_HANDLERS_DOWNLOADS_H

#include "route.h"

bool downloads_get(struct request *r); /* GET /api/tickets/:number/files/:id */

#endif
