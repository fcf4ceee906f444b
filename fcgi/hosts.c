/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "hosts.h"

#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include "arena.h"
#include "config.h"
#include "json.h"
#include "log.h"
#include "program.h"
#include "resolve.h"
#include "work.h"

#define POLL_MS 500
#define SECOND 1000000u
#define LOOK_LEASE "1 minute"
#define CERTIFICATE_LEASE "10 minutes"
#define CERTIFICATE_SECONDS 180
#define FORGET_SECONDS 20
#define PAGE 1000 /* as in jobs.certified_hosts() */
#define MAP_MAX (32u << 20)
#define PATH_LENGTH 4096
#define PROOF S("sportello=")
#define PROOF_CHARS 43

static struct {
	uint64_t front_at;
	/* Whose certificate is asked for, and how that went if it could not be
	 * written down yet. */
	struct issue {
		char tenant[24], claim[24], host[256];
		bool done;
		char ends[24], answer[PROGRAM_SAID_MAX + 1];
	} issue;
	char stale[256]; /* a host whose files are to be deleted; or empty */
} hosts;

static void log_host(const char *what, struct str host, struct str words)
{
	struct buf line = log_line("host");

	log_str(&line, "what", str_of(what));
	log_str(&line, "host", host);
	if (words.n)
		log_str(&line, "words", words);
	log_end(&line);
}

/* What the database promises, before it becomes a part of a path. */
static bool is_name(struct str host)
{
	return host.n && host.n <= 253 && host.p[0] != '.' &&
	       host.p[0] != '-' && memchr(host.p, '.', host.n) &&
	       strspn(str_z(host), "abcdefghijklmnopqrstuvwxyz0123456789-.") ==
		       host.n;
}

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
		log_host("no answer", host, str_of(l->why));
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
	log_host(*i->ends ? "certificate" : "no certificate", str_of(i->host),
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
	if (is_name(host) &&
	    start(config.acme_url, i->host, CERTIFICATE_SECONDS))
		return true;
	note_end(&(struct program_end){
		.said = S("it could not be asked for") });
	return true;
}

static bool forget_stale(void)
{
	bool started =
		*hosts.stale && start("forget", hosts.stale, FORGET_SECONDS);

	if (*hosts.stale)
		log_host("forgotten", str_of(hosts.stale), S(""));
	hosts.stale[0] = '\0';
	return started;
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

/* ---- the front ---- */

static bool path_of(char *path, const char *folder, const char *name,
		    const char *end)
{
	int n = snprintf(path, PATH_LENGTH, "%s/%s%s%s", config.certificates,
			 folder, name, end);

	return n > 0 && n < PATH_LENGTH;
}

static bool is_there(const char *host)
{
	char path[PATH_LENGTH];

	return path_of(path, "live/", host, ".pem") && !access(path, F_OK);
}

/* A line a host that has its file. False: the database is away. */
static bool list_page(const struct json *page, struct buf *map)
{
	for (size_t i = 0; i < json_len(page); i++) {
		const char *host = str_z(json_str(json_at(page, i)));
		union q_jobs_certificate_lost q = { .host = host };

		if (!is_name(str_of(host)))
			continue;
		if (is_there(host))
			buf_addf(map, "%s %s/live/%s.pem;\n", host,
				 config.certificates, host);
		else if (!work_ask(&Q_jobs_certificate_lost, q.v, NULL, NULL))
			return false;
		else
			log_host("its certificate is gone", str_of(host),
				 S(""));
	}
	return true;
}

static bool make_map(struct buf *map)
{
	union q_jobs_certified_hosts q = { .after = "" };
	size_t n;

	do {
		struct str out;
		bool found = false;
		if (!work_ask(&Q_jobs_certified_hosts, q.v, &out, &found))
			return false;
		const struct json *page = found ? json_parse_own(out) : NULL;
		n = json_len(page);
		if (!list_page(page, map))
			return false;
		if (n)
			q.after = str_z(json_str(json_at(page, n - 1)));
	} while (n == PAGE);
	return true;
}

static bool is_listed(const struct buf *map, const char *host)
{
	struct buf line = buf_new(300);

	buf_addf(&line, "%s %s/", host, config.certificates);
	const char *at = memmem(map->p, map->n, line.p, line.n);
	return at && (at == map->p || at[-1] == '\n');
}

/* One host whose file nobody needs, to be forgotten next. */
static void find_stale(const struct buf *map)
{
	char path[PATH_LENGTH];
	struct dirent *e;
	DIR *d;

	if (!map->n || *hosts.stale || !path_of(path, "live", "", "") ||
	    !(d = opendir(path)))
		return;
	while ((e = readdir(d)) && !*hosts.stale) {
		struct str host = str_of(e->d_name);
		if (!str_ends(host, S(".pem")))
			continue;
		host.n -= 4;
		if (is_name(host) && !is_listed(map, str_z(host)) &&
		    !str_eqz(host, hosts.issue.host))
			copy(hosts.stale, sizeof(hosts.stale), host);
	}
	closedir(d);
}

static bool same_as(const char *path, struct str text)
{
	FILE *f = fopen(path, "r");
	char *before = alloc(text.n + 1);

	if (!f)
		return !text.n;
	size_t n = fread(before, 1, text.n + 1, f);
	fclose(f);
	return n == text.n && (!n || !memcmp(before, text.p, n));
}

static bool put(const char *path, struct str text)
{
	char beside[PATH_LENGTH + 4];

	snprintf(beside, sizeof(beside), "%s.new", path);
	FILE *f = fopen(beside, "w");
	bool written = f && fwrite(text.p, 1, text.n, f) == text.n;
	if (f && fclose(f))
		written = false;
	/* nginx may be somebody else; the names are no secret. */
	if (written && !chmod(beside, 0644) && !rename(beside, path))
		return true;
	log_error(beside, strerror(errno));
	return false;
}

static void reload_front(void)
{
	FILE *f = *config.front_pid ? fopen(config.front_pid, "r") : NULL;
	char number[24] = "";
	uint64_t pid;

	if (!f)
		return;
	size_t n = fread(number, 1, sizeof(number) - 1, f);
	fclose(f);
	if (!str_u64(str_trim((struct str){ number, n }), INT32_MAX, &pid) ||
	    pid < 2 || kill((pid_t)pid, SIGHUP))
		log_error("nginx was not told", config.front_pid);
}

/* The list for nginx, when it has changed. */
static bool front(void)
{
	struct buf map = buf_new(MAP_MAX);
	char path[PATH_LENGTH];

	if (log_now() < hosts.front_at)
		return true;
	hosts.front_at = log_now() + (uint64_t)config.reload_seconds * SECOND;
	if (!path_of(path, "map", "", "") || !make_map(&map))
		return false;
	find_stale(&map);
	if (same_as(path, buf_str(&map)) || !put(path, buf_str(&map)))
		return true;
	reload_front();
	return true;
}

/* ---- the loop ---- */

static unsigned round_of_work(void)
{
	bool more = false;
	bool ok = look_up(&more) && certificates() && front();

	arena_reset();
	return !ok ? work_away_ms() : more ? 0 : POLL_MS;
}

int hosts_run(void)
{
	const char *why = "";

	work_begin();
	json_setup();
	if (!resolve_setup(&why) || !work_open_database(&why)) {
		fprintf(stderr, "sportello hosts: %s\n", why);
		return 2;
	}
	arena_reset();
	while (!work_stop_asked(round_of_work()))
		;
	program_stop();
	db_close();
	return 0;
}
