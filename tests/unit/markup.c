/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <time.h>
#include <cmocka.h>

#include "arena.h"
#include "markup.h"
#include "markup_tree.h"

static int reset_after(void **state)
{
	(void)state;
	arena_reset();
	return 0;
}

#define assert_str(s, z) assert_string_equal(str_z(s), z)

static const char *html_of(const char *markdown)
{
	struct str html;

	assert_true(markup_from_markdown(str_of(markdown), &html));
	return str_z(html);
}

static const char *text_of(const char *html)
{
	struct str text;

	assert_true(markup_to_text(str_of(html), &text));
	return str_z(text);
}

#define assert_html(markdown, html) assert_string_equal(html_of(markdown), html)

static void paragraphs_and_breaks(void **state)
{
	(void)state;
	assert_html("", "");
	assert_html(" \n\n ", "");
	assert_html("Hello\nworld\r\nagain",
		    "<p>Hello<br/>world<br/>again</p>");
	assert_html("one\n\ntwo  \nthree", "<p>one</p><p>two<br/>three</p>");
	assert_html("*a* **b** ~~c~~ `d & <e>`",
		    "<p><em>a</em> <strong>b</strong> <del>c</del> "
		    "<code>d &amp; &lt;e&gt;</code></p>");
	assert_html("# a\n\nb\n===\n\n###### c\n\n***",
		    "<h1>a</h1><h1>b</h1><h6>c</h6><hr/>");
	assert_html("it's \"quoted\"", "<p>it's \"quoted\"</p>");
}

static void lists_quotes_and_code(void **state)
{
	(void)state;
	assert_html("- a\n- b\n  - c", "<ul><li>a</li><li>b"
				       "<ul><li>c</li></ul></li></ul>");
	assert_html("1. a\n2. b", "<ol><li>a</li><li>b</li></ol>");
	assert_html("7) a\n\n8) b", "<ol start=\"7\"><li><p>a</p></li>"
				    "<li><p>b</p></li></ol>");
	assert_html("0. a", "<ol start=\"0\"><li>a</li></ol>");
	assert_html("- [ ] a\n- [x] b", "<ul><li>\xe2\x98\x90 a</li>"
					"<li>\xe2\x98\x91 b</li></ul>");
	assert_html("> a\n> > b", "<blockquote><p>a</p><blockquote><p>b</p>"
				  "</blockquote></blockquote>");
	assert_html("```c\nif (a < b)\n\n\treturn;\n```",
		    "<pre><code>if (a &lt; b)\n\n    return;\n</code></pre>");
	assert_html("```", "<p>```</p>");
}

static void tables_keep_their_alignment(void **state)
{
	(void)state;
	assert_html("|a|b|c|d|\n|---|:--|:-:|--:|\n|1|2||",
		    "<table><thead><tr><th>a</th><th class=\"left\">b</th>"
		    "<th class=\"center\">c</th><th class=\"right\">d</th></tr>"
		    "</thead><tbody><tr><td>1</td><td class=\"left\">2</td>"
		    "<td class=\"center\"></td><td class=\"right\"></td></tr>"
		    "</tbody></table>");
}

static void links_of_known_schemes(void **state)
{
	(void)state;
	assert_html("[a](http://x.y/?a=1&b=\"2\")",
		    "<p><a href=\"http://x.y/?a=1&amp;b=&quot;2&quot;\">a</a>"
		    "</p>");
	assert_html("[a](/t/42) [b](mailto:a@b.c) [c](HTTPS://x)",
		    "<p><a href=\"/t/42\">a</a> <a href=\"mailto:a@b.c\">b</a> "
		    "<a href=\"HTTPS://x\">c</a></p>");
	assert_html("see https://x.y/z. or www.x.y or a@b.cd",
		    "<p>see <a href=\"https://x.y/z\">https://x.y/z</a>. or "
		    "<a href=\"http://www.x.y\">www.x.y</a> or "
		    "<a href=\"mailto:a@b.cd\">a@b.cd</a></p>");
	assert_html("[a](<http://x/a b>)",
		    "<p><a href=\"http://x/a%20b\">a</a></p>");
	assert_html("[](http://x)", "<p><a href=\"http://x\">http://x</a></p>");
	assert_html("![pic](http://x/a.png)",
		    "<p><a href=\"http://x/a.png\">pic</a></p>");
	assert_html("[![pic](http://x/a.png)](http://y)",
		    "<p><a href=\"http://y\">pic</a></p>");
	assert_html("![a [b](http://b) c](http://x) [d](http://d)",
		    "<p><a href=\"http://x\">a b c</a> "
		    "<a href=\"http://d\">d</a></p>");
}

