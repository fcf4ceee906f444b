/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* K7: what Zendesk's help center API answers, as records of a knowledge base. */
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#include "import_make.h"
#include "import_sink.h"
#include "import_pack.h"

static int reset_after(void **state)
{
	(void)state;
	arena_reset();
	return 0;
}

static void reads(void)
{
	if (!sink_read(import_zendesk, packed, &w))
		fail_msg("%s", all());
}

#define HC "https://acme.zendesk.com/hc/"

static const struct entry categories = {
	"hc/categories.json",
	S("{\"categories\": [{\"id\": 11, \"name\": \"General\", \"locale\": "
	  "\"en-us\", \"position\": 1, \"description\": \"All & more\", "
	  "\"html_url\": \"" HC "en-us/categories/11-General\"}], "
	  "\"next_page\": null}")
};
static const struct entry sections = {
	"hc/sections.json",
	S("{\"sections\": [{\"id\": 22, \"category_id\": 11, \"name\": "
	  "\"Start\", \"locale\": \"en-us\", \"position\": 0, \"html_url\": "
	  "\"" HC "en-us/sections/22-Start\"}, {\"id\": 23, \"category_id\": "
	  "11, \"parent_section_id\": 22, \"name\": \"Inner\", \"locale\": "
	  "\"en-us\"}]}")
};

static void articles_come_with_what_is_above_them(void **state)
{
	(void)state;
	READ(categories, sections,
	     { "hc/articles-1.json",
	       S("{\"articles\": [{\"id\": 360012345678, \"title\": \"How to "
		 "<open>\", \"body\": \"<p>See <a href=\\\"" HC
		 "en-us/articles/360099-Other#part\\\">it</a>, <a "
		 "href=\\\"/hc/en-us/articles/360099\\\">again</a>, <a "
		 "href=\\\"/hc/en-us/sections/22-Start\\\">these</a>, <a "
		 "href=\\\"/hc/en-us/articles/999\\\">gone</a>, <a "
		 "href=\\\"https://example.org\\\">out</a></p>\", \"locale\": "
		 "\"en-us\", \"source_locale\": \"en-us\", \"draft\": false, "
		 "\"section_id\": 23, \"position\": 2, \"user_segment_id\": "
		 "null, \"label_names\": [\"b c\", \"a\", \"a\"], \"created_at\": "
		 "\"2020-01-02T03:04:05Z\", \"edited_at\": "
		 "\"2021-01-02T03:04:05Z\", \"html_url\": \"" HC
		 "en-us/articles/360012345678-How-to-open\", \"vote_sum\": -3}, "
		 "{\"id\": 360099, \"title\": \"Other\", \"body\": \"<h2>P</h2>\", "
		 "\"locale\": \"en-us\", \"section_id\": 22, \"user_segment_id\": "
		 "77, \"draft\": false}, {\"id\": 5, \"title\": \"Later\", "
		 "\"body\": \"x\", \"locale\": \"en-us\", \"draft\": true}]}") },
	     { "hc/articles-2.json",
	       S("{\"articles\": [{\"id\": 360012345678, \"title\": \"Öppna\", "
		 "\"body\": \"<p>Så</p>\", \"locale\": \"sv\", "
		 "\"source_locale\": \"en-us\", \"section_id\": 23, "
		 "\"html_url\": \"" HC
		 "sv/articles/360012345678-%C3%96ppna\"}]}") });
	reads();
	has("{\"key\": \"zc11\", \"position\": 1, \"names\": {\"en\": "
	    "\"General\"}, \"abouts\": {\"en\": \"All \\u0026 more\"}, \"here\": true}\n");
	has("{\"key\": \"zs22\", \"parent\": \"zc11\", \"position\": 0, "
	    "\"names\": {\"en\": \"Start\"}, \"here\": true}\n");
	has("{\"key\": \"zs23\", \"parent\": \"zs22\", ");
	has(" z360012345678 en 1 {\"title\": \"How to \\u003copen\\u003e\", "
	    "\"keywords\": [\"b c\", \"a\"], \"from\": "
	    "\"2021-01-02T03:04:05Z\"}\n<p>See <a "
	    "href=\"/kb/a/z360099#part\">it</a>, <a "
	    "href=\"/kb/a/z360099\">again</a>, <a "
	    "href=\"/hc/en-us/sections/22-Start\">these</a>, <a href=\"" HC
	    "en-us/articles/999\">gone</a>, <a "
	    "href=\"https://example.org\">out</a></p>\n");
	has(" z360012345678 {\"position\": 2, \"language\": \"en\", "
	    "\"section\": \"zs23\", \"created\": \"2020-01-02T03:04:05Z\", "
	    "\"updated\": \"2021-01-02T03:04:05Z\", \"here\": true}\n");
	has(" z360012345678 sv 1 {\"title\": \"Öppna\", \"translates\": 1}\n");
	has("\"section\": \"zs22\", \"audience\": {\"level\": \"agents\"}, \"here\": true}\n");
	has("{\"path\": \"/hc/en-us/articles/360012345678-How-to-open\", "
	    "\"article\": \"z360012345678\", \"language\": \"en\"}\n");
	has("{\"path\": \"/hc/en-us/articles/360012345678\", ");
	has("{\"path\": \"/hc/sv/articles/360012345678-Öppna\", "
	    "\"article\": \"z360012345678\", \"language\": \"sv\"}\n");
	has("{\"path\": \"/hc/en-us/categories/11\", \"section\": \"zc11\", ");
	has("tell segment hc/articles-1.json: 360099\n");
	has("tell draft hc/articles-1.json: 5\n");
	has("tell link hc/articles-1.json: 360012345678\n");
	has_not("z5");
	assert_int_equal(w.refused, 0);
	assert_int_equal(w.told, 3);
}

