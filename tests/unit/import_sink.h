/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * import_sink.h: where readers' records go in tests: written down, a line each.
 */
#ifndef TESTS_IMPORT_SINK_H
#define TESTS_IMPORT_SINK_H

#include <sys/mman.h>
#include <unistd.h>

#include "arena.h"
#include "import.h"
#include "json.h"
#include "markup_article.h"
#include "zip.h"

#ifndef SINK_ROOM
#define SINK_ROOM (8 << 20)
#endif

struct written {
	struct buf b;
	size_t bytes, refused, told;
};

static void sink_add(struct written *w, const char *what, struct str entry)
{
	buf_addf(&w->b, "%s %.*s", what, STR_ARG(entry));
}

/* What is given is sound, whatever came in. */
static void sink_json(struct written *w, struct str json)
{
	const char *why = NULL;

	if (!json_parse(json, &why)) {
		fprintf(stderr, "%s: %.*s\n", why, STR_ARG(json));
		abort();
	}
	buf_addf(&w->b, " %.*s\n", STR_ARG(json));
}

static bool sink_section(void *to, struct str entry, struct str json)
{
	sink_add(to, "section", entry);
	sink_json(to, json);
	return true;
}

static bool sink_text(void *to, struct str entry, const struct import_text *t)
{
	struct written *w = to;
	struct str again;

	if (!markup_article(t->xhtml, &again) || !str_eq(again, t->xhtml)) {
		fprintf(stderr, "not canonical: %.*s\n", STR_ARG(t->xhtml));
		abort();
	}
	sink_add(w, "text", entry);
	buf_addf(&w->b, " %.*s %.*s %u", STR_ARG(t->article),
		 STR_ARG(t->language), t->number);
	sink_json(w, t->json);
	buf_addf(&w->b, "%.*s\n", STR_ARG(t->xhtml));
	return true;
}

static bool sink_keyed(void *to, struct str entry, struct str key,
		       struct str json)
{
	struct written *w = to;

	buf_addf(&w->b, " %.*s %.*s", STR_ARG(entry), STR_ARG(key));
	sink_json(w, json);
	return true;
}

static bool sink_article(void *to, struct str entry, struct str key,
			 struct str json)
{
	buf_add(&((struct written *)to)->b, S("article"));
	return sink_keyed(to, entry, key, json);
}

static bool sink_file(void *to, struct str entry, struct str key,
		      struct str json)
{
	buf_add(&((struct written *)to)->b, S("file"));
	((struct written *)to)->bytes = 0;
	return sink_keyed(to, entry, key, json);
}

static bool sink_bytes(void *to, struct str bytes)
{
	((struct written *)to)->bytes += bytes.n;
	return true;
}

static bool sink_file_end(void *to)
{
	struct written *w = to;

	buf_addf(&w->b, "bytes %zu\n", w->bytes);
	return true;
}

static bool sink_redirect(void *to, struct str entry, struct str json)
{
	(void)entry;
	sink_add(to, "redirect", S(""));
	sink_json(to, json);
	return true;
}

static bool sink_synonyms(void *to, struct str entry, struct str json)
{
	sink_add(to, "synonyms", entry);
	sink_json(to, json);
	return true;
}

static void sink_refuse(void *to, struct str entry, const char *code)
{
	struct written *w = to;

	w->refused++;
	buf_addf(&w->b, "refuse %s %.*s\n", code, STR_ARG(entry));
}

static void sink_tell(void *to, struct str entry, const char *code)
{
	struct written *w = to;

	w->told++;
	buf_addf(&w->b, "tell %s %.*s\n", code, STR_ARG(entry));
}

static struct import_sink sink_of(struct written *w)
{
	return (struct import_sink){
		w,
		sink_section,
		sink_text,
		sink_article,
		sink_file,
		sink_bytes,
		sink_file_end,
		sink_redirect,
		sink_synonyms,
		sink_refuse,
		sink_tell,
	};
}

/* All that a reader makes of a file. What readers take back is not the
 * sink's: its room is there before. */
static bool sink_read(import_read *read, int file, struct written *w)
{
	static const struct import_about about = { { "en", 2 } };
	struct import_sink sink = sink_of(w);

	*w = (struct written){ .b = { .p = alloc(SINK_ROOM),
				      .cap = SINK_ROOM,
				      .max = SINK_ROOM } };
	return read(file, &about, &sink);
}

#endif
