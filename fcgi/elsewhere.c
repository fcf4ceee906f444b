/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "elsewhere.h"

#include "arena.h"
#include "fetch.h"
#include "json.h"
#include "log.h"
#include "queries.h"
#include "work.h"

#define LEASE "5 minutes"
#define ANSWER_SECONDS 5
#define EVERY_SECONDS 2
#define SECOND 1000000u

/* NULL: nothing is known to be amiss. */
static const char *fault_of(struct str href)
{
	struct fetched answer;
	const char *why;
	struct fetch f = {
		.url = str_cut(&href, '#'),
		.accept = "text/html, */*;q=0.8",
		.until = log_now() + ANSWER_SECONDS * SECOND,
	};

	if (!fetch_is_url(f.url))
		return NULL;
	if (!fetch(&f, &answer, &why))
		return answer.barred ? NULL : "unreachable";
	return answer.status == 404 || answer.status == 410 ? "missing"
	       : answer.status >= 500			    ? "unreachable"
							    : NULL;
}

bool elsewhere_turn(void)
{
	static uint64_t next_at;
	union q_jobs_take_link take = { .lease = LEASE };
	struct str out;
	bool found = false;

	if (log_now() < next_at)
		return true;
	if (!work_ask(&Q_jobs_take_link, take.v, &out, &found) || !found)
		return !found;
	next_at = log_now() + EVERY_SECONDS * SECOND;
	const struct json *next = json_parse_own(out);
	struct str href = json_str(json_get(next, "href"));
	union q_jobs_link_asked q = {
		.tenant = str_z(json_scalar(json_get(next, "tenant"))),
		.href = str_z(href),
		.fault = fault_of(href),
	};
	return work_ask(&Q_jobs_link_asked, q.v, NULL, NULL);
}
