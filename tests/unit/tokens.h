/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * An identity provider in miniature: one Ed25519 key that signs tokens.
 */
#include <sodium.h>

#include "arena.h"
#include "json.h"
#include "secret.h"

static unsigned char token_public[crypto_sign_PUBLICKEYBYTES];
static unsigned char token_secret[crypto_sign_SECRETKEYBYTES];

static inline struct str token_make(const char *header, const char *payload)
{
	struct buf b = buf_new(32 * 1024);
	unsigned char signature[crypto_sign_BYTES];

	buf_add(&b, secret_base64(str_of(header)));
	buf_char(&b, '.');
	buf_add(&b, secret_base64(str_of(payload)));
	crypto_sign_detached(signature, NULL, (unsigned char *)b.p, b.n,
			     token_secret);
	buf_char(&b, '.');
	buf_add(&b, secret_base64((struct str){ (char *)signature,
						sizeof(signature) }));
	return buf_str(&b);
}

/* Its key set; more is put into the key, "" or ",\"use\":\"enc\"". */
static inline const struct json *token_keys(const char *more)
{
	struct buf b = buf_new(4096);
	const char *why;

	buf_addf(&b,
		 "{\"keys\":[{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":"
		 "\"%.*s\"%s}]}",
		 STR_ARG(secret_base64((struct str){ (char *)token_public,
						     sizeof(token_public) })),
		 more);
	return json_parse(buf_str(&b), &why);
}

static inline int token_setup(void **state)
{
	unsigned char seed[crypto_sign_SEEDBYTES] = "the same key every time";

	(void)state;
	json_setup();
	if (!secret_setup())
		return 1;
	return crypto_sign_seed_keypair(token_public, token_secret, seed);
}
