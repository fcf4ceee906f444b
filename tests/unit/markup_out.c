/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <sys/stat.h>
#include <cmocka.h>

#include "arena.h"
#include "markup_article.h"
#include "markup_maker.h"
#include "markup_tree.h"
#include "zip.h"

static int reset_after(void **state)
{
	(void)state;
	arena_reset();
	return 0;
}

static bool to_archive(void *ctx, enum markup_address what, struct str address,
		       struct str *changed)
{
	struct buf b = buf_new(1000);

	(void)ctx;
	if (str_starts(address, S("/private")))
		return false;
	buf_addf(&b, "%s%.*s", what == MARKUP_PICTURE ? "files" : "..",
		 STR_ARG(address));
	*changed = buf_str(&b);
	return true;
}

static const struct markup_out archive = {
	.links = { to_archive, NULL },
	.id_prefix = "a7-",
	.heading = 2,
};

static const char *page(const char *html, const struct markup_out *out)
{
	struct buf b = buf_new(100000);

	assert_true(markup_article_page(str_of(html), out, &b));
	return str_z(buf_str(&b));
}

static void pages_point_elsewhere(void **state)
{
	static const char *const cases[][2] = {
		{ "<h1 id=\"a\">b</h1><p><a href=\"#a\">c</a><a href=\"#d\">e"
		  "</a></p>",
		  "<h2 id=\"a7-a\">b</h2><p><a href=\"#a7-a\">c</a>e</p>" },
		{ "<h3 id=\"a\">b</h3><h6 id=\"c\">d</h6>",
		  "<h3 id=\"a7-a\">b</h3><h6 id=\"a7-c\">d</h6>" },
		{ "<p><a href=\"/b\">c</a><a href=\"/private\">d<em>e</em></a>"
		  "</p>",
		  "<p><a href=\"../b\">c</a>d<em>e</em></p>" },
		{ "<p><img alt=\"a\" src=\"/b\"/><img alt=\"c\" src=\"/private\""
		  "/></p>",
		  "<p><img alt=\"a\" src=\"files/b\"/>c</p>" },
		{ "<figure><img alt=\"a\" src=\"/private\"/><figcaption>b"
		  "</figcaption></figure>",
		  "<p>a<br/><em>b</em></p>" },
		{ "<figure><a href=\"/private\"><img alt=\"\" src=\"/b\"/></a>"
		  "</figure>",
		  "<figure><img alt=\"\" src=\"files/b\"/></figure>" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		assert_string_equal(page(cases[i][0], &archive), cases[i][1]);
		if (i)
			assert_string_equal(page(cases[i][0], NULL),
					    cases[i][0]);
	}
}

static void texts_of_an_article(void **state)
{
	static const char html[] =
		"<h2 id=\"a\">Head</h2><p>One <em>two</em> three.</p><h3 "
		"id=\"b\">Sub<br/>head</h3><ul><li>four</li><li>five<p>six</p>"
		"</li></ul><pre><code>seven\n</code></pre><table><caption>c"
		"</caption><tbody><tr><td><p>x</p><p>y</p></td><td>z</td></tr>"
		"</tbody></table><figure><img alt=\"pic\" src=\"/p\"/>"
		"<figcaption>leg</figcaption></figure><dl><dt>t</dt><dd>d</dd>"
		"</dl><aside class=\"note\"><p>n</p></aside>";
	struct str s;
	struct markup_heading *h;

	(void)state;
	assert_true(markup_article_words(str_of(html), &s));
	assert_string_equal(
		str_z(s), "Head One two three. Sub head four five six seven c "
			  "x y z pic leg t d n");
	assert_true(markup_article_text(str_of(html), &s));
	assert_string_equal(
		str_z(s),
		"Head\n\nOne two three.\n\nSub\nhead\n\n- four\n- five\n\n  six"
		"\n\n    seven\n\nc\nx y | z\n\n[pic]\nleg\n\nt\n  d\n\n| n");
	assert_true(markup_article_excerpt(str_of(html), 100, &s));
	assert_string_equal(str_z(s), "One two three. four five six t d n");
	assert_true(markup_article_excerpt(str_of(html), 12, &s));
	assert_string_equal(str_z(s), "One two…");
	assert_true(markup_article_excerpt(S("<p>日本語日本語</p>"), 4, &s));
	assert_string_equal(str_z(s), "日本語…");
	assert_true(markup_article_excerpt(S(""), 4, &s));
	assert_int_equal(s.n, 0);
	assert_true(markup_article_headings(str_of(html), &h));
	assert_int_equal(h->level, 2);
	assert_string_equal(str_z(h->id), "a");
	assert_string_equal(str_z(h->next->text), "Sub head");
	assert_null(h->next->next);
}

static void docbook_has_sections(void **state)
{
	static const struct markup_about about = { .title = S("T & t"),
						   .language = S("ja") };
	struct buf b = buf_new(100000);

	(void)state;
	assert_true(markup_article_docbook(
		S("<p>a</p><h2 id=\"b\">b</h2><h4 id=\"c\">c</h4><p>d</p>"
		  "<h3 id=\"e\">e</h3><h1 id=\"f\">f</h1><ul><li>g<p>h</p></li>"
		  "</ul><p><a href=\"#c\">i</a><a href=\"#x\">j</a></p>"),
		&about, NULL, &b));
	assert_string_equal(
		str_z(buf_str(&b)),
		"<article xmlns=\"http://docbook.org/ns/docbook\" xmlns:xlink="
		"\"http://www.w3.org/1999/xlink\" version=\"5.0\" xml:lang="
		"\"ja\">\n<title>T &amp; t</title>\n<para>a</para>\n<section "
		"xml:id=\"b\"><title>b</title>\n<section xml:id=\"c\"><title>c"
		"</title>\n<para>d</para></section>\n<section xml:id=\"e\">"
		"<title>e</title><para/></section></section>\n<section xml:id="
		"\"f\"><title>f</title>\n<itemizedlist><listitem><para>g</para>"
		"<para>h</para></listitem></itemizedlist>\n<para><link linkend="
		"\"c\">i</link>j</para></section>\n</article>\n");
}

static void write_docbook(const char *folder, uint32_t n, struct str html)
{
	static const struct markup_about about = { .title = S("<Title>"),
						   .language = S("en"),
						   .id = S("whole") };
	struct buf b = buf_new(10000000);
	char name[64];
	FILE *f;

	assert_true(markup_article_docbook(html, &about, NULL, &b));
	snprintf(name, sizeof(name), "%s/%u.xml", folder, n);
	f = fopen(name, "w");
	assert_non_null(f);
	fwrite(b.p, 1, b.n, f);
	fclose(f);
}

static const char *const texts[] = {
	"",
	"<p><sub>a<em>b</em></sub><kbd>c</kbd><kbd><code>d</code></kbd>"
	"</p>",
	"<p></p><blockquote></blockquote><aside class=\"danger\">"
	"</aside><ol start=\"4\"><li></li></ol>",
	"<table><caption>a</caption><thead><tr><th colspan=\"2\">b</th>"
	"</tr></thead></table>",
	"<table><tbody><tr><td class=\"right\" rowspan=\"2\">a<ul><li>b"
	"</li></ul></td></tr></tbody></table>",
	"<figure class=\"video\"><a href=\"https://vimeo.com/1\">a</a>"
	"<figcaption>b</figcaption></figure><figure><pre><code>c"
	"</code></pre></figure><figure><table><caption>d</caption>"
	"<tbody><tr><td></td></tr></tbody></table><figcaption>e"
	"</figcaption></figure>",
	"<blockquote><h2 id=\"a\">b</h2></blockquote><aside "
	"class=\"note\"><aside class=\"note\"><h3 id=\"c\">d</h3>"
	"</aside></aside><dl><dt>e</dt><dt>f</dt><dd>g</dd><dd>h</dd>"
	"</dl>",
	"<p><em><strong><del><sup><a href=\"/a\"><img alt=\"b\" "
	"height=\"1\" src=\"/c\" width=\"2\"/></a></sup></del></strong>"
	"</em><br/><img alt=\"\" src=\"/d\"/></p><hr/>",
};
enum { n_texts = ARRAY_LEN(texts) };

static void docbook_is_valid(void **state)
{
	static const char folder[] = "build/unit/docbook";
	uint32_t n = 0;

	(void)state;
	mkdir(folder, 0777);
	for (; n < n_texts; n++)
		write_docbook(folder, n, str_of(texts[n]));
	for (; n < 200; n++) {
		write_docbook(folder, n, make_article(n));
		arena_reset();
	}
	assert_int_equal(
		system("jing /usr/share/xml/docbook/schema/rng/5.0/docbook.rng "
		       "build/unit/docbook/*.xml >&2"),
		0);
}

/* ---- chapters of an EPUB -------------------------------------------------- */

enum { CHAPTERS = 60 };

static bool to_file(void *ctx, struct str bytes)
{
	return fwrite(bytes.p, 1, bytes.n, ctx) == bytes.n;
}

static bool to_book(void *ctx, enum markup_address what, struct str address,
		    struct str *changed)
{
	(void)ctx;
	if (what == MARKUP_PICTURE)
		*changed = S("pixel.png");
	else if (str_starts(address, S("/")))
		return false;
	else
		*changed = address;
	return true;
}

static bool put(struct zip *z, const char *name, struct str content)
{
	return zip_begin(z, str_of(name), content.n) && zip_add(z, content) &&
	       zip_end(z);
}

static struct str chapter(struct str html)
{
	static const struct markup_out book = { .links = { to_book, NULL } };
	struct buf b = buf_new(10000000);

	buf_add(&b, S("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
		      "<!DOCTYPE html>\n<html xmlns=\"http://www.w3.org/1999/"
		      "xhtml\"><head><title>a</title></head><body>"));
	assert_true(markup_article_page(html, &book, &b));
	buf_add(&b, S("</body></html>"));
	return buf_str(&b);
}

static struct str package(void)
{
	struct buf b = buf_new(100000);

	buf_add(&b, S("<package xmlns=\"http://www.idpf.org/2007/opf\" version="
		      "\"3.0\" unique-identifier=\"id\"><metadata xmlns:dc="
		      "\"http://purl.org/dc/elements/1.1/\"><dc:identifier id="
		      "\"id\">a</dc:identifier><dc:title>a</dc:title>"
		      "<dc:language>en</dc:language><meta property=\"dcterms:"
		      "modified\">2000-01-01T00:00:00Z</meta></metadata>"
		      "<manifest><item id=\"nav\" href=\"nav.xhtml\" "
		      "media-type=\"application/xhtml+xml\" properties=\"nav\""
		      "/><item id=\"p\" href=\"pixel.png\" media-type=\""
		      "image/png\"/>"));
	for (int i = 0; i < CHAPTERS; i++)
		buf_addf(&b,
			 "<item id=\"c%d\" href=\"c%d.xhtml\" "
			 "media-type=\"application/xhtml+xml\"/>",
			 i, i);
	buf_add(&b, S("</manifest><spine>"));
	for (int i = 0; i < CHAPTERS; i++)
		buf_addf(&b, "<itemref idref=\"c%d\"/>", i);
	buf_add(&b, S("</spine></package>"));
	return buf_str(&b);
}

static const char pixel[] =
	"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\b\0\0\0\0:~\x9bU"
	"\0\0\0\nIDATx\x9c"
	"c`\0\0\0\2\0\1H\xaf\xa4q\0\0\0\0IEND\xae"
	"B`\x82";

static void epub_chapters_are_valid(void **state)
{
	FILE *f = fopen("build/unit/chapters.epub", "w");
	struct zip *z = zip_new(to_file, f);

	(void)state;
	assert_non_null(f);
	assert_true(zip_store(z, S("mimetype"), S("application/epub+zip")));
	assert_true(
		put(z, "META-INF/container.xml",
		    S("<container version=\"1.0\" xmlns=\"urn:oasis:names:tc:"
		      "opendocument:xmlns:container\"><rootfiles><rootfile "
		      "full-path=\"a.opf\" media-type=\"application/"
		      "oebps-package+xml\"/></rootfiles></container>")));
	assert_true(put(z, "a.opf", package()));
	assert_true(
		put(z, "pixel.png", (struct str){ pixel, sizeof(pixel) - 1 }));
	assert_true(
		put(z, "nav.xhtml",
		    S("<html xmlns=\"http://www.w3.org/1999/xhtml\" xmlns:epub="
		      "\"http://www.idpf.org/2007/ops\"><head><title>a</title>"
		      "</head><body><nav epub:type=\"toc\"><ol><li><a href=\""
		      "c0.xhtml\">a</a></li></ol></nav></body></html>")));
	for (uint32_t i = 0; i < CHAPTERS; i++) {
		char name[32];

		snprintf(name, sizeof(name), "c%u.xhtml", i);
		assert_true(put(z, name,
				chapter(i < n_texts ? str_of(texts[i])
						    : make_article(i))));
	}
	assert_true(zip_finish(z));
	fclose(f);
	assert_int_equal(system("java -jar /usr/share/java/epubcheck.jar "
				"--failonwarnings build/unit/chapters.epub "
				">&2"),
			 0);
}

/* ---- read back ----------------------------------------------------------- */

static bool are_same(const struct markup *a, const struct markup *b)
{
	if (a->tag != b->tag || a->depth != b->depth ||
	    a->number != b->number || a->width != b->width ||
	    a->height != b->height || !str_eq(a->text, b->text) ||
	    !str_eq(a->alt, b->alt))
		return false;
	for (a = a->first, b = b->first; a && b; a = a->next, b = b->next)
		if (!are_same(a, b))
			return false;
	return !a && !b;
}

/* What is behind the last block is blank, and not as we write it. */
static bool read_by_libxml(struct str html, struct markup *doc)
{
	struct buf b = buf_new(MARKUP_ARTICLE_MAX);
	struct markup own = { .tag = M_DOC };

	buf_add(&b, html);
	buf_char(&b, '\n');
	assert_false(markup_read_own(MARKUP_ARTICLE, buf_str(&b), &own));
	return markup_read(MARKUP_ARTICLE, buf_str(&b), doc);
}

static void what_we_wrote_is_read_alike(void **state)
{
	(void)state;
	for (uint32_t seed = 0; seed < 2000; seed++) {
		struct str html = make_article(seed);
		struct markup own = { .tag = M_DOC }, xml = { .tag = M_DOC };

		assert_true(markup_read_own(MARKUP_ARTICLE, html, &own));
		assert_true(read_by_libxml(html, &xml));
		assert_true(are_same(&own, &xml));
		arena_reset();
	}
}

/* Any one byte of it gone, or another one: as libxml2 says. */
static void what_is_broken_is_not_read(void **state)
{
	static const char others[] = "<>&\"'/= \t\rx1;#\x01\xc3";

	(void)state;
	for (uint32_t seed = 0; seed < 60; seed++) {
		struct str html = make_article(seed);

		for (size_t i = 0; i < html.n; i++) {
			struct markup own = { .tag = M_DOC },
				      xml = { .tag = M_DOC };
			struct arena_mark mark = arena_mark();
			char *copy = alloc_copy(html.p, html.n);

			copy[i] = others[(i + seed) % (sizeof(others) - 1)];
			struct str broken = { copy, html.n };
			if (str_is_text(broken) &&
			    markup_read_own(MARKUP_ARTICLE, broken, &own)) {
				assert_true(read_by_libxml(broken, &xml));
				assert_true(are_same(&own, &xml));
			}
			arena_rewind(mark);
		}
		arena_reset();
	}
}

#define CASE(f) cmocka_unit_test_teardown(f, reset_after)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(pages_point_elsewhere),
		CASE(texts_of_an_article),
		CASE(docbook_has_sections),
		CASE(docbook_is_valid),
		CASE(epub_chapters_are_valid),
		CASE(what_we_wrote_is_read_alike),
		CASE(what_is_broken_is_not_read),
	};

	return cmocka_run_group_tests_name("markup_out", tests, NULL, NULL);
}
