/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * themes.h: a portal's colours as a style sheet.
 */
#ifndef SPORTELLO_HANDLERS_THEMES_H
#define SPORTELLO_HANDLERS_THEMES_H

#include "route.h"

/* GET /theme/:name. The name changes with the colours, so a browser may keep
 * it for good. */
bool themes_get(struct request *r);

#endif
