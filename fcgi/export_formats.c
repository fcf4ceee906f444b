/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "export.h"

static const struct export_format formats[] = {
	{ "jsonl", "knowledge.jsonl", "application/jsonl; charset=utf-8",
	  export_lines },
	{ "bundle", "knowledge.sportello.zip", "application/zip",
	  export_bundle },
	{ "markdown.zip", "knowledge.markdown.zip", "application/zip",
	  export_markdown },
	{ "html", "knowledge.html", "text/html; charset=utf-8", export_html },
	{ "html.zip", "knowledge.html.zip", "application/zip",
	  export_html_zip },
	{ "epub", "knowledge.epub", "application/epub+zip", export_epub },
	{ "docbook", "knowledge.docbook.xml", "application/docbook+xml",
	  export_docbook },
};

const struct export_format *export_format(struct str name)
{
	for (size_t i = 0; i < ARRAY_LEN(formats); i++)
		if (str_eqz(name, formats[i].name))
			return &formats[i];
	return NULL;
}
