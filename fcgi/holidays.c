/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "holidays.h"

#include "fetch.h"
#include "ical.h"
#include "json.h"
#include "log.h"
#include "queries.h"
#include "work.h"

#define LEASE "5 minutes"
#define ANSWER_SECONDS 10
#define SECOND 1000000u

static struct str at(const struct json *next, const char *name)
{
	return json_scalar(json_get(next, name));
}

static const char *refusal(const struct fetched *answer)
{
	return answer->too_long		   ? "too_long"
	       : !answer->status	   ? "unreachable"
	       : answer->status / 100 == 3 ? "moved"
					   : "refused";
}

/* The days of a feed as JSON; false: *why is a word. */
static bool read_feed(const struct json *next, struct str *days,
		      const char **why)
{
	struct fetched answer;
	const char *fault;
	long since = 0, until = 0;
	struct fetch f = {
		.url = at(next, "url"),
		.accept = "text/calendar",
		.until = log_now() + ANSWER_SECONDS * SECOND,
		.max = ICAL_BYTES,
	};

	if (!fetch(&f, &answer, &fault) || answer.status != 200) {
		*why = refusal(&answer);
		return false;
	}
	*why = "unfit";
	return ical_day(at(next, "since"), &since) &&
	       ical_day(at(next, "until"), &until) &&
	       ical_holidays(answer.body, since, until, days, why);
}

bool holidays_turn(bool *more)
{
	union q_jobs_take_calendar take = { .lease = LEASE };
	struct str out, days = S("");
	const char *why = NULL;
	bool found = false;

	if (!work_ask(&Q_jobs_take_calendar, take.v, &out, &found) || !found)
		return !found;
	*more = true;
	const struct json *next = json_parse_own(out);
	union q_jobs_calendar_fed q = {
		.tenant = str_z(at(next, "tenant")),
		.calendar = str_z(at(next, "calendar")),
	};
	if (at(next, "url").n) {
		q.url = str_z(at(next, "url"));
		if (read_feed(next, &days, &why))
			q.days = str_z(days);
		else
			q.fault = why;
	}
	return work_ask(&Q_jobs_calendar_fed, q.v, NULL, NULL);
}