static void translations_of_any_kind(void **state)
{
	(void)state;
	READ(categories,
	     { "a.json",
	       S("{\"article\": {\"id\": 1, \"title\": \"A\", \"body\": "
		 "\"<p>a</p>\", \"locale\": \"pt-br\", \"source_locale\": "
		 "\"pt-br\", \"translations\": [{\"locale\": \"pt-br\", "
		 "\"title\": \"A\", \"body\": \"<p>a</p>\"}, {\"locale\": "
		 "\"pt-pt\", \"title\": \"B\", \"body\": \"<p>b</p>\"}]}}") },
	     { "t.json",
	       S("{\"translations\": [{\"source_type\": \"Article\", "
		 "\"source_id\": 1, \"locale\": \"de\", \"title\": \"D\", "
		 "\"body\": \"<p>d</p>\", \"draft\": false}, {\"source_type\": "
		 "\"Article\", \"source_id\": 9, \"locale\": \"de\", "
		 "\"title\": \"?\", \"body\": \"\"}, {\"source_type\": "
		 "\"Category\", \"source_id\": 11, \"locale\": \"de\", "
		 "\"title\": \"Alles\", \"body\": \"\"}]}") });
	reads();
	has(" z1 pt-br 1 {\"title\": \"A\"}\n");
	has(" z1 pt-pt 1 {\"title\": \"B\", \"translates\": 1}\n");
	has(" z1 de 1 {\"title\": \"D\", \"translates\": 1}\n");
	has("\"names\": {\"en\": \"General\", \"de\": \"Alles\"}");
	has("tell article t.json: 9\n");
	assert_int_equal(w.told + w.refused, 1);
}

/* A file each, as some keep them. */
static void one_file_each(void **state)
{
	(void)state;
	READ({ "category/11.json",
	       S("{\"category\": {\"id\": 11, \"name\": \"General\", "
		 "\"locale\": \"en\"}}") },
	     { "category/11.sv.json",
	       S("{\"category\": {\"id\": 11, \"name\": \"Allmänt\", "
		 "\"locale\": \"sv\"}}") },
	     { "category/t.json",
	       S("{\"translation\": {\"source_type\": \"Category\", "
		 "\"source_id\": 11, \"locale\": \"de\", \"title\": "
		 "\"Alles\"}}") },
	     { "article/1.json",
	       S("{\"article\": {\"id\": 1, \"title\": \"A\", \"body\": "
		 "\"<p>a</p>\", \"locale\": \"en\"}}") });
	reads();
	has("{\"en\": \"General\", \"sv\": \"Allmänt\", \"de\": "
	    "\"Alles\"}");
	has(" z1 en 1 {\"title\": \"A\"}\n<p>a</p>\n");
	assert_int_equal(w.told + w.refused, 0);
}

