/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* K7: folders of Markdown and HTML as records of a knowledge base. */
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
	if (!sink_read(import_trees, packed, &w))
		fail_msg("%s", all());
}

static const char *key(const char *kind, const char *a, const char *b)
{
	return str_z(import_key(kind, str_of(a), str_of(b)));
}

static void folders_are_sections(void **state)
{
	(void)state;
	READ({ "docs/README.md", S("# Everything\n\nHello.\n") },
	     { "docs/02-using_it/b.md", S("# *B* & more\n\nText.\n") },
	     { "docs/02-using_it/a.md", S("No heading.\n") },
	     { "docs/02-using_it/deep/index.md",
	       S("# [Deeper](c.md) &amp;\n") },
	     { "docs/02-using_it/deep/c.md", S("C\n") },
	     { "docs/first/x.md", S("---\ntitle: 'It''s'\ntags: [a, \"b c\"]\n"
				    "date: 2021-02-29\nlastmod: 2021-03-04\n"
				    "weight: 7\n---\n\n# Other\n\nX\n") });
	reads();
	assert_int_equal(w.refused, 0);
	has(line("{\"key\": \"%s\", \"position\": 1, \"names\": {\"en\": "
		 "\"using it\"}, \"here\": true}",
		 key("section", "02-using_it", "")));
	has(line("{\"key\": \"%s\", \"parent\": \"%s\", \"position\": 1, "
		 "\"names\": {\"en\": \"Deeper \\u0026\"}, \"here\": true}",
		 key("section", "02-using_it/deep", ""),
		 key("section", "02-using_it", "")));
	has(line(
		"text 02-using_it/b.md %s en 1 {\"title\": \"B \\u0026 more\"}\n"
		"<p>Text.</p>\n",
		key("article", "02-using_it/b", "")));
	has(line("article 02-using_it/b.md %s {\"position\": 2, \"language\": "
		 "\"en\", \"section\": \"%s\", \"here\": true}\n",
		 key("article", "02-using_it/b", ""),
		 key("section", "02-using_it", "")));
	has(" {\"title\": \"a\"}\n<p>No heading.</p>\n");
	has(" {\"title\": \"Everything\"}\n<p>Hello.</p>\n");
	has_not("deep/index.md"); /* it says nothing */
	has(" {\"title\": \"It's\", \"keywords\": [\"a\", \"b c\"], \"from\": "
	    "\"2021-03-04T00:00:00Z\"}\n<h1 id=\"other\">Other</h1><p>X</p>");
	has("{\"position\": 7, \"language\": \"en\", \"section\": ");
	has_not("\"created\""); /* there was no such day */
	has_not("tell");
}

static void languages_are_of_folders_and_endings(void **state)
{
	const char *a = key("article", "g/a", "");

	(void)state;
	READ({ "en/g/a.md", S("# A\n\nOne\n") },
	     { "pt_BR/g/a.md", S("# Um\n\nUm\n") },
	     { "en/g/a.sv.md", S("# Ett\n\nEtt\n") },
	     { "en/g/index.md", S("# Guides\n") },
	     { "pt_BR/g/index.md", S("# Guias\n") },
	     { "en/h/z.html", S("<html lang=\"de\"><title>Z</title><p>z") });
	reads();
	has(line(" %s en 1 {\"title\": \"A\"}\n", a));
	has(line(" %s pt-BR 1 {\"title\": \"Um\", \"translates\": 1}\n", a));
	has(line(" %s sv 1 {\"title\": \"Ett\", \"translates\": 1}\n", a));
	has("\"names\": {\"en\": \"Guides\", \"pt-BR\": \"Guias\"}, \"here\": true}");
	has(" en 1 {\"title\": \"Z\"}"); /* the folder counts */
	assert_int_equal(w.told + w.refused, 0);
	READ({ "a.html", S("<html lang=de><title>Z &amp; y</title><p>z") });
	reads();
	has(" de 1 {\"title\": \"Z \\u0026 y\"}\n<p>z</p>");
	has("\"language\": \"de\", ");
}

