/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "totp.h"

#include <liboath/oath.h>

#include "arena.h"
#include "secret.h"

enum { DIGITS = 6, SECONDS = 30, STEPS_EITHER_SIDE = 1 };

static bool digits_of(struct str code, char out[DIGITS + 1])
{
	size_t n = 0;

	for (size_t i = 0; i < code.n; i++) {
		char c = code.p[i];
		if (c == ' ')
			continue;
		if (c < '0' || c > '9' || n == DIGITS)
			return false;
		out[n++] = c;
	}
	out[n] = 0;
	return n == DIGITS;
}

/* liboath's own comparison is strcmp(), which takes longer the more is right. */
static int compare(void *given, const char *right)
{
	return !secret_equal(str_of(given), str_of(right));
}

bool totp_check(struct str secret, struct str code, uint64_t now,
		uint64_t *step)
{
	char given[DIGITS + 1];

	return secret.n == TOTP_SECRET_BYTES && digits_of(code, given) &&
	       oath_totp_validate3_callback(
		       secret.p, secret.n, (time_t)now, SECONDS, 0, DIGITS,
		       STEPS_EITHER_SIDE, NULL, step, compare, given) >= 0;
}

static struct str base32(struct str secret)
{
	char *text;
	size_t n;

	if (oath_base32_encode(secret.p, secret.n, &text, &n) != OATH_OK)
		abort(); /* no memory */
	defer(free, text);
	return (struct str){ text, n };
}

struct str totp_spelled(struct str secret)
{
	struct str all = base32(secret);
	struct buf b = buf_new(all.n * 2);

	for (size_t i = 0; i < all.n; i++) {
		if (i && i % 4 == 0)
			buf_char(&b, ' ');
		buf_char(&b, all.p[i]);
	}
	return buf_str(&b);
}

/* https://github.com/google/google-authenticator/wiki/Key-Uri-Format; what is
 * not named has the values above. */
struct str totp_uri(struct str secret, struct str issuer, struct str account)
{
	struct buf b = buf_new(2048);

	buf_add(&b, S("otpauth://totp/"));
	buf_percent(&b, issuer);
	buf_char(&b, ':');
	buf_percent(&b, account);
	buf_add(&b, S("?secret="));
	buf_add(&b, base32(secret));
	buf_add(&b, S("&issuer="));
	buf_percent(&b, issuer);
	return buf_str(&b);
}
