/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * markup_article.h: articles, in the same closed XHTML as messages (markup.h)
 * with more in it.
 *
 * Beyond the elements of messages: sub sup kbd; code(class language-…) in pre;
 * headings with an id, and links to #id; img(alt height src width), with a
 * path of our own; figure with figcaption; aside(class note, tip, warning or
 * danger); figure(class video), which holds a link and asks nobody for
 * anything; dl dt dd; tables with caption, colspan and rowspan, and blocks in
 * their cells, but no table in a table. The schema is fcgi/article.rng.
 *
 * Whatever comes in (canonical text, HTML, Markdown) is rebuilt from the list
 * and written by one serializer, each attribute in one fixed place, so that
 * equal content is equal bytes, and writing again changes nothing.
 */
#ifndef SPORTELLO_MARKUP_ARTICLE_H
#define SPORTELLO_MARKUP_ARTICLE_H

#include "str.h"

/* Limits, in bytes: canonical text, and what it is made from. */
#define MARKUP_ARTICLE_MAX 1048576
#define MARKUP_ARTICLE_MARKDOWN_MAX 1048576
#define MARKUP_ARTICLE_HTML_MAX 4194304

/* Others: elements and texts of an article; columns and rows of a table, where
 * a cell spans 1 to 100; sides of a picture; elements lie at most 48 deep. */
enum {
	MARKUP_NODES_MAX = 200000,
	MARKUP_COLUMNS_MAX = 100,
	MARKUP_ROWS_MAX = 2000,
	MARKUP_SIDE_MAX = 9999,
};

/* What an address is for. */
enum markup_address { MARKUP_LINK, MARKUP_PICTURE, MARKUP_VIDEO };

/* What an address becomes, and whether it may stay: without, a link is only
 * its text, and a picture what it shows in words. What comes in is looked at
 * before it is checked, and what goes out after. */
struct markup_links {
	bool (*change)(void *ctx, enum markup_address what, struct str address,
		       struct str *changed);
	void *ctx;
};

/* What is taken from HTML and Markdown. */
struct markup_in {
	struct markup_links links;
	/* Hosts of videos beside YouTube's and Vimeo's, NULL behind. */
	const char *const *video_hosts;
};

/* What did not come along: elements by name, the first ones of them. */
enum { MARKUP_DROPPED_MAX = 32 };
struct markup_report {
	struct {
		char name[24];
		unsigned times;
	} dropped[MARKUP_DROPPED_MAX];
	size_t n;
	unsigned others; /* of further names */
	bool deep;	 /* something was too deep, and is laid flat or gone */
};

/* Canonical text written anew: headings without an id get one of their text,
 * unique within the article. False when it is not canonical or too large. */
bool markup_article(struct str html, struct str *out) MUST_CHECK;

/* HTML of anywhere: editors, Word, other help centres. False when it is not
 * str_is_text(), or what comes of it too large. in and report may be NULL. */
bool markup_article_from_html(struct str html, const struct markup_in *in,
			      struct str *out,
			      struct markup_report *report) MUST_CHECK;

/* GitHub's flavour of Markdown, with the HTML in it; > [!NOTE] and its like
 * are call-outs. */
bool markup_article_from_markdown(struct str source, const struct markup_in *in,
				  struct str *out,
				  struct markup_report *report) MUST_CHECK;

/* Where articles go: exports point to files in the archive. */
struct markup_out {
	struct markup_links links;
	const char *id_prefix; /* before each id, where articles share a file */
	unsigned heading; /* the level of the highest heading, 0: as it is */
};

/* All of these: false when html is no canonical article, or out is full. */

/* XHTML for a page, a file or a chapter of an EPUB (the same bytes are HTML):
 * links to an id that is not there are only their text. out may be NULL. */
bool markup_article_page(struct str html, const struct markup_out *out,
			 struct buf *page) MUST_CHECK;

/* Markdown that markup_article_from_markdown() reads back to the same text.
 * What Markdown can't say stays HTML. */
bool markup_article_markdown(struct str html, const struct markup_out *out,
			     struct buf *markdown) MUST_CHECK;

/* An article element of DocBook 5.0, with a section for each heading. */
struct markup_about {
	struct str title, language;
	struct str id; /* xml:id of the article, if any */
};
bool markup_article_docbook(struct str html, const struct markup_about *about,
			    const struct markup_out *out,
			    struct buf *docbook) MUST_CHECK;

/* As a mail's text part. */
bool markup_article_text(struct str html, struct str *text) MUST_CHECK;

/* What search looks at: all words, what pictures show, no addresses. */
bool markup_article_words(struct str html, struct str *words) MUST_CHECK;

/* The first `chars` characters of text, without headings, listings and
 * tables, cut between words. */
bool markup_article_excerpt(struct str html, size_t chars,
			    struct str *excerpt) MUST_CHECK;

/* The table of contents: headings of level 2 and 3. */
struct markup_heading {
	unsigned level;
	struct str id, text;
	struct markup_heading *next;
};
bool markup_article_headings(struct str html,
			     struct markup_heading **first) MUST_CHECK;

#endif
