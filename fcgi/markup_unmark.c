/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * An article as Markdown. What Markdown can't say (spans, definitions, ids of
 * one's own) is a line of HTML, which markup_source.c takes as such; whether
 * it can is asked before each block. All marks in texts are escaped.
 */
#include "arena.h"
#include "markup_article.h"
#include "markup_ids.h"
#include "markup_lines.h"
#include "markup_out.h"
#include "markup_tree.h"

/* Where text in line stands. */
struct line {
	bool single; /* on one line: a heading, a cell */
	bool heading;
	bool marked; /* in emphasis: further marks are HTML */
};

static void inlines(struct lines *m, const struct markup *node, struct line l);
static void blocks(struct lines *m, const struct markup *node);
static void block(struct lines *m, const struct markup *node);

/* ---- text ---------------------------------------------------------------- */

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* "1." and "1)" begin an item. */
static bool is_number_mark(const struct lines *m, char c)
{
	size_t n = m->b->n;

	if (m->fresh || (c != '.' && c != ')'))
		return false;
	while (n > m->start && is_digit(m->b->p[n - 1]))
		n--;
	return n < m->b->n && n == m->start;
}

/* What would make an address of it. */
static bool is_address_mark(struct str before, struct str rest)
{
	char c = rest.p[0];

	return c == '@' || (c == ':' && str_starts(rest, S("://"))) ||
	       (c == '.' && before.n >= 3 &&
		strncasecmp(before.p + before.n - 3, "www", 3) == 0);
}

static void escape(struct lines *m, struct str s, struct line l)
{
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];
		struct str before = { s.p, i };
		struct str rest = { s.p + i, s.n - i };

		if (c == '\n' || c == '\t')
			c = ' ';
		if (strchr("\\`*_~[]<&|", c) ||
		    (lines_at_start(m) && strchr("#+-=>:", c)) ||
		    (l.heading && c == '#') ||
		    (c == '!' && (rest.n == 1 || rest.p[1] == '[')) ||
		    is_number_mark(m, c) || is_address_mark(before, rest))
			lines_char(m, '\\');
		lines_char(m, c);
	}
}

static bool is_plain(unsigned char c)
{
	return (c >= '0' && c <= '9') ||
	       ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
}

/* Letters of ASCII, and of other scripts as far as no mark of theirs is among
 * them: before and behind these, marks of emphasis are read as such. */
static bool is_letter(struct str s)
{
	unsigned char c = (unsigned char)s.p[0];
	unsigned code;

	if (c < 0x80)
		return is_plain(c);
	if ((c & 0xe0) == 0xc0) {
		code = (unsigned)(c & 0x1f) << 6 | (s.p[1] & 0x3f);
		return code >= 0xc0 && code < 0x250 && code != 0xd7 &&
		       code != 0xf7;
	}
	if ((c & 0xf0) != 0xe0)
		return false;
	code = (unsigned)(c & 0x0f) << 12 | (unsigned)(s.p[1] & 0x3f) << 6 |
	       (s.p[2] & 0x3f);
	return (code >= 0x3041 && code < 0x3097) ||
	       (code >= 0x30a1 && code < 0x30fb) ||
	       (code >= 0x3400 && code < 0xa000) ||
	       (code >= 0xac00 && code < 0xd7a4);
}

static bool begins_and_ends_plain(const struct markup *node)
{
	struct str first, last;

	if (!node->first || node->first->tag != M_TEXT ||
	    node->last->tag != M_TEXT)
		return false;
	first = node->first->text;
	last = node->last->text;
	if (!first.n || !last.n || !is_letter(first))
		return false;
	while (last.n > 1 && ((unsigned char)last.p[0] & 0xc0) != 0x80 &&
	       last.n > 4)
		last = str_from(last, last.n - 4);
	for (size_t i = last.n; i-- > 0;)
		if (((unsigned char)last.p[i] & 0xc0) != 0x80)
			return is_letter(str_from(last, i));
	return false;
}

/* ---- in line ------------------------------------------------------------- */

static void put_tag(struct lines *m, const char *begin, enum markup_tag tag)
{
	lines_put(m, str_of(begin));
	lines_put(m, str_of(markup_name(tag)));
	lines_char(m, '>');
}

