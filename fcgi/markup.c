/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Reading canonical text back. What we wrote ourselves is read as that
 * (markup_own.c); of what else may be canonical libxml2 parses, and every node is
 * checked on its way into our own tree, which is all that goes on. */
#include "markup.h"

#include <libxml/parser.h>
#include <libxml/tree.h>

#include "arena.h"
#include "markup_article.h"
#include "markup_tree.h"

static struct str xml_text(const xmlChar *z)
{
	return str_of((const char *)z);
}

/* What an element lies in, however deep. */
struct within {
	enum markup_set set;
	bool link, table;
};

static bool read_children(struct markup *to, const xmlNode *from,
			  struct within in);

static bool is_blank(struct str s)
{
	return str_trim(s).n == 0;
}

static bool read_text(struct markup *to, const xmlNode *from,
		      enum markup_set set)
{
	struct str s = xml_text(from->content);

	if (!markup_holds(set, to->tag, M_TEXT))
		return is_blank(s);
	markup_add(to, M_TEXT)->text =
		(struct str){ alloc_copy(s.p, s.n), s.n };
	return true;
}

static bool read_attribute(struct markup *node, const xmlAttr *a,
			   enum markup_set set)
{
	const xmlNode *text = a->children;
	const struct markup_attribute *known =
		markup_attribute(set, node->tag, xml_text(a->name));

	if (!known || a->ns || (text && text->next))
		return false;
	if (text && text->type != XML_TEXT_NODE)
		return false;
	return markup_take(set, node, known,
			   text ? xml_text(text->content) : S(""));
}

static bool read_attributes(struct markup *node, const xmlNode *from,
			    enum markup_set set)
{
	if (node->tag == M_OL)
		node->number = 1;
	for (const xmlAttr *a = from->properties; a; a = a->next)
		if (!read_attribute(node, a, set))
			return false;
	return markup_is_whole(node);
}

static bool read_element(struct markup *to, const xmlNode *from,
			 struct within in)
{
	enum markup_tag tag =
		markup_child(in.set, to->tag, xml_text(from->name));
	struct markup *node;

	if (tag == M_TAGS || from->ns || from->nsDef ||
	    to->depth >= MARKUP_DEPTH_MAX)
		return false;
	if ((tag == M_A && in.link) || (tag == M_TABLE && in.table))
		return false;
	node = markup_add(to, tag);
	in.link |= tag == M_A;
	in.table |= tag == M_TABLE;
	return read_attributes(node, from, in.set) &&
	       read_children(node, from, in);
}

static bool read_children(struct markup *to, const xmlNode *from,
			  struct within in)
{
	for (const xmlNode *c = from->children; c; c = c->next) {
		bool ok = c->type == XML_TEXT_NODE ? read_text(to, c, in.set)
			  : c->type == XML_ELEMENT_NODE
				  ? read_element(to, c, in)
				  : false; /* comments, CDATA, entities … */

		if (!ok)
			return false;
	}
	return true;
}

/* The document, with an element around it all; NULL when it is not XML. */
static xmlDoc *parse(struct str html, size_t max)
{
	struct buf b = buf_new(max + 16);

	buf_add(&b, S("<x>"));
	buf_add(&b, html);
	buf_add(&b, S("</x>"));
	if (b.full)
		return NULL;
	return xmlReadMemory(
		b.p, (int)b.n, NULL, "UTF-8",
		XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
}

bool markup_read(enum markup_set set, struct str html, struct markup *doc)
{
	size_t max =
		set == MARKUP_MESSAGE ? MARKUP_HTML_MAX : MARKUP_ARTICLE_MAX;
	const struct markup fresh = *doc;
	xmlDoc *xml;
	bool ok;

	if (!str_is_text(html))
		return false;
	if (html.n <= max && markup_read_own(set, html, doc))
		return true;
	*doc = fresh;
	xml = parse(html, max);
	if (!xml)
		return false;
	ok = !xml->intSubset && read_children(doc, xmlDocGetRootElement(xml),
					      (struct within){ .set = set });
	xmlFreeDoc(xml);
	return ok;
}

bool markup_canonical(struct str html, struct buf *out)
{
	struct markup doc = { .tag = M_DOC };

	if (!markup_read(MARKUP_MESSAGE, html, &doc))
		return false;
	markup_write(out, &doc);
	return !out->full;
}

bool markup_to_text(struct str html, struct str *text)
{
	struct markup doc = { .tag = M_DOC };

	if (!markup_read(MARKUP_MESSAGE, html, &doc))
		return false;
	*text = markup_text(&doc);
	return true;
}
