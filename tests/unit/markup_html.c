/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <time.h>
#include <cmocka.h>

#include "arena.h"
#include "markup_article.h"
#include "markup_schema.h"

static int reset_after(void **state)
{
	(void)state;
	arena_reset();
	return 0;
}

static const char *of_html(const char *html)
{
	struct str out, again;

	assert_true(markup_article_from_html(str_of(html), NULL, &out, NULL));
	assert_true(schema_allows(out));
	assert_true(markup_article_from_html(out, NULL, &again, NULL));
	assert_string_equal(str_z(out), str_z(again));
	return str_z(out);
}

struct pair {
	const char *html, *article;
};

static void assert_pairs(const struct pair *pairs, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const char *out = of_html(pairs[i].html);

		if (strcmp(out, pairs[i].article) != 0)
			fail_msg("%s gives %s", pairs[i].html, out);
	}
}

#define ASSERT_PAIRS(pairs) assert_pairs(pairs, ARRAY_LEN(pairs))

static void loose_text_lies_in_paragraphs(void **state)
{
	static const struct pair pairs[] = {
		{ "", "" },
		{ " \n ", "" },
		{ "a", "<p>a</p>" },
		{ "a <b>b\n <i>c</i> </b>d<div>e<br>f<br></div><p>g<p><br></p>h",
		  "<p>a <strong>b <em>c</em></strong> d</p><p>e<br/>f</p>"
		  "<p>g</p><p>h</p>" },
		{ "<b><p>a</p><ul><li>b</ul></b>",
		  "<p><strong>a</strong></p><ul><li><strong>b</strong></li>"
		  "</ul>" },
		{ "<i></i><strike>a</strike><tt>b</tt><var>c</var>",
		  "<p><del>a</del><code>b</code><em>c</em></p>" },
		{ "<code>a <b>b</b> <a href=/x>c</a></code>",
		  "<p><code>a b</code> <a href=\"/x\"><code>c</code></a></p>" },
		{ "<section><h2>a<div>b</div></h2><main>c</main></section>",
		  "<h2 id=\"a-b\">a b</h2><p>c</p>" },
		{ "a &lt; &amp;amp; &#1;&eacute;&bogus; < <3",
		  "<p>a &lt; &amp;amp; \xc3\xa9&amp;bogus; &lt; &lt;3</p>" },
	};

	(void)state;
	ASSERT_PAIRS(pairs);
}

static void lists_are_mended(void **state)
{
	static const struct pair pairs[] = {
		{ "<ul><li>a<ul><li>b</ul>c<li><p>d<p>e</ul>",
		  "<ul><li>a<ul><li>b</li></ul>c</li><li><p>d</p><p>e</p></li>"
		  "</ul>" },
		{ "<ul><li>a</li><ul><li>b</li></ul></ul>",
		  "<ul><li>a<ul><li>b</li></ul></li></ul>" },
		{ "<ul>a</ul><ul></ul>", "<ul><li>a</li></ul>" },
		{ "<li>a<li>b", "<ul><li>a</li><li>b</li></ul>" },
		{ "<ol start=3><li>a</ol>", "<ol start=\"3\"><li>a</li></ol>" },
		{ "<dl><dt>a<dd>b<dd>c<dt>d</dl>",
		  "<dl><dt>a</dt><dd>b</dd><dd>c</dd><dt>d</dt><dd></dd>"
		  "</dl>" },
		{ "<dl><dd>a</dl>", "<dl><dt></dt><dd>a</dd></dl>" },
	};

	(void)state;
	ASSERT_PAIRS(pairs);
}

static void words_lists_are_paragraphs(void **state)
{
	static const struct pair pairs[] = {
		{ "<p class=MsoListParagraph style='margin:0;mso-list:l0 "
		  "level1 lfo1'><![if !supportLists]><span style='mso-list:"
		  "Ignore'>1.<span>&nbsp; </span></span><![endif]>a<o:p></o:p>"
		  "</p>\n<p style='mso-list:l0 level2 lfo1'><span style='"
		  "mso-list:Ignore'>\xc2\xb7</span>b</p><p style='mso-list:l0 "
		  "level1 lfo1'><span style='mso-list:Ignore'>2.</span>c</p>"
		  "<p class=MsoNormal>d</p>",
		  "<ol><li>a<ul><li>b</li></ul></li><li>c</li></ol><p>d</p>" },
		{ "<b style='font-weight: normal'><span style='font-weight:700'>"
		  "a</span><span style='font-style:italic;vertical-align:super'>"
		  "b</span></b>",
		  "<p><strong>a</strong><em><sup>b</sup></em></p>" },
	};

	(void)state;
	ASSERT_PAIRS(pairs);
}

