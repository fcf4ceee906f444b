/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The only user of md4c: its events become a tree of the subset. */
#include "markup.h"

#include <libxml/HTMLparser.h>
#include <md4c.h>

#include "arena.h"
#include "markup_tree.h"

/* Lists and quotes deeper than this are laid flat, with their text kept. */
enum { NESTING_MAX = 24 };

/* What a node costs of the budget beside its text: about its tags. */
enum { NODE_COST = 8 };

/* Something md4c has entered and not left. */
struct open {
	int what;	    /* a block, or SPAN + a span */
	struct markup *now; /* where children went before */
};

enum { SPAN = 1000 };

struct builder {
	struct markup *now;  /* where children go */
	struct markup *link; /* the open link: links do not nest */
	struct open *opened;
	size_t n, cap;
	size_t cost;
	struct str source;
	bool broken; /* md4c told us nonsense */
};

/* Small sources can name a long address, or leave out the cells of a wide
 * table, again and again: what comes of it is counted as it is made. Not 0
 * makes md_parse() give up. */
static int spend(struct builder *b, size_t bytes)
{
	b->cost += NODE_COST + bytes;
	return b->cost > MARKUP_HTML_MAX;
}

static void remember(struct builder *b, int what)
{
	if (b->n == b->cap) {
		size_t cap = b->cap ? b->cap * 2 : 64;
		struct open *opened = alloc(cap * sizeof(*opened));

		if (b->n)
			memcpy(opened, b->opened, b->n * sizeof(*opened));
		b->opened = opened;
		b->cap = cap;
	}
	b->opened[b->n++] = (struct open){ what, b->now };
}

static int open_element(struct builder *b, enum markup_tag tag)
{
	b->now = markup_add(b->now, tag);
	return spend(b, 0);
}

/* Too deep, the element is left out; its content is not. */
static int open_nested(struct builder *b, enum markup_tag tag)
{
	return b->now->depth < NESTING_MAX ? open_element(b, tag) : spend(b, 0);
}

static int add_text(struct builder *b, struct str text)
{
	markup_add(b->now, M_TEXT)->text = text;
	return spend(b, text.n);
}

static int add_break(struct builder *b)
{
	markup_add(b->now, M_BR);
	return spend(b, 0);
}

static bool is_char(uint32_t c)
{
	return c == '\t' || c == '\n' || (c >= 0x20 && c < 0xd800) ||
	       (c >= 0xe000 && c < 0xfffe) || (c >= 0x10000 && c <= 0x10ffff);
}

/* &#65; and &#x41;: md4c has checked the form, at most seven digits. */
static uint32_t numeric_entity(struct str entity)
{
	bool is_hex = (entity.p[2] | 0x20) == 'x';
	unsigned long code = strtoul(str_z(str_from(entity, is_hex ? 3 : 2)),
				     NULL, is_hex ? 16 : 10);

	if (code == '\r')
		return '\n';
	return is_char((uint32_t)code) ? (uint32_t)code : 0xfffd;
}

/* A named entity of HTML 4, or &apos;; 0 for all others, which stay text. */
static uint32_t named_entity(struct str entity)
{
	struct str name = { entity.p + 1, entity.n - 2 };
	const htmlEntityDesc *known;

	if (str_eqz(name, "apos"))
		return '\'';
	known = htmlEntityLookup((const xmlChar *)str_z(name));
	return known ? known->value : 0;
}

static void decode_entity(struct buf *b, struct str entity)
{
	uint32_t code = entity.p[1] == '#' ? numeric_entity(entity)
					   : named_entity(entity);

	if (code)
		buf_utf8(b, code);
	else
		buf_add(b, entity);
}

static struct str attribute_text(const MD_ATTRIBUTE *a)
{
	struct buf b = buf_new(MARKUP_SOURCE_MAX);

	for (size_t i = 0; a->size && a->substr_offsets[i] < a->size; i++) {
		MD_OFFSET from = a->substr_offsets[i];
		struct str part = { a->text + from,
				    a->substr_offsets[i + 1] - from };

		if (a->substr_types[i] == MD_TEXT_ENTITY)
			decode_entity(&b, part);
		else
			buf_add(&b, part);
	}
	return buf_str(&b);
}

/* A link with an address we do not show, or within a link, is its text. */
static int open_link(struct builder *b, const MD_ATTRIBUTE *address)
{
	struct str raw = attribute_text(address);
	struct str url;

	if (spend(b, raw.n))
		return 1;
	if (b->link || !markup_url(raw, &url))
		return spend(b, 0);
	if (open_element(b, M_A))
		return 1;
	b->link = b->now;
	b->now->text = url;
	return spend(b, url.n);
}

