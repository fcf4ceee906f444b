/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * An article as DocBook 5.0. Headings of the article itself begin sections,
 * each in the last one of a higher level, whatever levels are left out; those
 * within a quote, a list or a table are bridgeheads.
 */
#include "arena.h"
#include "markup_article.h"
#include "markup_out.h"
#include "markup_tree.h"

/* Sections that are open, from the outermost; the article itself is none. */
struct sections {
	enum markup_tag open[7];
	bool any[7]; /* something stands in it */
	size_t n;
};

static void inlines(struct buf *b, const struct markup *node);
static void blocks(struct buf *b, const struct markup *node);
static void block(struct buf *b, const struct markup *node);

static void attribute(struct buf *b, const char *name, struct str value)
{
	if (!value.n)
		return;
	buf_addf(b, " %s=\"", name);
	buf_html(b, value);
	buf_char(b, '"');
}

/* ---- in line ------------------------------------------------------------- */

static void emphasis(struct buf *b, const struct markup *node, const char *role)
{
	buf_add(b, S("<emphasis"));
	attribute(b, "role", str_of(role));
	buf_char(b, '>');
	inlines(b, node);
	buf_add(b, S("</emphasis>"));
}

/* These hold only text there; with more in them, they are phrases. */
static void small(struct buf *b, const struct markup *node, const char *name)
{
	bool plain = true;

	for (const struct markup *c = node->first; c; c = c->next)
		plain &= c->tag == M_TEXT;
	if (plain)
		buf_addf(b, "<%s>", name);
	else
		buf_addf(b, "<phrase role=\"%s\">", name);
	inlines(b, node);
	buf_addf(b, "</%s>", plain ? name : "phrase");
}

static void link_to(struct buf *b, const struct markup *a)
{
	buf_add(b, S("<link"));
	if (str_starts(a->text, S("#")))
		attribute(b, "linkend", str_from(a->text, 1));
	else
		attribute(b, "xlink:href", a->text);
	buf_char(b, '>');
	inlines(b, a);
	buf_add(b, S("</link>"));
}

static void picture(struct buf *b, const struct markup *img, const char *name)
{
	buf_addf(b, "<%s><imageobject><imagedata", name);
	if (img->height)
		buf_addf(b, " contentdepth=\"%u\"", img->height);
	if (img->width)
		buf_addf(b, " contentwidth=\"%u\"", img->width);
	attribute(b, "fileref", img->text);
	buf_add(b, S("/></imageobject>"));
	if (img->alt.n) {
		buf_add(b, S("<textobject><phrase>"));
		buf_text(b, img->alt);
		buf_add(b, S("</phrase></textobject>"));
	}
	buf_addf(b, "</%s>", name);
}

static void inline_one(struct buf *b, const struct markup *c)
{
	switch (c->tag) {
	case M_TEXT:
		buf_text(b, c->text);
		return;
	case M_STRONG:
		emphasis(b, c, "strong");
		return;
	case M_EM:
		emphasis(b, c, "");
		return;
	case M_DEL:
		emphasis(b, c, "strikethrough");
		return;
	case M_CODE:
		buf_add(b, S("<code>"));
		inlines(b, c);
		buf_add(b, S("</code>"));
		return;
	case M_SUB:
		small(b, c, "subscript");
		return;
	case M_SUP:
		small(b, c, "superscript");
		return;
	case M_KBD:
		small(b, c, "keycap");
		return;
	case M_A:
		link_to(b, c);
		return;
	case M_IMG:
		picture(b, c, "inlinemediaobject");
		return;
	case M_BR: /* DocBook has none; its stylesheets know this */
		buf_add(b, S("<?linebreak?>\n"));
		return;
	default:
		return;
	}
}

static void inlines(struct buf *b, const struct markup *node)
{
	for (const struct markup *c = node->first; c; c = c->next)
		inline_one(b, c);
}

/* ---- blocks -------------------------------------------------------------- */

