/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#include "jose.h"
#include "tokens.h"

static int reset(void **state)
{
	(void)state;
	arena_reset();
	return 0;
}

/* Made by another implementation (Node's crypto), so that we do not only agree
 * with ourselves. What they say is {"sub":"ada"}. */
static const char rs256_key[] =
	"{\"kty\":\"RSA\",\"n\":\"r4qwED6a413m2QMY0L8m0GHhQQpBMrIdMe8mdHWVM4"
	"yK4MrOoFx54u0csORM1amTqUVrkTu2ZwtjZZDlONqEpW_y2Y9_MXzSvStoQG"
	"gkUvkolrcXgVu_YH9Ld4Qd_jK7QUcg5JIqAkVwz_VTAF9yBZDgdAgZzN6DxB"
	"NliTtqopQifIh2Vyb6rUCTn2KoB9ts6JwpZhX9ba8A9y81_iEOWlbz-6n2TR"
	"4Q9hNt5JPrS69CnPK6R1p99CN_TqwsZc1tpSTzGtMhK8jCKRDmpYlSFCfloR"
	"sny9GD0EmrYflYM9E_mjV21hLU8qvUx0TdYvX6nncrOkqo9AzMQzMf5aeDYw"
	"\",\"e\":\"AQAB\"}";
static const char rs256_token[] =
	"eyJhbGciOiJSUzI1NiIsImtpZCI6InJzMjU2In0.eyJzdWIiOiJhZGEifQ.b"
	"6X5HuYMKjD9hp6cLktb8CTb_fhlLi5iHqSojkGkAulONysJIMXND4XFBXDlz"
	"S2TcYDimZDT02Tq5fH1oEVEDGy7sW2BfxXTus99AwQ-xm5uiJFsiHbG7Q5bT"
	"T4W2_4OtOCuQjZ9XK7CV5cqPLHhYFh5GDZhJQXJ972TaqKODEfD7xY3EVu16"
	"IB-S3oX75tOWkgkb9eVu8ohWcXEvGA4O0zsZT1D_xdj1MzoGaOZrnXT0JFmu"
	"dutgoPY-Rd6oC043dJw-H2MN6JD3R3QdvSxC0vGnYD9cyFktardmEgSZ1W79"
	"HurjryHcvPKZXEh3dvstfLo_paIdbBTomqDuug7Jw";
static const char es256_key[] =
	"{\"kty\":\"EC\",\"x\":\"wHwh5RUcjItpFK1PKOsfgSSNLuGzHqUj1Hi62vr8Ixw"
	"\",\"y\":\"2-FXxKYDBNPybLMSsgUlUx031x-6cL1IPgHOHXBcWNs\",\"crv\":\"P"
	"-256\"}";
static const char es256_token[] =
	"eyJhbGciOiJFUzI1NiIsImtpZCI6ImVzMjU2In0.eyJzdWIiOiJhZGEifQ.f"
	"RJXvijb4dAFcsFi6JSFnhTQSWMnsoutG6audU9ggyMYFeHxnKJ85dxvzgjtW"
	"AY1OuupNXVsvuBVpDwiLVHcdA";

static const char *fault(struct str token, const struct json *keys)
{
	struct str payload;
	const char *why = "";

	return jose_verify(token, keys, &payload, &why) ? "none" : why;
}

static const struct json *named(const char *key, const char *more)
{
	struct buf b = buf_new(8192);
	const char *why;

	buf_addf(&b, "{\"keys\":[{\"kty\":\"oct\",\"k\":\"AAAA\"},{%s,%.*s]}",
		 more, (int)strlen(key) - 1, key + 1);
	const struct json *v = json_parse(buf_str(&b), &why);
	assert_non_null(v);
	return v;
}

static void good_ones(void **state)
{
	static const struct {
		const char *key, *token, *more;
	} cases[] = {
		{ rs256_key, rs256_token, "\"kid\":\"rs256\"" },
		{ rs256_key, rs256_token,
		  "\"kid\":\"rs256\",\"use\":\"sig\",\"alg\":\"RS256\"" },
		{ es256_key, es256_token, "\"kid\":\"es256\"" },
	};
	struct str payload;
	const char *why;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		assert_true(jose_verify(str_of(cases[i].token),
					named(cases[i].key, cases[i].more),
					&payload, &why));
		assert_string_equal(str_z(payload), "{\"sub\":\"ada\"}");
	}
	assert_string_equal(
		fault(token_make("{\"alg\":\"EdDSA\"}", "{}"), token_keys("")),
		"none");
}

