/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Markdown: whatever comes out is canonical, and stays the same when it is
 * read and written again. */
#include <assert.h>

#include "arena.h"
#include "markup.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static const char *const tags[] = {
	"p",	  "h1", "h2",  "h3", "h4",	   "h5",    "h6",
	"ul",	  "ol", "li",  "a",  "blockquote", "pre",   "code",
	"strong", "em", "del", "br", "hr",	   "table", "thead",
	"tbody",  "tr", "th",  "td",
};

/* "p>…", "/p>…", "br/>…": one of ours. */
static bool is_tag(struct str s)
{
	if (s.n && s.p[0] == '/')
		s = str_from(s, 1);
	for (size_t i = 0; i < ARRAY_LEN(tags); i++) {
		struct str name = str_of(tags[i]);

		if (str_starts(s, name) && s.n > name.n &&
		    strchr(" />", s.p[name.n]))
			return true;
	}
	return false;
}

/* Without a parser: after each '<' one of our tags, and an address of ours
 * in each href. */
static void check(struct str html)
{
	while (html.n) {
		str_cut(&html, '<');
		assert(!html.n || is_tag(html));
		if (str_starts(html, S("a "))) {
			struct str href =
				str_from(html, sizeof("a href=\"") - 1);

			assert(str_starts(html, S("a href=\"")));
			assert(str_starts(href, S("/")) ||
			       strncasecmp(href.p, "http://", 7) == 0 ||
			       strncasecmp(href.p, "https://", 8) == 0 ||
			       strncasecmp(href.p, "mailto:", 7) == 0);
		}
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct str html, text;

	if (markup_from_markdown((struct str){ (const char *)data, n },
				 &html)) {
		struct buf again = buf_new(MARKUP_HTML_MAX);

		assert(str_is_text(html));
		check(html);
		assert(markup_canonical(html, &again));
		assert(str_eq(buf_str(&again), html));
		assert(markup_to_text(html, &text));
		assert(str_is_text(text));
	}
	arena_reset();
	return 0;
}