static void bare_addresses_become_links(void **state)
{
	static const char *const cases[][3] = {
		/* before, the address, behind */
		{ "", "http://x", "" },
		{ "(", "https://x.y/a_(b)?c=d&e#f", ")." },
		{ "", "HTTP://X.y:80/", "!?" },
		{ "see ", "www.x.y", ", or" },
		{ "\xe8\xa6\x8b", "https://x.y/a", "\xe3\x82\x92\xe8\xa6\x8b" },
		{ "\"", "http://x/a", "\" said" },
		{ "mail ", "a.b+c@d-e.fg", ". Or" },
		{ "", "a@b.c", "@d" },
		{ "-._", "a@b.c", "-." },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct buf b = buf_new(1000);
		struct str address, url, html;

		buf_addf(&b, "%s%s%s", cases[i][0], cases[i][1], cases[i][2]);
		assert_true(markup_find_address(buf_str(&b), &address, &url));
		assert_str(address, cases[i][1]);
		assert_int_equal(address.p - b.p, strlen(cases[i][0]));
		assert_true(markup_from_markdown(buf_str(&b), &html));
		assert_non_null(strstr(str_z(html), "<a href=\""));
	}
	assert_html("`http://x` [http://y](/z)",
		    "<p><code>http://x</code> <a href=\"/z\">http://y</a></p>");
	assert_html("http://a http://b *http://c*",
		    "<p><a href=\"http://a\">http://a</a> "
		    "<a href=\"http://b\">http://b</a> "
		    "<em><a href=\"http://c\">http://c</a></em></p>");
}

static void other_words_do_not(void **state)
{
	static const char *const texts[] = {
		"http://",   "http:// x", "http:/x",
		"xhttp://y", "www.",	  "www.x",
		"www.x.",    "awww.x.y",  "www..x",
		"@",	     "a@",	  "@b.c",
		"a@b",	     "a@.b",	  "a@b.",
		"..@b.c",    "ftp://x.y", "javascript:http",
	};
	struct str address, url;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		if (markup_find_address(str_of(texts[i]), &address, &url))
			fail_msg("an address: %s", texts[i]);
}

static void other_links_are_only_text(void **state)
{
	static const char *const addresses[] = {
		"javascript:alert(1)",
		"JaVaScRiPt:alert(1)",
		"&#106;avascript:alert(1)",
		"&#x6A;avascript:alert(1)",
		"java&#x09;script:alert(1)",
		"java&Tab;script:alert(1)",
		"javascript&colon;alert(1)",
		"java&#10;script:alert(1)",
		"java&#13;script&#58;alert(1)",
		"&#1;javascript:alert(1)",
		"&#x20;javascript:alert(1)",
		"&nbsp;javascript:alert(1)",
		"java\\script:alert(1)",
		"data:text/html,x",
		"vbscript:x",
		"file:///etc/passwd",
		"ftp://x.y",
		"//evil.example",
		"/\\evil.example",
		"/&#9;/evil.example",
		"\\\\evil",
		"http:x",
		"http:/x",
		"http://",
		"http:///x",
		"https:\\\\x",
		"relative",
		"?a=b",
		"#frag",
		"mailto:",
		"",
		"http",
		"view-source:http://x",
		"javascript://x.y/%0aalert(1)",
		"\xe2\x80\x8bjavascript:alert(1)",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(addresses); i++) {
		struct buf b = buf_new(1000);

		buf_addf(&b, "[t](%s) ![u](<%s>)", addresses[i], addresses[i]);
		if (strstr(html_of(str_z(buf_str(&b))), "<a"))
			fail_msg("a link: %s", str_z(buf_str(&b)));
	}
	assert_html("<javascript:alert(1)>", "<p>javascript:alert(1)</p>");
}

