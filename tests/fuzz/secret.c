/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Bytes that come back to us: sealed ones in cookies and links, base64url and
 * hex. The first byte chooses: 'k', a file of keys; anything else, what is to
 * be opened. What is read is written the same again; nothing opens but what we
 * sealed for that purpose.
 */
#include <assert.h>

#include "arena.h"
#include "secret.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

#define KEY S("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	return secret_setup() ? 0 : 1;
}

static void keys(struct str in)
{
	struct str plain;

	if (!secret_keys(in))
		return;
	assert(secret_open(secret_seal(S("x"), "fuzz"), "fuzz", &plain));
	assert(str_eqz(plain, "x"));
}

static void opened(struct str in)
{
	struct str bytes, plain;

	if (!secret_keys(KEY))
		abort();
	assert(!secret_open(in, "fuzz", &plain));
	if (secret_unbase64(in, &bytes)) {
		assert(str_eq(secret_base64(bytes), in));
		assert(!secret_open(bytes, "fuzz", &plain));
	}
	if (secret_unhex(in, &bytes))
		assert(2 * bytes.n == in.n);
	/* One byte more or other than what we sealed. */
	struct str sealed = secret_seal(in, "fuzz");
	assert(secret_open(sealed, "fuzz", &plain) && str_eq(plain, in));
	assert(!secret_open(sealed, "another", &plain));
	assert(!secret_open(str_from(sealed, 1), "fuzz", &plain));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct str in = { (const char *)data, n };

	if (n && in.p[0] == 'k')
		keys(str_from(in, 1));
	else
		opened(in);
	arena_reset();
	return 0;
}
