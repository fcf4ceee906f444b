/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * article_check.h: what every article is, whatever it was made from.
 */
#ifndef TESTS_ARTICLE_CHECK_H
#define TESTS_ARTICLE_CHECK_H

#include <assert.h>

#include "../unit/markup_schema.h"
#include "arena.h"
#include "markup_article.h"
#include "markup_tree.h"

/* " name " of each attribute, behind each element. */
static const char *const allowed[][2] = {
	{ "p", "" },
	{ "h1", " id " },
	{ "h2", " id " },
	{ "h3", " id " },
	{ "h4", " id " },
	{ "h5", " id " },
	{ "h6", " id " },
	{ "ul", "" },
	{ "ol", " start " },
	{ "li", "" },
	{ "blockquote", "" },
	{ "pre", "" },
	{ "code", " class " },
	{ "strong", "" },
	{ "em", "" },
	{ "del", "" },
	{ "sub", "" },
	{ "sup", "" },
	{ "kbd", "" },
	{ "a", " href " },
	{ "br", "" },
	{ "img", " alt height src width " },
	{ "hr", "" },
	{ "table", "" },
	{ "caption", "" },
	{ "thead", "" },
	{ "tbody", "" },
	{ "tr", "" },
	{ "th", " class colspan rowspan " },
	{ "td", " class colspan rowspan " },
	{ "dl", "" },
	{ "dt", "" },
	{ "dd", "" },
	{ "aside", " class " },
	{ "figure", " class " },
	{ "figcaption", "" },
};

static const char *attributes_of(struct str name)
{
	for (size_t i = 0; i < ARRAY_LEN(allowed); i++)
		if (str_eqz(name, allowed[i][0]))
			return allowed[i][1];
	return NULL;
}

static bool has_scheme(struct str s, const char *scheme)
{
	size_t n = strlen(scheme);

	return s.n > n && strncasecmp(s.p, scheme, n) == 0;
}

static void check_value(struct str name, struct str value)
{
	bool local = value.n && value.p[0] == '/' &&
		     !(value.n > 1 && strchr("/\\", value.p[1]));

	if (str_eqz(name, "src"))
		assert(local);
	if (str_eqz(name, "href"))
		assert(local || has_scheme(value, "http://") ||
		       has_scheme(value, "https://") ||
		       has_scheme(value, "mailto:") || has_scheme(value, "#"));
}

/* Without a parser: each '<' begins one of our tags, with attributes of its
 * own, quoted. */
static void check_tags(struct str html)
{
	str_cut(&html, '<');
	while (html.n) {
		struct str tag = str_cut(&html, '>');
		struct str name = str_cut(&tag, ' ');
		const char *attributes;

		if (str_starts(name, S("/")))
			name = str_from(name, 1);
		if (str_ends(name, S("/")))
			name.n--;
		attributes = attributes_of(name);
		assert(attributes);
		while (tag.n && !str_eqz(tag, "/")) {
			char spaced[64];
			struct str attribute = str_cut(&tag, '=');

			assert(tag.n && tag.p[0] == '"' && attribute.n < 20);
			snprintf(spaced, sizeof(spaced), " %.*s ",
				 STR_ARG(attribute));
			assert(strstr(attributes, spaced));
			tag = str_from(tag, 1);
			check_value(attribute, str_cut(&tag, '"'));
			if (tag.n && tag.p[0] == ' ')
				tag = str_from(tag, 1);
		}
		str_cut(&html, '<');
	}
}

/* A page is an article as well, and DocBook is XML. */
static void check_outputs(struct str html)
{
	static const struct markup_about about = { .title = S("t") };
	struct buf page = buf_new(2 * MARKUP_ARTICLE_MAX);
	struct buf docbook = buf_new(16 * MARKUP_ARTICLE_MAX);
	xmlDoc *doc;

	assert(markup_article_page(html, NULL, &page));
	assert(schema_allows(buf_str(&page)));
	assert(markup_article_docbook(html, &about, NULL, &docbook));
	doc = xmlReadMemory(docbook.p, (int)docbook.n, NULL, "UTF-8",
			    XML_PARSE_NONET);
	assert(doc);
	xmlFreeDoc(doc);
}

/* What we read ourselves libxml2 reads as well, and alike: a blank at the end is
 * none of ours. */
static void check_readers(struct str html)
{
	struct markup own = { .tag = M_DOC }, xml = { .tag = M_DOC };
	struct buf a = buf_new(2 * MARKUP_ARTICLE_MAX), b = a, blank = a;

	if (html.n >= MARKUP_ARTICLE_MAX || !str_is_text(html) ||
	    !markup_read_own(MARKUP_ARTICLE, html, &own))
		return;
	buf_add(&blank, html);
	buf_char(&blank, '\n');
	assert(markup_read(MARKUP_ARTICLE, buf_str(&blank), &xml));
	markup_write(&a, &own);
	markup_write(&b, &xml);
	assert(str_eq(buf_str(&a), buf_str(&b)));
}

/* Text of the closed set, valid, and written again as it is. */
static void check_article(struct str html)
{
	struct markup own = { .tag = M_DOC };
	struct str again, text, words, excerpt;
	struct markup_heading *headings;

	assert(str_is_text(html));
	check_tags(html);
	assert(schema_allows(html));
	assert(markup_read_own(MARKUP_ARTICLE, html, &own));
	assert(markup_article(html, &again));
	assert(str_eq(html, again));
	check_readers(html);
	assert(markup_article_text(html, &text) && str_is_text(text));
	assert(markup_article_words(html, &words) && str_is_text(words));
	assert(markup_article_excerpt(html, 50, &excerpt));
	assert(str_is_text(excerpt) && str_chars(excerpt) <= 50);
	assert(markup_article_headings(html, &headings));
	check_outputs(html);
}

/* What HTML or Markdown gave is the same article after a way through either. */
static void check_ways(struct str html)
{
	struct buf markdown = buf_new(16 * MARKUP_ARTICLE_MAX);
	struct str again;

	assert(markup_article_from_html(html, NULL, &again, NULL));
	if (!str_eq(html, again)) {
		fprintf(stderr, "once:  %.*s\ntwice: %.*s\n", STR_ARG(html),
			STR_ARG(again));
		abort();
	}
	assert(markup_article_markdown(html, NULL, &markdown));
	if (markdown.n > MARKUP_ARTICLE_MARKDOWN_MAX)
		return;
	assert(markup_article_from_markdown(buf_str(&markdown), NULL, &again,
					    NULL));
	if (!str_eq(html, again)) {
		fprintf(stderr, "once:  %.*s\nmarkdown: %.*s\ntwice: %.*s\n",
			STR_ARG(html), STR_ARG(buf_str(&markdown)),
			STR_ARG(again));
		abort();
	}
}

#endif
