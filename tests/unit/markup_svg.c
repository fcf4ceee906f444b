/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#include "arena.h"
#include "markup_svg.h"

static int reset_after(void **state)
{
	(void)state;
	arena_reset();
	return 0;
}

#define HEAD "<svg xmlns=\"http://www.w3.org/2000/svg\""
/* A drawing of 8 × 2, which is written as 1024 × 256. */
#define BOX HEAD " viewBox=\"0 0 8 2\" width=\"1024\" height=\"256\""
#define DRAWING(inner) HEAD " viewBox=\"0 0 8 2\">" inner "</svg>"

static const char *made(struct str source)
{
	struct svg svg;
	struct svg_fault fault;

	if (!markup_svg(source, &svg, &fault))
		fail_msg("%s %.*s: %.*s", fault.code, STR_ARG(fault.about),
			 STR_ARG(source));
	return str_z(svg.text);
}

#define assert_drawing(inner, outer)                                           \
	assert_string_equal(made(S(DRAWING(inner))), BOX ">" outer "</svg>")

static void check_refused(struct str source, const char *code,
			  const char *about)
{
	struct svg svg;
	struct svg_fault fault;

	if (markup_svg(source, &svg, &fault))
		fail_msg("taken: %.*s", STR_ARG(source));
	assert_string_equal(fault.code, code);
	assert_string_equal(str_z(fault.about), about);
}

#define assert_refused(inner, code, about)                                     \
	check_refused(S(DRAWING(inner)), code, about)
#define assert_active(inner, about) assert_refused(inner, "svg_active", about)

static void what_draws_stays(void **state)
{
	(void)state;
	assert_drawing("<g id=\"a\" fill=\"#f00\" opacity=\".5\">"
		       "<path d=\"M0 0h8v2z\" transform=\"rotate(3 1,1)\"/>"
		       "</g>",
		       "<g id=\"a\" fill=\"#f00\" opacity=\".5\">"
		       "<path d=\"M0 0h8v2z\" transform=\"rotate(3 1,1)\"/>"
		       "</g>");
	assert_drawing("<text x='1' font-family='\"A B\", serif'>a &lt; b"
		       "<tspan>\xe3\x81\x82</tspan></text>",
		       "<text x=\"1\" font-family=\"&quot;A B&quot;, serif\">"
		       "a &lt; b<tspan>\xe3\x81\x82</tspan></text>");
	assert_drawing("<title>Nordlicht &amp; Co</title>",
		       "<title>Nordlicht &amp; Co</title>");
	assert_drawing(
		"<defs><linearGradient id=\"g\"><stop offset=\"0\" "
		"stop-color=\"rgb(1, 2, 3)\"/></linearGradient></defs>"
		"<rect width=\"8\" height=\"2\" fill=\"url('#g') red\"/>",
		"<defs><linearGradient id=\"g\"><stop offset=\"0\" "
		"stop-color=\"rgb(1, 2, 3)\"/></linearGradient></defs>"
		"<rect width=\"8\" height=\"2\" fill=\"url(#g) red\"/>");
	assert_drawing("<path id=\"p\" d=\"M0 0\"/><use href=\"#p\" x=\"1\"/>",
		       "<path id=\"p\" d=\"M0 0\"/><use href=\"#p\" x=\"1\"/>");
}

static void what_editors_leave_goes(void **state)
{
	(void)state;
	assert_drawing("<!-- made by --><?php x?><metadata><b/></metadata>"
		       "<path data-name=\"a\" class=\"b\" xml:space=\"c\" "
		       "d=\"M0 0\"/> text ",
		       "<path d=\"M0 0\"/>");
	assert_string_equal(
		made(S("<?xml version=\"1.0\" standalone=\"no\"?>"
		       "<!DOCTYPE svg PUBLIC \"-//W3C//DTD SVG 1.1//EN\" "
		       "\"http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd\">" HEAD
		       " xmlns:inkscape=\"urn:i\" xmlns:xlink="
		       "\"http://www.w3.org/1999/xlink\" viewBox=\"0 0 8 2\" "
		       "inkscape:version=\"1\"><inkscape:view><path/>"
		       "</inkscape:view><g id=\"a\" inkscape:label=\"b\"/>"
		       "<use xlink:href=\"#a\"/></svg>")),
		BOX "><g id=\"a\"/><use href=\"#a\"/></svg>");
	/* Without a namespace it would be no picture to a browser. */
	assert_string_equal(made(S("\xef\xbb\xbf<svg viewBox='0,0 8,2'/>")),
			    HEAD " viewBox=\"0,0 8,2\" width=\"1024\" "
				 "height=\"256\"/>");
}

