/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * What an identity provider says. The first byte chooses: 'k', a key set that
 * is the stranger's (the token is good); 'c', claims that our key signs;
 * anything else, a token.
 */
#include <assert.h>

#include "../unit/tokens.h"
#include "jose.h"
#include "oidc.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static const struct oidc_provider provider = {
	.issuer = S("https://id.example"),
	.client_id = S("sportello"),
};

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	return token_setup(NULL);
}

static void key_set(struct str in)
{
	struct str token = token_make("{\"alg\":\"EdDSA\"}", "{}"), payload;
	const char *why = NULL;
	struct json *set = json_parse(in, &why);

	assert(jose_verify(token, set, &payload, &why) || why);
}

static void identify(struct str token)
{
	struct oidc_identity who;
	const char *why = NULL;

	if (!oidc_identify(&provider, token, token_keys(""), S("n"), 1700000000,
			   &who, &why)) {
		assert(why);
		return;
	}
	assert(who.subject.n && who.subject.n <= 255);
	assert(str_is_text(who.email));
	assert(!who.verified || who.email.n);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct str in = { (const char *)data, n };
	char which = n ? in.p[0] : 0;

	in = str_from(in, n ? 1 : 0);
	if (which == 'k')
		key_set(in);
	else if (which == 'c' && n < 4096)
		identify(token_make("{\"alg\":\"EdDSA\"}", str_z(in)));
	else
		identify(in);
	arena_reset();
	return 0;
}
