/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "events.h"

#include "arena.h"
#include "json.h"
#include "hints.h"
#include "log.h"
#include "work.h"

#define POLL_MS 100
#define BUSY_ROUNDS 16
#define DUE_EVERY 500000u /* microseconds */

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

/* Who else has a ticket before them. *found: somebody came, left or types. */
static bool tell_presence(bool *found)
{
	struct str out;

	if (!work_ask(&Q_jobs_presence_hints, NULL, &out, found))
		return false;
	const struct json *news = *found ? json_parse_own(out) : NULL;
	for (size_t i = 0; news && i < json_len(news); i++)
		tell(json_at(news, i));
	return true;
}

/* Off the list, once the live server was told. */
static bool take_off(const struct json *channels)
{
	struct buf array = buf_new(4096);

	for (size_t i = 0; i < json_len(channels); i++) {
		buf_char(&array, i ? ',' : '{');
		buf_add(&array, json_str(json_at(channels, i)));
	}
	buf_char(&array, '}');
	union q_jobs_channels_closed q = {
		.channels = str_z(buf_str(&array)),
	};
	return work_ask(&Q_jobs_channels_closed, q.v, NULL, NULL);
}

/* Ends what nobody may listen to any more. *more: perhaps not all of it. */
static bool close_channels(bool *more)
{
	struct str out;

	if (!work_ask(&Q_jobs_closed_channels, NULL, &out, more))
		return false;
	if (!*more)
		return true;
	const struct json *channels = json_parse_own(out);
	*more = hints_close(channels);
	return !*more || take_off(channels);
}

/* Some tickets' words, so that search finds them: when no event waits, and now
 * and then while many do. *more: there were some. */
static bool take_in_words(bool busy, bool *more)
{
	static unsigned rounds;
	struct str out;

	if (busy && ++rounds % BUSY_ROUNDS)
		return true;
	if (!work_ask(&Q_jobs_take_in_words, (const char *const[]){ NULL },
		      &out, NULL))
		return false;
	*more = !str_eqz(out, "0");
	return true;
}

/* What is due by the clock, twice a second; a batch at a time, and what happens in
 * between. */
struct due {
	const struct query *query;
	uint64_t next_at;
};

/* *more: there was some. */
static bool see_to(struct due *due, bool *more)
{
	struct str out;

	if (log_now() < due->next_at)
		return true;
	due->next_at = log_now() + DUE_EVERY;
	if (!work_ask(due->query, (const char *const[]){ NULL }, &out, NULL))
		return false;
	bool some = !str_eqz(out, "0");
	if (some)
		due->next_at = 0;
	*more |= some;
	return true;
}

/* What agents sent or changed a few seconds ago goes; parts of what they asked for many
 * tickets; clocks that are late, or soon will be;
 * rules whose time has come for some ticket, at the database's pace; tickets
 * that were put aside until now; articles that go live, or no longer are, and
 * where the texts of changed ones lead; maintenance that begins or ends. One that fails holds up none of the others. */
static bool see_to_all(bool *more)
{
	static struct due held = { .query = &Q_jobs_send_held },
			  told = { .query = &Q_jobs_tell_held },
			  many = { .query = &Q_jobs_work_bulk },
			  alarms = { .query = &Q_jobs_sound_alarms },
			  rules = { .query = &Q_jobs_sound_rules },
			  snoozed = { .query = &Q_jobs_wake_tickets },
			  articles = { .query = &Q_jobs_publish_due },
			  links = { .query = &Q_jobs_check_links },
			  maintenance = { .query = &Q_jobs_tell_maintenance };

	bool ok = see_to(&held, more);

	ok &= see_to(&told, more);
	ok &= see_to(&many, more);
	ok &= see_to(&alarms, more);
	ok &= see_to(&rules, more);
	ok &= see_to(&snoozed, more);
	ok &= see_to(&articles, more);
	ok &= see_to(&links, more);
	ok &= see_to(&maintenance, more);
	return ok;
}

static unsigned round_of_work(void)
{
	bool event = false, here = false, closed = false, words = false,
	     due = false;
	bool ok = fan_out(&event);

	if (ok) {
		ok = see_to_all(&due);
		ok &= tell_presence(&here);
		ok &= close_channels(&closed);
		ok &= take_in_words(event, &words);
	}

	arena_reset();
	bool more = event || here || closed || words || due;
	return !ok ? work_away_ms() : more ? 0 : POLL_MS;
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
