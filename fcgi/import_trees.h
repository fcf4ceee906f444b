/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * import_trees.h: folders of Markdown and HTML as a knowledge base, for the
 * files of import_trees.
 *
 * They are our own exports, sources of a site, or the site itself. A folder is
 * a section, a file a text, and texts of the same place in folders of
 * languages (or "a.sv.md" beside "a.md") are one article.
 *
 * First what each file says of itself is read, since links lead to articles
 * by keys; then all again, article by article. What is kept of a text between
 * is its path and about 100 bytes.
 */
#ifndef SPORTELLO_IMPORT_TREES_H
#define SPORTELLO_IMPORT_TREES_H

#include "import_make.h"
#include "import_pages.h"

enum {
	LANGUAGES_MAX = 50,
	SECTIONS_MAX = 2000,
	DEPTH_MAX = 8,
	NAMES_BYTES_MAX = 64 << 20,
	HEAD_MAX = 65536,
	LIST_MAX = 4 << 20,
	TITLE_CHARS = 200,
	NAME_CHARS = 120,
	NOWHERE = -1,
};

/* A file that is a text. */
struct page {
	struct str path;  /* in the tree, without what all are in */
	struct str place; /* without its language's folder and its ending */
	uint32_t entry;
	int32_t section; /* NOWHERE: none */
	unsigned position;
	char key[IMPORT_KEY];
	unsigned char language;
	bool is_markdown, is_index, own, left;
	bool placed;	  /* its place says its language */
	bool translation; /* and was not written in it first */
};

struct section {
	struct str path, name;
	int32_t parent;
	unsigned position, n_pages, n_sections;
	char key[IMPORT_KEY];
	struct str *names; /* by language */
};

struct tree {
	struct import_make m;
	struct str root; /* a folder that all lies in, with its slash */
	bool own;	 /* with sections.jsonl: of ours */
	bool whole;	 /* and of who writes it: it says who reads what */
	struct page *pages;
	size_t n_pages;
	uint32_t *page_of; /* an entry: and one; 0: none */
	struct section *sections;
	size_t n_sections;
	char languages[LANGUAGES_MAX][36];
	size_t n_languages;
	struct page **by_article;
	const struct page *now;
	struct import_page said;
	char name[4 * NAME_CHARS + 1]; /* of a section, as its page says */
	struct str missed;	       /* a picture that is not there */
};

/* ---- what there is (import_trees_list.c) --------------------------------- */

/* Of a path: what is behind its last slash, and what is before. */
struct str tree_last_part(struct str path);
struct str tree_folder(struct str path);
/* In small letters or large ones. */
bool tree_ends_in(struct str s, const char *end);
/* Of a text: how long its ending is; 0: it is none. */
size_t tree_ending(struct str path, bool *is_markdown);
/* A name as one would say it: "02-getting_started" is "getting started". */
struct str tree_spoken(struct str name, size_t most);
/* Whether it can be a key of ours. */
bool tree_is_key(struct str key);
/* Which of the tree's it is: a new one, if there was none like it. */
unsigned char tree_language(struct tree *t, struct str tag);
/* The entry of a path with something behind; SIZE_MAX: there is none. */
size_t tree_find(const struct tree *t, struct str path, const char *more);

/* These are false when it is refused, or the sink wants no more. */
bool tree_list(struct tree *t) MUST_CHECK;
bool tree_own_sections(struct tree *t, size_t entry) MUST_CHECK;
bool tree_survey(struct tree *t) MUST_CHECK;
bool tree_sections(struct tree *t) MUST_CHECK;

/* ---- links (import_trees_links.c) ---------------------------------------- */

/* As markup_links have it, of the page that is read (t->now). */
bool tree_link(void *tree, enum markup_address what, struct str address,
	       struct str *changed);

#endif