static void tables_are_mended(void **state)
{
	static const struct pair pairs[] = {
		{ "<table><tr><th>a<th>b<tr><td colspan=2 align=right><p>c"
		  "</table>",
		  "<table><thead><tr><th>a</th><th>b</th></tr></thead><tbody>"
		  "<tr><td class=\"right\" colspan=\"2\">c</td></tr></tbody>"
		  "</table>" },
		{ "<table><tr><td>a<table><tr><td>b<td>c<tr><td>d</table>e"
		  "</table>",
		  "<table><tbody><tr><td>a<p>b c</p><p>d</p><p>e</p></td></tr>"
		  "</tbody></table>" },
		{ "<table>a<caption>b</caption><tr><td rowspan=9>c<td rowspan=2>"
		  "d<tr></tr><tr><td>e</table>",
		  "<p>a</p><table><caption>b</caption><tbody><tr>"
		  "<td rowspan=\"2\">c</td><td>d</td></tr><tr><td>e</td></tr>"
		  "</tbody></table>" },
		{ "<table><tfoot><tr><td>a</tfoot><tbody><tr><td>b</table>",
		  "<table><tbody><tr><td>a</td></tr><tr><td>b</td></tr></tbody>"
		  "</table>" },
		{ "<table></table><table><tr></table>", "" },
		{ "<table><caption>a</table>", "<p>a</p>" },
	};

	(void)state;
	ASSERT_PAIRS(pairs);
}

static void listings_keep_their_lines(void **state)
{
	static const struct pair pairs[] = {
		{ "<pre><code class=\"hljs language-c\">a\n\tb  c</code></pre>",
		  "<pre><code class=\"language-c\">a\n\tb  c\n</code></pre>" },
		{ "<pre>\na<br>b<div>c</div><div>d</div></pre>",
		  "<pre><code>a\nbc\nd\n</code></pre>" },
		{ "<pre></pre>", "" },
	};

	(void)state;
	ASSERT_PAIRS(pairs);
}

static void pictures_videos_and_call_outs(void **state)
{
	static const struct pair pairs[] = {
		{ "<img src=/a alt=' b\nc ' width=10 height=x onerror=y>",
		  "<p><img alt=\"b c\" src=\"/a\" width=\"10\"/></p>" },
		{ "<img src=https://x/a.png alt=b><img src=data:x alt=c>",
		  "<p><a href=\"https://x/a.png\">b</a>c</p>" },
		{ "<figure><a href=/x><img src=/y></a><figcaption>z</figcaption>"
		  "</figure>",
		  "<figure><a href=\"/x\"><img alt=\"\" src=\"/y\"/></a>"
		  "<figcaption>z</figcaption></figure>" },
		{ "<figure>a<figcaption>b</figcaption></figure>",
		  "<p>a</p><p>b</p>" },
		{ "<figure class=video><a href=https://youtu.be/1>v</a></figure>",
		  "<figure class=\"video\"><a href=\"https://youtu.be/1\">v</a>"
		  "</figure>" },
		{ "<iframe src=//www.youtube.com/embed/1 title=T>x</iframe>",
		  "<figure class=\"video\"><a href=\"https://www.youtube.com/"
		  "embed/1\">T</a></figure>" },
		{ "<figure class=video><a href=https://evil/1>v</a></figure>"
		  "<iframe src=https://youtu.be.evil/1></iframe>",
		  "<figure><a href=\"https://evil/1\">v</a></figure>" },
		{ "<aside class=tip>a</aside><div class='alert alert-danger'>b"
		  "</div><div class=other>c</div>",
		  "<aside class=\"tip\"><p>a</p></aside><aside class=\"danger\">"
		  "<p>b</p></aside><p>c</p>" },
	};

	(void)state;
	ASSERT_PAIRS(pairs);
}

static void links_find_their_headings(void **state)
{
	static const struct pair pairs[] = {
		{ "<h2 id=How_To>a</h2><a href='#How_To'>b</a>",
		  "<h2 id=\"how-to\">a</h2><p><a href=\"#how-to\">b</a></p>" },
		{ "<h2 id=1-a>a</h2><a href=#1-a>b</a>",
		  "<h2 id=\"s-1-a\">a</h2><p><a href=\"#s-1-a\">b</a></p>" },
	};

	(void)state;
	ASSERT_PAIRS(pairs);
}

