/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * rules.h: what a rule says in tickets is made of Markdown here, when it is
 * saved, since the database can't.
 */
#ifndef SPORTELLO_HANDLERS_RULES_H
#define SPORTELLO_HANDLERS_RULES_H

#include "route.h"

bool rules_create(struct request *r); /* POST /api/rules */
bool rules_change(struct request *r); /* PATCH /api/rules/:id */

#endif
