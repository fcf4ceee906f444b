/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include "arena.h"
#include "catalog.h"
#include "plural.h"

#define assert_str(s, z) assert_string_equal(str_z(s), z)

static int forget(void **state)
{
	(void)state;
	arena_reset();
	catalog_forget();
	arena_forget_forever();
	return 0;
}

static const char header[] = "msgid \"\"\n"
			     "msgstr \"\"\n"
			     "\"Language: %s\\n\"\n"
			     "\"Plural-Forms: %s\\n\"\n"
			     "%s\n";

static const char *add(const char *lang, const char *plural, const char *more,
		       const char *messages)
{
	struct buf b = buf_new(100000);
	const char *why = NULL;

	buf_addf(&b, header, lang, plural, more);
	buf_add(&b, str_of(messages));
	return catalog_add(str_of(lang), buf_str(&b), &why) ? NULL : why;
}

static void add_english(void)
{
	assert_null(add("en", "nplurals=2; plural=(n != 1);", "",
			"msgctxt \"hello\"\nmsgid \"Hello {name}\"\n"
			"msgstr \"\"\n\n"
			"msgctxt \"tickets\"\nmsgid \"{n} ticket\"\n"
			"msgid_plural \"{n} tickets\"\n"
			"msgstr[0] \"\"\nmsgstr[1] \"\"\n\n"
			"msgctxt \"only.english\"\nmsgid \"Only\"\n"
			"msgstr \"Only English\"\n"));
}

static struct str text(const char *lang, const char *key)
{
	return catalog_text(catalog_find(str_of(lang)), str_of(key), 0, NULL);
}

static void texts_and_fallbacks(void **state)
{
	const struct catalog_arg args[] = { { "name", S("{name} & <Ada>") } };

	(void)state;
	add_english();
	assert_null(add("it", "nplurals=2; plural=n!=1;", "",
			"msgctxt \"hello\"\nmsgid \"Hello {name}\"\n"
			"msgstr \"Ciao {name}\"\n"
			"\nmsgctxt \"empty\"\nmsgid \"In English\"\n"
			"msgstr \"\"\n"
			"#, c-format, fuzzy\nmsgctxt \"only.english\"\n"
			"msgid \"Only\"\nmsgstr \"Forse\"\n"));
	assert_null(add("sc", "nplurals=1; plural=0;",
			"\"X-Fallback: it\\n\"\n", ""));
	assert_str(text("it", "only.english"), "Only English");
	assert_str(text("it", "empty"), "In English");
	assert_str(text("it", "no.such"), "no.such");
	assert_str(text("xx", "only.english"), "Only English");
	assert_str(catalog_text(catalog_find(S("sc")), S("hello"), 1, args),
		   "Ciao {name} & <Ada>");
	assert_str(catalog_text(NULL, S("hello"), 1, args),
		   "Hello {name} & <Ada>");
	assert_str(text("it", "hello"), "Ciao {name}");
}

static void placeholders(void **state)
{
	const struct catalog_arg args[] = { { "a", S("1") }, { "b", S("2") } };

	(void)state;
	assert_null(add("en", "nplurals=2; plural=n!=1;", "",
			"msgctxt \"x\"\nmsgid \"\"\n"
			"\"{a}{b} {{a}} {c} {a {b} } {\"\nmsgstr \"\"\n"));
	assert_str(catalog_text(catalog_find(S("en")), S("x"), 2, args),
		   "12 {1} {c} {a 2 } {");
}

static void plurals_take_their_form(void **state)
{
	const struct catalog *en;

	(void)state;
	add_english();
	en = catalog_find(S("en"));
	assert_str(catalog_plural(en, S("tickets"), 1, 0, NULL), "1 ticket");
	assert_str(catalog_plural(en, S("tickets"), 0, 0, NULL), "0 tickets");
	assert_str(catalog_plural(en, S("tickets"), UINT64_MAX, 0, NULL),
		   "18446744073709551615 tickets");
	assert_null(add("pl",
			"nplurals=3; plural=(n==1 ? 0 : n%10>=2 && n%10<=4 && "
			"(n%100<10 || n%100>=20) ? 1 : 2);",
			"",
			"msgctxt \"tickets\"\nmsgid \"a\"\nmsgid_plural \"b\"\n"
			"msgstr[0] \"{n} zgloszenie\"\n"
			"msgstr[1] \"{n} zgloszenia\"\n"
			"msgstr[2] \"{n} zgloszen\"\n"));
	assert_str(catalog_plural(catalog_find(S("pl")), S("tickets"), 22, 0,
				  NULL),
		   "22 zgloszenia");
}

