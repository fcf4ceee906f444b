/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* An article as XHTML for elsewhere: addresses and ids changed. */
#include "arena.h"
#include "markup_article.h"
#include "markup_ids.h"
#include "markup_out.h"

/* Its children take its place: at the depth they had, which is nobody's
 * concern any more. */
static struct markup *without(struct markup *node)
{
	struct markup *rest = node->next;

	if (!node->first)
		return rest;
	node->last->next = rest;
	return node->first;
}

static bool change(const struct markup_outlet *o, enum markup_address what,
		   struct str *address)
{
	const struct markup_links *links = o->out ? &o->out->links : NULL;

	return !links || !links->change ||
	       (links->change(links->ctx, what, *address, address) &&
		address->n);
}

static struct str prefixed(const struct markup_outlet *o, const char *before,
			   struct str id)
{
	struct buf b = buf_new(512);

	buf_addf(&b, "%s%s%.*s", before,
		 o->out && o->out->id_prefix ? o->out->id_prefix : "",
		 STR_ARG(id));
	return buf_str(&b);
}

/* Whether the link stays one. */
static bool change_link(const struct markup_outlet *o, struct markup *a,
			bool video)
{
	if (!str_starts(a->text, S("#")))
		return change(o, video ? MARKUP_VIDEO : MARKUP_LINK, &a->text);
	if (!o->lossless && !markup_has_id(o->ids, str_from(a->text, 1)))
		return false;
	a->text = prefixed(o, "#", str_from(a->text, 1));
	return true;
}

static void change_heading(const struct markup_outlet *o, struct markup *h)
{
	unsigned level = (unsigned)(h->tag - M_H1) + o->lower;

	h->tag = M_H1 + (level > 5 ? 5 : level);
	h->text = prefixed(o, "", h->text);
}

/* A picture that may not go along is its words. */
static void change_picture(const struct markup_outlet *o, struct markup *img)
{
	if (change(o, MARKUP_PICTURE, &img->text))
		return;
	img->tag = M_TEXT;
	img->text = img->alt;
	img->alt = S("");
}

/* A figure that has lost what it showed is a paragraph, with the legend in a
 * line of its own. */
static void settle_figure(struct markup *figure)
{
	enum markup_tag shown = figure->first ? figure->first->tag : M_TEXT;

	if (shown == M_A || shown == M_IMG || markup_is_block(shown))
		return;
	figure->tag = M_P;
	for (struct markup *c = figure->first; c; c = c->next) {
		struct markup *legend = c->next, *br;

		if (!legend || legend->tag != M_FIGCAPTION)
			continue;
		br = alloc(sizeof(*br));
		*br = (struct markup){ .tag = M_BR, .next = legend };
		c->next = br;
		legend->tag = M_EM;
	}
	if (shown == M_FIGCAPTION)
		figure->first->tag = M_EM;
}

static void change_children(const struct markup_outlet *o,
			    struct markup *parent)
{
	struct markup **at = &parent->first;
	struct markup *last = NULL;

	while (*at) {
		struct markup *c = *at;
		bool video = parent->tag == M_FIGURE && parent->number;

		if (c->tag == M_A && !change_link(o, c, video)) {
			*at = without(c);
			continue;
		}
		if (c->tag == M_IMG)
			change_picture(o, c);
		else if (markup_is_heading(c->tag))
			change_heading(o, c);
		change_children(o, c);
		if (c->tag == M_FIGURE)
			settle_figure(c);
		last = c;
		at = &c->next;
	}
	parent->last = last;
}

static unsigned highest(const struct markup *node)
{
	unsigned level = markup_is_heading(node->tag)
				 ? (unsigned)(node->tag - M_H1 + 1)
				 : 7;

	for (const struct markup *c = node->first; c; c = c->next) {
		unsigned below = highest(c);

		level = below < level ? below : level;
	}
	return level;
}

bool markup_outlet(struct str html, const struct markup_out *out, bool lossless,
		   struct markup *doc)
{
	struct markup_outlet o = { .out = out, .lossless = lossless };
	unsigned level;

	if (!markup_article_read(html, doc))
		return false;
	o.ids = markup_ids(doc);
	level = highest(doc);
	if (out && out->heading > level)
		o.lower = out->heading - level;
	change_children(&o, doc);
	return true;
}

bool markup_article_page(struct str html, const struct markup_out *out,
			 struct buf *page)
{
	struct markup doc = { .tag = M_DOC };

	if (!markup_outlet(html, out, false, &doc))
		return false;
	markup_write(page, &doc);
	return !page->full;
}
