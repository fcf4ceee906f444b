/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#include <sodium.h>

#include "arena.h"
#include "secret.h"

static int setup(void **state)
{
	(void)state;
	return !secret_setup();
}

static int reset(void **state)
{
	(void)state;
	arena_reset();
	return 0;
}

/* RFC 4648, section 10, in its other alphabet and without padding. */
static void base64url(void **state)
{
	static const char *const pairs[][2] = {
		{ "", "" },
		{ "f", "Zg" },
		{ "fo", "Zm8" },
		{ "foo", "Zm9v" },
		{ "foob", "Zm9vYg" },
		{ "foobar", "Zm9vYmFy" },
		{ "\xfb\xff", "-_8" },
	};
	static const char *const bad[] = {
		"Z",   "Zg==",	"Zh",	  "Zm9=",	   "+_8",
		"-/8", "Zm 9v", "Zm9v\n", "Zm9vY\x93\xb7y"
	};
	struct str out;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(pairs); i++) {
		assert_string_equal(str_z(secret_base64(str_of(pairs[i][0]))),
				    pairs[i][1]);
		assert_true(secret_unbase64(str_of(pairs[i][1]), &out));
		assert_true(str_eqz(out, pairs[i][0]));
	}
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		assert_false(secret_unbase64(str_of(bad[i]), &out));
}

static void hashes_and_comparisons(void **state)
{
	(void)state;
	assert_string_equal(str_z(secret_base64(secret_sha256(S("abc")))),
			    "ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0");
	assert_true(secret_equal(S("abc"), S("abc")));
	assert_true(secret_equal(S(""), S("")));
	assert_false(secret_equal(S("abc"), S("abd")));
	assert_false(secret_equal(S("abc"), S("ab")));
	assert_int_equal(secret_random(20).n, 20);
	assert_false(str_eq(secret_random(20), secret_random(20)));
}

static void ed25519(void **state)
{
	unsigned char public[32], private[64], signature[64];
	struct str key = { (char *)public, 32 };
	struct str sig = { (char *)signature, 64 };

	(void)state;
	crypto_sign_keypair(public, private);
	crypto_sign_detached(signature, NULL, (const unsigned char *)"abc", 3,
			     private);
	assert_true(secret_ed25519(key, S("abc"), sig));
	assert_false(secret_ed25519(key, S("abd"), sig));
	assert_false(secret_ed25519(str_from(key, 1), S("abc"), sig));
	assert_false(secret_ed25519(key, S("abc"), str_from(sig, 1)));
	signature[0] ^= 1;
	assert_false(secret_ed25519(key, S("abc"), sig));
}

/* RFC 8032, 7.1, test 2. */
static void signs_as_the_standard_says(void **state)
{
	static const unsigned char seed[32] = {
		0x4c, 0xcd, 0x08, 0x9b, 0x28, 0xff, 0x96, 0xda,
		0x9d, 0xb6, 0xc3, 0x46, 0xec, 0x11, 0x4e, 0x0f,
		0x5b, 0x8a, 0x31, 0x9f, 0x35, 0xab, 0xa6, 0x24,
		0xda, 0x8c, 0xf6, 0xed, 0x4f, 0xb8, 0xa6, 0xfb,
	};
	struct str key = S(""), message = { "\x72", 1 };

	(void)state;
	struct str signature = secret_sign(
		(struct str){ (const char *)seed, 32 }, message, &key);
	assert_string_equal(str_z(secret_base64(key)),
			    "PUAXw-hDiVqStwqnTRt-vJyYLM8uxJaMwM1V8Sr0Zgw");
	assert_string_equal(str_z(secret_base64(signature)),
			    "kqAJqfDUyrhyDoILX2QlQKKye1QWUD-Ps3YiI-vbadoIWs"
			    "HkPhWZbkWPNhPQ8R2MOHsurrQwKu6wDSkWErsMAA");
	assert_true(secret_ed25519(key, message, signature));
	assert_int_equal(secret_sign(S("short"), message, &key).n, 0);
}

/* RFC 4231, test case 2. */
static void hmac_sha_256(void **state)
{
	(void)state;
	assert_string_equal(
		str_z(secret_hmac(S("Jefe"),
				  S("what do ya want for nothing?"))),
		"W9zBRr9gdU5qBCQmCJV1x1oAPwidJzmDnexYuWTsOEM=");
}