struct rule {
	const char *header;
	struct {
		uint64_t n;
		size_t form;
	} cases[12]; /* ends with 0, 0 twice or more; 0 is asked first */
};

static void rules_of_languages(void **state)
{
	static const struct rule rules[] = {
		{ "nplurals=1; plural=0;", { { 0, 0 }, { 1, 0 }, { 7, 0 } } },
		{ "nplurals=2; plural=(n != 1);",
		  { { 0, 1 }, { 1, 0 }, { 2, 1 } } },
		{ "nplurals=2; plural=(n > 1);",
		  { { 0, 0 }, { 1, 0 }, { 2, 1 } } },
		{ "nplurals=3; plural=(n==1 ? 0 : n%10>=2 && n%10<=4 && "
		  "(n%100<10 || n%100>=20) ? 1 : 2);",
		  { { 0, 2 },
		    { 1, 0 },
		    { 2, 1 },
		    { 5, 2 },
		    { 12, 2 },
		    { 21, 2 },
		    { 22, 1 },
		    { 112, 2 },
		    { 1002, 1 } } },
		{ "nplurals=6; plural=n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : "
		  "n%100>=3 && n%100<=10 ? 3 : n%100>=11 ? 4 : 5;",
		  { { 0, 0 },
		    { 1, 1 },
		    { 2, 2 },
		    { 3, 3 },
		    { 10, 3 },
		    { 11, 4 },
		    { 99, 4 },
		    { 100, 5 },
		    { 102, 5 },
		    { 103, 3 } } },
		{ "nplurals=4;plural=n%100==1?0:n%100==2?1:n%100==3||n%100==4"
		  "?2:3",
		  { { 0, 3 }, { 101, 0 }, { 2, 1 }, { 4, 2 }, { 104, 2 } } },
		{ "nplurals=2; plural=!(n-1*1==0)&&!0+n*0",
		  { { 0, 1 }, { 1, 0 }, { 5, 1 } } },
		{ "nplurals=3; plural=n/400 % 3", { { 0, 0 }, { 400, 1 } } },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rules); i++) {
		const char *why;
		const struct plural *p =
			plural_parse(str_of(rules[i].header), &why);

		if (!p)
			fail_msg("%s: %s", rules[i].header, why);
		for (size_t j = 0; j < ARRAY_LEN(rules[i].cases); j++) {
			uint64_t n = rules[i].cases[j].n;

			if (j && !n)
				break;
			if (plural_form(p, n) != rules[i].cases[j].form)
				fail_msg("%s for %d: %d", rules[i].header,
					 (int)n, (int)plural_form(p, n));
		}
		plural_form(p, UINT64_MAX);
	}
}

static void rules_that_are_refused(void **state)
{
	static const char *const bad[] = {
		"",
		"nplurals=2;",
		"nplurals=0; plural=0;",
		"nplurals=7; plural=0;",
		"plural=0; nplurals=1;",
		"nplurals=1; plural=n;",
		"nplurals=2; plural=n!=;",
		"nplurals=2; plural=(n!=1;",
		"nplurals=2; plural=n!=1)",
		"nplurals=2; plural=m",
		"nplurals=2; plural=n=1",
		"nplurals=2; plural=n?1",
		"nplurals=2; plural=n?1:",
		"nplurals=2; plural=10/n",
		"nplurals=2; plural=n%0",
		"nplurals=2; plural=n-1",
		"nplurals=2; plural=system(1)",
		"nplurals=2; plural=99999999999",
		"nplurals=2; plural=0; x",
		"nplurals=x; plural=0",
		"nplurals=2; plural=1 1",
	};
	struct buf b = buf_new(1000000);
	const char *why;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		if (plural_parse(str_of(bad[i]), &why))
			fail_msg("taken: %s", bad[i]);
	buf_add(&b, S("nplurals=2; plural="));
	for (int i = 0; i < 500; i++)
		buf_char(&b, '(');
	assert_null(plural_parse(buf_str(&b), &why));
	for (int i = 0; i < 100000; i++)
		buf_add(&b, S("n+"));
	assert_null(plural_parse(buf_str(&b), &why));
}

