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
	HEADLINE = 256, /* of a table */
	TERM = 512,
	FIGURED = 1024, /* what a figure shows */
	LEGEND = 2048,	/* and what it says of that */
};

static const struct kind {
	const char *name;
	enum markup_set since; /* the narrowest set that has it */
	unsigned is;
	unsigned holds;
	unsigned more; /* and in articles */
} kinds[M_TAGS] = {
	[M_DOC] = { "", MARKUP_MESSAGE, 0, BLOCK, 0 },
	[M_TEXT] = { "", MARKUP_MESSAGE, CHARS | INLINE, 0, 0 },
	[M_P] = { "p", MARKUP_MESSAGE, BLOCK, INLINE, 0 },
	[M_H1] = { "h1", MARKUP_MESSAGE, BLOCK, INLINE, 0 },
	[M_H2] = { "h2", MARKUP_MESSAGE, BLOCK, INLINE, 0 },
	[M_H3] = { "h3", MARKUP_MESSAGE, BLOCK, INLINE, 0 },
	[M_H4] = { "h4", MARKUP_MESSAGE, BLOCK, INLINE, 0 },
	[M_H5] = { "h5", MARKUP_MESSAGE, BLOCK, INLINE, 0 },
	[M_H6] = { "h6", MARKUP_MESSAGE, BLOCK, INLINE, 0 },
	[M_UL] = { "ul", MARKUP_MESSAGE, BLOCK, ITEM, 0 },
	[M_OL] = { "ol", MARKUP_MESSAGE, BLOCK, ITEM, 0 },
	[M_LI] = { "li", MARKUP_MESSAGE, ITEM, BLOCK | INLINE, 0 },
	[M_QUOTE] = { "blockquote", MARKUP_MESSAGE, BLOCK, BLOCK | INLINE, 0 },
	[M_PRE] = { "pre", MARKUP_MESSAGE, BLOCK | FIGURED, VERBATIM, 0 },
	[M_LISTING] = { "code", MARKUP_MESSAGE, VERBATIM, CHARS, 0 },
	[M_CODE] = { "code", MARKUP_MESSAGE, INLINE, CHARS, 0 },
	[M_STRONG] = { "strong", MARKUP_MESSAGE, INLINE, INLINE, 0 },
	[M_EM] = { "em", MARKUP_MESSAGE, INLINE, INLINE, 0 },
	[M_DEL] = { "del", MARKUP_MESSAGE, INLINE, INLINE, 0 },
	[M_SUB] = { "sub", MARKUP_ARTICLE, INLINE, INLINE, 0 },
	[M_SUP] = { "sup", MARKUP_ARTICLE, INLINE, INLINE, 0 },
	[M_KBD] = { "kbd", MARKUP_ARTICLE, INLINE, INLINE, 0 },
	[M_A] = { "a", MARKUP_MESSAGE, INLINE | FIGURED, INLINE, 0 },
	[M_BR] = { "br", MARKUP_MESSAGE, INLINE, 0, 0 },
	[M_IMG] = { "img", MARKUP_ARTICLE, INLINE | FIGURED, 0, 0 },
	[M_HR] = { "hr", MARKUP_MESSAGE, BLOCK, 0, 0 },
	[M_TABLE] = { "table", MARKUP_MESSAGE, BLOCK | FIGURED, ROWS,
		      HEADLINE },
	[M_CAPTION] = { "caption", MARKUP_ARTICLE, HEADLINE, INLINE, 0 },
	[M_THEAD] = { "thead", MARKUP_MESSAGE, ROWS, ROW, 0 },
	[M_TBODY] = { "tbody", MARKUP_MESSAGE, ROWS, ROW, 0 },
	[M_TR] = { "tr", MARKUP_MESSAGE, ROW, CELL, 0 },
	[M_TH] = { "th", MARKUP_MESSAGE, CELL, INLINE, BLOCK },
	[M_TD] = { "td", MARKUP_MESSAGE, CELL, INLINE, BLOCK },
	[M_DL] = { "dl", MARKUP_ARTICLE, BLOCK, TERM, 0 },
	[M_DT] = { "dt", MARKUP_ARTICLE, TERM, INLINE, 0 },
	[M_DD] = { "dd", MARKUP_ARTICLE, TERM, BLOCK | INLINE, 0 },
	[M_ASIDE] = { "aside", MARKUP_ARTICLE, BLOCK, BLOCK, 0 },
	[M_FIGURE] = { "figure", MARKUP_ARTICLE, BLOCK, FIGURED | LEGEND, 0 },
	[M_FIGCAPTION] = { "figcaption", MARKUP_ARTICLE, LEGEND, INLINE, 0 },
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

bool markup_holds(enum markup_set set, enum markup_tag parent,
		  enum markup_tag child)
{
	const struct kind *p = &kinds[parent], *c = &kinds[child];
	unsigned holds = p->holds | (set == MARKUP_ARTICLE ? p->more : 0);

	return p->since <= set && c->since <= set && holds & c->is;
}

enum markup_tag markup_child(enum markup_set set, enum markup_tag parent,
			     struct str name)
{
	for (enum markup_tag tag = M_P; tag < M_TAGS; tag++)
		if (markup_holds(set, parent, tag) &&
		    str_eqz(name, kinds[tag].name))
			return tag;
	return M_TAGS;
}

bool markup_is_block(enum markup_tag tag)
{
	return kinds[tag].is & BLOCK;
}

bool markup_is_heading(enum markup_tag tag)
{
	return tag >= M_H1 && tag <= M_H6;
}

bool markup_is_void(enum markup_tag tag)
{
	return !kinds[tag].holds;
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
	markup_write_attributes(b, node);
	if (markup_is_void(node->tag)) {
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