static void tagged(struct lines *m, const struct markup *node, struct line l)
{
	put_tag(m, "<", node->tag);
	inlines(m, node, l);
	put_tag(m, "</", node->tag);
}

static void emphasis(struct lines *m, const struct markup *node,
		     const char *mark, struct line l)
{
	char before = lines_last(m);

	if (l.marked || !begins_and_ends_plain(node) ||
	    (before && strchr("*~", before))) {
		l.marked = true;
		tagged(m, node, l);
		return;
	}
	l.marked = true;
	lines_put(m, str_of(mark));
	inlines(m, node, l);
	lines_put(m, str_of(mark));
}

static size_t longest_run(struct str s, char c)
{
	size_t longest = 0, run = 0;

	for (size_t i = 0; i < s.n; i++) {
		run = s.p[i] == c ? run + 1 : 0;
		longest = run > longest ? run : longest;
	}
	return longest;
}

static struct str text_of(const struct markup *node)
{
	struct buf b = buf_new(MARKUP_ARTICLE_MAX);

	for (const struct markup *c = node->first; c; c = c->next)
		buf_add(&b, c->text);
	return buf_str(&b);
}

static void fence(struct lines *m, size_t n)
{
	while (n--)
		lines_char(m, '`');
}

static void code(struct lines *m, const struct markup *node, struct line l)
{
	struct str s = text_of(node);
	size_t n = longest_run(s, '`') + 1;
	bool pad = str_starts(s, S("`")) || str_ends(s, S("`"));

	if (!s.n || s.p[0] == ' ' || s.p[s.n - 1] == ' ' ||
	    lines_last(m) == '`' || memchr(s.p, '\n', s.n) || n > 30) {
		tagged(m, node, l);
		return;
	}
	fence(m, n);
	lines_put(m, pad ? S(" ") : S(""));
	lines_put(m, s);
	lines_put(m, pad ? S(" ") : S(""));
	fence(m, n);
}

static void address(struct lines *m, struct str url)
{
	bool plain = true;

	for (size_t i = 0; i < url.n; i++)
		plain &= is_plain((unsigned char)url.p[i]) ||
			 strchr("/:?#%=.-+,;@", url.p[i]);
	if (plain) {
		lines_put(m, url);
		return;
	}
	lines_char(m, '<');
	for (size_t i = 0; i < url.n; i++) {
		char c = url.p[i];

		if (strchr("\\<>&`*_~|\"'()[]!$", c))
			lines_char(m, '\\');
		lines_char(m, c);
	}
	lines_char(m, '>');
}

/* An address as it is shown; within that, nothing is a mark. */
static bool is_bare(const struct markup *a)
{
	struct str url = a->text;

	if (!a->first || a->first->next || a->first->tag != M_TEXT ||
	    !str_eq(a->first->text, url) || !str_starts(url, S("http")))
		return false;
	for (size_t i = 0; i < url.n; i++)
		if (!is_plain((unsigned char)url.p[i]) &&
		    !strchr("/:?#=.-+,%", url.p[i]))
			return false;
	return true;
}

static void link_to(struct lines *m, const struct markup *a, struct line l)
{
	if (is_bare(a)) {
		lines_char(m, '<');
		lines_put(m, a->text);
		lines_char(m, '>');
		return;
	}
	lines_char(m, '[');
	inlines(m, a, l);
	lines_put(m, S("]("));
	address(m, a->text);
	lines_char(m, ')');
}

static bool is_sized(const struct markup *img)
{
	return img->width || img->height;
}

static void picture(struct lines *m, const struct markup *img, struct line l)
{
	if (is_sized(img)) {
		lines_put(m, S("<img"));
		markup_write_attributes(m->b, img);
		lines_put(m, S("/>"));
		return;
	}
	lines_put(m, S("!["));
	escape(m, img->alt, l);
	lines_put(m, S("]("));
	address(m, img->text);
	lines_char(m, ')');
}

static void inline_one(struct lines *m, const struct markup *c, struct line l)
{
	switch (c->tag) {
	case M_TEXT:
		escape(m, c->text, l);
		return;
	case M_STRONG:
		emphasis(m, c, "**", l);
		return;
	case M_EM:
		emphasis(m, c, "*", l);
		return;
	case M_DEL:
		emphasis(m, c, "~~", l);
		return;
	case M_CODE:
		code(m, c, l);
		return;
	case M_A:
		link_to(m, c, l);
		return;
	case M_IMG:
		picture(m, c, l);
		return;
	case M_BR:
		lines_put(m, l.single ? S("<br/>") : S("\\"));
		if (!l.single)
			lines_end(m);
		return;
	default:
		tagged(m, c, l);
	}
}

