/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "markup_tree.h"

#include "arena.h"
#include "markup.h"

/* Addresses people paste are long, but not longer than this. */
enum { URL_MAX = 4096 };

/* What an element is, and what it holds: sets of these. */
enum {
	CHARS = 1,
	INLINE = 2,
	BLOCK = 4,
	ITEM = 8,
	VERBATIM = 16, /* the one child of pre */
	ROWS = 32,
	ROW = 64,
	CELL = 128,
};

static const struct kind {
	const char *name;
	unsigned is, holds;
} kinds[M_TAGS] = {
	[M_DOC] = { "", 0, BLOCK },
	[M_TEXT] = { "", CHARS | INLINE, 0 },
	[M_P] = { "p", BLOCK, INLINE },
	[M_H1] = { "h1", BLOCK, INLINE },
	[M_H2] = { "h2", BLOCK, INLINE },
	[M_H3] = { "h3", BLOCK, INLINE },
	[M_H4] = { "h4", BLOCK, INLINE },
	[M_H5] = { "h5", BLOCK, INLINE },
	[M_H6] = { "h6", BLOCK, INLINE },
	[M_UL] = { "ul", BLOCK, ITEM },
	[M_OL] = { "ol", BLOCK, ITEM },
	[M_LI] = { "li", ITEM, BLOCK | INLINE },
	[M_QUOTE] = { "blockquote", BLOCK, BLOCK | INLINE },
	[M_PRE] = { "pre", BLOCK, VERBATIM },
	[M_CODE] = { "code", INLINE | VERBATIM, CHARS },
	[M_STRONG] = { "strong", INLINE, INLINE },
	[M_EM] = { "em", INLINE, INLINE },
	[M_DEL] = { "del", INLINE, INLINE },
	[M_A] = { "a", INLINE, INLINE },
	[M_BR] = { "br", INLINE, 0 },
	[M_HR] = { "hr", BLOCK, 0 },
	[M_TABLE] = { "table", BLOCK, ROWS },
	[M_THEAD] = { "thead", ROWS, ROW },
	[M_TBODY] = { "tbody", ROWS, ROW },
	[M_TR] = { "tr", ROW, CELL },
	[M_TH] = { "th", CELL, INLINE },
	[M_TD] = { "td", CELL, INLINE },
};

static const char *const align_classes[] = {
	[M_ALIGN_NONE] = "",
	[M_ALIGN_LEFT] = "left",
	[M_ALIGN_CENTER] = "center",
	[M_ALIGN_RIGHT] = "right",
};

struct markup *markup_add(struct markup *parent, enum markup_tag tag)
{
	struct markup *node = alloc(sizeof(*node));

	node->tag = tag;
	node->depth = parent->depth + 1;
	if (parent->last)
		parent->last->next = node;
	else
		parent->first = node;
	parent->last = node;
	return node;
}

const char *markup_name(enum markup_tag tag)
{
	return kinds[tag].name;
}

enum markup_tag markup_tag(struct str name)
{
	for (enum markup_tag tag = M_P; tag < M_TAGS; tag++)
		if (str_eqz(name, kinds[tag].name))
			return tag;
	return M_TAGS;
}

bool markup_holds(enum markup_tag parent, enum markup_tag child)
{
	return kinds[parent].holds & kinds[child].is;
}

bool markup_is_block(enum markup_tag tag)
{
	return kinds[tag].is & BLOCK;
}

struct str markup_align_class(unsigned align)
{
	return str_of(align_classes[align]);
}

bool markup_align(struct str class, unsigned *align)
{
	for (unsigned i = M_ALIGN_LEFT; i < ARRAY_LEN(align_classes); i++) {
		if (!str_eqz(class, align_classes[i]))
			continue;
		*align = i;
		return true;
	}
	return false;
}

/* Browsers drop controls and outer blanks before they look for a scheme, so
 * we look at what is left. */
static struct str without_blanks(struct str raw)
{
	struct buf b = buf_new(URL_MAX);

	raw = str_trim(raw);
	for (size_t i = 0; i < raw.n; i++) {
		unsigned char c = (unsigned char)raw.p[i];

		if (c == ' ')
			buf_add(&b, b.n ? S("%20") : S(""));
		else if (c > ' ' && c != 0x7f)
			buf_char(&b, raw.p[i]);
	}
	return b.full ? S("") : buf_str(&b);
}

/* Something behind the prefix, in any case of letters, that does not begin
 * with one more slash. */
static bool has_scheme(struct str url, struct str prefix)
{
	return url.n > prefix.n &&
	       strncasecmp(url.p, prefix.p, prefix.n) == 0 &&
	       url.p[prefix.n] != '/' && url.p[prefix.n] != '\\';
}

static bool is_own_path(struct str url)
{
	return url.n && url.p[0] == '/' &&
	       !(url.n > 1 && (url.p[1] == '/' || url.p[1] == '\\'));
}

bool markup_url(struct str raw, struct str *url)
{
	*url = without_blanks(raw);
	return is_own_path(*url) || has_scheme(*url, S("https://")) ||
	       has_scheme(*url, S("http://")) || has_scheme(*url, S("mailto:"));
}

static void write_attribute(struct buf *b, const char *name, struct str value)
{
	buf_addf(b, " %s=\"", name);
	buf_html(b, value);
	buf_char(b, '"');
}

static void write_attributes(struct buf *b, const struct markup *node)
{
	if (node->tag == M_A)
		write_attribute(b, "href", node->text);
	else if (node->tag == M_OL && node->number != 1)
		buf_addf(b, " start=\"%u\"", node->number);
	else if ((node->tag == M_TH || node->tag == M_TD) && node->number)
		write_attribute(b, "class", markup_align_class(node->number));
}

/* A line ends in LF alone: an XML parser would read CR as that anyway. */
static void write_text(struct buf *b, struct str text)
{
	while (text.n) {
		struct str rest = text;
		struct str line = str_cut(&rest, '\r');

		buf_text(b, line);
		if (line.n == text.n)
			return;
		if (!rest.n || rest.p[0] != '\n')
			buf_char(b, '\n');
		text = rest;
	}
}

static void write_element(struct buf *b, const struct markup *node)
{
	struct str name = str_of(kinds[node->tag].name);

	buf_char(b, '<');
	buf_add(b, name);
	write_attributes(b, node);
	if (!kinds[node->tag].holds) {
		buf_add(b, S("/>"));
		return;
	}
	buf_char(b, '>');
	markup_write(b, node);
	buf_add(b, S("</"));
	buf_add(b, name);
	buf_char(b, '>');
}

void markup_write(struct buf *b, const struct markup *node)
{
	for (const struct markup *c = node->first; c; c = c->next) {
		if (c->tag == M_TEXT)
			write_text(b, c->text);
		else
			write_element(b, c);
	}
}
