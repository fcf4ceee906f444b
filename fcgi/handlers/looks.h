/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * looks.h: how portals look and what they say of themselves.
 */
#ifndef SPORTELLO_HANDLERS_LOOKS_H
#define SPORTELLO_HANDLERS_LOOKS_H

#include "route.h"

/* PATCH /api/look?portal=: its members, each a value or null; kinds are
 * checked here, values by the database. */
bool looks_change(struct request *r);

#endif