/* One letter changed anywhere, or cut off. */
static void changed_ones(void **state)
{
	static const struct {
		const char *key, *token, *more;
	} cases[] = {
		{ rs256_key, rs256_token, "\"kid\":\"rs256\"" },
		{ es256_key, es256_token, "\"kid\":\"es256\"" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const struct json *keys = named(cases[i].key, cases[i].more);
		struct str token = str_of(cases[i].token);
		for (size_t at = 0; at < token.n; at += 7) {
			char *other = alloc_copy(token.p, token.n);
			other[at] = other[at] == 'A' ? 'B' : 'A';
			assert_string_not_equal(
				fault((struct str){ other, token.n }, keys),
				"none");
			assert_string_not_equal(
				fault((struct str){ token.p, at }, keys),
				"none");
		}
	}
}

static void algorithms(void **state)
{
	static const char *const cases[][2] = {
		{ "{\"alg\":\"none\"}", "algorithm" },
		{ "{\"alg\":\"None\"}", "algorithm" },
		{ "{\"alg\":\"HS256\"}", "algorithm" },
		{ "{\"alg\":\"HS512\"}", "algorithm" },
		{ "{\"alg\":\"PS256\"}", "algorithm" },
		{ "{\"alg\":\"eddsa\"}", "algorithm" },
		{ "{\"alg\":\"EdDSA \"}", "algorithm" },
		{ "{\"alg\":\"\"}", "algorithm" },
		{ "{\"alg\":8}", "algorithm" },
		{ "{}", "algorithm" },
		{ "{\"alg\":\"RS256\"}", "key" },
		{ "{\"alg\":\"ES256\"}", "key" },
		{ "{\"alg\":\"EdDSA\",\"kid\":\"another\"}", "key" },
		{ "{\"alg\":\"EdDSA\",\"crit\":[\"b64\"]}", "token" },
		{ "{\"alg\":\"EdDSA\",\"alg\":\"none\"}", "token" },
		{ "[]", "token" },
		{ "EdDSA", "token" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		assert_string_equal(
			fault(token_make(cases[i][0], "{}"), token_keys("")),
			cases[i][1]);
}

static void no_tokens(void **state)
{
	static const char *const cases[] = {
		"",
		".",
		"..",
		"...",
		"a.b",
		"a.b.c",
		"e30..",
		"e30.e30",
		"e30.e30.",
		"e30.e30.e30.",
		"e30=.e30.e30",
		"e30 .e30.e30",
		"e3\n0.e30.e30",
		"e3+0.e30.e30",
	};
	struct str good = token_make("{\"alg\":\"EdDSA\"}", "{}");
	struct buf b = buf_new(64 * 1024);

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		assert_string_not_equal(fault(str_of(cases[i]), token_keys("")),
					"none");
	buf_add(&b, good);
	buf_char(&b, '=');
	assert_string_equal(fault(buf_str(&b), token_keys("")), "token");
	b = buf_new(64 * 1024);
	while (b.n < JOSE_TOKEN_MAX)
		buf_char(&b, 'A');
	buf_add(&b, S(".AAAA.AAAA"));
	assert_string_equal(fault(buf_str(&b), token_keys("")), "token");
}

static void keys_that_are_none(void **state)
{
	static const char *const sets[] = {
		"{}",
		"{\"keys\":{}}",
		"{\"keys\":[]}",
		"{\"keys\":[1,null,[],\"x\"]}",
		"{\"keys\":[{\"kty\":\"OKP\"}]}",
		"{\"keys\":[{\"kty\":\"OKP\",\"crv\":\"X25519\",\"x\":\"AAAA\"}]}",
		"{\"keys\":[{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"AAAA\"}]}",
	};
	const char *uses[] = { ",\"use\":\"enc\"", ",\"alg\":\"RS256\"",
			       ",\"use\":1" };
	struct str token = token_make("{\"alg\":\"EdDSA\"}", "{}");
	const char *why;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(sets); i++)
		assert_string_not_equal(
			fault(token, json_parse(str_of(sets[i]), &why)),
			"none");
	assert_string_equal(fault(token, NULL), "key");
	for (size_t i = 0; i < ARRAY_LEN(uses); i++)
		assert_string_equal(fault(token, token_keys(uses[i])), "key");
}

/* Too short to be safe, too long to be quick, off the curve. */
static void keys_that_are_bad(void **state)
{
	static const char *const rsa[] = {
		"\"n\":\"r4qwED6a413m2QMY0L8m0GHhQQpBMrId\",\"e\":\"AQAB\"",
		"\"n\":\"\",\"e\":\"AQAB\"",
		"\"n\":\"AQAB\"",
		"\"e\":\"AQAB\"",
		"\"n\":7,\"e\":\"AQAB\"",
	};
	static const char *const ec[] = {
		"\"crv\":\"P-256\",\"x\":\"wHwh5RUcjItpFK1PKOsfgSSNLuGzHqUj1Hi6"
		"2vr8Ixw\",\"y\":\"wHwh5RUcjItpFK1PKOsfgSSNLuGzHqUj1Hi62vr8Ixw\"",
		"\"crv\":\"P-521\",\"x\":\"AAAA\",\"y\":\"AAAA\"",
		"\"crv\":\"P-256\",\"x\":\"AAAA\",\"y\":\"AAAA\"",
		"\"crv\":\"P-256\"",
	};
	const char *why;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rsa); i++) {
		struct buf b = buf_new(1024);
		buf_addf(&b,
			 "{\"keys\":[{\"kty\":\"RSA\",\"kid\":\"rs256\",%s}]}",
			 rsa[i]);
		assert_string_equal(fault(str_of(rs256_token),
					  json_parse(buf_str(&b), &why)),
				    "signature");
	}
	for (size_t i = 0; i < ARRAY_LEN(ec); i++) {
		struct buf b = buf_new(1024);
		buf_addf(&b,
			 "{\"keys\":[{\"kty\":\"EC\",\"kid\":\"es256\",%s}]}",
			 ec[i]);
		assert_string_equal(fault(str_of(es256_token),
					  json_parse(buf_str(&b), &why)),
				    "signature");
	}
}

#define CASE(f) cmocka_unit_test_teardown(f, reset)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(good_ones),	  CASE(changed_ones),
		CASE(algorithms),	  CASE(no_tokens),
		CASE(keys_that_are_none), CASE(keys_that_are_bad),
	};

	return cmocka_run_group_tests_name("jose", tests, token_setup, NULL);
}
