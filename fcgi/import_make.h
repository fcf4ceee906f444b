/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * import_make.h: what readers of other programs' forms (import_trees.c,
 * import_zendesk.c) have in common: records made of what has no keys of ours,
 * no canonical text, and links to places of its own.
 *
 * Keys are worked out of what the form knows a thing by, so that the same one
 * taken in again is the same. Files are given with the article that shows
 * them, at the end: while texts are read they are noted.
 */
#ifndef SPORTELLO_IMPORT_MAKE_H
#define SPORTELLO_IMPORT_MAKE_H

#include "import.h"
#include "markup_article.h"
#include "unzip.h"

enum {
	IMPORT_FILES_MAX = 200, /* an article */
	IMPORT_KEY = 33,
	/* Entries of a form that is not ours: all their names are kept. */
	IMPORT_NAMES_MAX = 300000,
};

struct import_shown {
	char article[IMPORT_KEY];
	uint32_t entry;
};

struct import_make {
	const struct import_sink *sink;
	const struct import_about *about;
	struct unzip *zip;
	struct unzip_fault fault;
	struct str entry;    /* what is read now, for the report */
	unsigned char *used; /* of each entry: was anything made of it? */
	struct import_shown *shown;
	size_t n_shown, room;
};

/* False: it is refused. */
bool import_open(struct import_make *m, int file,
		 const struct import_about *about,
		 const struct import_sink *sink) MUST_CHECK;

/* Lines of the report, of m->entry. refuse is false. */
bool import_refuse(struct import_make *m, const char *code);
void import_tell(struct import_make *m, const char *code);

/* All of an entry, as text without a byte order mark. False: refused. */
bool import_read_text(struct import_make *m, size_t i, uint64_t most,
		      struct str *text) MUST_CHECK;

/* A key for what is known by these, among those of a kind. */
struct str import_key(const char *kind, struct str a, struct str b);

/* A language as we write it ("en_US" is "en-US"); false when it is none. */
bool import_language(struct str said, struct str *tag) MUST_CHECK;
/* Two letters that are one, and perhaps a place: a folder's name. */
bool import_is_language_folder(struct str name);

/* One line of at most so many characters. */
struct str import_line(struct str said, size_t most);
/* The same of HTML, without what is marked in it. */
struct str import_plain(struct str html, size_t most);
/* A time as bundles have it; empty when it is none. */
struct str import_time(struct str said);

/* Canonical text of what anybody wrote; what did not come along is told.
 * False: refused. */
bool import_markup(struct import_make *m, struct str source, bool is_markdown,
		   const struct markup_links *links,
		   struct str *xhtml) MUST_CHECK;

/* Notes that an article shows a file; its address. False: too many. */
bool import_show(struct import_make *m, struct str article, size_t entry,
		 struct str *address) MUST_CHECK;
/* All files that are shown. False: stopped. */
bool import_give_files(struct import_make *m) MUST_CHECK;

/* Tells of every entry that nothing was made of. */
void import_tell_unused(struct import_make *m);

/* The first heading of the first level: its text, and the text without it. */
bool import_cut_heading(struct str xhtml, struct str *heading,
			struct str *rest) MUST_CHECK;

/* JSON, behind "{" and what is there already. */
void import_add(struct buf *b, const char *name, struct str value);
void import_add_number(struct buf *b, const char *name, uint64_t value);

#endif