static void inlines(struct lines *m, const struct markup *node, struct line l)
{
	for (const struct markup *c = node->first; c; c = c->next)
		inline_one(m, c, l);
}

/* ---- blocks -------------------------------------------------------------- */

/* On one line, so that no blank line ends it. Not each heading begins HTML for
 * md4c 0.4.8, but a div does. */
static void raw(struct lines *m, const struct markup *node)
{
	bool heading = markup_is_heading(node->tag);
	struct markup alone = *node;
	struct markup parent = { .tag = M_DOC, .first = &alone };
	struct buf html = buf_new(8 * MARKUP_ARTICLE_MAX);
	struct str s;

	alone.next = NULL;
	markup_write(&html, &parent);
	s = buf_str(&html);
	lines_put(m, heading ? S("<div>") : S(""));
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '\n')
			lines_put(m, S("&#10;"));
		else if (s.p[i] == '\t')
			lines_put(m, S("&#9;"));
		else
			lines_char(m, s.p[i]);
	}
	lines_put(m, heading ? S("</div>") : S(""));
}

/* A picture alone is no paragraph when it is HTML. */
static bool is_lone_picture(const struct markup *p)
{
	return !p->first || (p->first->tag == M_IMG && is_sized(p->first) &&
			     !p->first->next);
}

static void paragraph(struct lines *m, const struct markup *p)
{
	if (is_lone_picture(p))
		raw(m, p);
	else
		inlines(m, p, (struct line){ .single = false });
}

static void heading(struct lines *m, const struct markup *h)
{
	if (h->number || !h->first) {
		raw(m, h);
		return;
	}
	for (enum markup_tag tag = M_H1; tag <= h->tag; tag++)
		lines_char(m, '#');
	lines_char(m, ' ');
	inlines(m, h, (struct line){ .single = true, .heading = true });
}

static void listing(struct lines *m, const struct markup *pre)
{
	const struct markup *c = pre->first;
	struct str s = text_of(c);
	size_t n = longest_run(s, '`') + 1;

	n = n < 3 ? 3 : n;
	if (!str_ends(s, S("\n")) || memchr(s.p, '\t', s.n)) {
		raw(m, pre);
		return;
	}
	fence(m, n);
	lines_put(m, c->text);
	lines_end(m);
	while (s.n) {
		lines_put(m, str_cut(&s, '\n'));
		lines_end(m);
	}
	fence(m, n);
}

static bool only_blocks(const struct markup *node)
{
	for (const struct markup *c = node->first; c; c = c->next)
		if (!markup_is_block(c->tag))
			return false;
	return node->first;
}

static void quote(struct lines *m, const struct markup *q)
{
	size_t before = m->n;

	if (!only_blocks(q)) {
		raw(m, q);
		return;
	}
	lines_push(m, S("> "), S("> "));
	blocks(m, q);
	m->n = before;
}

static void note(struct lines *m, const struct markup *aside)
{
	static const char *const marks[] = {
		[M_NOTE] = "[!NOTE]",
		[M_TIP] = "[!TIP]",
		[M_WARNING] = "[!WARNING]",
		[M_DANGER] = "[!CAUTION]",
	};
	size_t before = m->n;

	if (!only_blocks(aside)) {
		raw(m, aside);
		return;
	}
	lines_push(m, S("> "), S("> "));
	lines_put(m, str_of(marks[aside->number]));
	lines_end(m);
	if (aside->first->tag != M_P)
		lines_end(m);
	blocks(m, aside);
	m->n = before;
}

/* ---- lists --------------------------------------------------------------- */

static bool is_list(const struct markup *node)
{
	return node->tag == M_UL || node->tag == M_OL;
}

static bool is_tight(const struct markup *list);

