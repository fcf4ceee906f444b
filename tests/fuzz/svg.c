/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Drawings: whatever comes out is taken again and does not change, and none
 * of the words that act stands in it as markup. */
#include <assert.h>

#include "arena.h"
#include "markup_svg.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static const char *const tags[] = {
	"svg",	   "g",	       "defs",		 "symbol",	   "use",
	"title",   "desc",     "path",		 "rect",	   "circle",
	"ellipse", "line",     "text",		 "tspan",	   "stop",
	"marker",  "pattern",  "mask",		 "filter",	   "polyline",
	"polygon", "textPath", "linearGradient", "radialGradient", "clipPath",
};

static bool is_tag(struct str name)
{
	for (size_t i = 0; i < ARRAY_LEN(tags); i++)
		if (str_eqz(name, tags[i]))
			return true;
	return str_starts(name, S("fe")) && !str_eqz(name, "feImage");
}

/* url( only before a '#'. */
static void check_value(struct str name, struct str value)
{
	assert(!str_starts(name, S("on")) && !str_eqz(name, "style"));
	assert(!str_eqz(name, "href") || value.p[0] == '#');
	while (value.n) {
		struct str before = str_cut(&value, '(');

		if (str_ends(before, S("url")) && value.n)
			assert(value.p[0] == '#');
	}
}

/* Without a parser: each '<' begins one of our tags, and each pair of quotes
 * behind it is one of our values. */
static void check(struct str svg)
{
	str_cut(&svg, '<');
	while (svg.n) {
		struct str tag = str_cut(&svg, '>');
		bool is_end = tag.n && tag.p[0] == '/';

		if (is_end || str_ends(tag, S("/")))
			tag = is_end ? str_from(tag, 1)
				     : (struct str){ tag.p, tag.n - 1 };
		assert(is_tag(str_cut(&tag, ' ')));
		while (tag.n) {
			struct str name = str_cut(&tag, '=');

			assert(tag.n && tag.p[0] == '"');
			tag = str_from(tag, 1);
			if (!str_eqz(name, "xmlns"))
				check_value(name, str_cut(&tag, '"'));
			else
				str_cut(&tag, '"');
			assert(!tag.n || tag.p[0] == ' ');
			tag = str_from(tag, 1);
		}
		str_cut(&svg, '<');
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct svg once, twice;
	struct svg_fault fault;

	if (markup_svg((struct str){ (const char *)data, n }, &once, &fault)) {
		assert(str_is_text(once.text));
		check(once.text);
		assert(markup_svg(once.text, &twice, &fault));
		assert(str_eq(once.text, twice.text));
		assert(once.width == twice.width &&
		       once.height == twice.height);
	} else {
		assert(fault.code && str_is_text(fault.about));
	}
	arena_reset();
	return 0;
}
