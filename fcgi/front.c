/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "front.h"

#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include "arena.h"
#include "config.h"
#include "json.h"
#include "log.h"
#include "work.h"

#define SECOND 1000000u
#define PAGE 1000 /* as in jobs.certified_hosts() and jobs.marked_hosts() */
/* A new host of a tenant's is limited by itself for so many turns at most. */
#define MARKS_EVERY 10
#define MAP_MAX (32u << 20)
#define PATH_LENGTH 4096
#define STALE_MAX 64
#define DOUBTFUL 16

static struct {
	uint64_t next_at;
	unsigned turns; /* until the marks' next one */
	char stale[STALE_MAX][256];
	size_t n_stale;
} front;

void front_log(const char *what, struct str host, struct str words)
{
	struct buf line = log_line("host");

	log_str(&line, "what", str_of(what));
	log_str(&line, "host", host);
	if (words.n)
		log_str(&line, "words", words);
	log_end(&line);
}

bool front_takes(struct str host)
{
	return host.n && host.n <= 253 && host.p[0] != '.' &&
	       host.p[0] != '-' && memchr(host.p, '.', host.n) &&
	       strspn(str_z(host), "abcdefghijklmnopqrstuvwxyz0123456789-.") ==
		       host.n;
}

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

		if (!front_takes(str_of(host)))
			continue;
		if (is_there(host))
			buf_addf(map, "%s %s/live/%s.pem;\n", host,
				 config.certificates, host);
		else if (!work_ask(&Q_jobs_certificate_lost, q.v, NULL, NULL))
			return false;
		else
			front_log("its certificate is gone", str_of(host),
				  S(""));
	}
	return true;
}

/* A line a host: its name and its tenant's mark. */
static bool mark_page(const struct json *page, struct buf *marks)
{
	for (size_t i = 0; i < json_len(page); i++) {
		struct str mark = json_str(json_at(page, i));
		struct str host = str_cut(&mark, ' ');

		if (front_takes(str_of(str_z(host))))
			buf_addf(marks, "%.*s %.*s;\n", STR_ARG(host),
				 STR_ARG(mark));
	}
	return true;
}

/* All that a query tells page by page, in its order. */
static bool collect(const struct query *q,
		    bool (*add)(const struct json *page, struct buf *to),
		    struct buf *to)
{
	const char *after = "";
	size_t n;

	do {
		struct str out;
		bool found = false;
		if (!work_ask(q, &after, &out, &found))
			return false;
		const struct json *page = found ? json_parse_own(out) : NULL;
		n = json_len(page);
		if (!add(page, to))
			return false;
		if (n)
			after = str_z(json_str(json_at(page, n - 1)));
	} while (n == PAGE);
	return true;
}

static bool is_listed(const struct buf *map, const char *host)
{
	struct buf line = buf_new(PATH_LENGTH + 300);

	/* In front of the first line there is no end of one. */
	buf_addf(&line, "\n%s %s/", host, config.certificates);
	struct str first = { line.p + 1, line.n - 1 };
	return map->n && (str_starts(buf_str(map), first) ||
			  memmem(map->p, map->n, line.p, line.n));
}

/* A file's host, if it is a certificate's. */
static bool host_of(const char *file, struct str *host)
{
	*host = str_of(file);
	if (!str_ends(*host, S(".pem")))
		return false;
	host->n -= 4;
	return front_takes(*host);
}

/* Hosts whose files nobody needs, to be forgotten next. Most of them at once
 * nobody needs in a database that was mixed up: that must not cost all
 * certificates. */
static void find_stale(const struct buf *map, const char *busy)
{
	char path[PATH_LENGTH];
	struct dirent *e;
	struct str host;
	size_t used = 0, unused = 0;
	DIR *d;

	if (front.n_stale || !path_of(path, "live", "", "") ||
	    !(d = opendir(path)))
		return;
	while ((e = readdir(d))) {
		if (!host_of(e->d_name, &host) || str_eqz(host, busy))
			continue;
		if (is_listed(map, str_z(host)))
			used++;
		else if (unused++ < STALE_MAX)
			snprintf(front.stale[front.n_stale++],
				 sizeof(front.stale[0]), "%s", str_z(host));
	}
	closedir(d);
	if (unused > DOUBTFUL && unused > used) {
		log_error("most certificates are of no host: none is deleted",
			  path);
		front.n_stale = 0;
	}
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

/* True: it is another list than before. */
static bool replace(const char *name, const struct buf *list)
{
	char path[PATH_LENGTH];

	return path_of(path, name, "", "") && !same_as(path, buf_str(list)) &&
	       put(path, buf_str(list));
}

static bool update_marks(bool *changed)
{
	if (front.turns) {
		front.turns--;
		return true;
	}
	struct buf marks = buf_new(MAP_MAX);
	if (!collect(&Q_jobs_marked_hosts, mark_page, &marks))
		return false;
	front.turns = MARKS_EVERY - 1;
	*changed |= replace("tenants", &marks);
	return true;
}

bool front_update(const char *busy)
{
	struct buf map = buf_new(MAP_MAX);
	bool changed = false;

	if (log_now() < front.next_at)
		return true;
	front.next_at = log_now() + (uint64_t)config.reload_seconds * SECOND;
	if (!collect(&Q_jobs_certified_hosts, list_page, &map) ||
	    !update_marks(&changed))
		return false;
	find_stale(&map, busy);
	changed |= replace("map", &map);
	if (changed)
		reload_front();
	return true;
}

const char *front_stale(void)
{
	return front.n_stale ? front.stale[--front.n_stale] : NULL;
}