static void html_is_text(void **state)
{
	(void)state;
	assert_html("<script>alert(1)</script>",
		    "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>");
	assert_html("a <img src=x onerror=alert(1)> b",
		    "<p>a &lt;img src=x onerror=alert(1)&gt; b</p>");
	assert_html("<!-- a -->\n<!--><b>\n<![CDATA[x]]>",
		    "<p>&lt;!-- a --&gt;<br/>&lt;!--&gt;&lt;b&gt;<br/>"
		    "&lt;![CDATA[x]]&gt;</p>");
	assert_html("```\n</code></pre><script>\n```",
		    "<pre><code>&lt;/code&gt;&lt;/pre&gt;&lt;script&gt;\n"
		    "</code></pre>");
	assert_html("[a](http://x\"onmouseover=alert`1`)",
		    "<p><a href=\"http://x&quot;onmouseover=alert&#96;1&#96;\">"
		    "a</a></p>");
}

static void entities_are_decoded_once(void **state)
{
	(void)state;
	assert_html("&lt;b&gt; &amp;lt; &eacute; &euro; &apos; &#65;&#x42;",
		    "<p>&lt;b&gt; &amp;lt; \xc3\xa9 \xe2\x82\xac ' AB</p>");
	assert_html("&bogus; &colon; &#0; &#x1; &#xd800; &#xffff; &#9999999;",
		    "<p>&amp;bogus; &amp;colon; \xef\xbf\xbd \xef\xbf\xbd "
		    "\xef\xbf\xbd \xef\xbf\xbd \xef\xbf\xbd</p>");
}

static void no_message_vanishes(void **state)
{
	(void)state;
	assert_html("[a]: http://x \"t\"\n[b]: <y>",
		    "<p>[a]: http://x \"t\"<br/>[b]: &lt;y&gt;</p>");
	assert_html("#", "<p>#</p>");
	assert_html("-\n*", "<p>-<br/>*</p>");
	assert_html("*[](*)", "<p>*[](*)</p>");
	assert_html("[](x)", "<p>[](x)</p>");
	assert_html("---", "<hr/>");
}

static void what_is_not_text_is_refused(void **state)
{
	struct str html;

	(void)state;
	assert_false(markup_from_markdown(S("a\0b"), &html));
	assert_false(markup_from_markdown(S("a\xff"), &html));
	assert_false(markup_from_markdown(S("a\x01"), &html));
}

/* Marks that md4c 0.4.8 pairs across an address: it leaves what it has not
 * entered. */
static void crossed_marks_do_no_harm(void **state)
{
	static const char *const sources[] = {
		"*[](*)",
		"*[a](*)b",
		"**[a](/**) c",
		"~~[a](http://x/~~) ~~",
		"- *[](*)\n- b\n\nc",
		"> *[](*)\n\n**d**",
		"![*[](*)](/x) *[](*) e",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(sources); i++) {
		struct str text;
		struct str html = str_of(html_of(sources[i]));

		if (!markup_to_text(html, &text))
			fail_msg("%s gives %s", sources[i], html.p);
	}
	assert_html("*[](*)\n\n*b*", "<p><em></em></p><p><em>b</em></p>");
}

/* n times the unit, as long as a message may be. */
static struct str repeated(const char *unit)
{
	struct buf b = buf_new(MARKUP_SOURCE_MAX);

	while (!b.full)
		buf_add(&b, str_of(unit));
	return buf_str(&b);
}

static double seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* Nothing takes long, whatever comes out can be read back, and deep nesting
 * keeps its text. */
