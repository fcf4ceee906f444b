/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "handlers/kb_imports.h"

#include <fcntl.h>
#include <unistd.h>

#include "cgi.h"
#include "config.h"
#include "door.h"
#include "import.h"
#include "log.h"
#include "reply.h"

#define PIECE 65536
#define SILENT_SECONDS 10

static bool write_all(int fd, struct str s)
{
	while (s.n) {
		ssize_t n = write(fd, s.p, s.n);

		if (n <= 0)
			return false;
		s = str_from(s, (size_t)n);
	}
	return true;
}

/* The body on the disk, in a file that has no name: it is read at any place,
 * and ends with us. nginx has collected it before, so it comes at once. */
static bool spool(struct request *r, int fd)
{
	static char piece[PIECE];
	uint64_t left = r->content_length;

	cgi_wait_at_most(SILENT_SECONDS);
	while (left) {
		size_t want = left < PIECE ? (size_t)left : PIECE;
		struct str some = { piece, cgi_read_some(piece, want) };

		cgi_go_on();
		if (!some.n)
			return problem(&r->problem, PROBLEM_INTERRUPTED);
		if (!write_all(fd, some)) {
			log_error("the folder of SPORTELLO_SPOOL can't take "
				  "what comes in",
				  config.spool);
			return problem(&r->problem, PROBLEM_UNAVAILABLE);
		}
		left -= some.n;
	}
	return true;
}

static bool is_yes(const struct str *said)
{
	return said && (str_eqz(*said, "1") || str_eqz(*said, "true"));
}

/* Before anything of it is read. */
static bool may(struct request *r)
{
	struct db_step step = { .query = &Q_imports_may };

	if (!r->content_length)
		return problem_field(&r->problem, S("file"), "required");
	if (r->content_length > IMPORT_MAX)
		return problem_say(&r->problem, PROBLEM_TOO_LARGE,
				   "Send a file of at most 2 GB.");
	return door_run(r, &step, 1);
}

static bool take(struct request *r, int fd)
{
	const struct str *form = pairs_get(&r->query, "form");
	struct str report;

	return spool(r, fd) &&
	       import_run(r, fd, form ? str_z(*form) : NULL,
			  is_yes(pairs_get(&r->query, "dry")), &report) &&
	       reply_json(r, 200, report);
}

bool kb_import(struct request *r)
{
	if (!may(r))
		return false;
	int fd = open(config.spool, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	if (fd < 0) {
		log_error("the folder of SPORTELLO_SPOOL takes no files",
			  config.spool);
		return problem(&r->problem, PROBLEM_UNAVAILABLE);
	}
	bool taken = take(r, fd);
	close(fd);
	return taken;
}
