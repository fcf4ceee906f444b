/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "markup_build.h"

#include "arena.h"

enum { BREAKS_MAX = 8 };

struct markup *build_add(struct build *b, struct markup *parent,
			 enum markup_tag tag)
{
	b->full |= ++b->nodes > MARKUP_NODES_MAX;
	return markup_add(parent, tag);
}

/* An item, cell or definition has its text in itself, until something else
 * stands in it. */
static bool holds_lines(const struct build *b)
{
	enum markup_tag tag = b->to->tag;

	if (b->flat)
		return true;
	if (tag != M_LI && tag != M_TD && tag != M_TH && tag != M_DD)
		return false;
	return !b->own && (!b->to->last || markup_is_block(b->to->last->tag));
}

static struct markup *innermost(const struct build *b)
{
	return b->n_open ? b->open[b->n_open - 1].node : b->para;
}

static void write_gap(struct build *b)
{
	struct markup *at = innermost(b);

	if (b->begun && b->breaks && at->tag != M_CODE) {
		for (unsigned i = 0; i < b->breaks && i < BREAKS_MAX; i++)
			build_add(b, at, M_BR);
	} else if (b->begun && (b->blank || b->breaks)) {
		build_add(b, at, M_TEXT)->text = S(" ");
	}
	b->breaks = 0;
	b->blank = false;
	b->begun = true;
}

static void open_marks(struct build *b)
{
	while (b->n_open < b->n_marks) {
		struct mark mark = b->marks[b->n_open];

		mark.node = build_add(b, innermost(b), mark.tag);
		mark.node->text = mark.address;
		b->open[b->n_open++] = mark;
	}
}

/* Where the next thing in line goes. */
static struct markup *line(struct build *b)
{
	size_t same = 0;

