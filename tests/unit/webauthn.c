/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * An authenticator in miniature, on OpenSSL; a browser's own one speaks in
 * tests/www/factors.test.mjs.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#include <openssl/evp.h>
#include <openssl/rsa.h>

#include "arena.h"
#include "json.h"
#include "secret.h"
#include "webauthn.h"

#define HOST "alpin.griffel.example"
#define ORIGIN "https://" HOST
#define CHALLENGE "dGhlIGNoYWxsZW5nZSBvZiB0aGlzIHRlc3QgcnVuLi4"

enum { UP = 1, UV = 4, BE = 8, AT = 64, ED = 128 };

static const struct webauthn_asked asked = {
	.challenge = S(CHALLENGE),
	.origin = S(ORIGIN),
	.host = S(HOST),
};

static EVP_PKEY *es256, *eddsa, *rs256;

static int reset(void **state)
{
	(void)state;
	arena_reset();
	return 0;
}

/* ---- bytes ---- */

static void head(struct buf *b, unsigned major, size_t n)
{
	if (n < 24) {
		buf_char(b, (char)(major << 5 | n));
	} else if (n < 256) {
		buf_char(b, (char)(major << 5 | 24));
		buf_char(b, (char)n);
	} else {
		buf_char(b, (char)(major << 5 | 25));
		buf_char(b, (char)(n >> 8));
		buf_char(b, (char)n);
	}
}

static void text(struct buf *b, const char *z)
{
	head(b, 3, strlen(z));
	buf_add(b, str_of(z));
}

static void bytes(struct buf *b, struct str s)
{
	head(b, 2, s.n);
	buf_add(b, s);
}

static struct str client(const char *type, const char *challenge,
			 const char *origin, const char *more)
{
	struct buf b = buf_new(2048);

	buf_addf(&b,
		 "{\"type\":\"%s\",\"challenge\":\"%s\",\"origin\":\"%s\"%s}",
		 type, challenge, origin, more);
	return buf_str(&b);
}

static struct str creating(void)
{
	return client("webauthn.create", CHALLENGE, ORIGIN,
		      ",\"crossOrigin\":false");
}

static struct str getting(void)
{
	return client("webauthn.get", CHALLENGE, ORIGIN,
		      ",\"crossOrigin\":false");
}

static struct str data(const char *host, unsigned flags, uint32_t uses,
		       struct str rest)
{
	struct buf b = buf_new(4096);

	buf_add(&b, secret_sha256(str_of(host)));
	buf_char(&b, (char)flags);
	for (int shift = 24; shift >= 0; shift -= 8)
		buf_char(&b, (char)(uses >> shift));
	buf_add(&b, rest);
	return buf_str(&b);
}

/* ---- keys ---- */

static struct str public_bignum(EVP_PKEY *key, const char *name, size_t n)
{
	BIGNUM *v = NULL;
	unsigned char *p = alloc(n);

	assert_int_equal(EVP_PKEY_get_bn_param(key, name, &v), 1);
	assert_int_equal(BN_bn2binpad(v, p, (int)n), (int)n);
	BN_free(v);
	return (struct str){ (char *)p, n };
}

static void cose_key(struct buf *b, EVP_PKEY *key)
{
	unsigned char raw[32];
	size_t n = sizeof(raw);

	if (key == es256) {
		buf_add(b, S("\xa5\x01\x02\x03\x26\x20\x01\x21"));
		bytes(b, public_bignum(key, "qx", 32));
		buf_char(b, 0x22);
		bytes(b, public_bignum(key, "qy", 32));
	} else if (key == eddsa) {
		assert_int_equal(EVP_PKEY_get_raw_public_key(key, raw, &n), 1);
		buf_add(b, S("\xa4\x01\x01\x03\x27\x20\x06\x21"));
		bytes(b, (struct str){ (char *)raw, n });
	} else {
		buf_add(b, S("\xa4\x01\x03\x03\x39\x01\x00\x20"));
		bytes(b, public_bignum(key, "n", 256));
		buf_char(b, 0x21);
		bytes(b, public_bignum(key, "e", 3));
	}
}