static void texts_go_over_lines(void **state)
{
	(void)state;
	assert_null(add("en", "nplurals=1; plural=0", "",
			"# comment\n#. extracted\n#: file.c:1\n"
			"#| msgid \"before\"\n"
			"msgctxt \"a.\"\n\"b\"\nmsgid \"\"\n\"one\\n\"\n"
			"  \"two \\\"\\\\ \\t\"\r\nmsgstr \"\"\n"
			"#~ msgctxt \"old\"\n#~ msgid \"x\"\n#~ msgstr \"y\"\n"
			"msgctxt \"next\"\nmsgid \"x\"\nmsgstr \"y\""));
	assert_str(text("en", "a.b"), "one\ntwo \"\\ \t");
	assert_str(text("en", "next"), "y");
	assert_str(text("en", "old"), "old");
}

static void malformed_files_say_where(void **state)
{
	static const struct {
		const char *messages, *why;
	} bad[] = {
		{ "msgid \"a\"\nmsgstr \"b\"\n", "line 6: a message without" },
		{ "msgctxt \"a\"\nmsgid \"b\"\n",
		  "line 6: the message has no" },
		{ "msgctxt \"a\"\nmsgstr \"b\"\n", "line 7: a msgstr without" },
		{ "msgctxt \"a\nmsgid \"a\"\n", "line 6: a text needs quotes" },
		{ "msgctxt \"a\" x\n", "line 6: a text needs quotes" },
		{ "msgctxt \"a\"b\"\n", "line 6: a quote within" },
		{ "msgctxt \"a\\\"\n", "line 6: only \\n" },
		{ "msgctxt \"\\x\"\n", "line 6: only \\n" },
		{ "\"a\"\n", "line 6: a text that belongs to nothing" },
		{ "wat \"a\"\n", "line 6: expected" },
		{ "msgctxt \"a\"\nmsgid \"a\"\nmsgid \"a\"\n", "line 8: two" },
		{ "msgctxt \"a\"\nmsgctxt \"a\"\n", "line 7: msgctxt begins" },
		{ "msgctxt \"a\"\nmsgid \"a\"\nmsgstr[0] \"a\"\n",
		  "line 8: msgstr[n] goes" },
		{ "msgctxt \"a\"\nmsgid \"a\"\nmsgid_plural \"a\"\n"
		  "msgstr \"a\"\n",
		  "line 9: msgstr[n] goes" },
		{ "msgctxt \"a\"\nmsgid \"a\"\nmsgid_plural \"a\"\n"
		  "msgstr[1] \"a\"\n",
		  "line 9: a form" },
		{ "msgctxt \"a\"\nmsgid \"a\"\nmsgid_plural \"a\"\n"
		  "msgstr[9] \"a\"\n",
		  "line 9: msgstr[n] needs" },
		{ "msgctxt \"a\"\nmsgid \"a\"\nmsgid_plural \"a\"\n"
		  "msgstr[0] \"a\"\n",
		  "line 6: a msgstr[n] for each" },
		{ "msgctxt \"a\"\nmsgid \"a\"\nmsgstr \"a\"\n\n"
		  "msgctxt \"a\"\nmsgid \"a\"\nmsgstr \"a\"\n",
		  "line 10: the key" },
		{ "msgctxt \"\xff\"\n", "line 0: the file is not UTF-8" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		const char *why = add("en", "nplurals=2; plural=n!=1", "",
				      bad[i].messages);

		if (!why || !str_starts(str_of(why), str_of(bad[i].why)))
			fail_msg("%s instead of %s", why, bad[i].why);
		forget(NULL);
	}
}

static void headers_are_checked(void **state)
{
	const char *why;

	(void)state;
	assert_false(catalog_add(S("en"), S(""), &why));
	assert_string_equal(why, "there is no header");
	assert_false(catalog_add(S("en"),
				 S("msgctxt \"a\"\nmsgid \"\"\n"
				   "msgstr \"\"\n"),
				 &why));
	assert_non_null(add("en", "nplurals=1; plural=2", "", ""));
	assert_non_null(add("en", "nplurals=1; plural=0",
			    "\"X-Direction: up\\n\"", ""));
	assert_non_null(add("en", "nplurals=1; plural=0",
			    "\"X-Date-Time: %x\\n\"", ""));
	assert_non_null(add("en", "nplurals=1; plural=0",
			    "\"X-Date-Time: %B\\n\"", ""));
	assert_non_null(
		add("en", "nplurals=1; plural=0", "\"X-Months: a|b\\n\"", ""));
	assert_null(catalog_at(0));
	assert_null(add("ar", "nplurals=1; plural=0",
			"\"X-Direction: rtl\\nX-Language-Name: Arabi\\n\"",
			""));
	assert_str(catalog_dir(catalog_at(0)), "rtl");
	assert_str(catalog_name(catalog_at(0)), "Arabi");
	assert_str(catalog_lang(catalog_at(0)), "ar");
	assert_null(catalog_at(1));
}

static const char *negotiated(const char *accept)
{
	const struct catalog *c = catalog_negotiate(str_of(accept));

	return c ? str_z(catalog_lang(c)) : "-";
}

static void languages_are_negotiated(void **state)
{
	static const char *const langs[] = { "pt-BR", "it", "en", "ja" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(langs); i++)
		assert_null(add(langs[i], "nplurals=1; plural=0", "", ""));
	assert_str(catalog_lang(catalog_at(0)), "en");
	assert_str(catalog_lang(catalog_at(3)), "pt-BR");
	assert_string_equal(negotiated(""), "-");
	assert_string_equal(negotiated("*"), "-");
	assert_string_equal(negotiated("de, fr;q=0.5"), "-");
	assert_string_equal(negotiated("it-IT,it;q=0.9,en;q=0.8"), "it");
	assert_string_equal(negotiated("de;q=1, EN;q=0.2, JA;q=0.3"), "ja");
	assert_string_equal(negotiated("en;q=0, it;q=0.001"), "it");
	assert_string_equal(negotiated("en;q=1.5, ja; q=0.5"), "ja");
	assert_string_equal(negotiated("en;q=x, ja;level=1, it"), "it");
	assert_string_equal(negotiated("pt-br"), "pt-BR");
	assert_string_equal(negotiated("pt"), "-");
	assert_string_equal(negotiated("ja-Kana-JP-x-y"), "ja");
	assert_string_equal(negotiated(",,;;,-,--,it-"), "it");

	const struct catalog *wanted[3];
	size_t n = catalog_wanted(S("de, en;q=0.2, it;q=0.8, ja;q=0.8"),
				  ARRAY_LEN(wanted), wanted);
	assert_int_equal(n, 3);
	assert_str(catalog_lang(wanted[0]), "it");
	assert_str(catalog_lang(wanted[1]), "ja");
	assert_str(catalog_lang(wanted[2]), "en");
	assert_int_equal(catalog_wanted(S("it, en, ja, it, en"), 3, wanted), 3);
	assert_int_equal(catalog_wanted(S("it"), 0, wanted), 0);
}

static const char *time_of(const char *iso, const char *zone)
{
	return str_z(catalog_time(catalog_at(0), str_of(iso), str_of(zone)));
}

static void times_are_told_in_a_zone(void **state)
{
	(void)state;
	assert_null(add("it", "nplurals=1; plural=0",
			"\"X-Date-Time: %d %B %Y, %H:%M (%m%%)\\n\"\n"
			"\"X-Months: gen|feb|mar|apr|mag|giu|lug|ago|set|ott"
			"|nov|dic\\n\"\n",
			""));
	assert_string_equal(
		time_of("2026-11-05T23:58:30.123456Z", "Europe/Rome"),
		"6 nov 2026, 00:58 (11%)");
	assert_string_equal(time_of("2026-07-05T09:05:00+00:00", "Asia/Tokyo"),
			    "5 lug 2026, 18:05 (07%)");
	assert_string_equal(time_of("2026-07-05T09:05:00Z", "UTC"),
			    "5 lug 2026, 09:05 (07%)");
	assert_string_equal(time_of("2024-12-31T23:30:00Z", "Europe/Rome"),
			    "1 gen 2025, 00:30 (01%)");
}

static void odd_zones_are_utc_and_odd_times_stay(void **state)
{
	static const char *const zones[] = {
		"",
		"Nowhere/None",
		"/etc/passwd",
		"../../../etc/passwd",
		":Europe/Rome",
		"ABC-9",
		"Europe",
		"\xff",
	};
	static const char *const times[] = {
		"",
		"yesterday",
		"2026-11-05",
		"2026-11-05T23:58:30",
		"2026-13-05T23:58:30Z",
		"2026-00-05T23:58:30Z",
		"2026-11-05T24:58:30Z",
		"2026-11-05T23:58:30+01:00",
		"2026-11-05 23:58:30Z",
		"2026-11-05T23:58:30Zx",
		"-026-11-05T23:58:30Z",
		"2026-11-32T23:58:30Z",
	};

	(void)state;
	assert_null(add("en", "nplurals=1; plural=0", "", ""));
	for (size_t i = 0; i < ARRAY_LEN(zones); i++) {
		time_of("2026-11-05T23:58:30Z", "Asia/Tokyo");
		assert_string_equal(time_of("2026-11-05T23:58:30Z", zones[i]),
				    "2026-11-05 23:58");
	}
	for (size_t i = 0; i < ARRAY_LEN(times); i++)
		assert_string_equal(time_of(times[i], "UTC"), times[i]);
}

static void put(const char *dir, const char *name, const char *text_of_file)
{
	struct buf b = buf_new(1000);
	FILE *f;

	buf_addf(&b, "%s/%s", dir, name);
	f = fopen(str_z(buf_str(&b)), "w");
	assert_non_null(f);
	fputs(text_of_file, f);
	fclose(f);
}

static void take_away(const char *dir, const char *name)
{
	struct buf b = buf_new(1000);

	buf_addf(&b, "%s/%s", dir, name);
	unlink(str_z(buf_str(&b)));
}

#define PO(lang, more)                                                         \
	"msgid \"\"\nmsgstr \"Language: " lang "\\n"                           \
	"Plural-Forms: nplurals=2; plural=n!=1;\\n" more "\"\n"

static void a_directory_is_read(void **state)
{
	char dir[] = "/tmp/catalogXXXXXX";
	const char *why = NULL;

	(void)state;
	assert_non_null(mkdtemp(dir));
	put(dir, "en.po", PO("en", ""));
	put(dir, "it.po", PO("it", ""));
	put(dir, "it.po~", "nonsense");
	assert_true(catalog_load(dir, &why));
	assert_true(catalog_load(dir, &why));
	assert_str(catalog_lang(catalog_at(1)), "it");
	assert_null(catalog_at(2));
	put(dir, "it.po", PO("it", "X-Fallback: sc\\n"));
	put(dir, "sc.po", PO("sc", "X-Fallback: it\\n"));
	assert_false(catalog_load(dir, &why));
	assert_non_null(strstr(why, "X-Fallback does not lead to en"));
	put(dir, "sc.po", PO("fr", ""));
	assert_false(catalog_load(dir, &why));
	assert_non_null(strstr(why, "sc.po: line 1: the header's Language"));
	take_away(dir, "en.po");
	take_away(dir, "it.po");
	take_away(dir, "it.po~");
	take_away(dir, "sc.po");
	rmdir(dir);
	assert_false(catalog_load(dir, &why));
}

#define CASE(f) cmocka_unit_test_teardown(f, forget)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(texts_and_fallbacks),
		CASE(placeholders),
		CASE(plurals_take_their_form),
		CASE(rules_of_languages),
		CASE(rules_that_are_refused),
		CASE(texts_go_over_lines),
		CASE(malformed_files_say_where),
		CASE(headers_are_checked),
		CASE(languages_are_negotiated),
		CASE(times_are_told_in_a_zone),
		CASE(odd_zones_are_utc_and_odd_times_stay),
		CASE(a_directory_is_read),
	};

	return cmocka_run_group_tests_name("catalog", tests, NULL, NULL);
}
