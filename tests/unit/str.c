/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#include "arena.h"
#include "str.h"

static int reset_after(void **state)
{
	(void)state;
	arena_reset();
	return 0;
}

#define assert_str(s, z) assert_string_equal(str_z(s), z)

static void parts_of_strings(void **state)
{
	struct str rest = S("a.b..c");

	(void)state;
	assert_str(str_of(NULL), "");
	assert_str(str_trim(S(" \t\r\n x y \n")), "x y");
	assert_str(str_trim(S("  ")), "");
	assert_str(str_from(S("abc"), 1), "bc");
	assert_str(str_from(S("abc"), 99), "");
	assert_true(str_starts(S("abc"), S("ab")));
	assert_false(str_starts(S("a"), S("ab")));
	assert_true(str_starts(S("a"), S("")));
	assert_true(str_ends(S("a.po"), S(".po")));
	assert_false(str_ends(S("po"), S(".po")));
	assert_true(str_ends(S(""), S("")));
	assert_str(str_cut(&rest, '.'), "a");
	assert_str(str_cut(&rest, '.'), "b");
	assert_str(str_cut(&rest, '.'), "");
	assert_str(str_cut(&rest, '.'), "c");
	assert_str(str_cut(&rest, '.'), "");
	assert_int_equal(rest.n, 0);
}

static void equality_looks_past_nul(void **state)
{
	(void)state;
	assert_true(str_eq(S(""), (struct str){ NULL, 0 }));
	assert_false(str_eq(S("a\0b"), S("a\0c")));
	assert_false(str_eqz(S("a\0b"), "a"));
	assert_true(str_eqz(S("ab"), "ab"));
}

static void numbers_are_digits_only(void **state)
{
	static const char *const bad[] = {
		"",
		"-1",
		"+1",
		" 1",
		"1 ",
		"0x1",
		"1.0",
		"1e3",
		"256",
		"18446744073709551616",
		"99999999999999999999999",
		"\xd9\xa1",
	};
	uint64_t v = 7;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		assert_false(str_u64(str_of(bad[i]), 255, &v));
	assert_false(str_u64(S("18446744073709551616"), UINT64_MAX, &v));
	assert_false(str_u64(S("7"), 6, &v));
	assert_false(str_u64(S("1"), 0, &v));
	assert_int_equal(v, 7);
	assert_true(str_u64(S("255"), 255, &v));
	assert_int_equal(v, 255);
	assert_true(str_u64(S("0000"), 0, &v));
	assert_int_equal(v, 0);
	assert_true(str_u64(S("18446744073709551615"), UINT64_MAX, &v));
	assert_true(v == UINT64_MAX);
}

static void text_is_what_xml_can_hold(void **state)
{
	static const struct str good[] = {
		S(""),
		S("plain\ttext\r\n"),
		S("\x7f"),
		S("\xc3\xa9"),
		S("\xe3\x81\x82"),
		S("\xf0\x9f\x99\x82"),
		S("\xed\x9f\xbf"),
		S("\xee\x80\x80"),
		S("\xef\xbf\xbd"),
		S("\xf4\x8f\xbf\xbf"),
		S("\xc2\x80"),
	};
	static const struct str bad[] = {
		S("a\0b"),
		S("\x01"),
		S("\x1f"),
		S("\x0b"),
		S("\x0c"),
		S("\x80"),
		S("\xbf"),
		S("\xc3"),
		S("\xc3("),
		S("\xc0\xaf"),
		S("\xc1\xbf"),
		S("\xe0\x80\xaf"),
		S("\xf0\x80\x80\xaf"),
		S("\xed\xa0\x80"),
		S("\xed\xbf\xbf"),
		S("\xef\xbf\xbe"),
		S("\xef\xbf\xbf"),
		S("\xf4\x90\x80\x80"),
		S("\xf8\x88\x80\x80\x80"),
		S("\xfe"),
		S("\xff"),
		S("\xe3\x81"),
		S("\xf0\x9f\x99"),
		S("ok\xe3\x81"),
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(good); i++)
		assert_true(str_is_text(good[i]));
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		assert_false(str_is_text(bad[i]));
	assert_int_equal(str_chars(S("a\xc3\xa9\xe3\x81\x82\xf0\x9f\x99\x82")),
			 4);
}

