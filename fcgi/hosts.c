/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "hosts.h"

#include "arena.h"
#include "config.h"
#include "elsewhere.h"
#include "fetch.h"
#include "front.h"
#include "holidays.h"
#include "inquiry.h"
#include "json.h"
#include "log.h"
#include "near.h"
#include "program.h"
#include "resolve.h"
#include "work.h"

#define POLL_MS 500
#define LOOK_LEASE "1 minute"
#define CERTIFICATE_LEASE "10 minutes"
#define CERTIFICATE_SECONDS 180
#define FORGET_SECONDS 20
#define PROOF S("sportello=")
#define PROOF_CHARS 43

static struct {
	/* Whose certificate is asked for, and how that went if it could not be
	 * written down yet. */
	struct issue {
		char tenant[24], claim[24], host[256];
		bool done;
		char ends[24], answer[PROGRAM_SAID_MAX + 1];
	} issue;
} hosts;

static void copy(char *to, size_t n, struct str s)
{
	snprintf(to, n, "%.*s", STR_ARG(s));
}

/* ---- proofs ---- */

static bool is_proof(struct str text)
{
	struct str token = str_from(text, PROOF.n);

	return str_starts(text, PROOF) && token.n == PROOF_CHARS &&
	       strspn(str_z(token),
		      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
		      "0123456789-_") == token.n;
}

static bool tell(struct str host, const struct resolve_lookup *l)
{
	union q_jobs_host_checked q = { .name = str_z(host) };
	struct buf proofs = buf_new(RESOLVE_TEXTS * (PROOF_CHARS + 1));

	for (size_t i = 0; i < l->n_texts; i++)
		if (is_proof(l->texts[i])) {
			if (proofs.n)
				buf_char(&proofs, ',');
			buf_add(&proofs, str_from(l->texts[i], PROOF.n));
		}
	if (l->fate == RESOLVE_FAILED)
		front_log("no answer", host, str_of(l->why));
	else
		q.proofs = str_z(buf_str(&proofs));
	return work_ask(&Q_jobs_host_checked, q.v, NULL, NULL);
}

static bool look_up(bool *more)
{
	union q_jobs_take_hosts q = { .most = "16", .lease = LOOK_LEASE };
	struct resolve_lookup *lookups = alloc(RESOLVE_MOST * sizeof(*lookups));
	struct str out;
	bool found = false;

	if (!work_ask(&Q_jobs_take_hosts, q.v, &out, &found))
		return false;
	const struct json *due = found ? json_parse_own(out) : NULL;
	size_t n = json_len(due);
	for (size_t i = 0; i < n && i < RESOLVE_MOST; i++) {
		struct buf name = buf_new(300);
		buf_addf(&name, "_sportello.%.*s",
			 STR_ARG(json_str(json_at(due, i))));
		lookups[i].name = buf_str(&name);
	}
	if (n)
		resolve_txt(lookups, n);
	for (size_t i = 0; i < n && i < RESOLVE_MOST; i++)
		if (!tell(json_str(json_at(due, i)), &lookups[i]))
			return false;
	*more |= n == RESOLVE_MOST;
	return true;
}

/* ---- certificates ---- */

static bool write_down(void)
{
	struct issue *i = &hosts.issue;
	union q_jobs_finish_certificate q = {
		.tenant = i->tenant,
		.claim = i->claim,
		.ends = *i->ends ? i->ends : NULL,
		.answer = i->answer,
	};

	if (!work_ask(&Q_jobs_finish_certificate, q.v, NULL, NULL))
		return false;
	*i = (struct issue){ .done = false };
	return true;
}

static void note_end(const struct program_end *end)
{
	struct issue *i = &hosts.issue;
	uint64_t ends;

	i->done = true;
	if (end->ok && str_u64(end->out, UINT32_MAX, &ends))
		copy(i->ends, sizeof(i->ends), end->out);
	else
		copy(i->answer, sizeof(i->answer),
		     end->said.n ? end->said : S("no certificate came of it"));
	front_log(*i->ends ? "certificate" : "no certificate", str_of(i->host),
		  str_of(i->answer));
}

static bool start(const char *what, const char *host, unsigned seconds)
{
	const char *words[] = { config.certificate_program, config.certificates,
				what, host, NULL };

	return program_start(words, seconds);
}

static bool take_certificate(void)
{
	union q_jobs_take_certificate q = { .lease = CERTIFICATE_LEASE };
	struct issue *i = &hosts.issue;
	struct str out;
	bool found = false;

	if (!work_ask(&Q_jobs_take_certificate, q.v, &out, &found) || !found)
		return !found;
	const struct json *next = json_parse_own(out);
	struct str host = json_str(json_get(next, "host"));
	copy(i->tenant, sizeof(i->tenant),
	     json_scalar(json_get(next, "tenant")));
	copy(i->claim, sizeof(i->claim), json_scalar(json_get(next, "claim")));
	copy(i->host, sizeof(i->host), host);
	if (front_takes(host) &&
	    start(config.acme_url, i->host, CERTIFICATE_SECONDS))
		return true;
	note_end(&(struct program_end){
		.said = S("it could not be asked for") });
	return true;
}

static bool forget_stale(void)
{
	const char *host = front_stale();

	if (!host)
		return false;
	front_log("forgotten", str_of(host), S(""));
	return start("forget", host, FORGET_SECONDS);
}

static bool certificates(void)
{
	struct program_end end;

	if (program_runs()) {
		if (program_ended(&end) && *hosts.issue.claim)
			note_end(&end);
		return true;
	}
	if (hosts.issue.done)
		return write_down();
	if (forget_stale() || !*config.acme_url)
		return true;
	return take_certificate();
}

/* ---- the loop ---- */

static unsigned round_of_work(void)
{
	bool more = false;
	bool ok = look_up(&more) && certificates() &&
		  front_update(hosts.issue.host) && inquiry_turn(&more) &&
		  holidays_turn(&more) && elsewhere_turn() && near_tell();

	arena_reset();
	return !ok ? work_away_ms() : more ? 0 : POLL_MS;
}

int hosts_run(void)
{
	const char *why = "";

	work_begin();
	json_setup();
	if (!resolve_setup(&why) || !fetch_setup(&why) ||
	    !work_open_database(&why)) {
		fprintf(stderr, "sportello hosts: %s\n", why);
		return 2;
	}
	near_listen();
	arena_reset();
	while (!work_stop_asked(round_of_work()))
		;
	program_stop();
	db_close();
	return 0;
}
