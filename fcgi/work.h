/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * work.h: what the processes have in common that do work until they are told to
 * end: `sportello events`, `jobs`, `webhooks`, `hosts`
 * and `scans`.
 */
#ifndef SPORTELLO_WORK_H
#define SPORTELLO_WORK_H

#include "db.h"
#include "str.h"

/* SIGTERM and SIGINT wait until work_stop_asked(); the environment is empty
 * from here on, since libraries would read proxies and passwords from it. */
void work_begin(void);

/* Waits for at most that long; true as soon as the process is to end. */
bool work_stop_asked(unsigned ms);

/* Twice the last wait, within bounds, half of it by chance: several instances
 * must not come back in one beat. */
unsigned work_longer(unsigned *last, unsigned first, unsigned most);

/* The database as `sportello_jobs`, now or later. False: *why is a sentence. */
bool work_open_database(const char **why) MUST_CHECK;

/* One statement. False: the database is away or refuses; that is logged. */
bool work_ask(const struct query *q, const char *const *values, struct str *out,
	      bool *found) MUST_CHECK;

/* How long to wait when it did. */
unsigned work_away_ms(void);

/* Seconds until a message is tried again after that many attempts; 0: give up,
 * three days are over. */
unsigned work_next_try(unsigned attempts);

#endif
