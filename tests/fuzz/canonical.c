/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What claims to be canonical XHTML: if it is taken, writing it once makes it
 * stable, and it has a text. */
#include <assert.h>

#include "arena.h"
#include "markup.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct buf once = buf_new(MARKUP_HTML_MAX);
	struct buf twice = buf_new(MARKUP_HTML_MAX);
	struct str html = { (const char *)data, n }, text;

	if (markup_canonical(html, &once)) {
		assert(str_is_text(buf_str(&once)));
		assert(markup_canonical(buf_str(&once), &twice));
		assert(str_eq(buf_str(&once), buf_str(&twice)));
		assert(markup_to_text(buf_str(&once), &text));
	}
	arena_reset();
	return 0;
}
