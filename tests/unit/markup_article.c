/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <time.h>
#include <cmocka.h>

#include "arena.h"
#include "markup_article.h"
#include "markup_schema.h"
#include "markup_tree.h"

static int reset_after(void **state)
{
	(void)state;
	arena_reset();
	return 0;
}

static const char *canonical(const char *html)
{
	struct str out;

	return markup_article(str_of(html), &out) ? str_z(out) : NULL;
}

static void assert_canonical(const char *html)
{
	const char *out = canonical(html);

	if (!out)
		fail_msg("refused: %s", html);
	assert_string_equal(out, html);
	assert_true(schema_allows(str_of(html)));
}

static void articles_hold_more_than_messages(void **state)
{
	static const char *const texts[] = {
		"<p>a<sub>b</sub><sup>c</sup><kbd>d</kbd></p>",
		"<pre><code class=\"language-c++\">a\n\nb</code></pre>",
		"<h2 id=\"a\">b</h2><p><a href=\"#a\">c</a></p>",
		"<p><img alt=\"\" src=\"/files/1\"/></p>",
		"<p><img alt=\"a &quot;b&quot;\" height=\"9\" src=\"/files/1\" "
		"width=\"9999\"/></p>",
		"<figure><img alt=\"a\" src=\"/b\"/></figure>",
		"<figure><table><tbody><tr><td>a</td></tr></tbody></table>"
		"<figcaption>b</figcaption></figure>",
		"<figure><a href=\"/a\"><img alt=\"\" src=\"/b\"/></a></figure>",
		"<figure class=\"video\"><a href=\"https://vimeo.com/1\">a</a>"
		"<figcaption>b</figcaption></figure>",
		"<aside class=\"note\"><p>a</p><ul><li>b</li></ul></aside>",
		"<aside class=\"danger\"><p>a</p></aside>",
		"<dl><dt>a</dt><dt>b</dt><dd>c</dd><dd><p>d</p></dd></dl>",
		"<table><caption>a</caption><thead><tr><th colspan=\"2\">b</th>"
		"</tr></thead><tbody><tr><td class=\"left\" colspan=\"2\" "
		"rowspan=\"100\"><ul><li>c</li></ul></td></tr></tbody></table>",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		struct markup doc = { .tag = M_DOC };

		assert_canonical(texts[i]);
		if (markup_read(MARKUP_MESSAGE, str_of(texts[i]), &doc))
			fail_msg("a message: %s", texts[i]);
	}
}

