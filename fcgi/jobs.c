/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "jobs.h"

#include "arena.h"
#include "catalog.h"
#include "config.h"
#include "json.h"
#include "letter.h"
#include "log.h"
#include "smtp.h"
#include "template.h"
#include "work.h"

#define POLL_MS 250
#define LEASE "30 minutes"
#define LEASE_SECONDS 1800
_Static_assert(LEASE_SECONDS > SMTP_LONGEST_SECONDS + 120,
	       "nobody else takes a mail that is on its way");
/* Mails, then what is due, in turns: a flood of one does not hold up the other. */
#define TURN 64
#define SECOND 1000000u
#define SWEEP_EVERY (600ull * SECOND)
#define DUE_EVERY (5ull * SECOND)
#define SWEEP_MOST 5000 /* as in jobs.sweep() */
/* Between two looks whether the mail server is back. */
#define DOWN_FIRST_MS 1000
#define DOWN_MOST_MS 30000

enum state { WAITING = 1, SENT = 2, GIVEN_UP = 3 };

static struct {
	char port[8]; /* ":8443" */
	uint64_t sweep_at;
	uint64_t due_at;     /* the next look for what has had its time */
	uint64_t files_at;   /* and for files that nobody attached */
	uint64_t down_until; /* no mail before */
	unsigned down_ms;    /* the last wait; 0: all is well */
	bool told;	     /* the database which languages there are */
	/* An end that could not be written down yet: nothing else is done
	 * before it is, or the mail would be sent again. */
	struct end {
		bool waits;
		char tenant[24], delivery[24], state[4], answer[512], wait[32];
		const char *counts;
	} end;
} jobs;

/* ---- its end ---- */

static bool write_down(void)
{
	struct end *e = &jobs.end;
	union q_jobs_finish_mail q = {
		.tenant = e->tenant,
		.delivery = e->delivery,
		.state = e->state,
		.answer = e->answer,
		.wait = e->wait,
		.counts = e->counts,
	};
	struct db_step step = { .query = &Q_jobs_finish_mail, .values = q.v };
	struct db_error error;

	if (!e->waits)
		return true;
	enum db_outcome o = db_trip(&step, 1, &error);
	/* Refused: another try would be, too; the lease brings it back. */
	e->waits = o == DB_AWAY || o == DB_LOST;
	return !e->waits;
}

/* A value of what jobs.take_mail() gave. */
static struct str at(const struct json *mail, const char *path)
{
	return json_scalar(json_path(mail, str_of(path)));
}

static void finish(const struct json *mail, enum state state, struct str answer,
		   unsigned wait_ms, bool counts)
{
	struct end *e = &jobs.end;

	snprintf(e->tenant, sizeof(e->tenant), "%.*s",
		 STR_ARG(at(mail, "tenant")));
	snprintf(e->delivery, sizeof(e->delivery), "%.*s",
		 STR_ARG(at(mail, "delivery")));
	snprintf(e->state, sizeof(e->state), "%d", state);
	snprintf(e->answer, sizeof(e->answer), "%.*s", STR_ARG(answer));
	snprintf(e->wait, sizeof(e->wait), "%u milliseconds", wait_ms);
	e->counts = counts ? "true" : "false";
	e->waits = true;
}

static void log_mail(struct str delivery, const char *state, uint64_t started)
{
	struct buf line = log_line("mail");

	log_str(&line, "delivery", delivery);
	log_str(&line, "state", str_of(state));
	log_num(&line, "ms", (double)(log_now() - started) / 1e3);
	log_end(&line);
}

/* Not now, because of this mail. */
static const char *later(const struct json *mail, struct str answer)
{
	uint64_t attempts = 1;

	if (!str_u64(at(mail, "attempts"), 10000, &attempts))
		attempts = 1;
	unsigned seconds = work_next_try((unsigned)attempts);
	finish(mail, seconds ? WAITING : GIVEN_UP, answer, seconds * 1000,
	       true);
	return seconds ? "later" : "given up";
}

/* Not now, because of the server: no mail for a while. */
static const char *down(const struct json *mail, struct str answer)
{
	unsigned ms = work_longer(&jobs.down_ms, DOWN_FIRST_MS, DOWN_MOST_MS);

	jobs.down_until = log_now() + (uint64_t)ms * 1000;
	finish(mail, WAITING, answer, ms, false);
	return "server down";
}

static const char *deliver(const struct json *mail)
{
	struct str message, answer, failed = at(mail, "failed");
	const char *why = "";

	if (failed.n) {
		log_error("mail not made", str_z(failed));
		return later(mail, failed);
	}
	if (!letter_write(mail, &message, &why)) {
		log_error("mail not made", why);
		return later(mail, str_of(why));
	}
	enum smtp_fate fate = smtp_send(str_of(config.mail_from),
					at(mail, "to"), message, &answer);
	if (fate == SMTP_DOWN)
		return down(mail, answer);
	jobs.down_ms = 0;
	if (fate == SMTP_LATER)
		return later(mail, answer);
	finish(mail, fate == SMTP_SENT ? SENT : GIVEN_UP, answer, 0, true);
	return fate == SMTP_SENT ? "sent" : "refused";
}

/* Takes a mail and sends it. *found: there was one. */
static bool send_one(bool *found)
{
	union q_jobs_take_mail q = {
		.lease = LEASE,
		.scheme = config.public_scheme,
		.port = jobs.port,
	};
	uint64_t started = log_now();
	struct str out;

	if (!work_ask(&Q_jobs_take_mail, q.v, &out, found))
		return false;
	if (!*found)
		return true;
	const struct json *mail = json_parse_own(out);
	struct str skipped = at(mail, "skipped");

	if (skipped.n) {
		log_mail(skipped, "not now", started);
		return true;
	}
	log_mail(at(mail, "delivery"), deliver(mail), started);
	return write_down();
}