static void nasty_sources_are_linear(void **state)
{
	static const char *const units[] = {
		"[",
		"]",
		"![",
		"[a](",
		"[a](http://x)",
		"<",
		"&",
		"`",
		"*",
		"**a ",
		"*a_ ",
		"_",
		"~",
		">",
		"> ",
		"- ",
		"1. ",
		"- a\n ",
		"|",
		"|a",
		"a|\n|---|\n",
		"---|",
		"|\n---|\n",
		"\\",
		"<a@b.c ",
		"a@b.c_",
		"www.",
		"http://",
		"# ",
		"\n",
		"\t",
		"&#1;",
		"[a]: b\n",
		"```\n",
		"*a **b ",
		"![[]()",
		"<!--",
		"<?",
		"<![CDATA[",
		"\xe3\x81\x82",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(units); i++) {
		double start = seconds();
		struct str html = S(""), text;

		if (markup_from_markdown(repeated(units[i]), &html))
			assert_true(markup_to_text(html, &text));
		if (seconds() - start > 3) /* sanitizers included */
			fail_msg("%s takes %.1f s", units[i],
				 seconds() - start);
		arena_reset();
	}
}

/* A page of cells, or an address again and again, out of a few letters. */
static void small_sources_do_not_explode(void **state)
{
	static const char *const starts[] = {
		"a|b|c|d\n:-:|:-:|:-:|:-:",
		"[a]: http://LONG\n\n[a]",
		"[a]: javascript:LONG\n\n[a]",
	};
	static const char *const units[] = { "\n|", "[a] ", "[a] " };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(starts); i++) {
		struct buf b = buf_new(MARKUP_SOURCE_MAX);
		struct str start = str_of(starts[i]), html = S("");
		struct str rest = start;

		buf_add(&b, str_cut(&rest, 'L'));
		if (rest.n)
			buf_add(&b, (struct str){ repeated("x").p, 4000 });
		buf_add(&b, str_from(rest, 3));
		while (!b.full)
			buf_add(&b, str_of(units[i]));
		if (i == 0)
			assert_false(markup_from_markdown(buf_str(&b), &html));
		else if (markup_from_markdown(buf_str(&b), &html))
			assert_true(html.n <= MARKUP_HTML_MAX);
		assert_true(arena_used() < 32u * 1024 * 1024);
		arena_reset();
	}
}

static void deep_nesting_is_laid_flat(void **state)
{
	struct buf b = buf_new(20000);
	struct str text, html;

	(void)state;
	for (int i = 0; i < 100; i++) {
		for (int j = 0; j < i; j++)
			buf_add(&b, S("  "));
		buf_addf(&b, "- item%d\n", i);
	}
	assert_true(b.n < b.max);
	assert_true(markup_from_markdown(buf_str(&b), &html));
	assert_true(markup_to_text(html, &text));
	assert_non_null(strstr(str_z(text), "item0\n"));
	assert_non_null(strstr(str_z(text), "item98\n"));
	assert_non_null(strstr(str_z(text), "item99"));
}

static void what_is_not_canonical_is_refused(void **state)
{
	static const char *const bad[] = {
		"text",
		"<p>",
		"</p>",
		"<p>a</p></x><x>",
		"<p>a</p><!-- c -->",
		"<p><![CDATA[a]]></p>",
		"<?pi?>",
		"<p>&nbsp;</p>",
		"<!DOCTYPE x><p>a</p>",
		"<script>a</script>",
		"<P>a</P>",
		"<p onclick=\"a\">a</p>",
		"<p class=\"a\">a</p>",
		"<p xmlns=\"http://www.w3.org/1999/xhtml\">a</p>",
		"<x:p xmlns:x=\"y\">a</x:p>",
		"<p><a>a</a></p>",
		"<p><a href=\"javascript:a\">a</a></p>",
		"<p><a href=\"http://x\" target=\"y\">a</a></p>",
		"<p><a href=\" http://x\">a</a></p>",
		"<p><a href=\"http://x\"><a href=\"http://x\">a</a></a></p>",
		"<p><a href=\"http://x\"><em><a href=\"/x\">a</a></em></a></p>",
		"<p><p>a</p></p>",
		"<ul>a</ul>",
		"<ul><p>a</p></ul>",
		"<li>a</li>",
		"<table>a</table>",
		"<tr><td>a</td></tr>",
		"<pre>a</pre>",
		"<pre><code>a<em>b</em></code></pre>",
		"<br/>",
		"<p><br>a</br></p>",
		"<p><img src=\"http://x\"/></p>",
		"<ol start=\"-1\"><li>a</li></ol>",
		"<ol start=\"x\"><li>a</li></ol>",
		"<table><tbody><tr><td class=\"x\">a</td></tr></tbody></table>",
		"<svg><p>a</p></svg>",
		"<p>\x01</p>",
		"<p>&#1;</p>",
	};
	struct str text;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		if (markup_to_text(str_of(bad[i]), &text))
			fail_msg("taken for canonical: %s", bad[i]);
	assert_false(markup_to_text(S("<p>a\0</p>"), &text));
	assert_false(markup_to_text(S("<p>\xff</p>"), &text));
}

