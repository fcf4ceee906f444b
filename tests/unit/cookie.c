/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#include "arena.h"
#include "cookie.h"

static int reset(void **state)
{
	(void)state;
	arena_reset();
	return 0;
}

#define assert_str(s, z) assert_string_equal(str_z(s), z)

static struct str get(const char *header)
{
	return cookie_get(str_of(header), S("sid"));
}

static void cookies_are_found(void **state)
{
	(void)state;
	assert_str(get("sid=abc"), "abc");
	assert_str(get("a=b; sid=abc; c=d"), "abc");
	assert_str(get("a=b;sid=abc"), "abc");
	assert_str(get("sid=a=b=="), "a=b==");
	assert_str(get("sid=first; sid=second"), "first");
	assert_str(get(";;; ;sid=x;"), "x");
}

static void others_are_not(void **state)
{
	static const char *const headers[] = {
		"",	   "sid",      "sid=",		 "xsid=abc",
		"SID=abc", "sidx=abc", "__Host-sid=abc", "a=sid=abc",
		"=sid",	   "; ; ;",    "a=\"sid=b\"",	 "a=b,sid=c",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(headers); i++)
		assert_int_equal(get(headers[i]).n, 0);
}

static void the_session_is_hidden_from_scripts(void **state)
{
	(void)state;
	assert_str(cookie_session(true, S("tok"), 60),
		   "__Host-sid=tok; Path=/; Max-Age=60; HttpOnly; "
		   "SameSite=Lax; Secure");
	assert_str(cookie_session(false, S("tok"), 60),
		   "sid=tok; Path=/; Max-Age=60; HttpOnly; SameSite=Lax");
	assert_str(cookie_session(true, S(""), 60),
		   "__Host-sid=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax; "
		   "Secure");
	assert_null(strstr(str_z(cookie_session(true, S("t"), 1)), "Domain"));
}

/* What is kept for a few minutes of signing in is as hidden as a session. */
static void brief_ones_are_hidden_too(void **state)
{
	struct buf b = buf_new(4096);

	(void)state;
	assert_str(cookie_brief_name(true, "step"), "__Host-step");
	assert_str(cookie_brief_name(false, "on"), "on");
	assert_str(cookie_brief(true, "step", S("7-abc"), 600),
		   "__Host-step=7-abc; Path=/; Max-Age=600; HttpOnly; "
		   "SameSite=Lax; Secure");
	assert_str(cookie_brief(false, "on", S("x"), 600),
		   "on=x; Path=/; Max-Age=600; HttpOnly; SameSite=Lax");
	assert_str(cookie_brief(true, "on", S(""), 600),
		   "__Host-on=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax; "
		   "Secure");
	/* A long one is whole, its attributes too. */
	for (int i = 0; i < 3800; i++)
		buf_char(&b, 'a');
	struct str line = cookie_brief(true, "on", buf_str(&b), 600);
	assert_true(str_ends(line, S("; SameSite=Lax; Secure")));
}

static void preferences_are_for_scripts(void **state)
{
	(void)state;
	assert_str(cookie_preference(true, S("lang"), S("it")),
		   "lang=it; Path=/; Max-Age=31536000; SameSite=Lax; Secure");
	assert_str(cookie_preference(false, S("theme"), S("")),
		   "theme=; Path=/; Max-Age=0; SameSite=Lax");
}

#define CASE(f) cmocka_unit_test_teardown(f, reset)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(cookies_are_found),
		CASE(others_are_not),
		CASE(the_session_is_hidden_from_scripts),
		CASE(brief_ones_are_hidden_too),
		CASE(preferences_are_for_scripts),
	};

	return cmocka_run_group_tests_name("cookie", tests, NULL, NULL);
}
