/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#include "oidc.h"
#include "tokens.h"

#define NOW 1700000000

static int reset(void **state)
{
	(void)state;
	arena_reset();
	return 0;
}

static const struct oidc_provider provider = {
	.issuer = S("https://id.example"),
	.client_id = S("sportello"),
	.authorize_url = S("https://id.example/auth"),
};

#define ISS "\"iss\":\"https://id.example\","
#define AUD "\"aud\":\"sportello\","
#define SUB "\"sub\":\"248289761001\","
#define TIME "\"exp\":1700000300,\"iat\":1700000000,"
#define NONCE "\"nonce\":\"n-0S6_WzA2Mj\""

static const char *identify(const char *claims, struct oidc_identity *who)
{
	const char *why = "";
	struct buf b = buf_new(16 * 1024);

	buf_addf(&b, "{%s}", claims);
	return oidc_identify(
		       &provider,
		       token_make("{\"alg\":\"EdDSA\"}", str_z(buf_str(&b))),
		       token_keys(""), S("n-0S6_WzA2Mj"), NOW, who, &why)
		       ? "none"
		       : why;
}

static void who_it_is(void **state)
{
	struct oidc_identity who;

	(void)state;
	assert_string_equal(identify(ISS AUD SUB TIME NONCE, &who), "none");
	assert_string_equal(str_z(who.subject), "248289761001");
	assert_int_equal(who.email.n, 0);
	assert_string_equal(
		identify(ISS AUD SUB TIME NONCE
			 ",\"email\":\"ada@example.org\",\"email_verified\":"
			 "true,\"given_name\":\"Ada\",\"family_name\":"
			 "\"Lovelace\"",
			 &who),
		"none");
	assert_string_equal(str_z(who.email), "ada@example.org");
	assert_string_equal(str_z(who.given_name), "Ada");
	assert_string_equal(str_z(who.family_name), "Lovelace");
	assert_true(who.verified);
}