static void canonical_text_is_written_as_it_was(void **state)
{
	static const char *const sources[] = {
		"# a\n\n- b\n- c\n\n  d\n\n3. e\n\n> f\n\n```\ng\n```\n---\n",
		"|a|b|\n|:--|---|\n|`c`|[d](/e?f=1&g=\"2\")|\n\n*h **i** ~~j~~*",
		"it's <b> & \"c\" `d`\ne",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(sources); i++) {
		struct buf b = buf_new(10000);
		const char *html = html_of(sources[i]);

		assert_true(markup_canonical(str_of(html), &b));
		assert_str(buf_str(&b), html);
	}
}

static void mails_have_a_text_part(void **state)
{
	(void)state;
	assert_string_equal(text_of(""), "");
	assert_string_equal(text_of("<p>a<br/>b</p><p>c &amp; <em>d</em></p>"),
			    "a\nb\n\nc & d");
	assert_string_equal(
		text_of("<ul><li>a</li><li>b<ol start=\"9\"><li>c<br/>d</li>"
			"<li>e</li></ol></li></ul>"),
		"- a\n- b\n  9. c\n     d\n  10. e");
	assert_string_equal(text_of("<ul><li><p>a</p><p>b</p></li><li><p>c</p>"
				    "</li></ul>"),
			    "- a\n\n  b\n\n- c");
	assert_string_equal(text_of("<blockquote><p>a</p><blockquote><p>b</p>"
				    "</blockquote></blockquote><p>c</p>"),
			    "> a\n>\n> > b\n\nc");
	assert_string_equal(text_of("<pre><code>a\n  b\n</code></pre><hr/>"),
			    "    a\n      b\n\n----");
	assert_string_equal(
		text_of("<p><a href=\"http://x\">a</a> <a href=\"http://x\">"
			"http://x</a> <a href=\"mailto:a@b\">a@b</a></p>"),
		"a <http://x> http://x a@b");
	assert_string_equal(
		text_of("<table><thead><tr><th>a</th><th>b</th></tr></thead>"
			"<tbody><tr><td>1</td><td></td></tr></tbody></table>"),
		"a | b\n1 |");
}

#define CASE(f) cmocka_unit_test_teardown(f, reset_after)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(paragraphs_and_breaks),
		CASE(lists_quotes_and_code),
		CASE(tables_keep_their_alignment),
		CASE(links_of_known_schemes),
		CASE(bare_addresses_become_links),
		CASE(other_words_do_not),
		CASE(other_links_are_only_text),
		CASE(html_is_text),
		CASE(entities_are_decoded_once),
		CASE(no_message_vanishes),
		CASE(what_is_not_text_is_refused),
		CASE(crossed_marks_do_no_harm),
		CASE(nasty_sources_are_linear),
		CASE(small_sources_do_not_explode),
		CASE(deep_nesting_is_laid_flat),
		CASE(what_is_not_canonical_is_refused),
		CASE(canonical_text_is_written_as_it_was),
		CASE(mails_have_a_text_part),
	};

	return cmocka_run_group_tests_name("markup", tests, NULL, NULL);
}
