/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A PO file, an Accept-Language header, a time and a zone, each behind the
 * other with a NUL between. */
#include <assert.h>

#include "arena.h"
#include "catalog.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void use(const struct catalog *c, struct str rest)
{
	const struct catalog_arg args[] = { { "name", rest } };
	struct str zone = rest;
	struct str iso = str_cut(&zone, '\0');

	catalog_text(c, S("a"), 1, args);
	for (uint64_t count = 0; count < 130; count++)
		catalog_plural(c, S("a"), count, 1, args);
	catalog_plural(c, S("a"), UINT64_MAX, 0, NULL);
	catalog_time(c, iso, zone);
	catalog_time(c, S("2026-11-22T05:58:30Z"), zone);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct str rest = { (const char *)data, n };
	struct str po = str_cut(&rest, '\0');
	struct str accept = str_cut(&rest, '\0');
	const char *why = NULL;

	if (!catalog_add(S("en"), po, &why))
		assert(why);
	catalog_negotiate(accept);
	use(catalog_find(S("en")), rest);
	catalog_forget();
	arena_forget_forever();
	arena_reset();
	return 0;
}