static void what_acts_is_named(void **state)
{
	(void)state;
	assert_active("<script>alert(1)</script>", "script");
	assert_active("<g><script href=\"#a\"/></g>", "script");
	assert_active("<path onload=\"x()\"/>", "onload");
	assert_active("<path ONclick=\"x()\"/>", "ONclick");
	assert_active("<foreignObject/>", "foreignObject");
	assert_active("<switch/>", "switch");
	assert_active("<image href=\"data:image/png;base64,AA\"/>", "image");
	assert_active("<feImage/>", "feImage");
	assert_active("<a href=\"#b\"/>", "a");
	assert_active("<animate attributeName=\"href\"/>", "animate");
	assert_active("<set attributeName=\"onload\"/>", "set");
	assert_active("<b xmlns=\"http://www.w3.org/1999/xhtml\"/>", "b");
	assert_active("<h:script xmlns:h=\"http://www.w3.org/1999/xhtml\"/>",
		      "script");
	assert_active("<use href=\"http://evil.example/#a\"/>", "href");
	assert_active("<use href=\"javascript:x()\"/>", "href");
	assert_active("<use xmlns:x=\"http://www.w3.org/1999/xlink\" "
		      "x:href=\"data:image/svg+xml,a#b\"/>",
		      "href");
	assert_active("<use href=\"\"/>", "href");
	assert_active("<rect fill=\"url(http://evil.example/#a)\"/>", "url");
	assert_active("<rect fill=\"URL( 'http://evil.example' )\"/>", "URL");
	assert_active("<rect mask=\"image-set('a' 1x)\"/>", "image-set");
	assert_active("<rect fill=\"u\\72l(http://evil.example/)\"/>", "\\");
	assert_active("<rect style=\"background:url(//evil.example)\"/>",
		      "url");
	assert_active("<rect style=\"background:url/**/(//evil.example)\"/>",
		      "url");
	assert_active("<rect style=\"width:expression(x())\"/>", "expression");
	assert_active("<style>a{fill:url(//evil.example)}</style><a/>", "a");
	assert_active("<style>path{fill:url(//evil.example)}</style><path/>",
		      "url");
}

static void the_whole_is_looked_at(void **state)
{
	(void)state;
	check_refused(S("<?xml-stylesheet href=\"a.css\"?>" DRAWING("")),
		      "svg_active", "xml-stylesheet");
	check_refused(S("<!DOCTYPE svg [<!ENTITY a \"b\">]>" DRAWING("&a;")),
		      "svg_active", "<!ENTITY");
	check_refused(S(""), "picture_broken", "");
	check_refused(S("<svg"), "picture_broken", "");
	check_refused(S(DRAWING("<g>")), "picture_broken", "");
	check_refused(S(DRAWING("&nbsp;")), "picture_broken", "");
	check_refused(S(DRAWING("\xff")), "picture_broken", "");
	check_refused(S("<html><svg/></html>"), "picture_type", "");
	check_refused(S("<svg xmlns=\"urn:x\"/>"), "picture_type", "");
}

static void styles_become_attributes(void **state)
{
	(void)state;
	assert_drawing("<path style=\"fill:#f00; stroke : url(&quot;#a&quot;) "
		       "!important;-inkscape-x:'a;b';mix-blend-mode:screen\"/>",
		       "<path fill=\"#f00\" stroke=\"url(#a)\"/>");
	/* A style wins over an attribute, an id over a class over an element. */
	assert_drawing("<style>#i{fill:#003} .c,.d{fill:#002;FILL-RULE:evenodd}"
		       "path{fill:#001}</style>"
		       "<path id=\"i\" class=\"x c\" fill=\"#000\"/>"
		       "<path class=\"d\" style=\"fill:#004\"/><path/><g/>",
		       "<path id=\"i\" fill=\"#003\" fill-rule=\"evenodd\"/>"
		       "<path fill=\"#004\" fill-rule=\"evenodd\"/>"
		       "<path fill=\"#001\"/><g/>");
	assert_string_equal(made(S(DRAWING("<style>*{fill:red}</style><g/>"))),
			    HEAD " viewBox=\"0 0 8 2\" fill=\"red\" "
				 "width=\"1024\" height=\"256\">"
				 "<g fill=\"red\"/></svg>");
	assert_drawing("<defs><style type=\"text/css\"><![CDATA[ /* } */\n"
		       ".a { fill : url(#g) }\n]]></style></defs>"
		       "<path class=\"a\"/>",
		       "<defs/><path fill=\"url(#g)\"/>");
	assert_refused("<style>@import 'a.css';</style>", "svg_style",
		       "@import");
	assert_refused("<style>@media print{a{fill:red}}</style>", "svg_style",
		       "@media");
	assert_refused("<style>g path{fill:red}</style>", "svg_style",
		       "g path");
	assert_refused("<style>path:hover{fill:red}</style>", "svg_style",
		       "path:hover");
	assert_refused("<style>{fill:red}</style>", "svg_style", "");
	assert_refused("<style>a{b{fill:red}}</style>", "svg_style", "a");
	assert_refused("<style>path{fill:red</style>", "svg_style",
		       "path{fill:red");
	assert_refused("<path style=\"transform:scale(2)\"/>", "svg_style",
		       "transform");
}

