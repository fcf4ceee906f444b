/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "events.h"

#include "arena.h"
#include "json.h"
#include "hints.h"
#include "log.h"
#include "work.h"

#define POLL_MS 100

static void tell(const struct json *live)
{
	struct buf hint = buf_new(256);

	json_write(&hint, json_get(live, "hint"));
	hints_tell(json_get(live, "channels"), buf_str(&hint));
}

/* Works out what follows from one event. *found: there was one. */
static bool fan_out(bool *found)
{
	struct str out;

	if (!work_ask(&Q_jobs_fan_out, NULL, &out, found))
		return false;
	if (!*found)
		return true;
	const struct json *event = json_parse_own(out);
	struct str failed = json_str(json_get(event, "failed"));
	if (failed.n)
		log_error("event put off", str_z(failed));
	if (json_get(event, "live"))
		tell(json_get(event, "live"));
	return true;
}

/* Ends what nobody may listen to any more. *more: perhaps not all of it. */
static bool close_channels(bool *more)
{
	struct str out;

	if (!work_ask(&Q_jobs_closed_channels, NULL, &out, more))
		return false;
	if (*more)
		hints_close(json_parse_own(out));
	return true;
}

static unsigned round_of_work(void)
{
	bool event = false, closed = false;
	bool ok = fan_out(&event) && close_channels(&closed);

	arena_reset();
	return !ok ? work_away_ms() : event || closed ? 0 : POLL_MS;
}

int events_run(void)
{
	const char *why = "";

	work_begin();
	json_setup();
	if (!work_open_database(&why)) {
		fprintf(stderr, "sportello events: %s\n", why);
		return 2;
	}
	arena_reset();
	while (!work_stop_asked(round_of_work()))
		;
	hints_end();
	db_close();
	return 0;
}
