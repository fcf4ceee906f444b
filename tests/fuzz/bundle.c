/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What claims to be a bundle: whatever it is, its reader ends, and what it
 * gives is bounded. */
#include <sys/mman.h>
#include <unistd.h>

#include "arena.h"
#include "import.h"
#include "json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static size_t given, coming;

static void must(bool is_so)
{
	if (!is_so)
		__builtin_trap();
}

static bool take(void *to, struct str entry, struct str json)
{
	(void)to;
	must(entry.n > 0 && json.n <= IMPORT_JSON_MAX);
	return ++given < 100000;
}

static bool take_text(void *to, struct str entry, const struct import_text *t)
{
	must(t->number > 0 && t->xhtml.n <= 1048576);
	return take(to, entry, t->json);
}

static bool take_article(void *to, struct str entry, struct str article,
			 struct str json)
{
	(void)article;
	return take(to, entry, json);
}

static bool take_file(void *to, struct str entry, struct str key,
		      struct str json)
{
	(void)key;
	coming = 0;
	return take(to, entry, json);
}

static bool take_bytes(void *to, struct str bytes)
{
	(void)to;
	coming += bytes.n;
	must(coming <= IMPORT_FILE_MAX);
	return true;
}

static bool end_file(void *to)
{
	(void)to;
	return true;
}

static void line(void *to, struct str entry, const char *code)
{
	(void)to;
	(void)entry;
	must(code && *code);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static const struct import_sink sink = {
		NULL,	  take, take_text, take_article, take_file, take_bytes,
		end_file, take, take,	   line,	 line,
	};
	struct import_about about = { S("en") };
	int fd = memfd_create("bundle", MFD_CLOEXEC);

	json_setup();
	given = 0;
	if (fd < 0 || write(fd, data, n) != (ssize_t)n)
		return 0;
	(void)!import_bundle(fd, &about, &sink);
	close(fd);
	arena_reset();
	return 0;
}