/* Its text, then lists and listings, without an empty line. */
static bool is_tight_item(const struct markup *li)
{
	bool block = false;

	for (const struct markup *c = li->first; c; c = c->next) {
		if (!markup_is_block(c->tag)) {
			if (block)
				return false;
			continue;
		}
		if (is_list(c)
			    ? !is_tight(c) || (c->tag == M_OL && c->number != 1)
			    : c->tag != M_PRE)
			return false;
		block = true;
	}
	if (!li->first || markup_is_block(li->first->tag))
		return false;
	/* A line that is a tag begins HTML, and goes on to an empty line. */
	return !li->first->next || li->first->tag != M_IMG ||
	       !is_sized(li->first) || !markup_is_block(li->first->next->tag);
}

static bool is_tight(const struct markup *list)
{
	for (const struct markup *li = list->first; li; li = li->next)
		if (!is_tight_item(li))
			return false;
	return true;
}

/* Items of blocks, with an empty line behind a paragraph somewhere: one behind
 * HTML is a part of that to md4c. */
static bool is_loose(const struct markup *list)
{
	bool gap = false;

	for (const struct markup *li = list->first; li; li = li->next) {
		if (!only_blocks(li) || li->first->tag != M_P)
			return false;
		gap |= !is_lone_picture(li->first) &&
		       (li->first->next || li->next);
	}
	return gap;
}

/* Text, and what follows it at once. */
static void tight_item(struct lines *m, const struct markup *li)
{
	for (const struct markup *c = li->first; c; c = c->next) {
		if (!markup_is_block(c->tag)) {
			inline_one(m, c, (struct line){ .single = false });
			continue;
		}
		lines_end(m);
		block(m, c);
	}
}

static void item(struct lines *m, const struct markup *li, struct str mark,
		 bool tight)
{
	size_t before = m->n;

	lines_push(m, mark, (struct str){ "                ", mark.n });
	if (tight)
		tight_item(m, li);
	else
		blocks(m, li);
	m->n = before;
}

/* Neighbours of one kind need marks of two. */
static void list(struct lines *m, const struct markup *node)
{
	bool tight = is_tight(node), other = node->width;
	uint64_t number = node->number;

	if ((!tight && !is_loose(node)) || number > 900000000) {
		raw(m, node);
		return;
	}
	for (const struct markup *li = node->first; li; li = li->next) {
		char mark[16] = "- ";
		int n = 2;

		if (node->tag == M_OL)
			n = snprintf(mark, sizeof(mark), "%u%c ",
				     (unsigned)number++, other ? ')' : '.');
		else if (other)
			mark[0] = '*';
		item(m, li, (struct str){ mark, (size_t)n }, tight);
		if (li->next)
			lines_end(m);
		if (li->next && !tight)
			lines_end(m);
	}
}

/* ---- tables -------------------------------------------------------------- */

/* A '|' there would need more than a backslash. */
static bool has_bar(const struct markup *node)
{
	struct str s = node->tag == M_TEXT ? S("") : node->text;

	if (memchr(s.n ? s.p : "", '|', s.n) ||
	    (node->alt.n && memchr(node->alt.p, '|', node->alt.n)))
		return true;
	if (node->tag == M_CODE) {
		s = text_of(node);
		if (s.n && memchr(s.p, '|', s.n))
			return true;
	}
	for (const struct markup *c = node->first; c; c = c->next)
		if (has_bar(c))
			return true;
	return false;
}

/* As many cells as the head, aligned as those, without blocks or spans. */
static bool is_plain_row(const struct markup *tr, const struct markup *head,
			 enum markup_tag tag)
{
	const struct markup *c = tr->first, *h = head->first;

	for (; c && h; c = c->next, h = h->next) {
		if (c->tag != tag || c->number != h->number || c->width > 1 ||
		    c->height > 1)
			return false;
		for (const struct markup *in = c->first; in; in = in->next)
			if (markup_is_block(in->tag))
				return false;
	}
	return !c && !h;
}

static bool is_plain_table(const struct markup *table)
{
	const struct markup *thead = table->first, *head;

	if (thead->tag != M_THEAD || thead->first->next || has_bar(table))
		return false;
	head = thead->first;
	if (!is_plain_row(head, head, M_TH))
		return false;
	for (const struct markup *tr = thead->next ? thead->next->first : NULL;
	     tr; tr = tr->next)
		if (!is_plain_row(tr, head, M_TD))
			return false;
	return true;
}

static void row(struct lines *m, const struct markup *tr)
{
	lines_char(m, '|');
	for (const struct markup *c = tr->first; c; c = c->next) {
		lines_char(m, ' ');
		inlines(m, c, (struct line){ .single = true });
		lines_put(m, c->first ? S(" |") : S("|"));
	}
}

