/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A tree as plain text: lists with dashes, quotes with '>', links as
 * "text <url>". */
#include "arena.h"
#include "markup_article.h"
#include "markup_lines.h"
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

static void blocks_text(struct lines *l, const struct markup *node);
static void block_text(struct lines *l, const struct markup *node);

static void lines_inline(struct lines *l, const struct markup *node)
{
	struct buf b = buf_new(TEXT_MAX);

	inline_text(&b, node);
	lines_text(l, buf_str(&b));
}

/* Each line behind a mark. */
static void marked(struct lines *l, struct str mark, const struct markup *node)
{
	size_t before = l->n;

	lines_push(l, mark, mark);
	blocks_text(l, node);
	l->n = before;
}

/* Items with paragraphs of their own stand apart, others line by line. */
static bool is_loose(const struct markup *list)
{
	for (const struct markup *li = list->first; li; li = li->next)
		if (li->first && li->first->tag == M_P && li->next)
			return true;
	return false;
}

static void list_text(struct lines *l, const struct markup *list)
{
	bool apart = is_loose(list);
	unsigned number = list->number;
	size_t before = l->n;

	for (const struct markup *li = list->first; li; li = li->next) {
		char mark[16] = "- ";
		int n = 2;

		if (list->tag == M_OL)
			n = snprintf(mark, sizeof(mark), "%u. ", number++);
		lines_push(l, (struct str){ mark, (size_t)n },
			   (struct str){ "                ", (size_t)n });
		blocks_text(l, li);
		l->n = before;
		if (li->next)
			lines_end(l);
		if (li->next && apart)
			lines_end(l);
	}
}

/* On one line, whatever stands in it. */
static void cell_text(struct lines *l, const struct markup *cell)
{
	struct buf b = buf_new(TEXT_MAX);
	struct lines own = lines_new(&b, true);
	struct str text;

	blocks_text(&own, cell);
	text = lines_str(&own);
	while (text.n) {
		struct str line = str_trim(str_cut(&text, '\n'));

		lines_put(l, line);
		if (line.n && text.n)
			lines_char(l, ' ');
	}
}

static void row_text(struct lines *l, const struct markup *row)
{
	for (const struct markup *cell = row->first; cell; cell = cell->next) {
		cell_text(l, cell);
		if (cell->next)
			lines_put(l, S(" | "));
	}
}

static void table_text(struct lines *l, const struct markup *table)
{
	for (const struct markup *part = table->first; part;
	     part = part->next) {
		if (part->tag == M_CAPTION)
			lines_inline(l, part);
		for (const struct markup *tr = part->first;
		     part->tag != M_CAPTION && tr; tr = tr->next) {
			row_text(l, tr);
			if (tr->next)
				lines_end(l);
		}
		if (part->next)
			lines_end(l);
	}
}

/* What is said of a term stands under it. */
static void terms_text(struct lines *l, const struct markup *dl)
{
	for (const struct markup *c = dl->first; c; c = c->next) {
		if (c->tag == M_DT)
			lines_inline(l, c);
		else
			marked(l, S("  "), c);
		if (c->next)
			lines_end(l);
	}
}

static void figure_text(struct lines *l, const struct markup *figure)
{
	for (const struct markup *c = figure->first; c; c = c->next) {
		if (markup_is_block(c->tag))
			block_text(l, c);
		else
			lines_inline(l, c);
		if (c->next)
			lines_end(l);
	}
}

static void listing_text(struct lines *l, const struct markup *pre)
{
	struct buf b = buf_new(TEXT_MAX);
	size_t before = l->n;

	inline_text(&b, pre);
	if (b.n && b.p[b.n - 1] == '\n')
		b.n--;
	lines_push(l, S("    "), S("    "));
	lines_text(l, buf_str(&b));
	l->n = before;
}

static void block_text(struct lines *l, const struct markup *node)
{
	if (node->tag == M_UL || node->tag == M_OL)
		list_text(l, node);
	else if (node->tag == M_QUOTE)
		marked(l, S("> "), node);
	else if (node->tag == M_ASIDE)
		marked(l, S("| "), node);
	else if (node->tag == M_PRE)
		listing_text(l, node);
	else if (node->tag == M_TABLE)
		table_text(l, node);
	else if (node->tag == M_DL)
		terms_text(l, node);
	else if (node->tag == M_FIGURE)
		figure_text(l, node);
	else if (node->tag == M_HR)
		lines_put(l, S("----"));
	else
		lines_inline(l, node);
}

/* Text among blocks: all of it up to the next one. */
static const struct markup *run_text(struct lines *l, const struct markup *c)
{
	struct buf b = buf_new(TEXT_MAX);
	const struct markup *last = c;

	for (; c && !markup_is_block(c->tag); c = c->next) {
		inline_text(&b, c);
		last = c;
	}
	lines_text(l, buf_str(&b));
	return last;
}

/* Blocks with an empty line between them; text that stands among them as a
 * paragraph, but a list right under its text stays there. */
static void blocks_text(struct lines *l, const struct markup *node)
{
	for (const struct markup *c = node->first; c; c = c->next) {
		bool text = !markup_is_block(c->tag);

		if (text)
			c = run_text(l, c);
		else
			block_text(l, c);
		if (!c->next)
			return;
		lines_end(l);
		if (!text || (c->next->tag != M_UL && c->next->tag != M_OL))
			lines_end(l);
	}
}

struct str markup_text(const struct markup *doc)
{
	struct buf b = buf_new(TEXT_MAX);
	struct lines l = lines_new(&b, true);

	blocks_text(&l, doc);
	return lines_str(&l);
}

bool markup_article_text(struct str html, struct str *text)
{
	struct markup doc = { .tag = M_DOC };

	if (!markup_article_read(html, &doc))
		return false;
	*text = markup_text(&doc);
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
