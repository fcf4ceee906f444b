/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * jose.h: signed tokens of others (the only user of libcjose).
 *
 * Compact JWS, RFC 7515, under RS256, ES256 (libcjose) or EdDSA (RFC 8037;
 * libsodium, as libcjose has it not). The key's own type decides with the
 * header what is checked: 'none' and the symmetric algorithms, where a public
 * key would be the secret, are refused before any key is looked at.
 */
#ifndef SPORTELLO_JOSE_H
#define SPORTELLO_JOSE_H

#include "json.h"

#define JOSE_TOKEN_MAX (16 * 1024)

/* Checks a token against a key set (RFC 7517) and gives what it holds. False:
 * *why is "token" (not one), "algorithm", "key" (none in the set fits: it may
 * be an old one) or "signature". */
bool jose_verify(struct str token, const struct json *set, struct str *payload,
		 const char **why) MUST_CHECK;

#endif
