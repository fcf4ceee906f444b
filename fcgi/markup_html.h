/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * markup_html.h: an article built from libxml2's tree of HTML, for markup's
 * own files.
 */
#ifndef SPORTELLO_MARKUP_HTML_H
#define SPORTELLO_MARKUP_HTML_H

#include <libxml/tree.h>

#include "markup_build.h"

struct html {
	const struct markup_in *in; /* NULL: all as it is */
	struct markup_report *report;
	struct build b;
	struct markup *lone; /* the list of items without one */
	struct markup *dl;   /* the definitions that we are in */
};

struct str html_get(const xmlNode *x, const char *name); /* "" for none */
bool html_is(const xmlNode *x, const char *name);

/* A block for what comes; NULL where there can't be one. */
struct markup *html_block(struct html *h, enum markup_tag tag);
/* The content of x into a node, with blocks or in lines only. */
void html_within(struct html *h, const xmlNode *x, struct markup *node,
		 bool lines_only);

/* Word's lists: paragraphs that say in their style which level they are of.
 * The last one that was taken is returned. */
bool html_is_listed(const xmlNode *x);
const xmlNode *html_word_list(struct html *h, const xmlNode *first);

#endif
