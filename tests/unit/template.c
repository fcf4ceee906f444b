/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include "arena.h"
#include "template.h"

#define OURS "xmlns:s=\"urn:sportello:template\""

static int forget(void **state)
{
	(void)state;
	arena_reset();
	catalog_forget();
	template_forget();
	arena_forget_forever();
	return 0;
}

static int prepare(void **state)
{
	const char *why;

	(void)state;
	assert_true(catalog_add(
		S("en"),
		S("msgid \"\"\nmsgstr \"Language: en\\n"
		  "Plural-Forms: nplurals=2; plural=n!=1;\\n"
		  "X-Date-Time: %d.%m.%Y %H:%M\\n\"\n"
		  "msgctxt \"hello\"\nmsgid \"Hello <{name}>\"\nmsgstr \"\"\n"
		  "msgctxt \"status.new\"\nmsgid \"New\"\nmsgstr \"\"\n"
		  "msgctxt \"n\"\nmsgid \"{n} ticket of {of}\"\n"
		  "msgid_plural \"{n} tickets of {of}\"\n"
		  "msgstr[0] \"\"\nmsgstr[1] \"\"\n"),
		&why));
	return 0;
}

static void add(const char *name, const char *text)
{
	const char *why = "";

	if (!template_add(str_of(name), str_of(text), &why))
		fail_msg("%s", why);
}

static bool fill(const char *name, const char *data, struct str *html)
{
	const char *why = "";

	if (!template_ready(&why))
		fail_msg("%s", why);
	return template_fill(name, json_parse_own(str_of(data)),
			     catalog_find(S("en")), S("Europe/Rome"), html);
}

/* A div with the given inside, filled. */
static const char *filled(const char *inside, const char *data)
{
	struct buf b = buf_new(100000);
	struct str html;

	buf_addf(&b, "<div " OURS ">%s</div>", inside);
	template_forget();
	add("t", str_z(buf_str(&b)));
	assert_true(fill("t", data, &html));
	assert_true(str_starts(html, S("<div>")));
	html = str_from(html, 5);
	html.n -= 6;
	return str_z(html);
}

#define assert_filled(inside, data, html)                                      \
	assert_string_equal(filled(inside, data), html)

static void values_become_text(void **state)
{
	(void)state;
	assert_filled("<p s:text=\"a.b\"/>", "{\"a\":{\"b\":\"<i>&\\\"\"}}",
		      "<p>&lt;i&gt;&amp;\"</p>");
	assert_filled("<p s:text=\"n\"/>,<p s:text=\"no\"> </p>", "{\"n\":42}",
		      "<p>42</p>,<p></p>");
	assert_filled("<s:block s:text=\"a\"/>!", "{\"a\":true}", "true!");
	assert_filled("<p s:text=\"lang\"/><p s:text=\"dir\"/>", "{}",
		      "<p>en</p><p>ltr</p>");
	assert_filled("<textarea s:text=\"a\"/>",
		      "{\"a\":\"\\n</textarea><script>\"}",
		      "<textarea>\n\n&lt;/textarea&gt;&lt;script&gt;"
		      "</textarea>");
}

static void html_has_no_xml_in_it(void **state)
{
	(void)state;
	assert_filled("<br/><input value=\"&quot;&#39;&lt;&#160;\"/><p/>"
		      "<!-- c --><i xmlns=\"http://www.w3.org/1999/xhtml\">a"
		      "&amp;&lt;</i><svg xmlns=\"http://www.w3.org/2000/svg\" "
		      "viewBox=\"0 0 1 1\"><path d=\"\"/></svg>",
		      "{}",
		      "<br><input value=\"&quot;&#39;&lt;\xc2\xa0\"><p></p><i>a"
		      "&amp;&lt;</i><svg viewBox=\"0 0 1 1\"><path d=\"\">"
		      "</path></svg>");
	assert_filled("\n   <p>a\n  b</p>\n\n", "{}", "\n<p>a\n  b</p>\n");
	assert_filled("<style>a > b { color: red }</style>", "{}",
		      "<style>a > b { color: red }</style>");
}

