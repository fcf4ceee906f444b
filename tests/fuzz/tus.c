/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Headers of files that come and go: a name is one line without a folder, a
 * checksum is as long as its kind's, a part lies within the file. */
#include <assert.h>

#include "arena.h"
#include "range.h"
#include "tus.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str in = { (const char *)data, size }, name, sum;
	struct digest go_on;
	enum digest_kind kind;
	uint64_t first = 0, last = 0, length = size ? data[0] : 0;

	if (tus_name(in, &name) && name.n) {
		assert(str_is_text(name));
		for (size_t i = 0; i < name.n; i++)
			assert((unsigned char)name.p[i] >= ' ' &&
			       name.p[i] != '/' && name.p[i] != '\\');
		assert(!str_eqz(name, ".") && !str_eqz(name, ".."));
	}
	if (tus_checksum(in, &kind, &sum))
		assert(sum.n == (kind == DIGEST_OF_SHA1 ? 20 : 32));
	if (range_read(in, length, &first, &last) == RANGE_PART)
		assert(first <= last && last < length);
	if (digest_go_on(&go_on, in))
		digest_add(&go_on, in);
	arena_reset();
	return 0;
}