/* Browsers and parsers differ in these; what acts is gone in any reading. */
static void nothing_that_acts_comes_through(void **state)
{
	static const struct pair pairs[] = {
		{ "a<script>b</script>c", "<p>ac</p>" },
		{ "a<script>b</script x>c</scrip>", "<p>ac</p>" },
		{ "<script>a", "" },
		{ "a<!--><img src=x onerror=y>-->b", "<p>a--&gt;b</p>" },
		{ "a<!-- --!><b>c</b>", "<p>a<strong>c</strong></p>" },
		{ "<svg><style><p title=\"</style><img src=/x>\"></svg>b",
		  "<p>b</p>" },
		{ "<math><mtext><table><mglyph><style><img src=/x></math>b",
		  "<p>b</p>" },
		{ "<noscript><p title=\"</noscript><img src=/x onerror=y>\">b",
		  "<p><img alt=\"\" src=\"/x\"/>\"&gt;b</p>" },
		{ "<textarea></p><b></textarea><title><i></title>b",
		  "<p>b</p>" },
		{ "<template><p>a</template><object>c</object>b", "<p>b</p>" },
		{ "<a href=javascript:a>b</a><a href='java&#9;script:a'>c</a>"
		  "<a href='&#1;javascript:a'>d</a><a href='//e'>e</a>",
		  "<p>bcde</p>" },
		{ "<x:script>a</x:script><p style=a onclick=b class=c id=d>e",
		  "<p>a</p><p>e</p>" },
		{ "<a/href=/x>b</a><b/c=\"d\"/>e", "<p><a href=\"/x\">b</a>"
						   "<strong>e</strong></p>" },
		{ "<p title='a>b' =c>d", "<p>d</p>" },
		{ "a<b", "<p>a</p>" },
		{ "a</>b</ c>d<?e?>f<!g>h<![CDATA[i]]>j", "<p>abdfhj</p>" },
		{ "<plaintext><b>a", "" },
		{ "<meta http-equiv=refresh content=0><base href=//x><link>a",
		  "<p>a</p>" },
	};

	(void)state;
	ASSERT_PAIRS(pairs);
}

static void the_report_says_what_is_gone(void **state)
{
	struct markup_report r;
	struct str out;
	struct buf b = buf_new(10000);

	(void)state;
	assert_true(markup_article_from_html(
		S("<script></script><SCRIPT></SCRIPT><video></video><marquee>a"
		  "</marquee><img src=data:x><a href=javascript:b>c</a><span>d"
		  "</span>"),
		NULL, &out, &r));
	assert_int_equal(r.n, 5);
	assert_string_equal(r.dropped[0].name, "script");
	assert_int_equal(r.dropped[0].times, 2);
	assert_string_equal(r.dropped[2].name, "marquee");
	assert_false(r.deep);
	for (int i = 0; i < 60; i++)
		buf_addf(&b, "<x%d>", i);
	for (int i = 0; i < 60; i++)
		buf_add(&b, S("<blockquote>"));
	buf_add(&b, S("a"));
	assert_true(markup_article_from_html(buf_str(&b), NULL, &out, &r));
	assert_int_equal(r.n, MARKUP_DROPPED_MAX);
	assert_int_equal(r.others, 60 - MARKUP_DROPPED_MAX);
	assert_true(r.deep);
	assert_non_null(strstr(str_z(out), "<p>a</p>"));
}

static bool to_files(void *ctx, enum markup_address what, struct str address,
		     struct str *changed)
{
	struct buf b = buf_new(1000);

	(void)ctx;
	if (what == MARKUP_VIDEO)
		return true;
	if (str_starts(address, S("no")))
		return false;
	buf_addf(&b, "/%s/%.*s", what == MARKUP_PICTURE ? "files" : "to",
		 STR_ARG(address));
	*changed = buf_str(&b);
	return true;
}