static void attributes_come_and_go(void **state)
{
	(void)state;
	assert_filled(
		"<a class=\"x\" s:attr=\"title=t id=n data-a=no hidden=yes "
		"lang=f aria-x=l alt=e\"/>",
		"{\"t\":\"\\\"><script>'`\",\"n\":7,\"yes\":true,"
		"\"f\":false,\"l\":[1],\"e\":\"\"}",
		"<a class=\"x\" title=\"&quot;&gt;&lt;script&gt;&#39;"
		"&#96;\" id=\"7\" hidden=\"\" alt=\"\"></a>");
	assert_filled("<p s:attr=\"lang=lang dir=dir\"/>", "{\"lang\":\"x\"}",
		      "<p lang=\"en\" dir=\"ltr\"></p>");
}

static void addresses_are_ours_or_known(void **state)
{
	static const char *const bad[] = {
		"javascript:alert(1)",
		" JavaScript:alert(1)",
		"java\\nscript:alert(1)",
		"data:text/html,x",
		"//evil",
		"x",
		"\\\\/\\\\/evil",
		"",
		"?a",
		"#a",
		"\\u0001javascript:x",
	};

	(void)state;
	assert_filled("<a s:attr=\"href=u\"/>", "{\"u\":\"https://x/?a&b\"}",
		      "<a href=\"https://x/?a&amp;b\"></a>");
	assert_filled("<form s:attr=\"action=u\"/>", "{\"u\":\"/t/1?a=b#c\"}",
		      "<form action=\"/t/1?a=b#c\"></form>");
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		struct buf b = buf_new(1000);

		buf_addf(&b, "{\"u\":\"%s\"}", bad[i]);
		assert_filled("<a s:attr=\"href=u\"/><img s:attr=\"src=u\"/>"
			      "<form s:attr=\"action=u\"/><button "
			      "s:attr=\"formaction=u\"/>",
			      str_z(buf_str(&b)),
			      "<a></a><img><form></form><button></button>");
	}
}

static void conditions(void **state)
{
	const char *const inside = "<s:block s:if=\"a\">y</s:block>"
				   "<s:block s:unless=\"a\">n</s:block>";

	(void)state;
	assert_filled(inside, "{\"a\":null}", "n");
	assert_filled(inside, "{}", "n");
	assert_filled(inside, "{\"a\":false}", "n");
	assert_filled(inside, "{\"a\":\"\"}", "n");
	assert_filled(inside, "{\"a\":[]}", "n");
	assert_filled(inside, "{\"a\":true}", "y");
	assert_filled(inside, "{\"a\":0}", "y");
	assert_filled(inside, "{\"a\":\"0\"}", "y");
	assert_filled(inside, "{\"a\":[null]}", "y");
	assert_filled(inside, "{\"a\":{}}", "y");
	assert_filled("<br s:if=\"a\" s:unless=\"b\"/>",
		      "{\"a\":true,\"b\":true}", "");
	assert_filled("<br s:if=\"lang\"/>", "{}", "<br>");
}

static void lists_repeat(void **state)
{
	(void)state;
	assert_filled("<li s:each=\"l\" s:as=\"i\" s:if=\"i.on\">"
		      "<s:block s:text=\"i.v\"/><b s:each=\"i.in\" s:as=\"j\">"
		      "<s:block s:text=\"j\"/><s:block s:text=\"i.v\"/>"
		      "<s:block s:text=\"top\"/></b></li>",
		      "{\"top\":\"T\",\"l\":[{\"on\":true,\"v\":1,"
		      "\"in\":[\"a\",\"b\"]},{\"v\":2},{\"on\":1,\"v\":3}]}",
		      "<li>1<b>a1T</b><b>b1T</b></li><li>3</li>");
	assert_filled("<i s:each=\"l\" s:as=\"x\"/><s:block s:text=\"x\"/>",
		      "{\"l\":{\"a\":1},\"x\":\"out\"}", "out");
	assert_filled("<i s:each=\"l\" s:as=\"x\" s:text=\"x\"/>"
		      "<s:block s:text=\"x\"/>",
		      "{\"l\":[\"in\"],\"x\":\"out\"}", "<i>in</i>out");
}

