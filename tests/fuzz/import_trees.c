/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A folder with one page of it and what that may link to: whatever the page
 * says, records are JSON and canonical text, and the report is text. */
#include "import_one.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct str text = { (const char *)data, n };
	const struct packed_entry e[] = {
		{ n % 2 ? "a/b.md" : "a/b.html", text },
		{ "a/p.png", S("x") },
		{ "c.md", S("C\n") },
		{ n % 3 ? "d.md" : "sections.jsonl", text },
	};

	read_packed(import_trees, e, ARRAY_LEN(e));
	return 0;
}
