/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * tickets.h: where C has work to do for tickets: Markdown becomes
 * canonical before it is stored.
 */
#ifndef SPORTELLO_HANDLERS_TICKETS_H
#define SPORTELLO_HANDLERS_TICKETS_H

#include "route.h"

bool tickets_open(struct request *r);	/* POST /api/tickets */
bool tickets_change(struct request *r); /* PATCH /api/tickets/:number */
bool comments_reply(struct request *r); /* POST …/comments */
bool comments_note(struct request *r);	/* POST …/notes */
bool preview_make(struct request *r);	/* POST /api/preview */

#endif
