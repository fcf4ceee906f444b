/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#include "arena.h"
#include "host.h"

static const char *form(const char *typed)
{
	struct str host = S("");
	const char *code = host_canonical(str_of(typed), &host);

	return code ? code : str_z(host);
}

static void one_form(void **state)
{
	(void)state;
	assert_string_equal(form("help.school.example"), "help.school.example");
	assert_string_equal(form(" Help.SCHOOL.Example. \n"),
			    "help.school.example");
	assert_string_equal(form("b\u00fccher.example"),
			    "xn--bcher-kva.example");
	assert_string_equal(form("BU\u0308CHER.example"),
			    "xn--bcher-kva.example");
	assert_string_equal(form("xn--bcher-kva.example"),
			    "xn--bcher-kva.example");
	assert_string_equal(form("XN--BCHER-KVA.example"),
			    "xn--bcher-kva.example");
	assert_string_equal(form("stra\u00dfe.example"),
			    "xn--strae-oqa.example");
	assert_string_equal(form("\u30b5\u30dd\u30fc\u30c8.example"),
			    "xn--vckvb6c8f.example");
	/* What looks like a dot to people is one to browsers. */
	assert_string_equal(form("help\u3002school\uff0eexample"),
			    "help.school.example");
	assert_string_equal(form("\uff48elp.example"), "help.example");
	arena_reset();
}

static void other_things(void **state)
{
	static const char *const urls[] = {
		"https://help.example", "help.example/",    "help.example?x",
		"help.example#x",	"ada@help.example", "//help.example",
	};
	static const char *const none[] = {
		"",
		" ",
		".",
		"..",
		"a..b",
		".a.example",
		"a b.example",
		"a_b.example",
		"-a.example",
		"a-.example",
		"*.example",
		"a\\b.example",
		"a\tb.example",
		"a\x01.example",
		"xn--a.example",
		"xn--999999b.eu",
		"xn--.example",
		"ab--c.example",
		"\xff.example",
		"a\u200b b.eu",
		"\u0301a.example",
		"a\u2044b.example",
		"help.example..",
	};
	char label[80] = "", name[300] = "";

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(urls); i++)
		assert_string_equal(form(urls[i]), "url");
	assert_string_equal(form("help.example:8443"), "port");
	assert_string_equal(form("[2001:db8::1]"), "port");
	for (size_t i = 0; i < ARRAY_LEN(none); i++) {
		if (strcmp(form(none[i]), "host"))
			fail_msg("%zu: %s is %s", i, none[i], form(none[i]));
	}
	memset(label, 'a', 64);
	assert_string_equal(form(label), "host");
	memset(name, 'a', 254);
	assert_string_equal(form(name), "too_long");
	for (size_t i = 50; i < 254; i += 50)
		name[i] = '.';
	assert_string_equal(form(name), "too_long");
	name[253] = '\0';
	assert_int_equal(strlen(form(name)), 253);
	arena_reset();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_form),
		cmocka_unit_test(other_things),
	};

	return cmocka_run_group_tests_name("host", tests, NULL, NULL);
}
