/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "webhook.h"

#include <time.h>

#include "arena.h"
#include "fetch.h"
#include "json.h"
#include "log.h"
#include "secret.h"
#include "work.h"

#define POLL_MS 250
#define LEASE "2 minutes"
#define ANSWER_SECONDS 5
#define SECOND 1000000u

enum { GONE = 410 };

static const char *const waiting = "1", *const taken = "2", *const over = "3";

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

/* The product's status, or 0 with why there was none. What it says besides is
 * nobody's to read. */
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
	};
	*why = "the address can't be used";
	if (!fetch_is_url(f.url) || !f.headers[2])
		return 0;
	return fetch(&f, &answer, why) ? answer.status : 0;
}

static bool finish(const struct json *m, long status, const char *why)
{
	uint64_t attempts = 1;
	struct buf code = buf_new(16), wait = buf_new(32), words = buf_new(64);
	union q_jobs_finish_webhook q = {
		.tenant = str_z(at(m, "tenant")),
		.delivery = str_z(at(m, "delivery")),
		.state = taken,
	};

	if (!str_u64(at(m, "attempts"), 10000, &attempts))
		attempts = 1;
	unsigned seconds = work_next_try((unsigned)attempts);
	if (status < 200 || status > 299)
		q.state = status == GONE || !seconds ? over : waiting;
	buf_addf(&code, "%ld", status);
	buf_addf(&wait, "%u seconds", seconds);
	buf_addf(&words, "HTTP %ld", status);
	q.status = status ? str_z(buf_str(&code)) : NULL;
	q.answer = status ? str_z(buf_str(&words)) : why;
	q.wait = str_z(buf_str(&wait));
	return work_ask(&Q_jobs_finish_webhook, q.v, NULL, NULL);
}

static bool send_one(bool *found)
{
	union q_jobs_take_webhook q = { .lease = LEASE };
	const char *why = "";
	struct str out;

	if (!work_ask(&Q_jobs_take_webhook, q.v, &out, found))
		return false;
	if (!*found)
		return true;
	const struct json *m = json_parse_own(out);
	long status = deliver(m, &why);
	return finish(m, status, why);
}

static unsigned round_of_work(void)
{
	bool found = false;
	bool ok = send_one(&found);

	arena_reset();
	return !ok ? work_away_ms() : found ? 0 : POLL_MS;
}

int webhooks_run(void)
{
	const char *why = "";

	work_begin();
	json_setup();
	if (!fetch_setup(&why) || !secret_setup() ||
	    !work_open_database(&why)) {
		fprintf(stderr, "sportello webhooks: %s\n", why);
		return 2;
	}
	arena_reset();
	while (!work_stop_asked(round_of_work()))
		;
	db_close();
	return 0;
}