static void texts_are_translated(void **state)
{
	(void)state;
	assert_filled("<p s:t=\"hello\" s:args=\"name=who\"/>",
		      "{\"who\":\"A&B\"}", "<p>Hello &lt;A&amp;B&gt;</p>");
	assert_filled("<p s:t=\"n\" s:n=\"c\" s:args=\"of=who\"/>",
		      "{\"c\":1,\"who\":\"me\"}", "<p>1 ticket of me</p>");
	assert_filled("<p s:t=\"n\" s:n=\"c\" s:args=\"of=who\"/>", "{\"c\":5}",
		      "<p>5 tickets of </p>");
	assert_filled("<p s:attr-t=\"title=hello\" s:args=\"name=who\"/>",
		      "{\"who\":\"\\\"\"}",
		      "<p title=\"Hello &lt;&quot;&gt;\"></p>");
	assert_filled("<p s:t=\"status.{s.now}\"/><p s:t=\"status.{x}\"/>",
		      "{\"s\":{\"now\":\"new\"},\"x\":\"<\"}",
		      "<p>New</p><p>status.&lt;</p>");
}

static void times(void **state)
{
	(void)state;
	assert_filled("<time s:time=\"t\"/><time s:time=\"no\"/>",
		      "{\"t\":\"2026-11-22T05:58:30Z\"}",
		      "<time datetime=\"2026-11-22T05:58:30Z\">"
		      "22.11.2026 06:58</time>");
	/* On one day the date is said once: the catalogue's zone decides. */
	assert_filled("<time s:time=\"t\" s:since=\"f\"/>",
		      "{\"f\":\"2026-11-22T05:58:30Z\","
		      "\"t\":\"2026-11-22T22:59:00Z\"}",
		      "<time datetime=\"2026-11-22T22:59:00Z\">23:59</time>");
	assert_filled("<time s:time=\"t\" s:since=\"f\"/>",
		      "{\"f\":\"2026-11-22T05:58:30Z\","
		      "\"t\":\"2026-11-22T23:00:00Z\"}",
		      "<time datetime=\"2026-11-22T23:00:00Z\">"
		      "23.11.2026 00:00</time>");
	assert_filled("<time s:time=\"t\"/>", "{\"t\":\"<b>\"}",
		      "<time datetime=\"&lt;b&gt;\">&lt;b&gt;</time>");
}

static void json_cannot_end_its_script(void **state)
{
	(void)state;
	assert_filled(
		"<script type=\"application/json\" id=\"b\" s:json=\"b\"/>",
		"{\"b\":{\"x\":\"</script><!--\\u2028\",\"y\":[1,null]}}",
		"<script type=\"application/json\" id=\"b\">{\"x\":"
		"\"\\u003c/script\\u003e\\u003c!--\\u2028\","
		"\"y\":[1,null]}</script>");
	assert_filled("<script type=\"application/json\" s:json=\"no\"/>", "{}",
		      "<script type=\"application/json\">null</script>");
}

static void canonical_texts_are_checked(void **state)
{
	struct str html;

	(void)state;
	assert_filled("<div s:canonical=\"c\"/>",
		      "{\"c\":\"<p>a<br/><a href=\\\"/x\\\">b</a></p>\"}",
		      "<div><p>a<br/><a href=\"/x\">b</a></p></div>");
	assert_filled("<div s:canonical=\"c\"/>", "{}", "<div></div>");
	add("bad", "<div " OURS " s:canonical=\"c\"/>");
	assert_false(fill("bad", "{\"c\":\"<script>x</script>\"}", &html));
	assert_false(fill("bad", "{\"c\":\"<p onclick='x'>x</p>\"}", &html));
	assert_false(fill("bad", "{\"c\":\"<p>\"}", &html));
}

static void pages_fill_the_slots_of_a_layout(void **state)
{
	struct str html;

	(void)state;
	add("layout", "<html " OURS "><title><s:slot name=\"title\">Default"
		      "</s:slot></title><s:slot name=\"main\"/><s:slot "
		      "name=\"main\"/></html>");
	add("page", "<s:page " OURS " layout=\"layout\">\n<!-- c -->"
		    "<s:fill name=\"main\"><p s:text=\"a\"/><s:slot "
		    "name=\"main\">!</s:slot></s:fill></s:page>");
	add("parts/row", "<li " OURS " s:text=\"i\"/>");
	add("list", "<ul " OURS "><s:block s:each=\"l\" s:as=\"i\" "
		    "s:include=\"parts/row\"/></ul>");
	assert_true(fill("page", "{\"a\":1}", &html));
	assert_string_equal(str_z(html),
			    "<!DOCTYPE html>\n<html><title>Default</title>"
			    "<p>1</p>!<p>1</p>!</html>");
	assert_true(fill("list", "{\"l\":[1,2]}", &html));
	assert_string_equal(str_z(html), "<ul><li>1</li><li>2</li></ul>");
	assert_false(fill("nosuch", "{}", &html));
}