/* What follows the counter: an AAGUID of zeros, an id, the key. */
static struct str attested(EVP_PKEY *key)
{
	struct buf b = buf_new(2048);
	char zeros[17] = { 0 };

	buf_add(&b, (struct str){ zeros, 17 });
	buf_add(&b, S("\x10the key's own id"));
	cose_key(&b, key);
	return buf_str(&b);
}

static struct str sign(EVP_PKEY *key, struct str authenticator_data,
		       struct str client_data)
{
	struct buf b = buf_new(8192);
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	size_t n = 512;
	unsigned char *p = alloc(n);

	buf_add(&b, authenticator_data);
	buf_add(&b, secret_sha256(client_data));
	assert_int_equal(EVP_DigestSignInit(ctx, NULL,
					    key == eddsa ? NULL : EVP_sha256(),
					    NULL, key),
			 1);
	assert_int_equal(EVP_DigestSign(ctx, p, &n, (unsigned char *)b.p, b.n),
			 1);
	EVP_MD_CTX_free(ctx);
	return (struct str){ (char *)p, n };
}

static struct str attestation(const char *format, struct str statement,
			      struct str authenticator_data)
{
	struct buf b = buf_new(8192);

	head(&b, 5, 3);
	text(&b, "fmt");
	text(&b, format);
	text(&b, "attStmt");
	buf_add(&b, statement);
	text(&b, "authData");
	bytes(&b, authenticator_data);
	return buf_str(&b);
}

static struct str none(struct str authenticator_data)
{
	return attestation("none", S("\xa0"), authenticator_data);
}

static const char *registers(struct str client_data, struct str object,
			     struct webauthn_key *key)
{
	const char *why = "";

	return webauthn_register(&asked, client_data, object, key, &why) ? "yes"
									 : why;
}

static const char *shows(struct str client_data, struct str d, struct str sig,
			 struct webauthn_key *key)
{
	const char *why = "";

	return webauthn_check(&asked, client_data, d, sig, key, &why) ? "yes"
								      : why;
}

/* ---- tests ---- */

static void there_and_back_again(void **state)
{
	static const struct {
		EVP_PKEY **key;
		int algorithm;
	} cases[] = { { &es256, -7 }, { &eddsa, -8 }, { &rs256, -257 } };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		EVP_PKEY *pair = *cases[i].key;
		struct webauthn_key key = { 0 };
		struct str seen = data(HOST, UP | UV | BE, 8, S(""));

		assert_string_equal(registers(creating(),
					      none(data(HOST, UP | UV | BE | AT,
							7, attested(pair))),
					      &key),
				    "yes");
		assert_int_equal(key.algorithm, cases[i].algorithm);
		assert_string_equal(str_z(key.id), "the key's own id");
		assert_int_equal(key.uses, 7);
		assert_true(key.verified && key.may_be_elsewhere);
		assert_string_equal(shows(getting(), seen,
					  sign(pair, seen, getting()), &key),
				    "yes");
		assert_int_equal(key.uses, 8);
	}
}

