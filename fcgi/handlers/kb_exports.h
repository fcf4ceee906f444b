/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * kb_exports.h: GET /export/kb.…, in the pool `bulk`.
 *
 * JSON lines are taken up again by `after`, archives by a Range: they are made
 * anew and what was there is left out, so that any worker can. Since how long
 * one is is not known before it is made, a part is made twice.
 */
#ifndef SPORTELLO_HANDLERS_KB_EXPORTS_H
#define SPORTELLO_HANDLERS_KB_EXPORTS_H

#include "route.h"

bool kb_export(struct request *r);

#endif