static int open_list(struct builder *b, enum markup_tag tag, unsigned start)
{
	int stop = open_nested(b, tag);

	if (b->now->tag == M_OL)
		b->now->number = start;
	return stop;
}

static int open_item(struct builder *b, const MD_BLOCK_LI_DETAIL *item)
{
	int stop;

	if (b->now->tag == M_UL || b->now->tag == M_OL) {
		stop = open_element(b, M_LI);
	} else {
		stop = spend(b, 0);
		if (b->now->last && !markup_is_block(b->now->last->tag))
			stop |= add_break(b);
	}
	if (item->is_task)
		stop |= add_text(b, item->task_mark == ' ' ? S("\xe2\x98\x90 ")
							   :	 /* ☐ */
					    S("\xe2\x98\x91 ")); /* ☑ */
	return stop;
}

static int open_cell(struct builder *b, enum markup_tag tag,
		     const MD_BLOCK_TD_DETAIL *cell)
{
	int stop = open_element(b, tag);

	b->now->number = cell->align; /* the same order as markup_align */
	return stop;
}

static int enter_block(MD_BLOCKTYPE type, void *detail, void *ctx)
{
	struct builder *b = ctx;

	remember(b, (int)type);
	switch (type) {
	case MD_BLOCK_DOC:
		return 0;
	case MD_BLOCK_QUOTE:
		return open_nested(b, M_QUOTE);
	case MD_BLOCK_UL:
		return open_list(b, M_UL, 0);
	case MD_BLOCK_OL:
		return open_list(b, M_OL,
				 ((MD_BLOCK_OL_DETAIL *)detail)->start);
	case MD_BLOCK_LI:
		return open_item(b, detail);
	case MD_BLOCK_HR:
		return open_element(b, M_HR);
	case MD_BLOCK_H:
		return open_element(
			b, M_H1 - 1 + ((MD_BLOCK_H_DETAIL *)detail)->level);
	case MD_BLOCK_CODE:
		b->now = markup_add(markup_add(b->now, M_PRE), M_LISTING);
		return spend(b, 2 * NODE_COST);
	case MD_BLOCK_TABLE:
		return open_element(b, M_TABLE);
	case MD_BLOCK_THEAD:
		return open_element(b, M_THEAD);
	case MD_BLOCK_TBODY:
		return open_element(b, M_TBODY);
	case MD_BLOCK_TR:
		return open_element(b, M_TR);
	case MD_BLOCK_TH:
		return open_cell(b, M_TH, detail);
	case MD_BLOCK_TD:
		return open_cell(b, M_TD, detail);
	case MD_BLOCK_HTML: /* switched off */
	case MD_BLOCK_P:
		break;
	}
	return open_element(b, M_P);
}

static int enter_span(MD_SPANTYPE type, void *detail, void *ctx)
{
	struct builder *b = ctx;

	remember(b, SPAN + (int)type);
	switch (type) {
	case MD_SPAN_EM:
		return open_nested(b, M_EM);
	case MD_SPAN_STRONG:
		return open_nested(b, M_STRONG);
	case MD_SPAN_DEL:
		return open_nested(b, M_DEL);
	case MD_SPAN_CODE:
		return open_element(b, M_CODE);
	case MD_SPAN_A:
		return open_link(b, &((MD_SPAN_A_DETAIL *)detail)->href);
	case MD_SPAN_IMG:
		return open_link(b, &((MD_SPAN_IMG_DETAIL *)detail)->src);
	default:
		return spend(b, 0);
	}
}

/* Where in b->opened the thing that is left was entered; b->n for nowhere. */
static size_t find_open(const struct builder *b, int what)
{
	for (size_t i = b->n; i-- > 0;) {
		if (b->opened[i].what == what)
			return i;
		if (what >= SPAN && b->opened[i].what < SPAN)
			break;
	}
	return b->n;
}

/*
 * md4c 0.4.8 leaves some spans more often than it enters them, or across each
 * other, when links are broken in certain ways. What was never entered is not
 * left, and leaving closes all that is within.
 */
static int leave(struct builder *b, int what)
{
	size_t at = find_open(b, what);
	struct markup *link = b->link;

	if (at == b->n)
		return spend(b, b->n / 64); /* a long search in vain */
	b->now = b->opened[at].now;
	b->n = at;
	if (!link || b->now->depth >= link->depth)
		return 0;
	b->link = NULL;
	if (link->first)
		return 0;
	markup_add(link, M_TEXT)->text = link->text; /* else invisible */
	return spend(b, link->text.n);
}