static void table(struct lines *m, const struct markup *node)
{
	static const char *const lines[] = {
		[M_ALIGN_NONE] = " --- |",
		[M_ALIGN_LEFT] = " :-- |",
		[M_ALIGN_CENTER] = " :-: |",
		[M_ALIGN_RIGHT] = " --: |",
	};
	const struct markup *head = node->first->first;
	const struct markup *body = node->first->next;

	if (!is_plain_table(node)) {
		raw(m, node);
		return;
	}
	row(m, head);
	lines_end(m);
	lines_char(m, '|');
	for (const struct markup *c = head->first; c; c = c->next)
		lines_put(m, str_of(lines[c->number]));
	for (const struct markup *tr = body ? body->first : NULL; tr;
	     tr = tr->next) {
		lines_end(m);
		row(m, tr);
	}
}

static void block(struct lines *m, const struct markup *node)
{
	if (markup_is_heading(node->tag))
		heading(m, node);
	else if (node->tag == M_P)
		paragraph(m, node);
	else if (is_list(node))
		list(m, node);
	else if (node->tag == M_QUOTE)
		quote(m, node);
	else if (node->tag == M_ASIDE)
		note(m, node);
	else if (node->tag == M_PRE)
		listing(m, node);
	else if (node->tag == M_TABLE)
		table(m, node);
	else if (node->tag == M_HR)
		/* In an item, md4c 0.4.8 loses a list behind the mark. */
		lines_put(m, node->depth > 1 ? S("<hr/>") : S("___"));
	else
		raw(m, node);
}

static void blocks(struct lines *m, const struct markup *node)
{
	for (const struct markup *c = node->first; c; c = c->next) {
		block(m, c);
		if (!c->next)
			return;
		lines_end(m);
		lines_end(m);
	}
}

/* ---- before -------------------------------------------------------------- */

/* A list behind one of its kind: its width, which lists have none of. */
static void tell_neighbours(struct markup *node)
{
	bool other = false;
	enum markup_tag before = M_DOC;

	for (struct markup *c = node->first; c; c = c->next) {
		other = c->tag == before && !other;
		before = c->tag;
		if (is_list(c) && other)
			c->width = 1;
		tell_neighbours(c);
	}
}

struct heads {
	struct markup **all;
	struct str *ids;
	size_t n;
};

static size_t count(const struct markup *node)
{
	size_t n = markup_is_heading(node->tag);

	for (const struct markup *c = node->first; c; c = c->next)
		n += count(c);
	return n;
}

static void collect(struct heads *h, struct markup *node)
{
	if (markup_is_heading(node->tag)) {
		h->ids[h->n] = node->text;
		h->all[h->n++] = node;
	}
	for (struct markup *c = node->first; c; c = c->next)
		collect(h, c);
}

/* Which headings would not get the id they have: those say it, by a number.
 * Since they then take it before all others, it is looked at twice. */
static void tell_ids(struct markup *doc)
{
	struct heads h = { .n = 0 };
	size_t n = count(doc);
	bool same = true;

	h.all = alloc((n + 1) * sizeof(struct markup *));
	h.ids = alloc((n + 1) * sizeof(*h.ids));
	collect(&h, doc);
	for (unsigned turn = 0; turn < 2; turn++) {
		for (size_t i = 0; i < n; i++)
			h.all[i]->text = h.all[i]->number ? h.ids[i] : S("");
		markup_identify(doc);
		same = true;
		for (size_t i = 0; i < n; i++)
			if (!str_eq(h.all[i]->text, h.ids[i])) {
				same = false;
				h.all[i]->number = 1;
			}
	}
	for (size_t i = 0; i < n; i++) {
		h.all[i]->text = h.ids[i];
		h.all[i]->number |= !same;
	}
}

bool markup_article_markdown(struct str html, const struct markup_out *out,
			     struct buf *markdown)
{
	struct markup doc = { .tag = M_DOC };
	struct lines m = lines_new(markdown, false);

	if (!markup_outlet(html, out, true, &doc))
		return false;
	tell_neighbours(&doc);
	tell_ids(&doc);
	blocks(&m, &doc);
	if (doc.first)
		lines_end(&m);
	return !markdown->full;
}
