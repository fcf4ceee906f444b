/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* HTML of anywhere: what comes out is an article, and stays the same. */
#include "article_check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct str source = { (const char *)data, n }, html;
	struct markup_report report;

	if (markup_article_from_html(source, NULL, &html, &report)) {
		assert(report.n <= MARKUP_DROPPED_MAX);
		check_article(html);
		check_ways(html);
	}
	arena_reset();
	return 0;
}
