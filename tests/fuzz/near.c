/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What comes to near.sock: a name of letters, digits, hyphens and dots, or
 * nothing. */
#include "near.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char text[513];

	if (size >= sizeof(text))
		return 0;
	memcpy(text, data, size);
	struct str mark = near_mark(text, size);
	if (mark.n > 253 || (mark.n && strchr(mark.p, ' ')) ||
	    memchr(mark.p, '\n', mark.n))
		abort();
	return 0;
}
