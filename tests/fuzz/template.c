/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Data of any kind in a template that uses all of the vocabulary, and (after a
 * NUL) a template of any kind: no data ends a text or an attribute. */
#include <assert.h>

#include "arena.h"
#include "template.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

#define OURS "xmlns:s=\"urn:sportello:template\""

static const char page[] =
	"<div " OURS "><p s:text=\"a\"/><p s:attr=\"title=a href=a id=b.0\"/>"
	"<p s:t=\"x.{a}\" s:args=\"n=b\" s:n=\"n\"/><p s:if=\"a\"/>"
	"<p s:unless=\"b\" s:attr-t=\"title=x.{b}\"/><time s:time=\"a\"/>"
	"<p s:each=\"l\" s:as=\"i\"><s:block s:text=\"i\"/>"
	"<a s:each=\"i.l\" s:as=\"j\" s:attr=\"href=j.a\" s:text=\"j.b\"/></p>"
	"<script type=\"application/json\" s:json=\"l\"/></div>";
static const char message[] = "<div " OURS " s:canonical=\"a\"/>";

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	json_setup();
	return 0;
}

/* Tags of the template only: data can't open one. */
static void check(struct str html)
{
	static const char *const tags[] = { "div", "p", "time", "a", "script" };

	while (html.n) {
		bool known = false;

		str_cut(&html, '<');
		if (!html.n)
			break;
		if (html.p[0] == '/')
			html = str_from(html, 1);
		for (size_t i = 0; i < ARRAY_LEN(tags); i++)
			known |= str_starts(html, str_of(tags[i]));
		assert(known);
	}
}

static void add(const char *name, struct str text)
{
	const char *why = NULL;

	if (!template_add(str_of(name), text, &why))
		assert(why);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct str text = { (const char *)data, n };
	struct json *v = json_parse_own(str_cut(&text, '\0'));
	const char *why = NULL;
	struct str html;

	add("page", str_of(page));
	add("message", str_of(message));
	if (template_fill("page", v, NULL, S("Europe/Rome"), &html))
		check(html);
	(void)!template_fill("message", v, NULL, S("UTC"), &html);
	if (text.n) {
		add("theirs", text);
		if (template_ready(&why))
			(void)!template_fill("theirs", v, NULL, S("UTC"),
					     &html);
	}
	template_forget();
	arena_forget_forever();
	arena_reset();
	return 0;
}