static void large_pages_are_refused(void **state)
{
	struct buf b = buf_new(3 * 1024 * 1024);
	struct str html;

	(void)state;
	buf_add(&b, S("{\"a\":\""));
	while (b.n < 2 * 1024 * 1024)
		buf_add(&b, S("xxxxxxxxxxxxxxxx"));
	buf_add(&b, S("\"}"));
	add("t", "<p " OURS " s:text=\"a\"/>");
	assert_false(fill("t", str_z(buf_str(&b)), &html));
}

static void faulty_templates_stop_the_start(void **state)
{
	static const char *const bad[] = {
		"<p>",
		"<p s:nosuch=\"a\"/>",
		"<p s:text=\"\"/>",
		"<p s:text=\"a b\"/>",
		"<p s:text=\"a{b}\"/>",
		"<p s:text=\"a\">b</p>",
		"<p s:text=\"a\" s:t=\"b\"/>",
		"<br s:text=\"a\"/>",
		"<br>x</br>",
		"<s:nosuch/>",
		"<s:fill/>",
		"<s:fill name=\"a\"/>",
		"<s:page layout=\"a\"/>",
		"<s:slot/>",
		"<s:slot name=\"a\" s:if=\"b\"/>",
		"<s:block class=\"a\"/>",
		"<s:block s:attr=\"a=b\"/>",
		"<p s:each=\"a\"/>",
		"<p s:as=\"a\"/>",
		"<p s:args=\"a=b\"/>",
		"<p s:n=\"a\"/>",
		"<p s:attr=\"a\"/>",
		"<p s:attr=\"=a\"/>",
		"<p s:attr=\"a=\"/>",
		"<p s:attr=\"a=b a=c\"/>",
		"<p a=\"x\" s:attr=\"a=b\"/>",
		"<p a=\"x\" s:attr-t=\"a=b\"/>",
		"<p s:attr=\"onclick=a\"/>",
		"<p s:attr=\"style=a\"/>",
		"<p s:attr=\"srcset=a\"/>",
		"<p onclick=\"a\"/>",
		"<p OnLoad=\"a\"/>",
		"<iframe srcdoc=\"a\"/>",
		"<script>alert(1)</script>",
		"<script src=\"/x.js\"/>",
		"<script s:text=\"a\"/>",
		"<script s:asset=\"a\">b</script>",
		"<script s:json=\"a\"/>",
		"<p s:json=\"a\"/>",
		"<p s:time=\"a\"/>",
		"<time s:since=\"a\"/>",
		"<p s:asset=\"a\"/>",
		"<style>a &lt; b</style>",
		"<?php x ?>",
		"<![CDATA[x]]>",
		"&nbsp;",
		"<a title=\"&nbsp;\"/>",
		"<x:p xmlns:x=\"urn:x\"/>",
		"<p xml:lang=\"en\"/>",
		"<math xmlns=\"http://www.w3.org/1998/Math/MathML\"/>",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		struct buf b = buf_new(1000);
		const char *why = NULL;

		buf_addf(&b, "<div " OURS ">\n%s</div>", bad[i]);
		if (template_add(S("t"), buf_str(&b), &why))
			fail_msg("taken: %s", bad[i]);
		if (!str_starts(str_of(why), S("t.html:2: ")) &&
		    !str_starts(str_of(why), S("t.html:3: ")))
			fail_msg("%s: %s", bad[i], why);
	}
}

static void documents_bring_no_entities(void **state)
{
	static const char *const bad[] = {
		"<!DOCTYPE p [<!ENTITY a \"b\">]><p>&a;</p>",
		"<!DOCTYPE p [<!ENTITY a SYSTEM \"file:///etc/passwd\">]>"
		"<p>&a;</p>",
		"<!DOCTYPE p SYSTEM \"http://localhost/x.dtd\"><p/>",
		"",
		"text",
		"<p/><p/>",
		"<p>\x01</p>",
		"<p>\xff</p>",
	};
	const char *why;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		if (template_add(S("t"), str_of(bad[i]), &why))
			fail_msg("taken: %s", bad[i]);
	add("t", "<?xml version=\"1.0\"?>\n<!DOCTYPE html>\n<p/>");
}

