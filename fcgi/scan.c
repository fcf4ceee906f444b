/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "scan.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include "arena.h"
#include "config.h"
#include "json.h"
#include "log.h"
#include "work.h"

#define POLL_MS 1000
#define SECOND 1000000ull
/* One exchange that is no file, or one piece of a file. */
#define ANSWER_SECONDS 60
/* Of a file clamd takes, and looks at, at least so many bytes a second. */
#define SLOWEST (256u * 1024)
#define CHUNK (256u * 1024)
#define DOWN_FIRST_MS 2000
#define DOWN_MOST_MS 20000

enum verdict { CLEAN, REFUSED, LATER, DOWN, STOPPED };

static unsigned down_ms; /* the last wait; 0: all is well */

/* ---- clamd ---- */

/* With a limit for connecting, too: a clamd that hangs accepts nobody. */
static int open_socket(int family)
{
	struct timeval most = { .tv_sec = ANSWER_SECONDS };
	int fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd >= 0)
		setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &most, sizeof(most));
	return fd;
}

static int connect_unix(const char *path)
{
	struct sockaddr_un to = { .sun_family = AF_UNIX };
	int fd = open_socket(AF_UNIX);

	int n = snprintf(to.sun_path, sizeof(to.sun_path), "%s", path);

	if (fd >= 0 && (size_t)n < sizeof(to.sun_path) &&
	    !connect(fd, (struct sockaddr *)&to, sizeof(to)))
		return fd;
	if (fd >= 0)
		close(fd);
	return -1;
}

/* host:port; of an IPv6 address in brackets the last colon counts. */
static int connect_tcp(const char *at)
{
	struct addrinfo want = { .ai_socktype = SOCK_STREAM }, *list = NULL;
	const char *colon = strrchr(at, ':');
	char host[256];
	int fd = -1;

	if (!colon)
		return -1;
	bool bare = *at == '[' && colon > at + 1 && colon[-1] == ']';
	snprintf(host, sizeof(host), "%.*s", (int)(colon - at - 2 * bare),
		 at + bare);
	if (getaddrinfo(host, colon + 1, &want, &list))
		return -1;
	for (struct addrinfo *a = list; a && fd < 0; a = a->ai_next) {
		fd = open_socket(a->ai_family);
		if (fd >= 0 && connect(fd, a->ai_addr, a->ai_addrlen)) {
			close(fd);
			fd = -1;
		}
	}
	freeaddrinfo(list);
	return fd;
}

static int connect_clamd(void)
{
	return *config.clamd == '/' ? connect_unix(config.clamd)
				    : connect_tcp(config.clamd);
}

static bool send_all(int fd, struct str bytes)
{
	while (bytes.n) {
		ssize_t n = send(fd, bytes.p, bytes.n, MSG_NOSIGNAL);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		bytes = str_from(bytes, (size_t)n);
	}
	return true;
}

/* False: nothing until then, or we are to end. */
static bool wait_for_it(int fd, uint64_t until)
{
	struct pollfd it = { .fd = fd, .events = POLLIN };

	while (log_now() < until && !work_stop_asked(0))
		if (poll(&it, 1, POLL_MS) > 0)
			return true;
	return false;
}

/* An answer ends with a NUL, as the command did. */
static struct str answer(int fd, uint64_t seconds)
{
	uint64_t until = log_now() + seconds * SECOND;
	size_t size = 1024, n = 0;
	char *p = alloc(size);

	while (n < size && wait_for_it(fd, until)) {
		ssize_t got = recv(fd, p + n, size - n, 0);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			break;
		n += (size_t)got;
		if (memchr(p, '\0', n))
			break;
	}
	const char *end = memchr(p, '\0', n);
	return (struct str){ p, end ? (size_t)(end - p) : n };
}

bool scan_ping(const char **why)
{
	int fd = connect_clamd();

	*why = "nobody answers there";
	if (fd < 0)
		return false;
	bool well = send_all(fd, (struct str){ "zPING", 6 }) &&
		    str_eqz(answer(fd, ANSWER_SECONDS), "PONG");
	close(fd);
	*why = "what answers there is no clamd";
	return well;
}

/* ---- a file ---- */

struct file {
	const char *tenant, *id;
	uint64_t size, tries;
};

/* A file of that size may take so long to be sent, and then to be looked at. */
static uint64_t seconds_for(uint64_t size)
{
	return (uint64_t)config.scan_seconds + size / SLOWEST;
}

static bool send_chunk(int fd, const struct file *f, uint64_t seq)
{
	struct buf number = buf_new(24);
	union q_jobs_scan_part q = { .tenant = f->tenant, .id = f->id };
	struct str data;
	bool found;

	buf_addf(&number, "%llu", (unsigned long long)seq);
	q.seq = str_z(buf_str(&number));
	if (!work_ask(&Q_jobs_scan_part, q.v, &data, &found) || !found)
		return false;
	uint32_t n = htonl((uint32_t)data.n);
	return send_all(fd, (struct str){ (const char *)&n, sizeof(n) }) &&
	       send_all(fd, data);
}

