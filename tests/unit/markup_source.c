/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#include "arena.h"
#include "markup_article.h"
#include "markup_maker.h"
#include "markup_schema.h"

static int reset_after(void **state)
{
	(void)state;
	arena_reset();
	return 0;
}

static const char *of_markdown(const char *source)
{
	struct str out;

	assert_true(
		markup_article_from_markdown(str_of(source), NULL, &out, NULL));
	assert_true(schema_allows(out));
	return str_z(out);
}

static const char *to_markdown(const char *html)
{
	struct buf b = buf_new(100000);

	if (!markup_article_markdown(str_of(html), NULL, &b))
		fail_msg("no article: %s", html);
	return str_z(buf_str(&b));
}

static void markdown_comes_in(void **state)
{
	static const char *const cases[][2] = {
		{ "", "" },
		{ "# a\n\nb\nc  \nd", "<h1 id=\"a\">a</h1><p>b c<br/>d</p>" },
		{ "> [!NOTE]\n> a\n>\n> b",
		  "<aside class=\"note\"><p>a</p><p>b</p></aside>" },
		{ "> [!Caution]\n\nx", "<p>x</p>" },
		{ "> [!IMPORTANT]\n> a",
		  "<aside class=\"note\"><p>a</p></aside>" },
		{ "> \\[!NOTE]\n> a",
		  "<blockquote><p>[!NOTE] a</p></blockquote>" },
		{ "> [!NOTE] a", "<blockquote><p>[!NOTE] a</p></blockquote>" },
		{ "> a\n> [!NOTE]",
		  "<blockquote><p>a [!NOTE]</p></blockquote>" },
		{ "> [!TIP]\n> > [!WARNING]\n> > a",
		  "<aside class=\"tip\"><aside class=\"warning\"><p>a</p>"
		  "</aside></aside>" },
		{ "see www.x.y or `www.x.y` [www.x.y](/z)",
		  "<p>see <a href=\"http://www.x.y\">www.x.y</a> or "
		  "<code>www.x.y</code> <a href=\"/z\">www.x.y</a></p>" },
		{ "![a *b* `c`](/d \"t\")",
		  "<p><img alt=\"a b c\" src=\"/d\"/></p>" },
		{ "a<kbd>b</kbd>\n\n<div align=center>\n\n**c**\n\n</div>",
		  "<p>a<kbd>b</kbd></p><p><strong>c</strong></p>" },
		{ "<script>\na\n\nb</script>\n\nc", "<p>c</p>" },
		{ "```c++\na\n```",
		  "<pre><code class=\"language-c++\">a\n</code></pre>" },
		{ "``` \" onclick=x\na\n```", "<pre><code>a\n</code></pre>" },
		{ "[a](javascript:b) [c](<d \"e>)", "<p>a c</p>" },
		{ "- [x] a", "<ul><li>\xe2\x98\x91 a</li></ul>" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const char *out = of_markdown(cases[i][0]);

		if (strcmp(out, cases[i][1]) != 0)
			fail_msg("%s gives %s", cases[i][0], out);
	}
}

static void markdown_goes_out(void **state)
{
	static const char *const cases[][2] = {
		{ "", "" },
		{ "<h2 id=\"a\">a</h2><p>b<br/>c</p>", "## a\n\nb\\\nc\n" },
		{ "<h2 id=\"x\">a</h2>", "<div><h2 id=\"x\">a</h2></div>\n" },
		{ "<p><em>a</em> <strong>b</strong><em>\"c\"</em></p>",
		  "*a* **b**<em>\"c\"</em>\n" },
		{ "<p>1. *a_b* # &amp;lt; http://x a@b www.c ![</p>",
		  "1\\. \\*a\\_b\\* # \\&lt; http\\://x a\\@b www\\.c \\!\\[\n" },
		{ "<p># a</p>", "\\# a\n" },
		{ "<aside class=\"danger\"><p>a</p></aside>",
		  "> [!CAUTION]\n> a\n" },
		{ "<ul><li>a<ol><li>b</li></ol></li><li>c</li></ul>",
		  "- a\n  1. b\n- c\n" },
		{ "<ul><li><p>a</p></li></ul>",
		  "<ul><li><p>a</p></li></ul>\n" },
		{ "<ul><li>a</li></ul><ul><li>b</li></ul>", "- a\n\n* b\n" },
		{ "<pre><code>`` ```\n\nb\n</code></pre>",
		  "````\n`` ```\n\nb\n````\n" },
		{ "<pre><code>\ta\n</code></pre>",
		  "<pre><code>&#9;a&#10;</code></pre>\n" },
		{ "<table><thead><tr><th>a|</th></tr></thead><tbody><tr>"
		  "<td>b</td></tr></tbody></table>",
		  "| a\\| |\n| --- |\n| b |\n" },
		{ "<table><tbody><tr><td colspan=\"2\">a</td></tr></tbody>"
		  "</table>",
		  "<table><tbody><tr><td colspan=\"2\">a</td></tr></tbody>"
		  "</table>\n" },
		{ "<p><a href=\"http://x\">http://x</a> <a href=\"/a(b\">c</a>"
		  "</p>",
		  "<http://x> [c](</a\\(b>)\n" },
		{ "<hr/><dl><dt>a</dt><dd>b</dd></dl>",
		  "___\n\n<dl><dt>a</dt><dd>b</dd></dl>\n" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const char *out = to_markdown(cases[i][0]);

		if (strcmp(out, cases[i][1]) != 0)
			fail_msg("%s gives %s", cases[i][0], out);
		assert_string_equal(of_markdown(out), cases[i][0]);
	}
}

/* What came of it, when it is another article; "" when it is the same. */
static struct str other_way(struct str html)
{
	struct buf markdown = buf_new(1000000), b = buf_new(3000000);
	struct str again;

	assert_true(markup_article_markdown(html, NULL, &markdown));
	assert_true(markup_article_from_markdown(buf_str(&markdown), NULL,
						 &again, NULL));
	if (!str_eq(html, again))
		buf_addf(&b, "%.*s\n%.*s\n%.*s", STR_ARG(html),
			 STR_ARG(buf_str(&markdown)), STR_ARG(again));
	return buf_str(&b);
}

/* Of those that do not, the shortest is shown. */
static void any_article_returns(void **state)
{
	char *shortest = NULL;

	(void)state;
	for (uint32_t seed = 1; seed <= 500; seed++) {
		struct str other = other_way(make_article(seed));

		if (other.n && (!shortest || other.n < strlen(shortest))) {
			free(shortest);
			shortest = strdup(str_z(other));
		}
		arena_reset();
	}
	if (shortest) {
		fputs(shortest, stderr);
		fail();
	}
}

#define CASE(f) cmocka_unit_test_teardown(f, reset_after)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(markdown_comes_in),
		CASE(markdown_goes_out),
		CASE(any_article_returns),
	};

	return cmocka_run_group_tests_name("markup_source", tests, NULL, NULL);
}
