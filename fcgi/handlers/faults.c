/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifdef SPORTELLO_TEST
#include "handlers/faults.h"

#include <signal.h>
#include <time.h>
#include <unistd.h>

#include "arena.h"
#include "cgi.h"
#include "page.h"
#include "reply.h"

#define BIG (100u * 1000 * 1000)
#define PART 100000u

bool faults_ignore(struct request *r)
{
	return reply(r, 200, "text/plain", r->path);
}

/* Writes n bytes of a body that was announced as `length`. */
static bool write_part(struct request *r, size_t length, size_t n)
{
	char *part = alloc(PART);
	struct buf length_text = buf_new(32);

	memset(part, 'x', PART);
	buf_addf(&length_text, "%zu", length);
	r->reply.sent = true;
	reply(r, 200, "text/plain", S(""));
	reply_header(r, "Content-Length", buf_str(&length_text));
	if (!cgi_write(reply_head(r)))
		return false;
	for (size_t i = 0; i < n; i += PART)
		if (!cgi_write((struct str){ part, PART }))
			return false;
	return true;
}

bool faults_big(struct request *r)
{
	return write_part(r, BIG, BIG) || (r->reply.cut = true);
}

bool faults_cut(struct request *r)
{
	write_part(r, BIG, BIG / 2);
	kill(getpid(), SIGKILL);
	return true;
}

bool faults_abort(struct request *r)
{
	write_part(r, BIG, BIG / 2);
	r->reply.cut = true;
	return true;
}

bool faults_sleep(struct request *r)
{
	const struct str *ms = pairs_get(&r->query, "ms");
	uint64_t n = 0;

	if (ms && !str_u64(*ms, 20000, &n))
		return problem(&r->problem, PROBLEM_BAD_REQUEST);
	nanosleep(&(struct timespec){ .tv_sec = (time_t)(n / 1000),
				      .tv_nsec = (long)(n % 1000) * 1000000 },
		  NULL);
	return reply(r, 200, "text/plain", S("slept\n"));
}

#include "door.h"

bool faults_mismatch(struct request *r)
{
	struct db_step ready = { .query = &Q_health_ready };

	db_test_skew();
	return door_trip(r, &ready, 1) &&
	       reply(r, 200, "text/plain", S("unnoticed\n"));
}
#endif
