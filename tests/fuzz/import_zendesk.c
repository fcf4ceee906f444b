/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* JSON that claims to be a help center's: whatever it says, records are JSON
 * and canonical text, and the report is text. */
#include "import_one.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	const struct packed_entry e[] = {
		{ "a.json", { (const char *)data, n } },
		{ "att/200109629/p.png", S("x") },
	};

	read_packed(import_zendesk, e, ARRAY_LEN(e));
	return 0;
}