static void size_of(const char *attributes, unsigned width, unsigned height)
{
	struct buf b = buf_new(500);
	struct svg svg;
	struct svg_fault fault;

	buf_addf(&b, "<svg %s/>", attributes);
	if (!markup_svg(buf_str(&b), &svg, &fault))
		fail_msg("%s: %s", attributes, fault.code);
	assert_int_equal(svg.width, width);
	assert_int_equal(svg.height, height);
}

static void every_drawing_has_a_size(void **state)
{
	(void)state;
	size_of("viewBox='0 0 8 2'", 1024, 256);
	size_of("viewBox='-1 -1 100 100'", 256, 256);
	size_of("viewBox='0 0 1000 1'", 1024, 1);
	size_of("width='20' height='10px'", 512, 256);
	size_of("width='20' height='10' viewBox='0 0 1 1'", 512, 256);
	size_of("width='100%' height='100%' viewBox='0 0 8 2'", 1024, 256);
	size_of("width='1cm' height='1cm' viewBox='0 0 8 2'", 1024, 256);
	check_refused(S("<svg/>"), "svg_size", "");
	check_refused(S("<svg width='10'/>"), "svg_size", "");
	check_refused(S("<svg width='10mm' height='1mm'/>"), "svg_size", "");
	check_refused(S("<svg width='-1' height='1'/>"), "svg_size", "");
	check_refused(S("<svg width='nan' height='inf'/>"), "svg_size", "");
	check_refused(S("<svg viewBox='0 0 0 1'/>"), "svg_size", "");
	check_refused(S("<svg viewBox='0 0 1e99 1'/>"), "svg_size", "");
	check_refused(S("<svg viewBox='0 0 1'/>"), "svg_size", "");
	assert_string_equal(made(S("<svg width='20' height='10'/>")),
			    HEAD " width=\"512\" height=\"256\" "
				 "viewBox=\"0 0 20 10\"/>");
}

/* Ten levels of ten uses each: a thousand letters for ten thousand million
 * shapes. */
static struct str laughs(const char *first, const char *reference)
{
	struct buf b = buf_new(65536);

	buf_add(&b, S("<svg viewBox='0 0 1 1'>"));
	buf_addf(&b, "%s", first);
	for (unsigned level = 1; level <= 10; level++) {
		buf_addf(&b, "<g id='l%u'>", level);
		for (unsigned i = 0; i < 10; i++)
			buf_addf(&b, reference, level - 1);
		buf_add(&b, S("</g>"));
	}
	buf_add(&b, S("</svg>"));
	return buf_str(&b);
}

static void work_is_bounded(void **state)
{
	struct buf deep = buf_new(65536), many = buf_new(1 << 20);

	(void)state;
	check_refused(laughs("<path id='l0'/>", "<use href='#l%u'/>"),
		      "svg_complex", "");
	check_refused(laughs("<mask id='l0'/>", "<g mask='url(#l%u)'/>"),
		      "svg_complex", "");
	check_refused(laughs("<g id='l0'/>", "<g style='fill:URL(\"#l%u\")'/>"),
		      "svg_complex", "");
	/* The second of a name counts too. */
	check_refused(laughs("<g id='l0'/><g id='l9'/>", "<use href='#l%u'/>"),
		      "svg_complex", "");
	assert_refused("<g id=\"a\"><use href=\"#a\"/></g>", "svg_complex", "");
	assert_refused("<use id=\"a\" href=\"#b\"/><use id=\"b\" href=\"#a\"/>",
		       "svg_complex", "");
	/* Ten thousand shapes filled with one gradient are not ten thousand
	 * gradients, and what is missing weighs nothing. */
	assert_drawing("<use href=\"#none\"/>", "<use href=\"#none\"/>");

	buf_add(&deep, S("<svg viewBox='0 0 1 1'>"));
	for (unsigned i = 0; i < 60; i++)
		buf_add(&deep, S("<g>"));
	for (unsigned i = 0; i < 60; i++)
		buf_add(&deep, S("</g>"));
	buf_add(&deep, S("</svg>"));
	check_refused(buf_str(&deep), "svg_complex", "");

	buf_add(&many, S("<svg viewBox='0 0 1 1'>"));
	for (unsigned i = 0; i < 5001; i++)
		buf_add(&many, S("<g/>"));
	buf_add(&many, S("</svg>"));
	check_refused(buf_str(&many), "svg_complex", "");

	many.n = 0;
	buf_add(&many, S("<svg viewBox='0 0 1 1'><path d='"));
	for (unsigned i = 0; i < MARKUP_SVG_MAX / 4; i++)
		buf_add(&many, S("M0 0"));
	buf_add(&many, S("'/></svg>"));
	check_refused(buf_str(&many), "svg_complex", "");
}

#define CASE(f) cmocka_unit_test_teardown(f, reset_after)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(what_draws_stays),		CASE(what_editors_leave_goes),
		CASE(what_acts_is_named),	CASE(the_whole_is_looked_at),
		CASE(styles_become_attributes), CASE(every_drawing_has_a_size),
		CASE(work_is_bounded),
	};

	return cmocka_run_group_tests_name("markup_svg", tests, NULL, NULL);
}
