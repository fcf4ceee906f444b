/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * markup_maker.h: articles by chance, with what is a mark in Markdown in their
 * texts.
 */
#ifndef TESTS_MARKUP_MAKER_H
#define TESTS_MARKUP_MAKER_H

#include "arena.h"
#include "markup_article.h"
#include "str.h"

struct maker {
	struct buf b;
	uint32_t state;
};

static unsigned make_below(struct maker *m, unsigned n)
{
	m->state = m->state * 1664525u + 1013904223u;
	return (m->state >> 16) % n;
}

static void make_add(struct maker *m, const char *z)
{
	buf_add(&m->b, str_of(z));
}

static void make_words(struct maker *m)
{
	static const char *const all[] = {
		"word",
		"a*b",
		"_c_",
		"[d]",
		"`e`",
		"&amp;f",
		"&lt;g>",
		"1.",
		"2)",
		"#",
		"-",
		"+",
		"=",
		"|",
		"~~",
		"\\",
		"http://x.y",
		"a@b.c",
		"www.z.y",
		"!",
		"日本語",
		"「x」",
		"\xc3\xa9t\xc3\xa9",
		"[!NOTE]",
		":--",
		"***",
		"&amp;amp;",
		"\xc2\xa0",
		"$x$",
		"\"'",
	};

	for (unsigned i = 0, n = 1 + make_below(m, 4); i < n; i++) {
		make_add(m, all[make_below(m, ARRAY_LEN(all))]);
		if (make_below(m, 3))
			make_add(m, " ");
	}
}

static void make_line(struct maker *m, unsigned depth)
{
	static const char *const tags[] = { "strong", "em",  "del", "code",
					    "sub",    "sup", "kbd" };

	for (unsigned i = 0, n = 1 + make_below(m, 4); i < n; i++) {
		const char *tag = tags[make_below(m, ARRAY_LEN(tags))];

		switch (make_below(m, depth > 3 ? 2 : 8)) {
		case 0:
			make_add(m, "<br>");
			break;
		case 1:
		case 2:
			make_words(m);
			break;
		case 3:
			buf_addf(&m->b, "<a href=\"/p(%u)_*|&amp;amp;\">",
				 make_below(m, 9));
			make_line(m, depth + 2);
			make_add(m, "</a>");
			break;
		case 4:
			buf_addf(&m->b, "<img src=\"/i%u\" alt=\"*a|b]\"%s>",
				 make_below(m, 9),
				 make_below(m, 2) ? " width=5" : "");
			break;
		default:
			buf_addf(&m->b, "<%s>", tag);
			make_line(m, depth + 1);
			buf_addf(&m->b, "</%s>", tag);
		}
	}
}

static void make_block(struct maker *m, unsigned depth);

static void make_some_blocks(struct maker *m, unsigned depth)
{
	for (unsigned i = 0, n = 1 + make_below(m, 3); i < n; i++)
		make_block(m, depth + 1);
}

static void make_items(struct maker *m, unsigned depth)
{
	bool loose = make_below(m, 2);
	const char *tag = make_below(m, 2) ? "ul" : "ol";

	buf_addf(&m->b, "<%s%s>", tag, make_below(m, 4) ? "" : " start=\"7\"");
	for (unsigned i = 0, n = 1 + make_below(m, 3); i < n; i++) {
		make_add(m, "<li>");
		if (loose)
			make_add(m, "<p>");
		make_line(m, 0);
		if (loose)
			make_add(m, "</p>");
		if (depth < 4 && !make_below(m, 3))
			make_some_blocks(m, depth);
		make_add(m, "</li>");
	}
	buf_addf(&m->b, "</%s>", tag);
}

static void make_cells(struct maker *m)
{
	unsigned columns = 1 + make_below(m, 3);

	make_add(m, "<table>");
	for (unsigned row = 0; row < 3; row++) {
		make_add(m, "<tr>");
		for (unsigned i = 0; i < columns; i++) {
			buf_addf(&m->b, "<%s%s%s>", row ? "td" : "th",
				 i == 1 ? " class=right" : "",
				 make_below(m, 20) ? "" : " colspan=2");
			if (make_below(m, 4))
				make_line(m, 1);
		}
	}
	make_add(m, "</table>");
}

static void make_block(struct maker *m, unsigned depth)
{
	switch (make_below(m, depth > 4 ? 3 : 11)) {
	case 0:
		buf_addf(&m->b, "<h2%s>", make_below(m, 5) ? "" : " id=own");
		make_words(m);
		make_add(m, "</h2>");
		return;
	case 1:
		make_add(m, "<pre><code class=\"language-c\">");
		make_words(m);
		make_add(m, make_below(m, 2) ? "\n\n```\n" : "\n");
		make_words(m);
		make_add(m, "</code></pre>");
		return;
	case 3:
	case 4:
		make_items(m, depth);
		return;
	case 5:
		make_add(m, "<blockquote>");
		make_some_blocks(m, depth);
		make_add(m, "</blockquote>");
		return;
	case 6:
		make_add(m, "<aside class=tip>");
		make_some_blocks(m, depth);
		make_add(m, "</aside>");
		return;
	case 7:
		make_cells(m);
		return;
	case 8:
		make_add(m, "<hr>");
		return;
	case 9:
		make_add(m, "<figure><img src=/a alt=b><figcaption>");
		make_line(m, 2);
		make_add(m, "</figcaption></figure>");
		return;
	default:
		make_add(m, "<p>");
		make_line(m, 0);
		make_add(m, "</p>");
	}
}

/* The same for the same seed. */
static struct str make_article(uint32_t seed)
{
	struct maker m = { buf_new(1000000), seed * 2654435761u };
	struct str html;

	for (uint32_t i = 0; i <= seed % 4; i++)
		make_block(&m, 0);
	if (!markup_article_from_html(buf_str(&m.b), NULL, &html, NULL))
		abort();
	return html;
}

#endif