static void pictures_are_found_beside(void **state)
{
	const char *key =
		str_z(import_key("file", S("z1"), S("att/200109629/logo.png")));

	(void)state;
	READ({ "a.json",
	       S("{\"articles\": [{\"id\": 1, \"title\": \"A\", \"locale\": "
		 "\"en-us\", \"html_url\": \"" HC "en-us/articles/1-A\", "
		 "\"body\": \"<p><img src=\\\"" HC
		 "article_attachments/200109629/x.png\\\" alt=\\\"p\\\"> <img "
		 "src=\\\"/hc/article_attachments/777777777/by%20name.png\\\"> "
		 "<img src=\\\"/hc/article_attachments/888888888/gone.png\\\" "
		 "alt=\\\"gone\\\"> <img src=\\\"https://e.example/y.png\\\" "
		 "alt=\\\"y\\\"></p>\"}]}") },
	     { "att/200109629/logo.png", S("png") },
	     { "att/by name.png", S("pngs") }, { "att/more.png", S("x") });
	reads();
	has(line("<p><img alt=\"p\" src=\"/kb/f/%s\"/>", key));
	has(" <a href=\"" HC
	    "article_attachments/888888888/gone.png\">gone</a> <a "
	    "href=\"https://e.example/y.png\">y</a></p>");
	has("\"name\": \"logo.png\"}\nbytes 3\n");
	has("\"name\": \"by name.png\"}\nbytes 4\n");
	has("tell left_out att/more.png\n");
	assert_int_equal(w.told, 3);
	assert_int_equal(w.refused, 0);
}

static void what_is_hostile_is_told(void **state)
{
	struct buf deep = buf_new(1 << 20), wide = buf_new(1 << 20);

	(void)state;
	for (unsigned i = 0; i < 200000; i++)
		buf_char(&deep, '[');
	buf_add(&wide,
		S("{\"articles\": [{\"id\": 1, \"title\": \"W\\u0007x\", "
		  "\"body\": \"<script>x</script><table><tr>"));
	for (unsigned i = 0; i < 10000; i++)
		buf_add(&wide, S("<td>x"));
	buf_add(&wide,
		S("\"}, {\"id\": 2, \"title\": \"C\", \"body\": "
		  "\"a\\u0001b\"}, {\"id\": 3, \"body\": 7}, 5, null]}"));
	READ({ "deep.json", buf_str(&deep) }, { "not.json", S("{\"a\": ") },
	     { "wide.json", buf_str(&wide) }, { "list.json", S("[1]") });
	sink_read(import_zendesk, packed, &w);
	has("refuse json deep.json\n");
	has("refuse json not.json\n");
	has("refuse json list.json\n");
	has("tell dropped wide.json: 1\n");
	has("refuse controls wide.json: 2\n");
	has(" z1 en 1 {\"title\": \"-\"}\n<table>");
	has_not("script");
	assert_int_equal(w.refused, 4);
	READ({ "a.json", S("{\"articles\": []}") });
	assert_false(sink_read(import_zendesk, packed, &w));
	has("refuse empty \n");
	READ({ "a.json", S("{\"articles\": [{\"title\": \"no id\"}]}") });
	assert_false(sink_read(import_zendesk, packed, &w));
	has("refuse shape a.json\n");
}

#define CASE(f) cmocka_unit_test_teardown(f, reset_after)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(articles_come_with_what_is_above_them),
		CASE(translations_of_any_kind),
		CASE(one_file_each),
		CASE(pictures_are_found_beside),
		CASE(what_is_hostile_is_told),
	};

	json_setup();
	return cmocka_run_group_tests_name("import_zendesk", tests, NULL, NULL);
}