static void what_the_browser_says(void **state)
{
	static const struct {
		const char *type, *challenge, *origin, *more, *why;
	} cases[] = {
		{ "webauthn.get", CHALLENGE, ORIGIN, "", "type" },
		{ "", CHALLENGE, ORIGIN, "", "type" },
		{ "webauthn.create", "", ORIGIN, "", "challenge" },
		{ "webauthn.create", CHALLENGE "=", ORIGIN, "", "challenge" },
		{ "webauthn.create", "another", ORIGIN, "", "challenge" },
		{ "webauthn.create", CHALLENGE, "http://" HOST, "", "origin" },
		{ "webauthn.create", CHALLENGE, ORIGIN "/", "", "origin" },
		{ "webauthn.create", CHALLENGE, ORIGIN ":444", "", "origin" },
		{ "webauthn.create", CHALLENGE, "https://griffel.example", "",
		  "origin" },
		{ "webauthn.create", CHALLENGE, "https://x." HOST, "",
		  "origin" },
		{ "webauthn.create", CHALLENGE, "https://evil.example", "",
		  "origin" },
		{ "webauthn.create", CHALLENGE, ORIGIN, ",\"crossOrigin\":true",
		  "origin" },
		{ "webauthn.create", CHALLENGE, ORIGIN,
		  ",\"topOrigin\":\"https://evil.example\"", "origin" },
		{ "webauthn.create", CHALLENGE, ORIGIN, ",\"type\":\"x\"",
		  "client_data" },
		{ "webauthn.create", CHALLENGE, ORIGIN, ",", "client_data" },
	};
	struct str object = none(data(HOST, UP | AT, 0, attested(es256)));
	struct webauthn_key key;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		assert_string_equal(
			registers(client(cases[i].type, cases[i].challenge,
					 cases[i].origin, cases[i].more),
				  object, &key),
			cases[i].why);
	assert_string_equal(registers(S(""), object, &key), "client_data");
	assert_string_equal(registers(S("[]"), object, &key), "client_data");
	/* An empty challenge of ours is none, whatever comes back. */
	struct webauthn_asked nothing = asked;
	const char *why = "";
	nothing.challenge = S("");
	assert_false(webauthn_register(
		&nothing, client("webauthn.create", "", ORIGIN, ""), object,
		&key, &why));
	assert_string_equal(why, "challenge");
}

static void whose_and_how(void **state)
{
	struct webauthn_key key;
	struct webauthn_asked strict = asked;
	const char *why = "";

	(void)state;
	assert_string_equal(registers(creating(),
				      none(data("griffel.example", UP | AT, 0,
						attested(es256))),
				      &key),
			    "host");
	assert_string_equal(
		registers(creating(),
			  none(data(HOST, UV | AT, 0, attested(es256))), &key),
		"not_present");
	strict.verified = true;
	assert_false(webauthn_register(
		&strict, creating(),
		none(data(HOST, UP | AT, 0, attested(es256))), &key, &why));
	assert_string_equal(why, "not_verified");
	assert_true(webauthn_register(
		&strict, creating(),
		none(data(HOST, UP | UV | AT, 0, attested(es256))), &key,
		&why));
}

static void statements(void **state)
{
	struct str d = data(HOST, UP | AT, 0, attested(es256));
	struct str sig = sign(es256, d, creating());
	struct buf self = buf_new(1024), certified = buf_new(1024);
	struct webauthn_key key;

	(void)state;
	head(&self, 5, 2);
	text(&self, "alg");
	buf_char(&self, 0x26);
	text(&self, "sig");
	bytes(&self, sig);
	assert_string_equal(
		registers(creating(), attestation("packed", buf_str(&self), d),
			  &key),
		"yes");
	self.p[self.n - 1] ^= 1;
	assert_string_equal(
		registers(creating(), attestation("packed", buf_str(&self), d),
			  &key),
		"attestation");
	head(&certified, 5, 3);
	text(&certified, "alg");
	buf_char(&certified, 0x26);
	text(&certified, "sig");
	bytes(&certified, sig);
	text(&certified, "x5c");
	buf_add(&certified, S("\x81\x43"
			      "abc"));
	assert_string_equal(
		registers(creating(),
			  attestation("packed", buf_str(&certified), d), &key),
		"attestation");
	assert_string_equal(
		registers(creating(), attestation("packed", S("\xa0"), d),
			  &key),
		"attestation");
	assert_string_equal(
		registers(creating(), attestation("none", buf_str(&self), d),
			  &key),
		"attestation");
	assert_string_equal(
		registers(creating(), attestation("tpm", S("\xa0"), d), &key),
		"attestation");
	assert_string_equal(
		registers(creating(), attestation("", S("\xa0"), d), &key),
		"attestation");
}