/* False: clamd wants no more of it, it takes too long, or we are to end. What
 * clamd has said meanwhile is read all the same. */
static bool send_file(int fd, const struct file *f)
{
	struct arena_mark mark = arena_mark();
	uint64_t until = log_now() + seconds_for(f->size) * SECOND;
	bool ok = send_all(fd, (struct str){ "zINSTREAM", 10 });

	for (uint64_t seq = 0; ok && seq * CHUNK < f->size; seq++) {
		ok = log_now() < until && !work_stop_asked(0) &&
		     send_chunk(fd, f, seq);
		arena_rewind(mark);
	}
	return ok && send_all(fd, (struct str){ "\0\0\0", 4 });
}

static bool ends(struct str s, struct str end)
{
	return s.n >= end.n && str_eq(str_from(s, s.n - end.n), end);
}

/* Silence after a whole file is that file's business: the scanner took it, and
 * others may fare better. It must not be handed the same one without a pause. */
static enum verdict ask_clamd(const struct file *f)
{
	int fd = connect_clamd();

	if (fd < 0)
		return DOWN;
	bool sent = send_file(fd, f);
	struct str said =
		answer(fd, sent ? seconds_for(f->size) : ANSWER_SECONDS);
	close(fd);
	if (ends(said, S(" FOUND")))
		return REFUSED;
	if (sent && ends(said, S(": OK")))
		return CLEAN;
	if (work_stop_asked(0))
		return STOPPED;
	if (!said.n && !sent)
		return DOWN;
	log_error("the virus scanner did not look at a file",
		  said.n ? str_z(said) : "it said nothing");
	return LATER;
}

/* Said when it goes and when it is back. */
static void note(bool down)
{
	if (down && !down_ms)
		log_error("the virus scanner is away", "files wait for it");
	else if (!down && down_ms)
		log_error("the virus scanner is back", "files go on");
}

static bool finish(const struct file *f, enum verdict v, unsigned wait)
{
	static const char *const words[] = { "clean", "refused", "later",
					     "later", "later" };
	struct buf interval = buf_new(32);
	union q_jobs_scanned q = {
		.tenant = f->tenant,
		.id = f->id,
		.verdict = words[v],
	};

	buf_addf(&interval, "%u seconds", wait);
	q.wait = str_z(buf_str(&interval));
	return work_ask(&Q_jobs_scanned, q.v, NULL, NULL);
}

static uint64_t number(const struct json *v)
{
	uint64_t n;

	return str_u64(json_scalar(v), INT64_MAX, &n) ? n : 0;
}

static bool look_at(const struct json *taken)
{
	struct file f = {
		.tenant = str_z(json_scalar(json_get(taken, "tenant"))),
		.id = str_z(json_scalar(json_get(taken, "file"))),
		.size = number(json_get(taken, "size")),
		.tries = number(json_get(taken, "tries")),
	};

	enum verdict v = ask_clamd(&f);
	unsigned wait = work_next_try((unsigned)f.tries);
	note(v == DOWN);
	if (v == DOWN)
		work_longer(&down_ms, DOWN_FIRST_MS, DOWN_MOST_MS);
	else
		down_ms = 0;
	/* Three days of tries over, it is still a file that waits. */
	return finish(&f, v, v >= DOWN ? 1 : wait ? wait : 4 * 3600);
}

/* Longer than any file can take: nobody else takes it meanwhile. */
static const char *lease(void)
{
	uint64_t most = seconds_for((uint64_t)config.file_mb * 1000000);
	struct buf interval = buf_new(40);

	buf_addf(&interval, "%llu seconds",
		 (unsigned long long)(2 * most + 10 * ANSWER_SECONDS));
	return str_z(buf_str(&interval));
}

static unsigned round_of_work(void)
{
	union q_jobs_take_scan q = { .lease = lease() };
	bool found = false;
	struct str out;
	bool ok = work_ask(&Q_jobs_take_scan, q.v, &out, &found) &&
		  (!found || look_at(json_parse_own(out)));

	arena_reset();
	if (!ok)
		return work_away_ms();
	return down_ms ? down_ms : found ? 0 : POLL_MS;
}

int scans_run(void)
{
	const char *why = "";

	if (!*config.clamd) {
		fprintf(stderr, "sportello scans: SPORTELLO_CLAMD names no "
				"scanner\n");
		return 2;
	}
	work_begin();
	json_setup();
	if (!work_open_database(&why)) {
		fprintf(stderr, "sportello scans: %s\n", why);
		return 2;
	}
	arena_reset();
	while (!work_stop_asked(round_of_work()))
		;
	db_close();
	return 0;
}