static int leave_block(MD_BLOCKTYPE type, void *detail, void *ctx)
{
	(void)detail;
	return leave(ctx, (int)type);
}

static int leave_span(MD_SPANTYPE type, void *detail, void *ctx)
{
	(void)detail;
	return leave(ctx, SPAN + (int)type);
}

/* A text with the bare addresses in it as links. md4c 0.4.8 has that, too, but
 * its own get into other links and then confuse it (mity/md4c#220). */
static int add_linked(struct builder *b, struct str s)
{
	struct str address, url;
	int stop = 0;

	while (!stop && !b->link && markup_find_address(s, &address, &url)) {
		struct markup *link;
		size_t before = (size_t)(address.p - s.p);

		if (before)
			stop |= add_text(b, (struct str){ s.p, before });
		link = markup_add(b->now, M_A);
		link->text = url;
		markup_add(link, M_TEXT)->text = address;
		stop |= spend(b, url.n + address.n + NODE_COST);
		s = str_from(s, before + address.n);
	}
	return s.n ? stop | add_text(b, s) : stop;
}

/* A part of the source; or, in code, a few blanks of md4c's own. Anything else
 * is a length or a place that it computed wrongly. */
static bool is_sound(const struct builder *b, MD_TEXTTYPE type, const char *p,
		     size_t n)
{
	const char *end = b->source.p + b->source.n;

	if (p >= b->source.p && p <= end)
		return n <= (size_t)(end - p);
	return type == MD_TEXT_CODE && n <= 16;
}

static int text(MD_TEXTTYPE type, const MD_CHAR *p, MD_SIZE n, void *ctx)
{
	struct builder *b = ctx;
	struct buf decoded = buf_new(64);

	if (type == MD_TEXT_BR || type == MD_TEXT_SOFTBR)
		return add_break(b); /* people press Enter and mean it */
	b->broken |= !is_sound(b, type, p, n);
	if (b->broken)
		return 1;
	switch (type) {
	case MD_TEXT_ENTITY:
		decode_entity(&decoded, (struct str){ p, n });
		return add_text(b, buf_str(&decoded));
	case MD_TEXT_CODE: /* may not be the source */
		return add_text(b, (struct str){ alloc_copy(p, n), n });
	default:
		return add_linked(b, (struct str){ p, n });
	}
}

/* Whether there is anything to see. */
static bool is_visible(const struct markup *node)
{
	bool visible = node->tag == M_HR;

	if (node->tag == M_TEXT)
		return str_trim(node->text).n > 0;
	for (const struct markup *c = node->first; c && !visible; c = c->next)
		visible = is_visible(c);
	return visible;
}

/* A message of nothing but empty marks or link definitions, or one that md4c
 * can't read, is shown as it was typed. */
static void add_source(struct markup *doc, struct str source)
{
	struct markup *p = markup_add(doc, M_P);

	source = str_trim(source);
	while (source.n) {
		struct str line = str_trim(str_cut(&source, '\n'));

		if (p->first)
			markup_add(p, M_BR);
		if (line.n)
			markup_add(p, M_TEXT)->text = line;
	}
}

/* A copy with some NULs behind: md4c may look a little past the end. */
static struct str padded(struct str source)
{
	char *copy = alloc(source.n + 64);

	if (source.n)
		memcpy(copy, source.p, source.n);
	return (struct str){ copy, source.n };
}

bool markup_from_markdown(struct str source, struct str *html)
{
	static const MD_PARSER parser = {
		.flags = MD_FLAG_TABLES | MD_FLAG_STRIKETHROUGH |
			 MD_FLAG_TASKLISTS | MD_FLAG_NOHTML,
		.enter_block = enter_block,
		.leave_block = leave_block,
		.enter_span = enter_span,
		.leave_span = leave_span,
		.text = text,
	};
	struct markup doc = { .tag = M_DOC };
	struct builder b = { .now = &doc };
	struct buf out = buf_new(MARKUP_HTML_MAX);
	int stopped;

	if (source.n > MARKUP_SOURCE_MAX || !str_is_text(source))
		return false;
	b.source = padded(source);
	stopped = md_parse(b.source.p, (MD_SIZE)source.n, &parser, &b);
	if (stopped && !b.broken)
		return false;
	if (b.broken || !is_visible(&doc)) {
		doc = (struct markup){ .tag = M_DOC };
		if (str_trim(source).n)
			add_source(&doc, source);
	}
	markup_write(&out, &doc);
	*html = buf_str(&out);
	return !out.full;
}