static void links_lead_to_articles_and_files(void **state)
{
	const char *a = key("article", "x/a", ""), *b = key("article", "b", "");

	(void)state;
	READ({ "x/a.md",
	       S("[b](../b.md#Part) [site](/b.html) [short](../b) [f](m%C3%A5l."
		 "pdf) [no](none.md) [out](https://example.org/x) "
		 "![p](../img/p.png) ![q](q.png) ![e](https://e.example/e.png) "
		 "[up](../../../etc/passwd) [d](../d.md)\n") },
	     { "x/mål.pdf", S("%PDF-") }, { "img/p.png", S("png") },
	     { "img/unused.png", S("png") }, { "b.md", S("B\n") },
	     { ".git/config", S("x") },
	     { "d.md", S("---\ndraft: true\n---\nD\n") });
	reads();
	has(line(
		"<a href=\"/kb/a/%s#Part\">b</a> <a href=\"/kb/a/%s\">site</a> "
		"<a href=\"/kb/a/%s\">short</a>",
		b, b, b));
	has(line("<a href=\"/kb/f/%s\">f</a> no <a "
		 "href=\"https://example.org/x\">out</a>",
		 key("file", a, "x/mål.pdf")));
	has(line("<img alt=\"p\" src=\"/kb/f/%s\"/> q <a "
		 "href=\"https://e.example/e.png\">e</a> up d",
		 key("file", a, "img/p.png")));
	has(line(
		"file img/p.png %s {\"article\": \"%s\", \"name\": \"p.png\"}\n"
		"bytes 3\n",
		key("file", a, "img/p.png"), a));
	has(line("{\"article\": \"%s\", \"name\": \"mål.pdf\"}\nbytes 5\n", a));
	has("tell left_out img/unused.png\n");
	has("tell draft d.md\n");
	has("tell picture x/a.md\n");
	has_not("config");
	assert_null(strstr(strstr(all(), "unused.png") + 5, "unused.png"));
	assert_int_equal(w.told, 7); /* links: none.md, passwd, d.md */
}

static void pages_of_a_site(void **state)
{
	(void)state;
	READ({ "site/guide/one.html",
	       S("<!doctype html><html lang=\"sv\"><head><title>One | Site"
		 "</title><style>a > b {}</style></head><body><nav><a "
		 "href=\"/\">Home</a></nav><header>Site</header><main><h1 "
		 "class=x>One &lt;1&gt;</h1><nav>toc</nav><p>Text "
		 "<script>alert('<main>')</script><img src=\"../p.png\" "
		 "onerror=\"x\"></p></main><footer>me</footer></body></html>") },
	     { "site/guide/index.html", S("<body><p>All</p></body>") },
	     { "site/p.png", S("x") }, { "site/style.css", S("x") },
	     { "site/old.htm",
	       S("<BODY><HEADER>H</HEADER><P>Old<SCRIPT>x</SCRIPT>"
		 "<NAV>n</NAV></BODY>") });
	reads();
	has(" sv 1 {\"title\": \"One \\u003c1\\u003e\"}\n<p>Text <img alt=\"\" src=\"/kb/f/");
	has(line("redirect  {\"path\": \"/guide/one.html\", \"article\": "
		 "\"%s\", \"language\": \"sv\"}\n",
		 key("article", "guide/one", "")));
	has("{\"path\": \"/guide/one\", ");
	has("{\"path\": \"/guide/\", ");
	has("{\"path\": \"/guide/index.html\", ");
	has(" {\"title\": \"guide\"}\n<p>All</p>");
	has(" {\"title\": \"old\"}\n<p>Old</p>");
	has("tell left_out site/style.css\n");
	has("tell dropped guide/one.html\n");
}

static void what_is_hostile_is_told(void **state)
{
	struct buf wide = buf_new(1 << 20), deep = buf_new(4 << 20),
		   large = buf_new(21 << 20);

	(void)state;
	buf_add(&wide, S("<table><tr>"));
	for (unsigned i = 0; i < 10000; i++)
		buf_add(&wide, S("<td>x"));
	for (unsigned i = 0; i < 80000; i++)
		buf_add(&deep, S("<blockquote>"));
	while (large.n < 20 << 20)
		buf_addf(&large, "<p>%zu</p>", large.n);
	READ({ "wide.html", buf_str(&wide) }, { "deep.html", buf_str(&deep) },
	     { "large.html", buf_str(&large) }, { "control.md", S("a\1b\n") },
	     { "latin.md", S("caf\xe9\n") },
	     { "xml.html",
	       S("<?xml version=\"1.0\"?><!DOCTYPE x [<!ENTITY e SYSTEM "
		 "\"file:///etc/passwd\">]><p>&e; &amp; &nbsp;</p>") },
	     { "js.md",
	       S("<script>alert(1)</script>\n\n[x](javascript:alert(1)) "
		 "<a onclick=x href=/>y</a>\n") });
	sink_read(import_trees, packed, &w);
	has("tell dropped wide.html\n");
	has("refuse too_large large.html\n");
	has("refuse controls control.md\n");
	has("refuse encoding latin.md\n");
	has("tell dropped js.md\n");
	has_not("javascript");
	has_not("<script");
	has_not("root:");
	has("<p>&amp;e; &amp;");
	assert_int_equal(w.refused, 3);
}

