/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Codes that people type, and names that stand in an app's QR code. */
#include <assert.h>

#include "arena.h"
#include "qr.h"
#include "totp.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct str in = { (const char *)data, n }, rest = in;
	struct str secret = S("12345678901234567890");
	struct str issuer = str_cut(&rest, '\n');
	uint64_t step;
	unsigned side = 0;

	if (totp_check(secret, in, 59, &step))
		assert(step <= 2);
	struct str uri = totp_uri(secret, issuer, rest);
	for (size_t i = 0; i < uri.n; i++)
		assert(uri.p[i] > ' ' && uri.p[i] <= '~' && uri.p[i] != '"');
	struct str path = qr_path(uri, &side);
	assert(!path.n || side >= 29);
	assert(path.n || uri.n > QR_TEXT_MAX);
	arena_reset();
	return 0;
}