/* Only a provider that says so in as many words. */
static void verified_or_not(void **state)
{
	static const struct {
		const char *claim;
		bool verified, has_email;
	} cases[] = {
		{ ",\"email\":\"a@b.example\",\"email_verified\":true", true,
		  true },
		{ ",\"email\":\"a@b.example\",\"email_verified\":\"true\"",
		  true, true },
		{ ",\"email\":\"a@b.example\"", false, true },
		{ ",\"email\":\"a@b.example\",\"email_verified\":false", false,
		  true },
		{ ",\"email\":\"a@b.example\",\"email_verified\":1", false,
		  true },
		{ ",\"email\":\"a@b.example\",\"email_verified\":\"yes\"",
		  false, true },
		{ ",\"email\":\"a@b.example\",\"email_verified\":null", false,
		  true },
		{ ",\"email_verified\":true", false, false },
		{ ",\"email\":\"A <a@b.example>\",\"email_verified\":true",
		  false, false },
		{ ",\"email\":\"a@b.example\\r\\nBcc: c@d\",\"email_"
		  "verified\":true",
		  false, false },
		{ ",\"email\":[\"a@b.example\"],\"email_verified\":true", false,
		  false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct oidc_identity who;
		struct buf b = buf_new(1024);
		buf_addf(&b, "%s%s", ISS AUD SUB TIME NONCE, cases[i].claim);
		assert_string_equal(identify(str_z(buf_str(&b)), &who), "none");
		assert_int_equal(who.verified, cases[i].verified);
		assert_int_equal(who.email.n > 0, cases[i].has_email);
	}
}

static void other_peoples_tokens(void **state)
{
	static const char *const cases[][2] = {
		{ AUD SUB TIME NONCE, "issuer" },
		{ "\"iss\":\"https://id.example/\"," AUD SUB TIME NONCE,
		  "issuer" },
		{ "\"iss\":\"https://evil.example\"," AUD SUB TIME NONCE,
		  "issuer" },
		{ "\"iss\":[\"https://id.example\"]," AUD SUB TIME NONCE,
		  "issuer" },
		{ ISS SUB TIME NONCE, "audience" },
		{ ISS "\"aud\":\"other\"," SUB TIME NONCE, "audience" },
		{ ISS "\"aud\":[]," SUB TIME NONCE, "audience" },
		{ ISS "\"aud\":[\"other\"]," SUB TIME NONCE, "audience" },
		{ ISS "\"aud\":{\"sportello\":1}," SUB TIME NONCE, "audience" },
		{ ISS "\"aud\":[\"sportello\"]," SUB TIME NONCE, "none" },
		/* Several, and nobody says whose it is. */
		{ ISS "\"aud\":[\"sportello\",\"other\"]," SUB TIME NONCE,
		  "audience" },
		{ ISS "\"aud\":[\"sportello\",\"other\"],\"azp\":\"other\"," SUB
			  TIME NONCE,
		  "audience" },
		{ ISS AUD "\"azp\":\"other\"," SUB TIME NONCE, "audience" },
		{ ISS "\"aud\":[\"other\",\"sportello\"],\"azp\":"
		      "\"sportello\"," SUB TIME NONCE,
		  "none" },
		{ ISS AUD SUB TIME "\"nonce\":\"another\"", "nonce" },
		{ ISS AUD SUB TIME "\"nonce\":\"\"", "nonce" },
		{ ISS AUD SUB TIME "\"nonce\":null", "nonce" },
		{ ISS AUD SUB TIME "\"x\":1", "nonce" },
		{ ISS AUD TIME NONCE, "claims" },
		{ ISS AUD "\"sub\":\"\"," TIME NONCE, "claims" },
		{ ISS AUD "\"sub\":7," TIME NONCE, "claims" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct oidc_identity who;
		assert_string_equal(identify(cases[i][0], &who), cases[i][1]);
	}
}

static void clocks(void **state)
{
	static const char *const cases[][2] = {
		{ "\"exp\":1699999881,\"iat\":1699990000,", "none" },
		{ "\"exp\":1699999880,\"iat\":1699990000,", "expired" },
		{ "\"exp\":1700000300,\"iat\":1700000120,", "none" },
		{ "\"exp\":1700000300,\"iat\":1700000121,", "future" },
		{ "\"exp\":1700000300,\"iat\":1700000000,\"nbf\":1700000120,",
		  "none" },
		{ "\"exp\":1700000300,\"iat\":1700000000,\"nbf\":1700000121,",
		  "future" },
		{ "\"iat\":1700000000,", "claims" },
		{ "\"exp\":1700000300,", "claims" },
		{ "\"exp\":\"1700000300\",\"iat\":1700000000,", "claims" },
		{ "\"exp\":-1,\"iat\":1700000000,", "claims" },
		{ "\"exp\":1e30,\"iat\":1700000000,", "claims" },
		{ "\"exp\":9223372036854775807,\"iat\":1700000000,", "claims" },
		{ "\"exp\":1700000300,\"iat\":1700000000,\"nbf\":\"x\",",
		  "claims" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct oidc_identity who;
		struct buf b = buf_new(1024);
		buf_addf(&b, "%s%s%s", ISS AUD SUB, cases[i][0], NONCE);
		assert_string_equal(identify(str_z(buf_str(&b)), &who),
				    cases[i][1]);
	}
}

/* What is signed and still no ID token. */
static void signed_nonsense(void **state)
{
	static const char *const payloads[] = { "", "[]", "1", "{", "{\"a\":" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(payloads); i++) {
		struct oidc_identity who;
		const char *why = "";
		assert_false(oidc_identify(
			&provider,
			token_make("{\"alg\":\"EdDSA\"}", payloads[i]),
			token_keys(""), S("n"), NOW, &who, &why));
		assert_string_equal(why, "claims");
	}
}

static void where_to(void **state)
{
	struct oidc_ask ask = {
		.redirect = S("https://alpin.griffel.example/sign-in/back"),
		.state = S("st"),
		.nonce = S("no"),
		/* RFC 7636, appendix B */
		.verifier = S("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"),
		.lang = S("de"),
	};
	struct oidc_provider p = provider;

	(void)state;
	assert_string_equal(
		str_z(oidc_authorize_url(&p, &ask)),
		"https://id.example/auth?response_type=code&scope=openid%20"
		"email%20profile&client_id=sportello&redirect_uri=https%3A%2F%"
		"2Falpin.griffel.example%2Fsign-in%2Fback&state=st&nonce=no&"
		"code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&"
		"code_challenge_method=S256&ui_locales=de");
	p.authorize_url = S("https://id.example/auth?tenant=7");
	p.client_id = S("a&state=mine");
	assert_true(str_starts(oidc_authorize_url(&p, &ask),
			       S("https://id.example/auth?tenant=7&response_"
				 "type=code&scope=openid%20email%20profile&"
				 "client_id=a%26state%3Dmine&")));
}

#define CASE(f) cmocka_unit_test_teardown(f, reset)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(who_it_is),
		CASE(verified_or_not),
		CASE(other_peoples_tokens),
		CASE(clocks),
		CASE(signed_nonsense),
		CASE(where_to),
	};

	return cmocka_run_group_tests_name("oidc", tests, token_setup, NULL);
}
