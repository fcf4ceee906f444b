/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#include "arena.h"
#include "request.h"

static int reset(void **state)
{
	(void)state;
	arena_reset();
	return 0;
}

#define assert_str(s, z) assert_string_equal(str_z(s), z)

/* What the server says, name and value in turn; NULL ends. */
static const char *const *params;

static const char *param(const char *name)
{
	for (const char *const *p = params; *p; p += 2)
		if (!strcmp(*p, name))
			return p[1];
	return NULL;
}

static const char *const usual[] = {
	"REQUEST_METHOD",
	"POST",
	"REQUEST_URI",
	"/api/x?a=1&b=%C3%A9+c",
	"CONTENT_LENGTH",
	"12",
	"CONTENT_TYPE",
	"application/json",
	"SPORTELLO_HOST",
	"a-1.example",
	"SPORTELLO_ORIGIN",
	"https://a-1.example:8443",
	"SPORTELLO_SCHEME",
	"https",
	"SPORTELLO_REQUEST_ID",
	"abc",
	"HTTP_COOKIE",
	"sid=wrong; __Host-sid=right; lang=xx",
	"HTTP_ORIGIN",
	"https://a-1.example:8443",
	"HTTP_X_SPORTELLO",
	"1",
	"HTTP_X_SPORTELLO_PERSON",
	"9007199254740993",
	"HTTP_IDEMPOTENCY_KEY",
	"key-12345",
	"HTTP_ACCEPT_LANGUAGE",
	"it",
	NULL,
};

static bool read_params(struct request *r, const char *const *what)
{
	memset(r, 0, sizeof(*r));
	params = what;
	return request_read(r, param);
}

static void the_server_tells_everything(void **state)
{
	struct request r;

	(void)state;
	assert_true(read_params(&r, usual));
	assert_int_equal(r.method, POST);
	assert_false(r.is_head);
	assert_true(r.secure);
	assert_str(r.path, "/api/x");
	assert_int_equal(r.query.n, 2);
	assert_str(*pairs_get(&r.query, "b"), "\xc3\xa9 c");
	assert_null(pairs_get(&r.query, "c"));
	assert_str(r.host, "a-1.example");
	assert_str(r.token, "right");
	assert_int_equal(r.content_length, 12);
	assert_true(r.has_header);
	assert_str(r.person, "9007199254740993");
	assert_str(r.key, "key-12345");
	assert_null(r.lang);
}

static const char *read_with(const char *name, const char *value)
{
	const char *what[64];
	struct request r;
	size_t n = 0;

	for (; usual[n]; n += 2) {
		what[n] = usual[n];
		what[n + 1] = strcmp(usual[n], name) ? usual[n + 1] : value;
	}
	what[n] = NULL;
	return read_params(&r, what) ? "ok" : problem_slug(&r.problem);
}

static const char *long_text(const char *start, size_t n)
{
	struct buf b = buf_new(n + 100);

	buf_add(&b, str_of(start));
	while (b.n < n)
		buf_char(&b, 'x');
	return str_z(buf_str(&b));
}

