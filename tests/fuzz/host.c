/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Whatever is typed: a name of letters, digits, hyphens and dots, which is its
 * own canonical form, or a code. */
#include "arena.h"
#include "host.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str typed = { (const char *)data, size }, host, again;

	if (!host_canonical(typed, &host)) {
		if (!host.n || host.n > 253 ||
		    strspn(str_z(host),
			   "abcdefghijklmnopqrstuvwxyz0123456789-.") != host.n)
			abort();
		if (host_canonical(host, &again) || !str_eq(host, again))
			abort();
	}
	arena_reset();
	return 0;
}