/* ---- sealing ---- */

#define KEY_1 "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
#define KEY_2 "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE"

static void keys_are_lines_of_32_bytes(void **state)
{
	static const char *const good[] = { KEY_1, KEY_1 "\n",
					    "  " KEY_1 "\r\n" KEY_2 "\n",
					    KEY_1 "\n" KEY_2 "\n" KEY_1
						  "\n" KEY_2 };
	static const char *const bad[] = { "",
					   "\n",
					   KEY_1 "A",
					   KEY_1 "=",
					   KEY_1 "\n\n" KEY_2,
					   "AAAA",
					   KEY_1 "\n" KEY_2 "\nx",
					   KEY_1 "\n" KEY_2 "\n" KEY_1
						 "\n" KEY_2 "\n" KEY_1 };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(good); i++)
		assert_true(secret_keys(str_of(good[i])));
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		assert_false(secret_keys(str_of(bad[i])));
}

static void what_is_sealed_opens(void **state)
{
	static const char *const texts[] = { "", "x", "a shared secret\n" };
	struct str plain;

	(void)state;
	assert_true(secret_keys(S(KEY_1)));
	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		struct str sealed = secret_seal(str_of(texts[i]), "test");
		assert_int_equal(sealed.n,
				 strlen(texts[i]) + SECRET_SEAL_BYTES);
		assert_true(secret_open(sealed, "test", &plain));
		assert_string_equal(str_z(plain), texts[i]);
	}
	/* The same twice is not to be recognised. */
	assert_false(str_eq(secret_seal(S("x"), "test"),
			    secret_seal(S("x"), "test")));
}

static void nothing_else_opens(void **state)
{
	struct str sealed, plain;

	(void)state;
	assert_true(secret_keys(S(KEY_1)));
	sealed = secret_seal(S("a shared secret"), "test");
	assert_false(secret_open(sealed, "another", &plain));
	for (size_t n = 0; n < sealed.n; n++)
		assert_false(secret_open((struct str){ sealed.p, n }, "test",
					 &plain));
	for (size_t i = 0; i < sealed.n; i++) {
		char *changed = alloc_copy(sealed.p, sealed.n);
		changed[i] ^= 1;
		assert_false(secret_open((struct str){ changed, sealed.n },
					 "test", &plain));
	}
	assert_true(secret_keys(S(KEY_2)));
	assert_false(secret_open(sealed, "test", &plain));
}

/* A new key goes above the old one, which may go once nothing needs it. */
static void keys_are_changed_without_loss(void **state)
{
	struct str old, new, plain;

	(void)state;
	assert_true(secret_keys(S(KEY_1)));
	old = secret_seal(S("old"), "test");
	assert_true(secret_keys(S(KEY_2 "\n" KEY_1 "\n")));
	new = secret_seal(S("new"), "test");
	assert_true(secret_open(old, "test", &plain));
	assert_string_equal(str_z(plain), "old");
	assert_true(secret_open(new, "test", &plain));
	assert_true(secret_keys(S(KEY_2)));
	assert_false(secret_open(old, "test", &plain));
	assert_true(secret_open(new, "test", &plain));
}

static void hex_as_the_database_tells_it(void **state)
{
	static const char *const bad[] = { "0", "0g", "\\x00", "00 00", "000" };
	struct str bytes;

	(void)state;
	assert_string_equal(secret_bytea(S("\x01\xfe")), "\\x01fe");
	assert_true(secret_unhex(S("01feFF"), &bytes));
	assert_true(str_eqz(bytes, "\x01\xfe\xff"));
	assert_true(secret_unhex(S(""), &bytes));
	assert_int_equal(bytes.n, 0);
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		assert_false(secret_unhex(str_of(bad[i]), &bytes));
}

#define CASE(f) cmocka_unit_test_teardown(f, reset)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(base64url),
		CASE(hashes_and_comparisons),
		CASE(ed25519),
		CASE(signs_as_the_standard_says),
		CASE(hmac_sha_256),
		CASE(keys_are_lines_of_32_bytes),
		CASE(what_is_sealed_opens),
		CASE(nothing_else_opens),
		CASE(keys_are_changed_without_loss),
		CASE(hex_as_the_database_tells_it),
	};

	return cmocka_run_group_tests_name("secret", tests, setup, NULL);
}
