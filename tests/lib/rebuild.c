/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Articles of HTML (html), as pages show them (page), or of Markdown (markdown),
 * one after the other: each ends with a NUL on both sides. For tests that look
 * at what a browser makes of them. */
#include "arena.h"
#include "markup_article.h"

enum { MOST = 64 << 20 };

static bool rebuild(const char *how, struct str source, struct str *article)
{
	struct buf page = buf_new(2 * MARKUP_ARTICLE_MAX);

	if (strcmp(how, "markdown") == 0)
		return markup_article_from_markdown(source, NULL, article,
						    NULL);
	if (!markup_article_from_html(source, NULL, article, NULL))
		return false;
	if (strcmp(how, "page") != 0)
		return true;
	if (!markup_article_page(*article, NULL, &page))
		return false;
	*article = buf_str(&page);
	return true;
}

int main(int argc, char **argv)
{
	char *source = alloc_forever(MOST);
	struct str rest = { source, fread(source, 1, MOST - 1, stdin) };

	while (rest.n) {
		struct str one = str_cut(&rest, '\0'), article;

		if (!rebuild(argc > 1 ? argv[1] : "html", one, &article))
			return 1;
		fwrite(article.p, 1, article.n, stdout);
		fputc(0, stdout);
		arena_reset();
	}
	return 0;
}
