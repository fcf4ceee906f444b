/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What makes an article of a tree: its parts are in order, nothing is too
 * large, and its headings have ids. */
#include "markup_article.h"

#include "arena.h"
#include "markup_ids.h"
#include "markup_tree.h"

static bool are_sound(const struct markup *node, size_t *nodes);

static bool is_row_group(enum markup_tag tag)
{
	return tag == M_THEAD || tag == M_TBODY;
}

static bool is_row(const struct markup *tr)
{
	unsigned columns = 0;

	for (const struct markup *c = tr->first; c; c = c->next)
		columns += c->width ? c->width : 1;
	return columns && columns <= MARKUP_COLUMNS_MAX;
}

/* caption?, thead?, tbody?, and rows in what there is of them. */
static bool is_table(const struct markup *table)
{
	const struct markup *c = table->first;
	unsigned rows = 0;

	if (c && c->tag == M_CAPTION)
		c = c->next;
	for (enum markup_tag before = M_TABLE; c; c = c->next) {
		if (!is_row_group(c->tag) || c->tag <= before || !c->first)
			return false;
		before = c->tag;
		for (const struct markup *tr = c->first; tr; tr = tr->next)
			if (!is_row(tr) || ++rows > MARKUP_ROWS_MAX)
				return false;
	}
	return rows > 0;
}

/* Terms, then what is said of them, and so on. */
static bool is_definitions(const struct markup *dl)
{
	return dl->first && dl->first->tag == M_DT && dl->last->tag == M_DD;
}

/* One thing, and perhaps a legend; a video is a link to a safe address. */
static bool is_figure(const struct markup *figure)
{
	const struct markup *shown = figure->first;

	if (!shown || shown->tag == M_FIGCAPTION)
		return false;
	if (shown->next &&
	    (shown->next->tag != M_FIGCAPTION || shown->next->next))
		return false;
	return figure->number != M_VIDEO ||
	       (shown->tag == M_A && str_starts(shown->text, S("https://")));
}

static bool is_sound(const struct markup *node)
{
	switch (node->tag) {
	case M_UL:
	case M_OL:
		return node->first;
	case M_PRE:
		return node->first && !node->first->next;
	case M_TABLE:
		return is_table(node);
	case M_DL:
		return is_definitions(node);
	case M_FIGURE:
		return is_figure(node);
	default:
		return true;
	}
}

static bool are_sound(const struct markup *node, size_t *nodes)
{
	if (++*nodes > MARKUP_NODES_MAX || !is_sound(node))
		return false;
	for (const struct markup *c = node->first; c; c = c->next)
		if (!are_sound(c, nodes))
			return false;
	return true;
}

bool markup_article_read(struct str html, struct markup *doc)
{
	size_t nodes = 0;

	if (!markup_read(MARKUP_ARTICLE, html, doc) || !are_sound(doc, &nodes))
		return false;
	markup_identify(doc);
	return true;
}

bool markup_article_finish(struct markup *doc, struct str *out)
{
	struct buf b = buf_new(MARKUP_ARTICLE_MAX);
	size_t nodes = 0;

	if (!are_sound(doc, &nodes))
		return false;
	markup_identify(doc);
	markup_write(&b, doc);
	*out = buf_str(&b);
	return !b.full;
}

bool markup_article(struct str html, struct str *out)
{
	struct markup doc = { .tag = M_DOC };

	return markup_read(MARKUP_ARTICLE, html, &doc) &&
	       markup_article_finish(&doc, out);
}
