/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * export.h: the knowledge base handed out whole (doc/knowledge-exports.md).
 *
 * One trip lists what an export holds: eight bytes an article is all that
 * grows with it. After that a trip brings 100 articles, or 1.25 MiB of texts,
 * and the next is on its way while they are worked on. Before anything goes to
 * the reader all of it is here and its transaction over: however slowly somebody
 * reads, nothing of the database waits for them. Texts are those of one change
 * (as_of), who may read them is asked by each trip.
 */
#ifndef SPORTELLO_EXPORT_H
#define SPORTELLO_EXPORT_H

#include "json.h"
#include "request.h"

/* Of the format of JSON lines and bundles; another one is other bytes. */
#define EXPORT_FORMAT 1

/* Some of the bytes that are made, or only how many they are. */
struct export_sink {
	char *p;
	size_t n;
	uint64_t at, first, last;
	bool counts;
	bool over; /* what was wanted is out */
};

struct export
{
	struct request *r;
	const char *format, *language, *as_of;
	struct str tag; /* the same for the same bytes */
	struct str name, locale, changed_at;
	struct str root; /* of a bundle: the audience over all, as JSON */
	bool begins;	 /* in the middle of its first article */
	const char *after_language;
	struct str line; /* the first of JSON lines */
	int64_t *sections, *articles, *sorted, *files;
	size_t n_sections, n_articles, n_files;
	bool others; /* a bundle with redirects and synonyms */
	struct export_keys {
		struct str keys; /* by commas */
		struct export_keys *next;
	} * gone, **last_gone;
	struct export_section *tree;
	const struct export_section *found;
	size_t n_tree;
	struct export_sink sink;
};

struct export_section;

/* What the request asks for, and the list of it. False: r->problem. */
bool export_open(struct export *e, struct request *r,
		 const char *format) MUST_CHECK;

/* The sink takes them, as zip_write does. False: no more is wanted. */
bool export_put(void *e, struct str bytes);
bool export_flush(struct export *e);

/* ---- walks: until take() is false, or a trip fails --------------------- */

typedef bool export_take_line(void *ctx, struct str line);
bool export_each_section(struct export *e, bool whole, export_take_line *take,
			 void *ctx) MUST_CHECK;

/* What is taken of an article: a whole line of JSON, its title and what is
 * said of it, that and the text, or all of its texts that ever were live. */
enum export_form { EXPORT_LINES, EXPORT_TITLES, EXPORT_TEXTS, EXPORT_WHOLE };
struct export_text {
	struct str line; /* of EXPORT_LINES: all but the text, as JSON */
	const struct json *about;
	struct str key, language, title, section, html;
};
typedef bool export_take(void *ctx, const struct export_text *text);
bool export_each_text(struct export *e, enum export_form form,
		      export_take *take, void *ctx) MUST_CHECK;

/* Files of articles, each with its bytes, of which a part that is not as long
 * as it was said to be ends it all. */
struct export_file {
	struct str key, about;
	bool (*begin)(void *ctx, const struct export_file *file);
	export_take_line *bytes;
	bool (*end)(void *ctx, const struct export_file *file);
};
bool export_each_file(struct export *e, struct export_file *file,
		      void *ctx) MUST_CHECK;

/* Lines of JSON. */
bool export_each_redirect(struct export *e, export_take_line *take,
			  void *ctx) MUST_CHECK;
bool export_each_synonym(struct export *e, export_take_line *take,
			 void *ctx) MUST_CHECK;

/* ---- for formats that are read ------------------------------------------ */

/* The sections, by which articles are grouped; from above to below. */
struct export_section {
	char key[33], name[488];
	const struct export_section *parent;
};
bool export_tree(struct export *e) MUST_CHECK;
const struct export_section *export_find(struct export *e, struct str key);

struct zip;
/* An entry sections.jsonl, by which archives are taken in again as they are;
 * whoever writes articles has in it who reads what. */
bool export_sections(struct export *e, struct zip *zip) MUST_CHECK;

/* Where a link leads: an article of the export (key, language and #part), or
 * somewhere else: then it is a whole address. */
struct export_link {
	struct str key, language, part, address;
};
struct export_link export_where(const struct export *e,
				const struct export_text *from,
				struct str address);

/* The language that is asked for, else the portal's. */
struct str export_lang(const struct export *e);

/* ---- formats ------------------------------------------------------------ */

bool export_lines(struct export *e);
bool export_bundle(struct export *e);
bool export_markdown(struct export *e);
bool export_html(struct export *e);
bool export_html_zip(struct export *e);
bool export_epub(struct export *e);
bool export_docbook(struct export *e);

struct export_format {
	const char *name; /* behind /export/kb. */
	const char *file, *type;
	bool (*make)(struct export *e);
};
/* NULL: there is none. */
const struct export_format *export_format(struct str name);

#endif
