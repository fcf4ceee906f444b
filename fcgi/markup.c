/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Reading canonical text back: libxml2 parses, and every node is checked on
 * its way into our own tree, which is all that goes on. */
#include "markup.h"

#include <libxml/parser.h>
#include <libxml/tree.h>

#include "arena.h"
#include "markup_tree.h"

/* Mails are at most this much larger than what they show: a prefix a line. */
enum { TEXT_MAX = 4 * MARKUP_HTML_MAX };

static struct str xml_text(const xmlChar *z)
{
	return str_of((const char *)z);
}

static bool read_children(struct markup *to, const xmlNode *from, bool in_link);

static bool is_blank(struct str s)
{
	return str_trim(s).n == 0;
}

static bool read_text(struct markup *to, const xmlNode *from)
{
	struct str s = xml_text(from->content);

	if (!markup_holds(to->tag, M_TEXT))
		return is_blank(s);
	markup_add(to, M_TEXT)->text =
		(struct str){ alloc_copy(s.p, s.n), s.n };
	return true;
}

static bool read_start(struct markup *list, struct str value)
{
	uint64_t start;

	if (!str_u64(value, 999999999, &start))
		return false;
	list->number = (unsigned)start;
	return true;
}

/* At most one attribute, of the one name its element has. */
static bool read_attribute(struct markup *node, const xmlAttr *a)
{
	const xmlNode *text = a->children;
	struct str name = xml_text(a->name);
	struct str value = text ? xml_text(text->content) : S("");

	if (a->ns || a->next || (text && text->next))
		return false;
	if (text && text->type != XML_TEXT_NODE)
		return false;
	if (node->tag == M_A && str_eqz(name, "href"))
		return markup_url(value, &node->text) &&
		       str_eq(node->text, value);
	if (node->tag == M_OL && str_eqz(name, "start"))
		return read_start(node, value);
	if (node->tag == M_TH || node->tag == M_TD)
		return str_eqz(name, "class") &&
		       markup_align(value, &node->number);
	return false;
}

static bool read_element(struct markup *to, const xmlNode *from, bool in_link)
{
	enum markup_tag tag = markup_tag(xml_text(from->name));
	struct markup *node;

	if (tag == M_TAGS || from->ns || from->nsDef ||
	    !markup_holds(to->tag, tag) || to->depth >= MARKUP_DEPTH_MAX)
		return false;
	if (tag == M_A && (in_link || !from->properties))
		return false;
	node = markup_add(to, tag);
	if (tag == M_OL)
		node->number = 1;
	if (from->properties && !read_attribute(node, from->properties))
		return false;
	return read_children(node, from, in_link || tag == M_A);
}

static bool read_children(struct markup *to, const xmlNode *from, bool in_link)
{
	for (const xmlNode *c = from->children; c; c = c->next) {
		bool ok = c->type == XML_TEXT_NODE ? read_text(to, c)
			  : c->type == XML_ELEMENT_NODE
				  ? read_element(to, c, in_link)
				  : false; /* comments, CDATA, entities … */

		if (!ok)
			return false;
	}
	return true;
}