	if (!b->para) {
		b->para = holds_lines(b) ? b->to : build_add(b, b->to, M_P);
		b->n_open = 0;
	}
	while (same < b->n_open && same < b->n_marks &&
	       b->open[same].from == b->marks[same].from &&
	       b->open[same].tag == b->marks[same].tag)
		same++;
	b->n_open = same;
	write_gap(b);
	open_marks(b);
	return innermost(b);
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

void build_text(struct build *b, struct str text)
{
	char *p = alloc(text.n + 1);
	size_t n = 0;
	bool gap = false;

	for (size_t i = 0; i < text.n; i++) {
		if (is_blank(text.p[i])) {
			gap = true;
			continue;
		}
		if (gap && n)
			p[n++] = ' ';
		else if (gap)
			b->blank = true;
		gap = false;
		p[n++] = text.p[i];
	}
	if (n && !b->full)
		build_add(b, line(b), M_TEXT)->text = (struct str){ p, n };
	b->blank |= gap;
}

void build_break(struct build *b)
{
	if (b->flat)
		b->blank = true;
	else
		b->breaks++;
}

struct markup *build_inline(struct build *b, enum markup_tag tag)
{
	if (b->full || (b->n_marks && b->marks[b->n_marks - 1].tag == M_CODE))
		return NULL;
	return build_add(b, line(b), tag);
}

void build_mark(struct build *b, enum markup_tag tag, struct str address,
		const void *from)
{
	size_t at = b->n_marks;

	for (size_t i = 0; i < b->n_marks; i++)
		if (b->marks[i].tag == tag)
			return;
	if (at == MARKS_MAX || (b->in_link && tag == M_A))
		return;
	if (at && b->marks[at - 1].tag == M_CODE) {
		if (tag != M_A)
			return;
		b->marks[at] = b->marks[at - 1];
		at--;
	}
	b->marks[at] = (struct mark){ tag, address, from, NULL };
	b->n_marks++;
}

void build_close(struct build *b)
{
	b->para = NULL;
	b->n_open = 0;
	b->breaks = 0;
	b->blank = b->begun = false;
}

/* ---- afterwards ---------------------------------------------------------- */

static bool is_empty(const struct markup *node)
{
	switch (node->tag) {
	case M_TEXT:
	case M_LISTING:
	case M_BR:
	case M_HR:
	case M_IMG:
	case M_TD:
	case M_TH:
	case M_TR:
	case M_DT:
	case M_DD:
		return false;
	case M_PRE:
		return !node->first || !node->first->first;
	default:
		return !node->first;
	}
}

/* A figure of a table that had only a caption is a paragraph, and its legend a
 * line of that. */
static void settle_figure(struct markup *figure)
{
	struct markup *p = figure->first, *legend = p->next, *br;

	figure->tag = M_P;
	figure->first = p->first;
	figure->last = p->last;
	if (!legend)
		return;
	br = markup_add(figure, M_BR);
	br->next = figure->last = legend;
	legend->tag = M_EM;
}

/* What is only a word about something that is gone is a paragraph. */
static void settle(struct markup *node)
{
	struct markup *first = node->first;

	if (node->tag == M_FIGURE && first && first->tag == M_P)
		settle_figure(node);
	else if ((node->tag == M_TD || node->tag == M_TH) && first &&
		 first->tag == M_P && !first->next) {
		node->first = first->first;
		node->last = first->last;
	} else if (first && !first->next &&
		   ((node->tag == M_FIGURE && first->tag == M_FIGCAPTION) ||
		    (node->tag == M_TABLE && first->tag == M_CAPTION))) {
		node->tag = M_P;
		node->first = first->first;
		node->last = first->last;
	}
}

/* The rows above that reach into a row which has no cells reach one less far,
 * and the row goes. */
static void shorten(struct markup *const *rows, size_t at)
{
	size_t from = at > MARKUP_COLUMNS_MAX ? at - MARKUP_COLUMNS_MAX : 0;

	for (size_t i = from; i < at; i++)
		for (struct markup *c = rows[i]->first; c; c = c->next)
			if (i + c->height > at && c->height > 1)
				c->height--;
}

static void fit_rows(struct markup *part)
{
	struct markup **rows;
	size_t n = 0, i = 0;

	for (struct markup *tr = part->first; tr; tr = tr->next)
		n++;
	rows = alloc((n + 1) * sizeof(struct markup *));
	for (struct markup *tr = part->first; tr; tr = tr->next) {
		if (tr->first)
			rows[i++] = tr;
		else
			shorten(rows, i);
	}
	part->first = part->last = NULL;
	for (size_t row = 0; row < i; row++) {
		for (struct markup *c = rows[row]->first; c; c = c->next)
			if (c->height > i - row)
				c->height = (unsigned)(i - row);
		rows[row]->next = NULL;
		if (part->last)
			part->last->next = rows[row];
		else
			part->first = rows[row];
		part->last = rows[row];
	}
}

static bool is_head_row(const struct markup *tr)
{
	for (const struct markup *c = tr->first; c; c = c->next)
		if (c->tag != M_TH || c->height > 1)
			return false;
	return tr->next;
}

/* A first row of headers is the head, where none is said to be. */
static void guess_head(struct markup *table)
{
	struct markup *body = table->last, *row, *head;
	struct markup **at = &table->first;

	if (!body || body->tag != M_TBODY || !is_head_row(body->first))
		return;
	while (*at != body) {
		if ((*at)->tag == M_THEAD)
			return;
		at = &(*at)->next;
	}
	row = body->first;
	body->first = row->next;
	row->next = NULL;
	head = alloc(sizeof(*head));
	*head = (struct markup){ .tag = M_THEAD,
				 .depth = body->depth,
				 .first = row,
				 .last = row,
				 .next = body };
	*at = head;
}

void build_tidy(struct markup *doc)
{
	struct markup **at = &doc->first, *last = NULL;

	while (*at) {
		struct markup *c = *at;

		build_tidy(c);
		if (c->tag == M_THEAD || c->tag == M_TBODY)
			fit_rows(c);
		else if (c->tag == M_TABLE)
			guess_head(c);
		settle(c);
		if (is_empty(c)) {
			*at = c->next;
			continue;
		}
		last = c;
		at = &c->next;
	}
	doc->last = last;
}