static void limits_and_forms_are_kept(void **state)
{
	static const char *const cases[][3] = {
		{ "SPORTELLO_HOST", "", "host" },
		{ "SPORTELLO_HOST", "A.example", "host" },
		{ "SPORTELLO_HOST", "a b", "host" },
		{ "SPORTELLO_HOST", "a/b", "host" },
		{ "SPORTELLO_HOST", "a\nb", "host" },
		{ "SPORTELLO_HOST", NULL, "host" },
		{ "HTTP_X_SPORTELLO_PERSON", "", "ok" },
		{ "HTTP_X_SPORTELLO_PERSON", "7x", "bad-request" },
		{ "HTTP_X_SPORTELLO_PERSON", "-7", "bad-request" },
		{ "HTTP_X_SPORTELLO_PERSON", "9223372036854775808",
		  "bad-request" },
		{ "REQUEST_URI", "", "bad-request" },
		{ "REQUEST_URI", NULL, "bad-request" },
		{ "REQUEST_URI", "http://x/", "bad-request" },
		{ "REQUEST_URI", "*", "bad-request" },
		{ "REQUEST_URI", "/\xff", "bad-request" },
		{ "REQUEST_URI", "/\x01", "bad-request" },
		{ "REQUEST_URI", "/?a=%", "bad-request" },
		{ "REQUEST_URI", "/?a=%00", "bad-request" },
		{ "REQUEST_URI", "/?a=%ff", "bad-request" },
		{ "REQUEST_URI", "/?%c0%af=1", "bad-request" },
		{ "REQUEST_URI", "/?", "ok" },
		{ "REQUEST_URI", "/?&&&=&a", "ok" },
		{ "CONTENT_LENGTH", "", "ok" },
		{ "CONTENT_LENGTH", "524288", "ok" },
		{ "CONTENT_LENGTH", "1099511627776", "ok" },
		{ "CONTENT_LENGTH", "1099511627777", "too-large" },
		{ "CONTENT_LENGTH", "-1", "length" },
		{ "CONTENT_LENGTH", "1x", "length" },
		{ "CONTENT_LENGTH", "99999999999999999999", "length" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const char *what = read_with(cases[i][0], cases[i][1]);

		if (strcmp(what, cases[i][2]))
			fail_msg("%s %s: %s", cases[i][0], cases[i][1], what);
	}
	assert_string_equal(read_with("REQUEST_URI", long_text("/", 1024)),
			    "ok");
	assert_string_equal(read_with("REQUEST_URI", long_text("/", 1025)),
			    "bad-request");
	assert_string_equal(read_with("REQUEST_URI", long_text("/?", 4098)),
			    "ok");
	assert_string_equal(read_with("REQUEST_URI", long_text("/?", 4099)),
			    "bad-request");
}

static void pairs_are_limited(void **state)
{
	struct pairs p = { 0 };
	struct buf b = buf_new(1000);

	(void)state;
	for (int i = 0; i < REQUEST_PAIRS_MAX; i++)
		buf_add(&b, S("a=b&"));
	assert_true(request_pairs(buf_str(&b), &p));
	assert_int_equal(p.n, REQUEST_PAIRS_MAX);
	buf_add(&b, S("a=b"));
	assert_false(request_pairs(buf_str(&b), &p));
	assert_true(request_pairs(S("a=1&a=2&b&c=d=e&%61%3d=%26"), &p));
	assert_str(*pairs_get(&p, "a"), "1");
	assert_str(*pairs_get(&p, "b"), "");
	assert_str(*pairs_get(&p, "c"), "d=e");
	assert_str(*pairs_get(&p, "a="), "&");
	assert_true(request_pairs(S(""), &p));
	assert_int_equal(p.n, 0);
}

static const char *read_body(const char *path, const char *type,
			     const char *body)
{
	struct request r = { .path = str_of(path),
			     .content_type = str_of(type),
			     .body = str_of(body) };

	return request_body(&r) ? "ok" : problem_slug(&r.problem);
}

static void bodies_are_understood(void **state)
{
	static const char form[] = "application/x-www-form-urlencoded";
	static const char json[] = "application/json";
	struct request r = { .path = S("/sign-in"),
			     .content_type = str_of(form),
			     .body = S("email=a%40b&to=%2Fx") };

	(void)state;
	assert_true(request_body(&r));
	assert_str(*pairs_get(&r.form, "email"), "a@b");
	assert_string_equal(read_body("/api/x", json, "{\"a\":1}"), "ok");
	assert_string_equal(
		read_body("/api/x", "application/json; charset=x", "{}"), "ok");
	assert_string_equal(read_body("/api/x", json, "[]"), "json");
	assert_string_equal(read_body("/api/x", json, "{\"a\":1,\"a\":1}"),
			    "json");
	assert_string_equal(read_body("/api/x", json, ""), "json");
	assert_string_equal(read_body("/api/x", form, "a=b"), "media-type");
	assert_string_equal(read_body("/api/x", "text/plain", "{}"),
			    "media-type");
	assert_string_equal(read_body("/api/x", "application/jsonx", "{}"),
			    "media-type");
	assert_string_equal(read_body("/api/x", "", "{}"), "media-type");
	assert_string_equal(read_body("/x", form, "a=%ff"), "text");
	assert_string_equal(read_body("/x", form, long_text("a=", 16385)),
			    "text");
}

static void only_paths_of_our_own_are_gone_to(void **state)
{
	static const char *const bad[] = {
		"",
		"x",
		"//evil",
		"/\\evil",
		"\\/evil",
		"https://evil",
		"/a b",
		"/a\r\nb",
		"/\t/evil",
		"/\xc3\xa9",
		"javascript:x",
		"/a\\b",
		"?a",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		assert_str(request_local_path(str_of(bad[i])), "/");
	assert_str(request_local_path(S("/a\0b")), "/");
	assert_str(request_local_path(S("/t/1?a=b&c#d")), "/t/1?a=b&c#d");
	assert_str(request_local_path(S("/")), "/");
	assert_str(request_local_path(str_of(long_text("/", 1025))), "/");
}

#define CASE(f) cmocka_unit_test_teardown(f, reset)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(the_server_tells_everything),
		CASE(limits_and_forms_are_kept),
		CASE(pairs_are_limited),
		CASE(bodies_are_understood),
		CASE(only_paths_of_our_own_are_gone_to),
	};

	json_setup();
	return cmocka_run_group_tests_name("request", tests, NULL, NULL);
}
