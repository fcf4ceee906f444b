/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "work.h"

#include <errno.h>
#include <signal.h>
#include <time.h>

#include "config.h"
#include "log.h"

#define AWAY_FIRST_MS 250
#define AWAY_MOST_MS 5000

static sigset_t stop;
static bool stopping;
static unsigned away_ms; /* the last wait; 0: all is well */

void work_begin(void)
{
	sigemptyset(&stop);
	sigaddset(&stop, SIGTERM);
	sigaddset(&stop, SIGINT);
	sigprocmask(SIG_BLOCK, &stop, NULL);
	signal(SIGPIPE, SIG_IGN);
	clearenv();
}

bool work_stop_asked(unsigned ms)
{
	struct timespec wait = { ms / 1000, (long)(ms % 1000) * 1000000 };
	int got;

	/* Taken once, the signal is not there for the next who asks. */
	if (stopping)
		return true;
	do
		got = sigtimedwait(&stop, NULL, &wait);
	while (got < 0 && errno == EINTR);
	stopping = got > 0;
	return stopping;
}

unsigned work_longer(unsigned *last, unsigned first, unsigned most)
{
	*last = !*last ? first : *last * 2 < most ? *last * 2 : most;
	return *last / 2 + (unsigned)(log_now() % (*last / 2 + 1));
}

bool work_open_database(const char **why)
{
	const char *user =
		*config.database_user ? config.database_user : "sportello_jobs";
	bool fatal = false;

	if (db_open(config.database, user, "jobs", &fatal, why))
		return true;
	if (!fatal)
		log_error("no database yet", *why);
	return !fatal;
}

bool work_ask(const struct query *q, const char *const *values, struct str *out,
	      bool *found)
{
	struct db_step step = { .query = q, .values = values };
	struct db_error error;

	if (db_trip(&step, 1, &error) != DB_DONE)
		return false;
	away_ms = 0;
	if (out)
		*out = step.out;
	if (found)
		*found = step.found;
	return true;
}

unsigned work_away_ms(void)
{
	return work_longer(&away_ms, AWAY_FIRST_MS, AWAY_MOST_MS);
}

unsigned work_next_try(unsigned attempts)
{
	static const unsigned seconds[] = { 5, 30, 120, 600, 3600 };

	if (!attempts || attempts <= ARRAY_LEN(seconds))
		return seconds[attempts ? attempts - 1 : 0];
	/* Four hours each, until three days are over. */
	return attempts < ARRAY_LEN(seconds) + 19 ? 4 * 3600 : 0;
}