static void references_are_checked(void **state)
{
	static const char *const bad[][2] = {
		{ "<p " OURS " s:include=\"nosuch\"/>", "t.html:1: no template "
							"nosuch" },
		{ "<p " OURS " s:include=\"t\"/>", "t.html:1: t includes" },
		{ "<s:page " OURS " layout=\"nosuch\"/>",
		  "t.html:1: no layout" },
		{ "<s:page " OURS " layout=\"t\"/>", "t.html:1: no layout t" },
		{ "<s:page " OURS " layout=\"l\"><s:fill name=\"x\"/></s:page>",
		  "t.html:1: l has no slot x" },
	};
	const char *why = "";

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		template_forget();
		add("l", "<p " OURS "><s:slot name=\"a\"/></p>");
		add("t", bad[i][0]);
		assert_false(template_ready(&why));
		if (!str_starts(str_of(why), str_of(bad[i][1])))
			fail_msg("%s", why);
	}
	template_forget();
	assert_false(template_add(
		S("t"), S("<s:page " OURS " layout=\"l\"><p/></s:page>"),
		&why));
}

static void assets_come_from_the_manifest(void **state)
{
	const char *why = "";
	struct str html;

	(void)state;
	add("t", "<p " OURS "><link s:asset=\"a.css\"/><script type=\"module\" "
		 "s:asset=\"a.js\"/></p>");
	assert_true(fill("t", "{}", &html));
	assert_string_equal(str_z(html), "<p></p>");
	assert_false(template_assets(S("[]"), &why));
	assert_false(template_assets(S("{\"a.css\":\"/a/a.1.css\"}"), &why));
	assert_string_equal(why, "t.html:1: a.js is not in the manifest");
	assert_true(template_assets(S("{\"a.css\":\"/a/a.1.css\","
				      "\"a.js\":\"/a/a.2.js\"}"),
				    &why));
	assert_true(fill("t", "{}", &html));
	assert_string_equal(str_z(html), "<p><link href=\"/a/a.1.css\">"
					 "<script type=\"module\" src=\""
					 "/a/a.2.js\"></script></p>");
	assert_int_equal(template_asset(S("b")).n, 0);
	assert_true(template_assets(S("{}"), &why));
}

static void a_directory_is_read(void **state)
{
	char dir[] = "/tmp/templateXXXXXX";
	const char *why = "";
	struct str html;
	FILE *f;

	(void)state;
	assert_non_null(mkdtemp(dir));
	assert_int_equal(chdir(dir), 0);
	assert_int_equal(mkdir("mail", 0700), 0);
	f = fopen("mail/a.html", "w");
	fputs("<p>mail</p>", f);
	fclose(f);
	f = fopen("README.md", "w");
	fputs("not a template", f);
	fclose(f);
	assert_true(template_load(".", &why));
	assert_true(template_fill("mail/a", NULL, NULL, S("UTC"), &html));
	assert_string_equal(str_z(html), "<p>mail</p>");
	f = fopen("mail/a.html", "w");
	fputs("<p>\n</b>", f);
	fclose(f);
	assert_false(template_load(".", &why));
	assert_true(str_starts(str_of(why), S("mail/a.html:2: ")));
	unlink("mail/a.html");
	unlink("README.md");
	rmdir("mail");
	assert_int_equal(chdir("/"), 0);
	rmdir(dir);
	assert_false(template_load("/nonexistent", &why));
}

#define CASE(f) cmocka_unit_test_setup_teardown(f, prepare, forget)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(values_become_text),
		CASE(html_has_no_xml_in_it),
		CASE(attributes_come_and_go),
		CASE(addresses_are_ours_or_known),
		CASE(conditions),
		CASE(lists_repeat),
		CASE(texts_are_translated),
		CASE(times),
		CASE(json_cannot_end_its_script),
		CASE(canonical_texts_are_checked),
		CASE(pages_fill_the_slots_of_a_layout),
		CASE(large_pages_are_refused),
		CASE(faulty_templates_stop_the_start),
		CASE(documents_bring_no_entities),
		CASE(references_are_checked),
		CASE(assets_come_from_the_manifest),
		CASE(a_directory_is_read),
	};

	json_setup();
	return cmocka_run_group_tests_name("template", tests, NULL, NULL);
}
