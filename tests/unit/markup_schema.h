/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * markup_schema.h: whether an article is valid by fcgi/article.rng, for tests
 * that are run in the repository.
 */
#ifndef TESTS_MARKUP_SCHEMA_H
#define TESTS_MARKUP_SCHEMA_H

#include <libxml/parser.h>
#include <libxml/relaxng.h>

#include "str.h"

static void schema_silent(void *ctx, const char *format, ...)
{
	(void)ctx;
	(void)format;
}

static xmlRelaxNG *schema_read(void)
{
	xmlRelaxNGParserCtxt *p = xmlRelaxNGNewParserCtxt("fcgi/article.rng");
	xmlRelaxNG *schema = xmlRelaxNGParse(p);

	xmlRelaxNGFreeParserCtxt(p);
	if (!schema)
		abort();
	return schema;
}

static bool schema_allows(struct str html)
{
	static xmlRelaxNG *schema; /* for the life of the program */
	struct buf b = buf_new(html.n + 32);
	xmlRelaxNGValidCtxt *valid;
	xmlDoc *doc;
	bool ok;

	if (!schema)
		schema = schema_read();
	buf_add(&b, S("<article>"));
	buf_add(&b, html);
	buf_add(&b, S("</article>"));
	doc = xmlReadMemory(
		b.p, (int)b.n, NULL, "UTF-8",
		XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
	if (!doc)
		return false;
	valid = xmlRelaxNGNewValidCtxt(schema);
	xmlRelaxNGSetValidErrors(valid, schema_silent, schema_silent, NULL);
	ok = xmlRelaxNGValidateDoc(valid, doc) == 0;
	xmlRelaxNGFreeValidCtxt(valid);
	xmlFreeDoc(doc);
	return ok;
}

#endif
