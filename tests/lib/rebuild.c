/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Articles of HTML, one after the other: each ends with a NUL on both sides.
 * For tests that look at what a browser makes of them. */
#include "arena.h"
#include "markup_article.h"

enum { MOST = 64 << 20 };

int main(void)
{
	char *source = alloc_forever(MOST);
	struct str rest = { source, fread(source, 1, MOST - 1, stdin) };

	while (rest.n) {
		struct str html = str_cut(&rest, '\0'), article;

		if (!markup_article_from_html(html, NULL, &article, NULL))
			return 1;
		fwrite(article.p, 1, article.n, stdout);
		fputc(0, stdout);
		arena_reset();
	}
	return 0;
}