static void wrapped(struct buf *b, const char *name, const struct markup *node,
		    void (*content)(struct buf *, const struct markup *))
{
	buf_addf(b, "<%s>", name);
	content(b, node);
	buf_addf(b, "</%s>", name);
}

/* Text among blocks is in paragraphs; there is always a block. */
static void blocks(struct buf *b, const struct markup *node)
{
	const struct markup *c = node->first;

	if (!c)
		buf_add(b, S("<para/>"));
	while (c) {
		if (markup_is_block(c->tag)) {
			block(b, c);
			c = c->next;
			continue;
		}
		buf_add(b, S("<para>"));
		for (; c && !markup_is_block(c->tag); c = c->next)
			inline_one(b, c);
		buf_add(b, S("</para>"));
	}
}

static void bridgehead(struct buf *b, const struct markup *h)
{
	buf_add(b, S("<bridgehead"));
	attribute(b, "xml:id", h->text);
	buf_char(b, '>');
	inlines(b, h);
	buf_add(b, S("</bridgehead>"));
}

static void list(struct buf *b, const struct markup *node)
{
	const char *name = node->tag == M_OL ? "orderedlist" : "itemizedlist";

	buf_addf(b, "<%s", name);
	if (node->tag == M_OL && node->number != 1)
		buf_addf(b, " startingnumber=\"%u\"", node->number);
	buf_char(b, '>');
	for (const struct markup *li = node->first; li; li = li->next)
		wrapped(b, "listitem", li, blocks);
	buf_addf(b, "</%s>", name);
}

static void listing(struct buf *b, const struct markup *pre)
{
	const struct markup *code = pre->first;

	buf_add(b, S("<programlisting"));
	attribute(b, "language", code->text);
	buf_char(b, '>');
	inlines(b, code);
	buf_add(b, S("</programlisting>"));
}

/* All that is said of a term is one item. */
static void definitions(struct buf *b, const struct markup *dl)
{
	const struct markup *c = dl->first;

	buf_add(b, S("<variablelist>"));
	while (c) {
		buf_add(b, S("<varlistentry>"));
		for (; c && c->tag == M_DT; c = c->next)
			wrapped(b, "term", c, inlines);
		buf_add(b, S("<listitem>"));
		for (; c && c->tag == M_DD; c = c->next)
			blocks(b, c);
		buf_add(b, S("</listitem></varlistentry>"));
	}
	buf_add(b, S("</variablelist>"));
}

static bool has_blocks(const struct markup *node)
{
	for (const struct markup *c = node->first; c; c = c->next)
		if (markup_is_block(c->tag))
			return true;
	return false;
}

static void cell(struct buf *b, const struct markup *c)
{
	buf_addf(b, "<%s", markup_name(c->tag));
	attribute(b, "align", markup_align_class(c->number));
	if (c->width > 1)
		buf_addf(b, " colspan=\"%u\"", c->width);
	if (c->height > 1)
		buf_addf(b, " rowspan=\"%u\"", c->height);
	buf_char(b, '>');
	if (has_blocks(c))
		blocks(b, c);
	else
		inlines(b, c);
	buf_addf(b, "</%s>", markup_name(c->tag));
}

static void row(struct buf *b, const struct markup *tr)
{
	buf_add(b, S("<tr>"));
	for (const struct markup *c = tr->first; c; c = c->next)
		cell(b, c);
	buf_add(b, S("</tr>"));
}

static void rows(struct buf *b, const struct markup *part)
{
	for (const struct markup *tr = part->first; tr; tr = tr->next)
		row(b, tr);
}

/* The tables of HTML are a part of DocBook; they need a body. */
static void table(struct buf *b, const struct markup *node)
{
	const struct markup *c = node->first;
	const char *name = c->tag == M_CAPTION ? "table" : "informaltable";

	buf_addf(b, "<%s>", name);
	if (c->tag == M_CAPTION) {
		wrapped(b, "caption", c, inlines);
		c = c->next;
	}
	for (; c; c = c->next)
		wrapped(b, c->tag == M_THEAD && c->next ? "thead" : "tbody", c,
			rows);
	buf_addf(b, "</%s>", name);
}

