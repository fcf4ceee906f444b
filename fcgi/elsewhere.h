/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * elsewhere.h: addresses that articles lead to are asked whether they are there,
 * by `sportello hosts`: by https alone and with the bounds of fetch.h, in turn
 * by tenant, each once a week and one in two seconds at most, of which nothing
 * but the status is read. A server that says there is no such page, and one
 * that does not answer, is written down; one that wants to know who asks, or
 * that we may not reach, says nothing of the page.
 */
#ifndef SPORTELLO_ELSEWHERE_H
#define SPORTELLO_ELSEWHERE_H

#include "base.h"

/* One that is due. False: the database is away. */
bool elsewhere_turn(void) MUST_CHECK;

#endif
