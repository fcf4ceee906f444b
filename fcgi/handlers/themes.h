/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * themes.h: a portal's colours as a style sheet and as an icon.
 */
#ifndef SPORTELLO_HANDLERS_THEMES_H
#define SPORTELLO_HANDLERS_THEMES_H

#include "route.h"

/* GET /theme/:name, "<hash>.css" or, for a portal without an icon of its own,
 * "<hash>.svg". The name changes with the colours, so a browser may keep it
 * for good. */
bool themes_get(struct request *r);

#endif
