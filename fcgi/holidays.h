/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * holidays.h: the feeds of business calendars are read, by `sportello hosts`:
 * each once a day, in turn by tenant, with bounds (ical.h, fetch.h). What comes
 * of it is written down; of one that can not be read its days stay as they are,
 * and its calendar's page says why. A calendar without a feed has its turn once
 * a year, to be laid out for another one.
 */
#ifndef SPORTELLO_HOLIDAYS_H
#define SPORTELLO_HOLIDAYS_H

#include "base.h"

/* One that is due. *more: there may be another. False: the database is away. */
bool holidays_turn(bool *more) MUST_CHECK;

#endif