static void addresses_are_the_callers(void **state)
{
	static const char *const hosts[] = { "tv.example", NULL };
	static const struct markup_in in = { { to_files, NULL }, hosts };
	struct str out;

	(void)state;
	assert_true(markup_article_from_html(
		S("<a href=x.html>a</a><a href=no>b</a><img src=c.png>"
		  "<img src=no alt=d><figure class=video><a href="
		  "https://tv.example/1>e</a></figure>"),
		&in, &out, NULL));
	assert_string_equal(
		str_z(out),
		"<p><a href=\"/to/x.html\">a</a>b<img alt=\"\" src=\"/files/"
		"c.png\"/>d</p><figure class=\"video\"><a href=\"https://"
		"tv.example/1\">e</a></figure>");
}

static void what_is_not_text_is_refused(void **state)
{
	struct str out;
	struct buf b = buf_new(2 * MARKUP_ARTICLE_HTML_MAX);

	(void)state;
	assert_false(markup_article_from_html(S("a\0b"), NULL, &out, NULL));
	assert_false(markup_article_from_html(S("a\x01"), NULL, &out, NULL));
	assert_false(markup_article_from_html(S("a\xff"), NULL, &out, NULL));
	while (b.n <= MARKUP_ARTICLE_HTML_MAX)
		buf_add(&b,
			S("<!-- a comment of some length, and no more -->"));
	assert_false(markup_article_from_html(buf_str(&b), NULL, &out, NULL));
	b.n = MARKUP_ARTICLE_HTML_MAX;
	assert_true(markup_article_from_html(buf_str(&b), NULL, &out, NULL));
	assert_int_equal(out.n, 0);
}

static double seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void nasty_sources_are_linear(void **state)
{
	static const char *const units[] = {
		"<div>",
		"<b>",
		"<table><tr><td>",
		"<ul><li>",
		"<p>",
		"<i><p>x",
		"<blockquote>",
		"<h1>",
		"<dl><dd>",
		"<td>",
		"x<br>",
		"&amp;",
		"<figure>",
		"<!--",
		"<",
		"</p>",
		"<svg>",
		"<a href='",
		"<h2>a</h2>",
		"<a b='<a b=\"",
		"<figure><img src=/a>",
		"<p style='mso-list:l0 level1 x'>a",
		"<table><caption>",
	};
	struct buf many = buf_new(1000000);

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(units); i++) {
		struct buf b = buf_new(250000);
		double start = seconds();
		struct str out;
		bool ok;

		while (!b.full)
			buf_add(&b, str_of(units[i]));
		ok = markup_article_from_html(buf_str(&b), NULL, &out, NULL);
		(void)ok;
		if (seconds() - start > 3) /* sanitizers included */
			fail_msg("%s takes %.1f s", units[i],
				 seconds() - start);
		arena_reset();
	}
	/* libxml2 alone would need 25 s for these. */
	buf_add(&many, S("<p "));
	for (int i = 0; i < 80000; i++)
		buf_addf(&many, "q%x ", i);
	buf_add(&many, S(">a"));
	assert_string_equal(of_html(str_z(buf_str(&many))), "<p>a</p>");
}

static void wide_tables_are_cut(void **state)
{
	struct buf b = buf_new(1000000);
	struct markup_report r;
	struct str out;

	(void)state;
	buf_add(&b, S("<table><tr>"));
	for (int i = 0; i < 10000; i++)
		buf_add(&b, S("<td>a"));
	for (int i = 0; i < 3000; i++)
		buf_add(&b, S("<tr><td>b"));
	assert_true(markup_article_from_html(buf_str(&b), NULL, &out, &r));
	assert_int_equal(r.n, 2);
	assert_string_equal(r.dropped[0].name, "td");
	assert_int_equal(r.dropped[0].times, 10000 - MARKUP_COLUMNS_MAX);
	assert_int_equal(r.dropped[1].times, 3001 - MARKUP_ROWS_MAX);
}

#define CASE(f) cmocka_unit_test_teardown(f, reset_after)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(loose_text_lies_in_paragraphs),
		CASE(lists_are_mended),
		CASE(words_lists_are_paragraphs),
		CASE(tables_are_mended),
		CASE(listings_keep_their_lines),
		CASE(pictures_videos_and_call_outs),
		CASE(links_find_their_headings),
		CASE(nothing_that_acts_comes_through),
		CASE(the_report_says_what_is_gone),
		CASE(addresses_are_the_callers),
		CASE(what_is_not_text_is_refused),
		CASE(nasty_sources_are_linear),
		CASE(wide_tables_are_cut),
	};

	return cmocka_run_group_tests_name("markup_html", tests, NULL, NULL);
}
