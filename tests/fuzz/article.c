/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What claims to be an article: if it is taken, writing it once makes it
 * stable. */
#include "article_check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct str came = { (const char *)data, n }, html;

	check_readers(came);
	if (markup_article(came, &html))
		check_article(html);
	arena_reset();
	return 0;
}