/* The document, with an element around it all; NULL when it is not XML. */
static xmlDoc *parse(struct str html)
{
	struct buf b = buf_new(MARKUP_HTML_MAX + 16);

	buf_add(&b, S("<x>"));
	buf_add(&b, html);
	buf_add(&b, S("</x>"));
	if (b.full || !str_is_text(html))
		return NULL;
	return xmlReadMemory(
		b.p, (int)b.n, NULL, "UTF-8",
		XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
}

static bool markup_read(struct str html, struct markup *doc)
{
	xmlDoc *xml = parse(html);
	bool ok;

	if (!xml)
		return false;
	ok = !xml->intSubset &&
	     read_children(doc, xmlDocGetRootElement(xml), false);
	xmlFreeDoc(xml);
	return ok;
}

bool markup_canonical(struct str html, struct buf *out)
{
	struct markup doc = { .tag = M_DOC };

	if (!markup_read(html, &doc))
		return false;
	markup_write(out, &doc);
	return !out->full;
}

static void inline_text(struct buf *b, const struct markup *node);

static void link_text(struct buf *b, const struct markup *a)
{
	struct buf shown = buf_new(TEXT_MAX);
	struct str text, mail;

	for (const struct markup *c = a->first; c; c = c->next)
		inline_text(&shown, c);
	text = buf_str(&shown);
	mail = str_starts(a->text, S("mailto:")) ? str_from(a->text, 7) : S("");
	buf_add(b, text);
	if (!str_eq(text, a->text) && !str_eq(text, mail))
		buf_addf(b, "%s<%.*s>", text.n ? " " : "", STR_ARG(a->text));
}

static void inline_text(struct buf *b, const struct markup *node)
{
	if (node->tag == M_TEXT)
		buf_add(b, node->text);
	else if (node->tag == M_BR)
		buf_char(b, '\n');
	else if (node->tag == M_A)
		link_text(b, node);
	else
		for (const struct markup *c = node->first; c; c = c->next)
			inline_text(b, c);
}

static struct str blocks_text(const struct markup *node);

/* Every line of s with a prefix, without blanks at the ends. */
static struct str prefixed(struct str s, struct str first, struct str others)
{
	struct buf b = buf_new(TEXT_MAX);
	struct str prefix = first;

	do {
		struct str line = str_cut(&s, '\n');

		if (b.n)
			buf_char(&b, '\n');
		buf_add(&b, prefix);
		buf_add(&b, line);
		while (b.n && b.p[b.n - 1] == ' ')
			b.n--;
		prefix = others;
	} while (s.n);
	return buf_str(&b);
}

/* Items with paragraphs of their own stand apart, others line by line. */
static bool is_loose(const struct markup *list)
{
	for (const struct markup *li = list->first; li; li = li->next)
		if (li->first && li->first->tag == M_P && li->next)
			return true;
	return false;
}

static struct str list_text(const struct markup *list)
{
	struct buf b = buf_new(TEXT_MAX);
	struct str apart = is_loose(list) ? S("\n\n") : S("\n");
	unsigned number = list->number;

	for (const struct markup *li = list->first; li; li = li->next) {
		char mark[16] = "- ";
		int n = 2;

		if (list->tag == M_OL)
			n = snprintf(mark, sizeof(mark), "%u. ", number++);
		if (b.n)
			buf_add(&b, apart);
		buf_add(&b, prefixed(blocks_text(li),
				     (struct str){ mark, (size_t)n },
				     (struct str){ "                ",
						   (size_t)n }));
	}
	return buf_str(&b);
}

static void row_text(struct buf *b, const struct markup *row)
{
	for (const struct markup *cell = row->first; cell; cell = cell->next) {
		inline_text(b, cell);
		if (cell->next)
			buf_add(b, S(" | "));
	}
	while (b->n && b->p[b->n - 1] == ' ')
		b->n--;
}

static struct str table_text(const struct markup *table)
{
	struct buf b = buf_new(TEXT_MAX);

	for (const struct markup *part = table->first; part; part = part->next)
		for (const struct markup *tr = part->first; tr; tr = tr->next) {
			if (b.n)
				buf_char(&b, '\n');
			row_text(&b, tr);
		}
	return buf_str(&b);
}

static struct str block_text(const struct markup *node)
{
	struct buf b = buf_new(TEXT_MAX);

	switch (node->tag) {
	case M_UL:
	case M_OL:
		return list_text(node);
	case M_QUOTE:
		return prefixed(blocks_text(node), S("> "), S("> "));
	case M_PRE:
		inline_text(&b, node);
		if (b.n && b.p[b.n - 1] == '\n')
			b.n--;
		return prefixed(buf_str(&b), S("    "), S("    "));
	case M_TABLE:
		return table_text(node);
	case M_HR:
		return S("----");
	default:
		inline_text(&b, node);
		return buf_str(&b);
	}
}

/* Blocks with an empty line between them; text that stands among them as a
 * paragraph, but a list right under its text stays there. */
static struct str blocks_text(const struct markup *node)
{
	struct buf b = buf_new(TEXT_MAX);
	bool after_text = false;

	for (const struct markup *c = node->first; c; c = c->next) {
		bool block = markup_is_block(c->tag);
		bool list = c->tag == M_UL || c->tag == M_OL;

		if (b.n && block)
			buf_add(&b, after_text && list ? S("\n") : S("\n\n"));
		else if (b.n && !after_text)
			buf_add(&b, S("\n\n"));
		if (block)
			buf_add(&b, block_text(c));
		else
			inline_text(&b, c);
		after_text = !block;
	}
	return buf_str(&b);
}

bool markup_to_text(struct str html, struct str *text)
{
	struct markup doc = { .tag = M_DOC };

	if (!markup_read(html, &doc))
		return false;
	*text = blocks_text(&doc);
	return true;
}