static bool send_mails(bool *more)
{
	bool found = true;

	for (int i = 0; found && i < TURN && !work_stop_asked(0); i++) {
		if (log_now() < jobs.down_until)
			return true;
		bool ok = send_one(&found);
		arena_reset();
		if (!ok)
			return false;
	}
	*more |= found;
	return true;
}

/* ---- the loop ---- */

/* Asks until nothing is left, a transaction each. */
static bool work_off(const struct query *q)
{
	struct str out = S("1");

	for (unsigned n = 0; n < TURN && !str_eqz(out, "0"); n++)
		if (!work_ask(q, (const char *const[]){ NULL }, &out, NULL))
			return false;
	return true;
}

/* Grants whose end has come, logins whose move is due. */
static bool keep_time(void)
{
	if (log_now() < jobs.due_at)
		return true;
	jobs.due_at = log_now() + DUE_EVERY;
	return work_off(&Q_jobs_end_grants) && work_off(&Q_jobs_move_login);
}

/* Files that nobody attached, a piece at a time, and mail in between. */
static bool end_files(bool *more)
{
	struct str out;

	if (log_now() < jobs.files_at)
		return true;
	if (!work_ask(&Q_jobs_end_file, (const char *const[]){ NULL }, &out,
		      NULL))
		return false;
	if (str_eqz(out, "0"))
		jobs.files_at = log_now() + DUE_EVERY;
	else
		*more = true;
	return true;
}

/* A batch at a time, and mail in between. *more: there may be another. */
static bool sweep(bool *more)
{
	uint64_t rows = 0;
	struct str out;

	if (log_now() < jobs.sweep_at)
		return true;
	if (!work_ask(&Q_jobs_sweep, (const char *const[]){ NULL }, &out, NULL))
		return false;
	if (str_u64(out, UINT64_MAX, &rows) && rows >= SWEEP_MOST)
		*more = true;
	else
		jobs.sweep_at = log_now() + SWEEP_EVERY;
	return true;
}

/* What the database says itself, as what a ticket's conversation states. */
static bool tell_texts(void)
{
	static const char *const keys[] = {
		"levels.said",
		"levels.said.none",
		"levels.said.first",
		"levels.said.next",
		"levels.said.resolution",
		"levels.said.open",
		"levels.hours",
		"levels.minutes",
		"priority.low",
		"priority.normal",
		"priority.high",
		"priority.urgent",
		"service.begun",
		"service.ended",
	};
	struct buf texts = buf_new(65536);
	const struct catalog *c;

	for (size_t i = 0; (c = catalog_at(i)); i++) {
		buf_char(&texts, i ? ',' : '{');
		buf_json(&texts, catalog_lang(c));
		for (size_t k = 0; k < ARRAY_LEN(keys); k++) {
			buf_add(&texts, k ? S(",") : S(":{"));
			buf_json(&texts, str_of(keys[k]));
			buf_char(&texts, ':');
			buf_json(&texts,
				 catalog_text(c, str_of(keys[k]), 0, NULL));
		}
		buf_char(&texts, '}');
	}
	buf_char(&texts, '}');
	union q_jobs_know_texts q = { .texts = str_z(buf_str(&texts)) };
	return work_ask(&Q_jobs_know_texts, q.v, NULL, NULL);
}

/* Once: which languages a portal is in is a setting, and has those to choose
 * from that there are files of. */
static bool tell_languages(void)
{
	struct buf tags = buf_new(4096);
	const struct catalog *c;

	if (jobs.told)
		return true;
	for (size_t i = 0; (c = catalog_at(i)); i++) {
		buf_add(&tags, i ? S(" ") : S(""));
		buf_add(&tags, catalog_lang(c));
	}
	union q_jobs_know_languages q = { .tags = str_z(buf_str(&tags)) };
	jobs.told = work_ask(&Q_jobs_know_languages, q.v, NULL, NULL) &&
		    tell_texts();
	return jobs.told;
}

/* All there is to do now. The wait before the next look, in milliseconds. */
static unsigned round_of_work(void)
{
	bool more = false;
	bool ok = tell_languages() && write_down() && keep_time() &&
		  send_mails(&more) && end_files(&more) && sweep(&more);

	arena_reset();
	if (!ok)
		return work_away_ms();
	return more ? 0 : POLL_MS;
}

static bool set_up(const char **why)
{
	uint64_t port;

	if (*config.public_port) {
		if (!str_u64(str_of(config.public_port), 65535, &port)) {
			*why = "SPORTELLO_PUBLIC_PORT must be a port's number";
			return false;
		}
		snprintf(jobs.port, sizeof(jobs.port), ":%u", (unsigned)port);
	}
	json_setup();
	return smtp_setup(why) && catalog_load(config.lang, why) &&
	       template_load(config.templates, why) && work_open_database(why);
}

int jobs_run(void)
{
	const char *why = "";

	work_begin();
	if (!set_up(&why)) {
		fprintf(stderr, "sportello jobs: %s\n", why);
		return 2;
	}
	jobs.sweep_at = log_now() + SWEEP_EVERY;
	arena_release();
	while (!work_stop_asked(round_of_work()))
		;
	db_close();
	smtp_close();
	return 0;
}