static void what_is_no_article_is_refused(void **state)
{
	static const char *const texts[] = {
		"<div>a</div>",
		"<p style=\"a\">a</p>",
		"<p id=\"a\">a</p>",
		"<p><a href=\"#A\">a</a></p>",
		"<p><a href=\"#\">a</a></p>",
		"<p><code class=\"language-c\">a</code></p>",
		"<pre><code class=\"c\">a</code></pre>",
		"<pre><code class=\"language-a b\">a</code></pre>",
		"<pre><code>a</code><code>b</code></pre>",
		"<pre></pre>",
		"<h2 id=\"1\">a</h2>",
		"<h2 id=\"a_b\">a</h2>",
		"<p><img alt=\"a\" src=\"https://x/y.png\"/></p>",
		"<p><img alt=\"a\" src=\"//x/y.png\"/></p>",
		"<p><img alt=\"a\"/></p>",
		"<p><img alt=\"a\" src=\"/b\" width=\"0\"/></p>",
		"<p><img alt=\"a\" src=\"/b\" width=\"10000\"/></p>",
		"<p><img alt=\"a\" src=\"/b\" onerror=\"c\"/></p>",
		"<p><img alt=\"a\" src=\"/b\" src=\"/c\"/></p>",
		"<figure></figure>",
		"<figure>a</figure>",
		"<figure><figcaption>a</figcaption></figure>",
		"<figure><img alt=\"\" src=\"/a\"/><img alt=\"\" src=\"/a\"/>"
		"</figure>",
		"<figure class=\"video\"><a href=\"http://a/\">b</a></figure>",
		"<figure class=\"video\"><img alt=\"\" src=\"/a\"/></figure>",
		"<figure class=\"x\"><img alt=\"\" src=\"/a\"/></figure>",
		"<aside><p>a</p>b</aside>",
		"<aside class=\"x\"><p>a</p></aside>",
		"<aside class=\"note\">a</aside>",
		"<dl></dl>",
		"<dl><dt>a</dt></dl>",
		"<dl><dd>a</dd></dl>",
		"<dl><dd>a</dd><dt>b</dt><dd>c</dd></dl>",
		"<ul></ul>",
		"<table></table>",
		"<table><tbody></tbody></table>",
		"<table><tbody><tr></tr></tbody></table>",
		"<table><tbody><tr><td>a</td></tr></tbody><thead><tr><th>b</th>"
		"</tr></thead></table>",
		"<table><tbody><tr><td>a</td></tr></tbody><tbody><tr><td>b</td>"
		"</tr></tbody></table>",
		"<table><tbody><tr><td colspan=\"0\">a</td></tr></tbody></table>",
		"<table><tbody><tr><td colspan=\"101\">a</td></tr></tbody>"
		"</table>",
		"<table><tbody><tr><td><table><tbody><tr><td>a</td></tr>"
		"</tbody></table></td></tr></tbody></table>",
		"<table><tbody><tr><td><ul><li><table><tbody><tr><td>a</td>"
		"</tr></tbody></table></li></ul></td></tr></tbody></table>",
		"<p>a</p>b",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		if (canonical(texts[i]))
			fail_msg("an article: %s", texts[i]);
}

static void attributes_have_one_order(void **state)
{
	(void)state;
	assert_string_equal(
		canonical("<p><img width=\"2\" src=\"/a\" height=\"1\"/></p>"),
		"<p><img alt=\"\" height=\"1\" src=\"/a\" width=\"2\"/></p>");
	assert_string_equal(
		canonical("<table><tbody><tr><td rowspan=\"1\" colspan=\"2\" "
			  "class=\"left\">a</td></tr></tbody></table>"),
		"<table><tbody><tr><td class=\"left\" colspan=\"2\">a</td></tr>"
		"</tbody></table>");
	assert_string_equal(canonical("<p><img src=\"/a\" alt=\"b\n&#10;c\"/>"
				      "</p>"),
			    "<p><img alt=\"b  c\" src=\"/a\"/></p>");
}

static void headings_get_ids(void **state)
{
	static const char *const cases[][2] = {
		{ "<h2>How to — *do* it?</h2>", "how-to-do-it" },
		{ "<h2>Über Größe: čšž</h2>", "uber-grose-csz" },
		{ "<h2>1. Start</h2>", "start" },
		{ "<h2>2024</h2>", "section" },
		{ "<h2>インストール</h2>", "section" },
		{ "<h3>a<br/>b<em>c</em></h3>", "a-bc" },
		{ "<h3>don't</h3>", "dont" },
		{ "<h6><img alt=\"x y\" src=\"/a\"/></h6>", "x-y" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct buf b = buf_new(200);

		buf_addf(&b, "id=\"%s\"", cases[i][1]);
		if (!strstr(canonical(cases[i][0]), str_z(buf_str(&b))))
			fail_msg("%s: %s", cases[i][0], canonical(cases[i][0]));
	}
	assert_string_equal(
		canonical("<h2>a</h2><h2 id=\"a\">b</h2><h2>a</h2>"
			  "<h2 id=\"a-3\">a</h2><h2 id=\"a\">a</h2>"),
		"<h2 id=\"a-2\">a</h2><h2 id=\"a\">b</h2><h2 id=\"a-4\">a</h2>"
		"<h2 id=\"a-3\">a</h2><h2 id=\"a-5\">a</h2>");
}

/* ---- the schema and the reader say the same -------------------------------*/

/* What stands in an element that must not be empty. */
static const char *const filling[M_TAGS] = {
	[M_UL] = "<li></li>",
	[M_OL] = "<li></li>",
	[M_PRE] = "<code></code>",
	[M_TABLE] = "<tbody><tr><td></td></tr></tbody>",
	[M_THEAD] = "<tr><td></td></tr>",
	[M_TBODY] = "<tr><td></td></tr>",
	[M_TR] = "<td></td>",
	[M_DL] = "<dt></dt><dd></dd>",
	[M_FIGURE] = "<img alt=\"\" src=\"/\"/>",
};
static const char *const needed[M_TAGS] = {
	[M_A] = " href=\"/\"",	       [M_IMG] = " alt=\"\" src=\"/\"",
	[M_ASIDE] = " class=\"note\"", [M_H1] = " id=\"h\"",
	[M_H2] = " id=\"h\"",	       [M_H3] = " id=\"h\"",
	[M_H4] = " id=\"h\"",	       [M_H5] = " id=\"h\"",
	[M_H6] = " id=\"h\"",
};

/* The way from an element up to the whole, by the parents that hold it. */
static enum markup_tag above(enum markup_tag tag)
{
	static const enum markup_tag tries[] = { M_DOC,	   M_P,	    M_UL,
						 M_TR,	   M_TBODY, M_TABLE,
						 M_FIGURE, M_DL,    M_PRE };

	for (size_t i = 0; i < ARRAY_LEN(tries); i++)
		if (markup_holds(MARKUP_ARTICLE, tries[i], tag))
			return tries[i];
	fail_msg("nothing holds %s", markup_name(tag));
	return M_DOC;
}

/* What must stand before and behind `inner` in it. */
static void beside(enum markup_tag tag, struct str inner, const char **before,
		   const char **behind)
{
	*before = *behind = "";
	if (tag == M_DL && str_starts(inner, S("<dt")))
		*behind = "<dd></dd>";
	else if (tag == M_DL)
		*before = "<dt></dt>";
	else if (tag == M_FIGURE && str_starts(inner, S("<figcaption")))
		*before = filling[M_FIGURE];
	else if (tag == M_TABLE && str_starts(inner, S("<caption")))
		*behind = filling[M_TABLE];
}

static struct str around(enum markup_tag tag, struct str inner)
{
	struct buf b = buf_new(10000);
	const char *name = markup_name(tag);
	const char *before, *behind;

	if (tag == M_DOC)
		return inner;
	beside(tag, inner, &before, &behind);
	buf_addf(&b, "<%s%s>%s%.*s%s</%s>", name,
		 needed[tag] ? needed[tag] : "", before, STR_ARG(inner), behind,
		 name);
	return around(above(tag), buf_str(&b));
}

static void assert_same(struct str html)
{
	struct str out;
	bool reader = markup_article(html, &out) && str_eq(out, html);

	if (reader != schema_allows(html))
		fail_msg("%s %.*s",
			 reader ? "only the reader takes"
				: "only the schema takes",
			 STR_ARG(html));
}

static void each_element_in_each(void **state)
{
	unsigned taken = 0;

	(void)state;
	for (enum markup_tag out = M_DOC; out < M_TAGS; out++)
		for (enum markup_tag in = M_TEXT; in < M_TAGS; in++) {
			struct buf b = buf_new(1000);
			const char *name = markup_name(in);
			struct str html;

			if (in == M_TEXT)
				buf_add(&b, S("text"));
			else if (in == M_BR || in == M_HR || in == M_IMG)
				buf_addf(&b, "<%s%s/>", name,
					 needed[in] ? needed[in] : "");
			else
				buf_addf(&b, "<%s%s>%s</%s>", name,
					 needed[in] ? needed[in] : "",
					 filling[in] ? filling[in] : "", name);
			if (out == M_TEXT || out == M_BR || out == M_HR ||
			    out == M_IMG)
				continue;
			html = around(out, buf_str(&b));
			assert_same(html);
			taken += schema_allows(html);
			arena_reset();
		}
	assert_in_range(taken, 350, 500);
}

static void each_value_of_each_attribute(void **state)
{
	static const char *const names[] = { "href",	"src",	   "alt",
					     "class",	"id",	   "start",
					     "colspan", "rowspan", "width",
					     "height",	"title",   "style",
					     "onclick", "name" };
	static const char *const values[] = {
		"",	      "a",
		"A",	      "0",
		"1",	      "2",
		"100",	      "101",
		"10000",      "9999",
		"01",	      "-1",
		"999999999",  "1000000000",
		"note",	      "danger",
		"left",	      "right",
		"video",      "language-",
		"language-c", "language-C#",
		"language-_", "/",
		"/a",	      "//a",
		"/\\a",	      "http://a",
		"HTTPS://a",  "http://",
		"https:///a", "mailto:a",
		"mailto:",    "#a",
		"#",	      "#A",
		"#a-1",	      "a-1",
		"1a",	      "a_b",
		"a b",	      "javascript:a",
		"data:a",     "ftp://a",
		"/a b",	      "http://a\xe3\x81\x82",
	};

	(void)state;
	for (enum markup_tag tag = M_P; tag < M_TAGS; tag++)
		for (size_t n = 0; n < ARRAY_LEN(names); n++)
			for (size_t v = 0; v < ARRAY_LEN(values); v++) {
				struct buf b = buf_new(1000);
				bool empty = tag == M_BR || tag == M_HR ||
					     tag == M_IMG;
				const char *add = needed[tag];
				struct str more = str_of(add ? add : "");

				/* The value in place of what it needs. */
				if (more.n && str_starts(str_from(more, 1),
							 str_of(names[n])))
					more = tag == M_IMG ? S(" src=\"/\"")
							    : S("");
				if (tag == M_IMG && !strcmp(names[n], "src"))
					more = S(" alt=\"\"");
				buf_addf(&b, "<%s", markup_name(tag));
				if (strcmp(names[n], "width") == 0 ||
				    strcmp(names[n], "src") == 0)
					buf_addf(&b, "%.*s %s=\"%s\"",
						 STR_ARG(more), names[n],
						 values[v]);
				else if (tag == M_IMG &&
					 strcmp(names[n], "height") == 0)
					buf_addf(&b,
						 " alt=\"\" %s=\"%s\" "
						 "src=\"/\"",
						 names[n], values[v]);
				else
					buf_addf(&b, " %s=\"%s\"%.*s", names[n],
						 values[v], STR_ARG(more));
				if (empty)
					buf_add(&b, S("/>"));
				else
					buf_addf(&b, ">%s</%s>",
						 tag == M_FIGURE
							 ? "<a href=\"https://"
							   "a/\"></a>"
						 : filling[tag] ? filling[tag]
								: "",
						 markup_name(tag));
				assert_same(around(above(tag), buf_str(&b)));
				arena_reset();
			}
}

#define CASE(f) cmocka_unit_test_teardown(f, reset_after)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(articles_hold_more_than_messages),
		CASE(what_is_no_article_is_refused),
		CASE(attributes_have_one_order),
		CASE(headings_get_ids),
		CASE(each_element_in_each),
		CASE(each_value_of_each_attribute),
	};

	return cmocka_run_group_tests_name("markup_article", tests, NULL, NULL);
}