/* Every end too early, every byte changed: refused or harmless. */
static void broken_ones(void **state)
{
	struct str whole = none(data(HOST, UP | AT, 0, attested(es256)));
	struct webauthn_key key;
	struct buf longer = buf_new(4096);

	(void)state;
	for (size_t n = 0; n < whole.n; n++)
		assert_string_not_equal(
			registers(creating(), (struct str){ whole.p, n }, &key),
			"yes");
	buf_add(&longer, whole);
	buf_char(&longer, 0);
	assert_string_equal(registers(creating(), buf_str(&longer), &key),
			    "attestation");
	for (size_t i = 0; i < whole.n; i++) {
		char *other = alloc_copy(whole.p, whole.n);
		other[i] ^= 0x41;
		registers(creating(), (struct str){ other, whole.n }, &key);
	}
	/* A point that is on no curve. */
	char *off = alloc_copy(whole.p, whole.n);
	off[whole.n - 1] ^= 1;
	assert_string_equal(
		registers(creating(), (struct str){ off, whole.n }, &key),
		"key");
	/* Without a key; with extensions that are not there. */
	assert_string_equal(
		registers(creating(), none(data(HOST, UP, 0, S(""))), &key),
		"attestation");
	assert_string_equal(
		registers(creating(),
			  none(data(HOST, UP | AT | ED, 0, attested(es256))),
			  &key),
		"attestation");
}

static void forged_shows(void **state)
{
	struct webauthn_key key, other;
	struct str seen = data(HOST, UP, 1, S(""));
	struct str sig = sign(es256, seen, getting());

	(void)state;
	assert_string_equal(
		registers(creating(),
			  none(data(HOST, UP | AT, 0, attested(es256))), &key),
		"yes");
	assert_string_equal(shows(getting(), seen, sig, &key), "yes");
	assert_string_equal(shows(creating(), seen, sig, &key), "type");
	assert_string_equal(shows(client("webauthn.get", "another", ORIGIN, ""),
				  seen, sig, &key),
			    "challenge");
	assert_string_equal(shows(client("webauthn.get", CHALLENGE, ORIGIN, ""),
				  seen, sig, &key),
			    "signature");
	assert_string_equal(
		shows(getting(), data(HOST, UP, 2, S("")), sig, &key),
		"signature");
	assert_string_equal(
		shows(getting(), data(HOST, UP | UV, 1, S("")), sig, &key),
		"signature");
	assert_string_equal(
		shows(getting(), data(HOST, 0, 1, S("")), sig, &key),
		"not_present");
	assert_string_equal(
		shows(getting(), data("evil.example", UP, 1, S("")), sig, &key),
		"host");
	assert_string_equal(shows(getting(), seen, S(""), &key), "signature");
	assert_string_equal(shows(getting(), S(""), sig, &key),
			    "authenticator_data");
	assert_string_equal(
		shows(getting(), data(HOST, UP | AT, 1, attested(es256)), sig,
		      &key),
		"authenticator_data");
	/* Another's key, another algorithm, no key at all. */
	assert_string_equal(
		shows(getting(), seen, sign(eddsa, seen, getting()), &key),
		"signature");
	other = key;
	other.algorithm = -257;
	assert_string_equal(shows(getting(), seen, sig, &other), "key");
	other.algorithm = 0;
	assert_string_equal(shows(getting(), seen, sig, &other), "key");
	other = key;
	other.public_key = S("");
	assert_string_equal(shows(getting(), seen, sig, &other), "key");
}

static int setup(void **state)
{
	(void)state;
	json_setup();
	es256 = EVP_PKEY_Q_keygen(NULL, NULL, "EC", "P-256");
	eddsa = EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
	rs256 = EVP_RSA_gen(2048);
	return !secret_setup() || !es256 || !eddsa || !rs256;
}

static int teardown(void **state)
{
	(void)state;
	EVP_PKEY_free(es256);
	EVP_PKEY_free(eddsa);
	EVP_PKEY_free(rs256);
	return 0;
}

#define CASE(f) cmocka_unit_test_teardown(f, reset)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(there_and_back_again), CASE(what_the_browser_says),
		CASE(whose_and_how),	    CASE(statements),
		CASE(broken_ones),	    CASE(forged_shows),
	};

	return cmocka_run_group_tests_name("webauthn", tests, setup, teardown);
}
