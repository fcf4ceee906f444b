/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * import_pages.h: what a file of Markdown or HTML says of itself, for
 * import_trees.c.
 *
 * Markdown says it in front matter: YAML between lines of ---, or TOML between
 * +++, of which lines "name: value", lists in brackets and lists of "- item"
 * are read and all else is passed over. HTML says it in its head. Neither is
 * checked: what is of no use is as if it was not said.
 */
#ifndef SPORTELLO_IMPORT_PAGES_H
#define SPORTELLO_IMPORT_PAGES_H

#include "str.h"

enum { IMPORT_WORDS_MAX = 50 };

struct import_page {
	struct str title, key, language, first_language, section;
	struct str created, updated, position, audience; /* as JSON */
	struct str keywords[IMPORT_WORDS_MAX];
	size_t n_keywords;
	struct str aliases[IMPORT_WORDS_MAX]; /* where it was before */
	size_t n_aliases;
	bool draft;
	struct str body; /* Markdown, or HTML without what is around it */
};

void import_page_markdown(struct str source, struct import_page *page);
void import_page_html(struct str source, struct import_page *page);

#endif