static void the_same_again_is_the_same(void **state)
{
	struct str first;

	(void)state;
	for (unsigned i = 0; i < 2; i++) {
		READ({ "a/b.md", S("[x](c.md) ![p](p.png)\n") },
		     { "a/c.md", S("C\n") }, { "a/p.png", S("x") });
		reads();
		if (!i)
			first = buf_str(&w.b);
	}
	assert_true(str_eq(first, buf_str(&w.b)));
	/* In another order, and in a folder around it. */
	READ({ "z/a/p.png", S("x") }, { "z/a/c.md", S("C\n") },
	     { "z/a/b.md", S("[x](c.md) ![p](p.png)\n") });
	reads();
	has(line("article a/c.md %s {\"position\": 2, ",
		 key("article", "a/c", "")));
	has(line("article a/b.md %s {\"position\": 1, ",
		 key("article", "a/b", "")));
}

static void what_is_there_twice_or_nothing(void **state)
{
	(void)state;
	READ({ "a.md", S("One\n") }, { "a.html", S("<p>Two") });
	reads();
	has("tell twice a.");
	READ({ "a.txt", S("x") });
	assert_false(sink_read(import_trees, packed, &w));
	has("refuse empty \n");
	READ({ "a.md", S("---\nnever: closed\n\nText\n") });
	reads();
	has("<hr/>");
}

/* What our own export says: keys, sections, languages, times. */
static void our_own_come_back(void **state)
{
	(void)state;
	READ({ "README.md", S("# Portal\n\n## A\n\n- [T](en/k1.md) (en)\n") },
	     { "sections.jsonl",
	       S("{\"kind\": \"section\", \"cursor\": \"s.s1\", \"key\": "
		 "\"s1\", \"names\": {\"en\": \"A\", \"sv\": \"Å\"}, "
		 "\"position\": 3}\n{\"key\": \"s2\", \"parent\": \"s1\", "
		 "\"names\": {\"en\": \"B\"}}\n") },
	     { "en/k1.md",
	       S("---\ntitle: \"Say \\\"hi\\\" \\u003cb\\u003e\"\nkey: "
		 "\"k1\"\nlanguage: \"en\"\nsection: \"s2\"\nposition: 4\n"
		 "created: \"2024-01-02T03:04:05Z\"\nkeywords: [\"x, y\", "
		 "\"z\"]\n---\n\n# Say \"hi\"\n\n[k2](../en/k2.html) "
		 "![p](https://portal.example/kb/f/f1)\n") },
	     { "sv/k1.md",
	       S("---\ntitle: \"Hej\"\nkey: \"k1\"\nlanguage: \"sv\"\n"
		 "first_language: \"en\"\nsection: \"s2\"\n---\n\nHej\n") },
	     { "en/k2.html",
	       S("<!DOCTYPE html>\n<html lang=\"en\"><head><title>Two &amp; 2"
		 "</title><meta name=\"sportello:key\" content=\"k2\">\n<meta "
		 "name=\"sportello:section\" content=\"s1\">\n<meta "
		 "name=\"sportello:keywords\" content=\"a &quot;b&quot;\">"
		 "</head><body>\n<p><a href=\"../index.html\">P</a></p>\n"
		 "<article>\n<h1>Two &amp; 2</h1>\n<p>2</p>\n</article>\n"
		 "</body></html>\n") });
	reads();
	has("{\"key\": \"s1\", \"position\": 3, \"names\": {\"en\":\"A\",\"sv\":"
	    "\"Å\"}}\n");
	has("{\"key\": \"s2\", \"parent\": \"s1\", \"names\": ");
	has("text en/k1.md k1 en 1 {\"title\": \"Say \\\"hi\\\" "
	    "\\u003cb\\u003e\", \"keywords\": [\"x, y\", \"z\"]");
	has("<a href=\"/kb/a/k2\">k2</a> <img alt=\"p\" src=\"/kb/f/f1\"/>");
	has("text sv/k1.md k1 sv 1 {\"title\": \"Hej\", \"translates\": 1}");
	has("article en/k1.md k1 {\"position\": 4, \"language\": \"en\", "
	    "\"section\": \"s2\", \"created\": \"2024-01-02T03:04:05Z\"}");
	has("text en/k2.html k2 en 1 {\"title\": \"Two \\u0026 2\", \"keywords\": "
	    "[\"a \\\"b\\\"\"]}\n<p>2</p>\n");
	has_not("redirect");
	has_not("Portal");
	assert_int_equal(w.told + w.refused, 0);
}

#define CASE(f) cmocka_unit_test_teardown(f, reset_after)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(folders_are_sections),
		CASE(languages_are_of_folders_and_endings),
		CASE(links_lead_to_articles_and_files),
		CASE(pages_of_a_site),
		CASE(what_is_hostile_is_told),
		CASE(the_same_again_is_the_same),
		CASE(what_is_there_twice_or_nothing),
		CASE(our_own_come_back),
	};

	json_setup();
	return cmocka_run_group_tests_name("import_trees", tests, NULL, NULL);
}
