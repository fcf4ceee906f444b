/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * import.h: a knowledge base taken in (doc/knowledge-exports.md).
 *
 * A reader of some form (a bundle, a tree of Markdown …) gives records to a
 * sink, which keeps them aside in the database (app.import_rows). At the end
 * one statement compares all of it with what there is, and takes in all of it
 * or nothing. Whatever is wrong is a line of the report, and the reader goes
 * on where it can, so that one try tells all that there is to mend.
 */
#ifndef SPORTELLO_IMPORT_H
#define SPORTELLO_IMPORT_H

#include "str.h"

/* Limits, in bytes: what is sent, what one file in it and all of them may
 * become, and what is said of one thing. */
#define IMPORT_MAX 2000000000ull
#define IMPORT_FILE_MAX 2000000000ull
#define IMPORT_WHOLE_MAX 8000000000ull
#define IMPORT_JSON_MAX 65536
/* Of all that is kept aside, and of each: what is behind is not read. */
#define IMPORT_ROWS_MAX 4000000000ull
#define IMPORT_SECTIONS_MAX 2000
#define IMPORT_ARTICLES_MAX 200000
#define IMPORT_TEXTS_MAX 1000000
#define IMPORT_ENTRY_FILES_MAX 500000
#define IMPORT_REDIRECTS_MAX 400000
#define IMPORT_SYNONYMS_MAX 1000
#define IMPORT_ENTRIES_MAX 1000000
/* How much smaller than it is something may be packed: a picture of one colour
 * is nearly as small as deflate makes anything, and comes out as it went in. */
#define IMPORT_RATIO 1100

/* What a text is: the number counts the versions of a language from 1; of
 * those in one language the highest is live unless its JSON has "until". */
struct import_text {
	struct str article, language;
	unsigned number;
	struct str json;  /* title, keywords, from, until, translates */
	struct str xhtml; /* canonical (markup_article) */
};

/*
 * Where a reader's records go, as JSON as the bundle's files have it, in this
 * order: sections, then of each article its texts and itself, then files,
 * redirects, synonyms. entry: the file that it came from, for the report.
 * False: stop, and say nothing more; the sink knows why. Keys are a-z and
 * 0-9, 32 at most; what may be left out of JSON may be left out here. Of
 * sections and articles with {here: true} what is left out stays as it is here.
 */
struct import_sink {
	void *to;
	/* {key, position, parent?, names: {language: text}, abouts?,
	 * audience?}; or {root: true, audience} */
	bool (*section)(void *to, struct str entry, struct str json);
	bool (*text)(void *to, struct str entry, const struct import_text *t);
	/* {position, language, section?, audience?, created?, updated?,
	 * expires?, review_by?} */
	bool (*article)(void *to, struct str entry, struct str article,
			struct str json);
	/* {article, name, created?}, then its bytes, then its end. What type
	 * it is, is seen by its bytes. Texts show it as /kb/f/KEY. */
	bool (*file)(void *to, struct str entry, struct str key,
		     struct str json);
	bool (*bytes)(void *to, struct str bytes);
	bool (*file_end)(void *to);
	/* {path, article or section (keys), language?} */
	bool (*redirect)(void *to, struct str entry, struct str json);
	/* {language, words: [text]} */
	bool (*synonyms)(void *to, struct str entry, struct str json);
	/* Lines of the report. refuse: nothing will be taken in; tell: it is,
	 * but not all of it. code: what www/src/articles/import.tsx
	 * has a text for (articles.import.why.CODE). */
	void (*refuse)(void *to, struct str entry, const char *code);
	void (*tell)(void *to, struct str entry, const char *code);
};

/* What the asker says of it. */
struct import_about {
	struct str language; /* of what does not say in which it is */
};

/* A reader: of the ZIP in an open file, which may be read at any place. False:
 * stopped, by the sink or by what it refused itself. */
typedef bool import_read(int file, const struct import_about *about,
			 const struct import_sink *sink);

import_read import_bundle, import_trees, import_zendesk;
/* Whichever of these it is, by what is in it. */
import_read import_any;

struct request;

/*
 * All of it: the reader of the form that is called so (NULL: a bundle) reads
 * the file, and the report is told: {dry, over, done, refused, told, counts,
 * lines}. over: what is newer here is replaced, what is narrower opened.
 * False: r->problem; of what was refused its errors are the lines.
 */
bool import_run(struct request *r, int file, const char *form, bool dry,
		bool over, struct str *report) MUST_CHECK;

#endif
