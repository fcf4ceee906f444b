/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Which form a ZIP file has, by what is in it: a bundle has a manifest, files
 * of Zendesk's are JSON that tells of articles, and all else is a tree. */
#include "arena.h"
#include "import_make.h"

enum { LOOKED_AT = 1 << 20 };

struct looked {
	struct buf b;
};

static bool collect(void *ctx, struct str bytes)
{
	struct looked *l = ctx;
	size_t left = LOOKED_AT - l->b.n;

	if (bytes.n > left)
		bytes.n = left;
	buf_add(&l->b, bytes);
	return l->b.n < LOOKED_AT;
}

/* Near its beginning. */
static bool tells(struct import_make *m, size_t i, const char *const *words)
{
	struct arena_mark mark = arena_mark();
	struct looked l = { .b = buf_new(LOOKED_AT) };
	bool whole = unzip_each(m->zip, i, collect, &l), found = false;

	for (; (whole || !m->fault.code) && *words && !found; words++)
		found = l.b.n && memmem(l.b.p, l.b.n, *words, strlen(*words));
	arena_rewind(mark);
	return found;
}

static bool has_name(struct import_make *m, const char *begin, const char *end)
{
	size_t n = strlen(end);

	for (size_t i = 0; i < unzip_count(m->zip); i++) {
		struct arena_mark mark = arena_mark();
		struct unzip_entry e;
		bool is = unzip_entry(m->zip, i, &e) && e.name.n > n &&
			  str_starts(e.name, str_of(begin)) &&
			  !strncasecmp(e.name.p + e.name.n - n, end, n);

		arena_rewind(mark);
		if (is)
			return true;
	}
	return false;
}

/* One that lost its manifest is a broken bundle, and not another form. */
static bool is_bundle(struct import_make *m)
{
	static const char *const words[] = { "\"sportello-kb\"", NULL };
	size_t i = unzip_find(m->zip, S("manifest.json"));

	return (i != SIZE_MAX && tells(m, i, words)) ||
	       has_name(m, "articles/", "/article.json");
}

static bool is_zendesk(struct import_make *m)
{
	static const char *const words[] = { "\"articles\"", "\"article\"",
					     NULL };

	for (size_t i = 0; i < unzip_count(m->zip); i++) {
		struct arena_mark mark = arena_mark();
		struct unzip_entry e;
		bool json = unzip_entry(m->zip, i, &e) && e.name.n > 5 &&
			    !strncasecmp(e.name.p + e.name.n - 5, ".json", 5);

		if (json && tells(m, i, words))
			return true;
		arena_rewind(mark);
	}
	return false;
}

/* A site's own data may be JSON as well: where there are pages it is those. */
static bool has_pages(struct import_make *m)
{
	return has_name(m, "", ".md") || has_name(m, "", ".html") ||
	       has_name(m, "", ".htm") || has_name(m, "", ".markdown");
}

bool import_any(int file, const struct import_about *about,
		const struct import_sink *sink)
{
	struct unzip_limits limits = {
		.file = IMPORT_MAX,
		.entries = IMPORT_ENTRIES_MAX,
		.entry = IMPORT_FILE_MAX,
		.whole = IMPORT_WHOLE_MAX,
		.ratio = UINT32_MAX, /* each form has one of its own */
	};
	struct import_make m = { .sink = sink };
	struct arena_mark mark = arena_mark();
	import_read *form;

	m.zip = unzip_open(file, &limits, &m.fault);
	if (!m.zip) {
		sink->refuse(sink->to, m.fault.entry, m.fault.code);
		return false;
	}
	form = is_bundle(&m)			  ? import_bundle
	       : !has_pages(&m) && is_zendesk(&m) ? import_zendesk
						  : import_trees;
	arena_rewind(mark);
	return form(file, about, sink);
}
