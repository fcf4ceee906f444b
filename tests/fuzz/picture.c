/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Files that claim to be pictures: what is kept is small, within its box, and
 * a picture to us again. What one says of its size it says whole, or not at all. */
#include <assert.h>

#include "arena.h"
#include "picture.h"
#include "picture_parts.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	enum picture_use use = n % 3;
	struct str file = { (const char *)data, n };
	struct picture out;
	struct picture_fault fault;
	struct pixels p = { 0 };
	unsigned width = 0, height = 0;

	if (!picture_size(file, &width, &height))
		assert(!width && !height);
	if (!picture_make(file, use, &out, &fault)) {
		assert(fault.code && str_is_text(fault.about));
	} else if (!strcmp(out.type, "image/png")) {
		assert(out.bytes.n <= PICTURE_BYTES_MAX);
		assert(out.width <= 1024 && out.height <= 256);
		assert(picture_png_size(out.bytes, &p));
		assert(p.width == out.width && p.height == out.height);
		assert(picture_png(out.bytes, &p));
	}
	arena_reset();
	return 0;
}