static void percents_are_decoded(void **state)
{
	static const char *const bad[] = { "%", "%1", "a%zz", "%1g", "%%41" };
	struct str out;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		assert_false(str_percent_decode(str_of(bad[i]), true, &out));
	assert_true(str_percent_decode(S("a%2Fb%c3%A9+c"), true, &out));
	assert_str(out, "a/b\xc3\xa9 c");
	assert_true(str_percent_decode(S("a+b%2b"), false, &out));
	assert_str(out, "a+b+");
	assert_true(str_percent_decode(S("%00"), false, &out));
	assert_int_equal(out.n, 1);
	assert_false(str_is_text(out));
}

static void a_buffer_stops_at_its_maximum(void **state)
{
	struct buf b = buf_new(10);

	(void)state;
	assert_str(buf_str(&b), "");
	buf_add(&b, S("12345678"));
	buf_addf(&b, "%d", 90);
	assert_false(b.full);
	buf_char(&b, 'x');
	assert_true(b.full);
	assert_str(buf_str(&b), "1234567890");
	b = buf_new(10);
	buf_add(&b, S("12345678"));
	buf_add(&b, S("too long"));
	buf_add(&b, S("9")); /* fits, but the text would have a hole */
	assert_true(b.full);
	assert_str(buf_str(&b), "12345678");
}

static void a_buffer_grows(void **state)
{
	struct buf b = buf_new(1 << 20);

	(void)state;
	for (unsigned i = 0; i < 100000; i++)
		buf_char(&b, (char)('a' + i % 26));
	assert_int_equal(b.n, 100000);
	for (unsigned i = 0; i < 100000; i++)
		assert_int_equal(b.p[i], 'a' + i % 26);
}

static void json_is_safe_in_html(void **state)
{
	struct buf b = buf_new(1000);

	(void)state;
	buf_json(&b, S("a\"b\\c\n\t\x01</script>&\xe2\x80\xa8\xe2\x80\xa9\xe2"
		       "\x80\xaa\xc3\xa9"));
	assert_str(buf_str(&b),
		   "\"a\\\"b\\\\c\\n\\u0009\\u0001\\u003c/script\\u003e\\u0026"
		   "\\u2028\\u2029\xe2\x80\xaa\xc3\xa9\"");
}

static void html_is_escaped(void **state)
{
	struct buf b = buf_new(1000);

	(void)state;
	buf_html(&b, S("a<b>&\"'`c"));
	buf_char(&b, ' ');
	buf_text(&b, S("<\"'`>&"));
	assert_str(buf_str(&b), "a&lt;b&gt;&amp;&quot;&#39;&#96;c "
				"&lt;\"'`&gt;&amp;");
}

static void characters_become_utf8(void **state)
{
	struct buf b = buf_new(100);

	(void)state;
	buf_utf8(&b, 'a');
	buf_utf8(&b, 0xe9);
	buf_utf8(&b, 0x3042);
	buf_utf8(&b, 0x1f642);
	assert_str(buf_str(&b), "a\xc3\xa9\xe3\x81\x82\xf0\x9f\x99\x82");
}

#define CASE(f) cmocka_unit_test_teardown(f, reset_after)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(parts_of_strings),
		CASE(equality_looks_past_nul),
		CASE(numbers_are_digits_only),
		CASE(text_is_what_xml_can_hold),
		CASE(percents_are_decoded),
		CASE(a_buffer_stops_at_its_maximum),
		CASE(a_buffer_grows),
		CASE(json_is_safe_in_html),
		CASE(html_is_escaped),
		CASE(characters_become_utf8),
	};

	return cmocka_run_group_tests_name("str", tests, NULL, NULL);
}