static void figure(struct buf *b, const struct markup *node)
{
	const struct markup *c = node->first;

	buf_add(b, node->number == M_VIDEO
			   ? S("<informalfigure role=\"video\">")
			   : S("<informalfigure>"));
	if (c->tag == M_IMG) {
		picture(b, c, "mediaobject");
	} else if (markup_is_block(c->tag)) {
		block(b, c);
	} else {
		buf_add(b, S("<para>"));
		inline_one(b, c);
		buf_add(b, S("</para>"));
	}
	if (c->next) {
		buf_add(b, S("<caption>"));
		wrapped(b, "para", c->next, inlines);
		buf_add(b, S("</caption>"));
	}
	buf_add(b, S("</informalfigure>"));
}

static void block(struct buf *b, const struct markup *node)
{
	static const char *const notes[] = {
		[M_NOTE] = "note",
		[M_TIP] = "tip",
		[M_WARNING] = "warning",
		[M_DANGER] = "caution",
	};

	switch (node->tag) {
	case M_UL:
	case M_OL:
		list(b, node);
		return;
	case M_QUOTE:
		wrapped(b, "blockquote", node, blocks);
		return;
	case M_PRE:
		listing(b, node);
		return;
	case M_HR:
		buf_add(b, S("<para role=\"rule\">* * *</para>"));
		return;
	case M_TABLE:
		table(b, node);
		return;
	case M_DL:
		definitions(b, node);
		return;
	case M_ASIDE:
		wrapped(b, notes[node->number], node, blocks);
		return;
	case M_FIGURE:
		figure(b, node);
		return;
	case M_P:
		wrapped(b, "para", node, inlines);
		return;
	default:
		bridgehead(b, node);
	}
}

/* ---- sections ------------------------------------------------------------ */

static void close_section(struct buf *b, struct sections *s)
{
	if (!s->any[s->n])
		buf_add(b, S("<para/>"));
	if (s->n)
		buf_add(b, S("</section>"));
}

static void open_section(struct buf *b, struct sections *s,
			 const struct markup *h)
{
	for (; s->n && s->open[s->n] >= h->tag; s->n--)
		close_section(b, s);
	s->any[s->n] = true;
	s->open[++s->n] = h->tag;
	s->any[s->n] = false;
	buf_add(b, S("\n<section"));
	attribute(b, "xml:id", h->text);
	buf_char(b, '>');
	wrapped(b, "title", h, inlines);
}

static void content(struct buf *b, const struct markup *doc)
{
	struct sections s = { .n = 0 };

	for (const struct markup *c = doc->first; c; c = c->next) {
		if (markup_is_heading(c->tag)) {
			open_section(b, &s, c);
			continue;
		}
		s.any[s.n] = true;
		buf_char(b, '\n');
		block(b, c);
	}
	for (; s.n; s.n--)
		close_section(b, &s);
	close_section(b, &s);
}

bool markup_article_docbook(struct str html, const struct markup_about *about,
			    const struct markup_out *out, struct buf *docbook)
{
	struct markup doc = { .tag = M_DOC };

	if (!markup_outlet(html, out, false, &doc))
		return false;
	buf_add(docbook, S("<article xmlns=\"http://docbook.org/ns/docbook\" "
			   "xmlns:xlink=\"http://www.w3.org/1999/xlink\" "
			   "version=\"5.0\""));
	attribute(docbook, "xml:id", about->id);
	attribute(docbook, "xml:lang", about->language);
	buf_add(docbook, S(">\n<title>"));
	buf_text(docbook, about->title);
	buf_add(docbook, S("</title>"));
	content(docbook, &doc);
	buf_add(docbook, S("\n</article>\n"));
	return !docbook->full;
}
