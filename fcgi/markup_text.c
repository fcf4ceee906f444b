/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A tree as plain text: lists with dashes, quotes with '>', links as
 * "text <url>". */
#include "arena.h"
#include "markup_article.h"
#include "markup_tree.h"

/* Texts are at most this much larger than what they show: a prefix a line. */
enum { TEXT_MAX = 4 * MARKUP_ARTICLE_MAX };

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
	else if (node->tag == M_IMG && node->alt.n)
		buf_addf(b, "[%.*s]", STR_ARG(node->alt));
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

/* On one line, whatever stands in it. */
static void cell_text(struct buf *b, const struct markup *cell)
{
	struct str text = blocks_text(cell);

	while (text.n) {
		struct str line = str_trim(str_cut(&text, '\n'));

		buf_add(b, line);
		if (line.n && text.n)
			buf_char(b, ' ');
	}
}

static void row_text(struct buf *b, const struct markup *row)
{
	for (const struct markup *cell = row->first; cell; cell = cell->next) {
		cell_text(b, cell);
		if (cell->next)
			buf_add(b, S(" | "));
	}
	while (b->n && b->p[b->n - 1] == ' ')
		b->n--;
}

static void rows_text(struct buf *b, const struct markup *part)
{
	if (part->tag == M_CAPTION)
		inline_text(b, part);
	for (const struct markup *tr = part->first;
	     part->tag != M_CAPTION && tr; tr = tr->next) {
		if (b->n)
			buf_char(b, '\n');
		row_text(b, tr);
	}
}

static struct str table_text(const struct markup *table)
{
	struct buf b = buf_new(TEXT_MAX);

	for (const struct markup *part = table->first; part; part = part->next)
		rows_text(&b, part);
	return buf_str(&b);
}

/* What is said of a term stands under it. */
static struct str terms_text(const struct markup *dl)
{
	struct buf b = buf_new(TEXT_MAX);

	for (const struct markup *c = dl->first; c; c = c->next) {
		if (b.n)
			buf_char(&b, '\n');
		if (c->tag == M_DT)
			inline_text(&b, c);
		else
			buf_add(&b, prefixed(blocks_text(c), S("  "), S("  ")));
	}
	return buf_str(&b);
}

static struct str block_text(const struct markup *node);

static struct str figure_text(const struct markup *figure)
{
	struct buf b = buf_new(TEXT_MAX);

	for (const struct markup *c = figure->first; c; c = c->next) {
		if (b.n)
			buf_char(&b, '\n');
		if (markup_is_block(c->tag))
			buf_add(&b, block_text(c));
		else
			inline_text(&b, c);
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
	case M_ASIDE:
		return prefixed(blocks_text(node), S("| "), S("| "));
	case M_DL:
		return terms_text(node);
	case M_FIGURE:
		return figure_text(node);
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

struct str markup_text(const struct markup *doc)
{
	return blocks_text(doc);
}

bool markup_article_text(struct str html, struct str *text)
{
	struct markup doc = { .tag = M_DOC };

	if (!markup_article_read(html, &doc))
		return false;
	*text = blocks_text(&doc);
	return true;
}

/* Nothing is glued together but what stands in one word. */
static bool stands_apart(enum markup_tag tag)
{
	switch (tag) {
	case M_CODE:
	case M_STRONG:
	case M_EM:
	case M_DEL:
	case M_SUB:
	case M_SUP:
	case M_KBD:
	case M_A:
	case M_TEXT:
		return false;
	default:
		return true;
	}
}

/* A blank between words, however many there were. */
static void add_words(struct buf *b, struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		bool blank = s.p[i] == ' ' || s.p[i] == '\n' || s.p[i] == '\t';

		if (!blank)
			buf_char(b, s.p[i]);
		else if (b->n && b->p[b->n - 1] != ' ')
			buf_char(b, ' ');
	}
}

static void words(struct buf *b, const struct markup *node)
{
	if (stands_apart(node->tag))
		add_words(b, S(" "));
	add_words(b, node->tag == M_TEXT ? node->text : node->alt);
	for (const struct markup *c = node->first; c; c = c->next)
		words(b, c);
	if (stands_apart(node->tag))
		add_words(b, S(" "));
}

bool markup_article_words(struct str html, struct str *out)
{
	struct markup doc = { .tag = M_DOC };
	struct buf b = buf_new(TEXT_MAX);

	if (!markup_article_read(html, &doc))
		return false;
	words(&b, &doc);
	*out = str_trim(buf_str(&b));
	return true;
}

/* Until b is full: the rest will not be shown. */
static void prose(struct buf *b, const struct markup *node)
{
	for (const struct markup *c = node->first; c && !b->full; c = c->next) {
		if (markup_is_heading(c->tag) || c->tag == M_PRE ||
		    c->tag == M_TABLE || c->tag == M_FIGURE)
			continue;
		if (stands_apart(c->tag))
			add_words(b, S(" "));
		if (c->tag == M_TEXT)
			add_words(b, c->text);
		prose(b, c);
		if (stands_apart(c->tag))
			add_words(b, S(" "));
	}
}

/* At most so many characters, the last of them '…' when there is more. A word
 * is not cut but where there are no blanks (Japanese). */
static struct str cut(struct str s, size_t chars)
{
	struct buf b = buf_new(s.n + 4);
	size_t n = 0, blank = 0, seen = 0;

	if (str_chars(s) <= chars)
		return s;
	while (seen < chars) {
		seen += ((unsigned char)s.p[n] & 0xc0) != 0x80;
		if (seen == chars)
			break;
		blank = s.p[n] == ' ' ? n : blank;
		n++;
	}
	buf_add(&b, (struct str){ s.p, blank > n / 2 ? blank : n });
	buf_add(&b, S("…"));
	return buf_str(&b);
}

bool markup_article_excerpt(struct str html, size_t chars, struct str *excerpt)
{
	struct markup doc = { .tag = M_DOC };
	struct buf b = buf_new(chars * 4 + 1024);

	if (!markup_article_read(html, &doc))
		return false;
	prose(&b, &doc);
	*excerpt = chars ? cut(str_trim(buf_str(&b)), chars) : S("");
	return true;
}

static void headings(struct markup_heading ***end, const struct markup *node)
{
	if (node->tag == M_H2 || node->tag == M_H3) {
		struct markup_heading *h = alloc(sizeof(*h));
		struct buf b = buf_new(TEXT_MAX);

		words(&b, node);
		*h = (struct markup_heading){
			.level = (unsigned)(node->tag - M_H1 + 1),
			.id = node->text,
			.text = str_trim(buf_str(&b)),
		};
		**end = h;
		*end = &h->next;
	}
	for (const struct markup *c = node->first; c; c = c->next)
		headings(end, c);
}

bool markup_article_headings(struct str html, struct markup_heading **first)
{
	struct markup doc = { .tag = M_DOC };

	*first = NULL;
	if (!markup_article_read(html, &doc))
		return false;
	headings(&first, &doc);
	return true;
}
