/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "webhook.h"

#include <time.h>

#include "arena.h"
#include "db.h"
#include "fetch.h"
#include "json.h"
#include "log.h"
#include "queries.h"
#include "secret.h"

#define LEASE "2 minutes"
#define TURN 4
#define ANSWER_SECONDS 5
#define SECOND 1000000u
#define END_EVERY (5ull * SECOND)
#define ANSWER_MAX 4096

enum { GONE = 410 };

static const char *const waiting = "1", *const taken = "2", *const over = "3";

/* One statement. False: the database is away or refuses. */
static bool ask(const struct query *q, const char *const *values,
		struct db_step *step)
{
	struct db_error error;

	*step = (struct db_step){ .query = q, .values = values };
	return db_trip(step, 1, &error) == DB_DONE;
}

static struct str at(const struct json *message, const char *name)
{
	return json_scalar(json_get(message, name));
}

static const char *signature(const struct json *m, struct str stamp)
{
	struct buf message = buf_new(128 * 1024), line = buf_new(256);
	struct str key;

	if (!secret_unbase64(at(m, "key"), &key))
		return NULL;
	buf_addf(&message, "%.*s.%.*s.%.*s", STR_ARG(at(m, "id")),
		 STR_ARG(stamp), STR_ARG(at(m, "body")));
	buf_addf(&line, "webhook-signature: v1,%.*s",
		 STR_ARG(secret_hmac(key, buf_str(&message))));
	return message.full ? NULL : str_z(buf_str(&line));
}

static const char *header(const char *name, struct str value)
{
	struct buf b = buf_new(128);

	buf_addf(&b, "%s: %.*s", name, STR_ARG(value));
	return str_z(buf_str(&b));
}

/* The product's status, or 0 with why there was none. */
static long deliver(const struct json *m, const char **why)
{
	struct buf stamp = buf_new(24);
	struct fetched answer = { 0 };

	buf_addf(&stamp, "%lld", (long long)time(NULL));
	struct fetch f = {
		.url = at(m, "url"),
		.type = "application/json",
		.body = at(m, "body"),
		.headers = { header("webhook-id", at(m, "id")),
			     header("webhook-timestamp", buf_str(&stamp)),
			     signature(m, buf_str(&stamp)) },
		.until = log_now() + ANSWER_SECONDS * SECOND,
		.max = ANSWER_MAX,
	};
	*why = "the address can't be used";
	if (!fetch_is_url(f.url) || !f.headers[2])
		return 0;
	return fetch(&f, &answer, why) ? answer.status : 0;
}

static bool finish(const struct json *m, unsigned (*later)(unsigned),
		   long status, const char *why)
{
	uint64_t attempts = 1;
	struct buf code = buf_new(16), wait = buf_new(32), words = buf_new(64);
	union q_jobs_finish_webhook q = {
		.tenant = str_z(at(m, "tenant")),
		.delivery = str_z(at(m, "delivery")),
		.state = taken,
	};
	struct db_step step;

	if (!str_u64(at(m, "attempts"), 10000, &attempts))
		attempts = 1;
	unsigned seconds = later((unsigned)attempts);
	if (status < 200 || status > 299)
		q.state = status == GONE || !seconds ? over : waiting;
	buf_addf(&code, "%ld", status);
	buf_addf(&wait, "%u seconds", seconds);
	buf_addf(&words, "HTTP %ld", status);
	q.status = status ? str_z(buf_str(&code)) : NULL;
	q.answer = status ? str_z(buf_str(&words)) : why;
	q.wait = str_z(buf_str(&wait));
	return ask(&Q_jobs_finish_webhook, q.v, &step);
}

static bool send_one(unsigned (*wait)(unsigned), bool *found)
{
	union q_jobs_take_webhook q = { .lease = LEASE };
	struct db_step step;
	const char *why = "";

	if (!ask(&Q_jobs_take_webhook, q.v, &step))
		return false;
	*found = step.found;
	if (!step.found)
		return true;
	const struct json *m = json_parse_own(step.out);
	long status = deliver(m, &why);
	return finish(m, wait, status, why);
}

static bool end_grants(void)
{
	static uint64_t next;
	struct db_step step;

	if (log_now() < next)
		return true;
	next = log_now() + END_EVERY;
	return ask(&Q_jobs_end_grants, (const char *const[]){ NULL }, &step);
}

bool webhook_turn(unsigned (*wait)(unsigned), bool *more)
{
	bool found = true, ok = end_grants();

	for (int i = 0; ok && found && i < TURN; i++) {
		ok = send_one(wait, &found);
		arena_reset();
	}
	*more |= ok && found;
	return ok;
}
