/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * What a browser sends about a passkey. The first byte chooses which part is
 * the stranger's: the attestation, the client data, or what a key shows.
 */
#include <assert.h>

#include "arena.h"
#include "json.h"
#include "secret.h"
#include "webauthn.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static const struct webauthn_asked asked = {
	.challenge = S("Y2hhbGxlbmdl"),
	.origin = S("https://a.example"),
	.host = S("a.example"),
};

#define CLIENT(type)                                                           \
	S("{\"type\":\"webauthn." type "\",\"challenge\":\"Y2hhbGxlbmdl\","    \
	  "\"origin\":\"https://a.example\"}")

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	json_setup();
	return secret_setup() ? 0 : 1;
}

static void new_key(struct str client, struct str attestation)
{
	struct webauthn_key key;
	const char *why = NULL;

	if (webauthn_register(&asked, client, attestation, &key, &why)) {
		assert(key.id.n && key.id.n <= WEBAUTHN_ID_MAX);
		assert(key.public_key.n >= 32 && key.public_key.n <= 259);
	} else {
		assert(why);
	}
}

/* Algorithm, then three parts with a length before each of two. */
static void known_key(struct str in)
{
	static const int algorithms[] = { -7, -8, -257, 0 };
	struct webauthn_key key = { 0 };
	struct str part[2] = { 0 };
	const char *why = NULL;

	if (!in.n)
		return;
	key.algorithm = algorithms[in.p[0] & 3];
	in = str_from(in, 1);
	for (size_t i = 0; i < 2 && in.n > 1; i++) {
		size_t n = (size_t)(unsigned char)in.p[0] << 8 |
			   (unsigned char)in.p[1];
		in = str_from(in, 2);
		n = n < in.n ? n : in.n;
		part[i] = (struct str){ in.p, n };
		in = str_from(in, n);
	}
	key.public_key = part[0];
	if (!webauthn_check(&asked, CLIENT("get"), part[1], in, &key, &why))
		assert(why);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct str in = { (const char *)data, n };
	char which = n ? in.p[0] : 0;

	in = str_from(in, n ? 1 : 0);
	if (which == 'c')
		new_key(in, S("\xa0"));
	else if (which == 'g')
		known_key(in);
	else
		new_key(CLIENT("create"), in);
	arena_reset();
	return 0;
}
