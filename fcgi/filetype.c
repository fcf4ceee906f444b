/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "filetype.h"

#include <magic.h>

#include "log.h"

/* A magic number stands at the beginning, or not far from it. */
enum { LOOKED_AT = 64 * 1024 };

static magic_t magic;

/* At the first file: most processes never see one. */
static bool ready(void)
{
	int flags = MAGIC_MIME_TYPE | MAGIC_NO_CHECK_COMPRESS |
		    MAGIC_NO_CHECK_TAR | MAGIC_NO_CHECK_APPTYPE |
		    MAGIC_NO_CHECK_ELF | MAGIC_NO_CHECK_CDF |
		    MAGIC_NO_CHECK_CSV | MAGIC_NO_CHECK_TOKENS |
		    MAGIC_NO_CHECK_JSON;

	if (magic)
		return true;
	magic = magic_open(flags);
	if (magic && magic_load(magic, NULL) == 0)
		return true;
	log_error("no magic numbers", magic ? magic_error(magic) : "memory");
	if (magic)
		magic_close(magic);
	magic = NULL;
	return false;
}

struct str filetype(struct str bytes)
{
	size_t n = bytes.n < LOOKED_AT ? bytes.n : LOOKED_AT;
	const char *type = ready() ? magic_buffer(magic, bytes.p, n) : NULL;

	return type ? str_of(type) : S("application/octet-stream");
}

#ifdef SPORTELLO_TEST
void filetype_close(void)
{
	if (magic)
		magic_close(magic);
	magic = NULL;
}
#endif
