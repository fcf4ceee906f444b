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

/* What is not understood is no no: somebody means to try. */
static bool is_yes(struct request *r, const char *name, bool *yes)
{
	const struct str *said = pairs_get(&r->query, name);

	*yes = said && (str_eqz(*said, "1") || str_eqz(*said, "true"));
	return !said || *yes || str_eqz(*said, "0") ||
	       str_eqz(*said, "false") ||
	       problem_field(&r->problem, str_of(name), "type");
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

static bool take(struct request *r, int fd, bool dry, bool over)
{
	const struct str *form = pairs_get(&r->query, "form");
	struct str report;

	return spool(r, fd) &&
	       import_run(r, fd, form ? str_z(*form) : NULL, dry, over,
			  &report) &&
	       reply_json(r, 200, report);
}

bool kb_import(struct request *r)
{
	bool dry, over;

	if (!is_yes(r, "dry", &dry) || !is_yes(r, "over", &over) || !may(r))
		return false;
	int fd = open(config.spool, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	if (fd < 0) {
		log_error("the folder of SPORTELLO_SPOOL takes no files",
			  config.spool);
		return problem(&r->problem, PROBLEM_UNAVAILABLE);
	}
	bool taken = take(r, fd, dry, over);
	close(fd);
	return taken;
}

/* As sessions_whose(): nginx asks before it collects what is sent, and understands
 * no more than that one is signed out or may not. */
bool kb_import_may(struct request *r)
{
	struct db_step step = { .query = &Q_imports_may };

	r->person = S("");
	if (door_run(r, &step, 1))
		return reply(r, 204, NULL, S(""));
	if (r->problem.kind == PROBLEM_UNAVAILABLE ||
	    problem_status(&r->problem) == 403)
		return false;
	return problem(&r->problem, PROBLEM_SIGNED_OUT);
}
