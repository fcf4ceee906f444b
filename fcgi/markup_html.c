/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* HTML from anywhere: libxml2 makes a tree of what markup_scan() left, and
 * what articles may hold is built anew from that. */
#include "markup_html.h"

#include <libxml/HTMLparser.h>

#include "arena.h"
#include "markup.h"
#include "markup_article.h"
#include "markup_build.h"
#include "markup_scan.h"
#include "markup_tree.h"

/* Blocks deeper than this are laid flat; lines may then be as deep as marks. */
enum { BLOCKS_MAX = 32, CODE_MAX = MARKUP_ARTICLE_MAX };

static void element(struct html *h, const xmlNode *x);

struct str html_get(const xmlNode *x, const char *name)
{
	for (const xmlAttr *a = x->properties; a; a = a->next)
		if (str_eqz(str_of((const char *)a->name), name) &&
		    a->children && a->children->content)
			return str_of((const char *)a->children->content);
	return S("");
}

bool html_is(const xmlNode *x, const char *name)
{
	return x->type == XML_ELEMENT_NODE &&
	       strcmp((const char *)x->name, name) == 0;
}

static bool is_blank_text(const xmlNode *x)
{
	return x->type == XML_TEXT_NODE &&
	       !str_trim(str_of((const char *)x->content)).n;
}

/* What a style says, without blanks and in small letters. */
static struct str style_of(const xmlNode *x)
{
	struct str style = html_get(x, "style");
	char *p = alloc(style.n + 1);
	size_t n = 0;

	for (size_t i = 0; i < style.n; i++) {
		char c = style.p[i];

		if (c != ' ' && c != '\n' && c != '\t')
			p[n++] = c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
	}
	return (struct str){ p, n };
}

static bool says(struct str style, const char *what)
{
	return style.n && strstr(style.p, what);
}

static struct str class_with(const xmlNode *x, const char *prefix)
{
	struct str classes = html_get(x, "class");

	while (classes.n) {
		struct str class = str_cut(&classes, ' ');

		if (str_starts(class, str_of(prefix)))
			return str_from(class, strlen(prefix));
	}
	return S("");
}

/* An id as ours are: small letters, digits and dashes. */
static struct str clean_id(struct str raw)
{
	struct buf b = buf_new(64);
	struct str id;

	for (size_t i = 0; i < raw.n; i++) {
		char c = raw.p[i], low = (char)(c | 0x20);
		bool letter = low >= 'a' && low <= 'z';

		if (!b.n && !letter)
			buf_add(&b, S("s-"));
		if (letter || (c >= '0' && c <= '9'))
			buf_char(&b, letter ? low : c);
		else
			buf_char(&b, '-');
	}
	id = buf_str(&b);
	return markup_is_id(id) ? id : S("");
}

static bool change(struct html *h, enum markup_address what, struct str raw,
		   struct str *address)
{
	const struct markup_links *links = h->in ? &h->in->links : NULL;

	*address = raw;
	return (!links || !links->change ||
		links->change(links->ctx, what, raw, address)) &&
	       markup_url(*address, address);
}

static bool link_address(struct html *h, struct str raw, struct str *address)
{
	if (str_starts(str_trim(raw), S("#"))) {
		struct str id = clean_id(str_from(str_trim(raw), 1));
		struct buf b = buf_new(128);

		buf_addf(&b, "#%.*s", STR_ARG(id));
		*address = buf_str(&b);
		return id.n;
	}
	return change(h, MARKUP_LINK, raw, address);
}

static void html_children(struct html *h, const xmlNode *x)
{
	for (const xmlNode *c = x->children; c && !h->b.full; c = c->next) {
		if (c->type == XML_TEXT_NODE)
			build_text(&h->b, str_of((const char *)c->content));
		else if (html_is_listed(c))
			c = html_word_list(h, c);
		else if (c->type == XML_ELEMENT_NODE)
			element(h, c);
	}
}

/* Where no block may be, it begins and ends with a blank. */
static void flat(struct html *h, const xmlNode *x)
{
	h->b.blank = true;
	html_children(h, x);
	h->b.blank = true;
}

static void paragraph(struct html *h, const xmlNode *x, bool own)
{
	bool before = h->b.own;

	if (h->b.flat) {
		flat(h, x);
		return;
	}
	build_close(&h->b);
	h->b.own = own;
	html_children(h, x);
	build_close(&h->b);
	h->b.own = before;
}

void html_within(struct html *h, const xmlNode *x, struct markup *node,
		 bool lines_only)
{
	struct build before = h->b;

	build_close(&h->b);
	h->b.to = node;
	h->b.own = false;
	h->b.flat = lines_only;
	html_children(h, x);
	build_close(&h->b);
	h->b.to = before.to;
	h->b.own = before.own;
	h->b.flat = before.flat;
}

/* A block for the content of x; NULL where there can't be one. */
struct markup *html_block(struct html *h, enum markup_tag tag)
{
	if (h->b.flat || h->b.full)
		return NULL;
	if (h->b.to->depth >= BLOCKS_MAX) {
		if (h->report)
			h->report->deep = true;
		return NULL;
	}
	build_close(&h->b);
	return build_add(&h->b, h->b.to, tag);
}

static void container(struct html *h, const xmlNode *x, enum markup_tag tag)
{
	struct markup *node = html_block(h, tag);

	if (node)
		html_within(h, x, node, false);
	else
		paragraph(h, x, h->b.own);
}

static void heading(struct html *h, const xmlNode *x, enum markup_tag tag)
{
	struct markup *node = html_block(h, tag);

	if (!node) {
		paragraph(h, x, h->b.own);
		return;
	}
	node->text = clean_id(html_get(x, "id"));
	html_within(h, x, node, true);
}

/* ---- call-outs ----------------------------------------------------------- */

/* "note", and as other programs say it: "alert alert-info", "callout-danger". */
static bool is_note(const xmlNode *x, unsigned *note)
{
	static const char *const prefixes[] = { "", "alert-", "callout-",
						"callout--", "admonition-" };
	static const struct {
		const char *word;
		enum markup_note note;
	} words[] = {
		{ "note", M_NOTE },	  { "info", M_NOTE },
		{ "tip", M_TIP },	  { "success", M_TIP },
		{ "warning", M_WARNING }, { "danger", M_DANGER },
		{ "error", M_DANGER },
	};

	for (size_t p = 0; p < ARRAY_LEN(prefixes); p++) {
		struct str classes = html_get(x, "class");

		while (classes.n) {
			struct str class = str_cut(&classes, ' ');
			struct str prefix = str_of(prefixes[p]);

			if (!str_starts(class, prefix))
				continue;
			class = str_from(class, prefix.n);
			for (size_t w = 0; w < ARRAY_LEN(words); w++)
				if (str_eqz(class, words[w].word)) {
					*note = words[w].note;
					return true;
				}
		}
	}
	return false;
}

static void section(struct html *h, const xmlNode *x)
{
	unsigned note;
	struct markup *node = NULL;

	if (is_note(x, &note) && (node = html_block(h, M_ASIDE))) {
		node->number = note;
		html_within(h, x, node, false);
	} else {
		paragraph(h, x, h->b.own || h->b.to->first);
	}
}

/* ---- lists --------------------------------------------------------------- */

static void item(struct html *h, const xmlNode *x, struct markup *list)
{
	html_within(h, x, build_add(&h->b, list, M_LI), false);
}

/* What stands in a list and is no item belongs to the item before. */
static void stray(struct html *h, const xmlNode *x, struct markup *list)
{
	struct build before = h->b;

	build_close(&h->b);
	h->b.to = list->last ? list->last : build_add(&h->b, list, M_LI);
	h->b.own = false;
	if (x->type == XML_TEXT_NODE)
		build_text(&h->b, str_of((const char *)x->content));
	else
		element(h, x);
	build_close(&h->b);
	h->b.to = before.to;
	h->b.own = before.own;
}

static void list(struct html *h, const xmlNode *x, enum markup_tag tag)
{
	struct markup *node = html_block(h, tag);
	uint64_t start;

	if (!node) {
		paragraph(h, x, h->b.own);
		return;
	}
	node->number = 1;
	if (tag == M_OL &&
	    str_u64(str_trim(html_get(x, "start")), 999999999, &start))
		node->number = (unsigned)start;
	for (const xmlNode *c = x->children; c && !h->b.full; c = c->next) {
		if (html_is(c, "li"))
			item(h, c, node);
		else if (c->type == XML_ELEMENT_NODE ||
			 (c->type == XML_TEXT_NODE && !is_blank_text(c)))
			stray(h, c, node);
	}
}

/* An item without a list gets one, and so do those behind it. */
static void lone_item(struct html *h, const xmlNode *x)
{
	struct markup *node = h->b.to->last;

	if (h->b.flat) {
		flat(h, x);
		return;
	}
	if (!node || node->tag != M_UL || node != h->lone)
		node = html_block(h, M_UL);
	if (!node) {
		paragraph(h, x, h->b.own);
		return;
	}
	h->lone = node;
	item(h, x, node);
}

/* libxml2 leaves a dd open when the next one begins: so a term within one
 * stands behind it. */
static void term(struct html *h, const xmlNode *x)
{
	if (html_is(x, "dd") && !h->dl->first)
		build_add(&h->b, h->dl, M_DT);
	if (html_is(x, "dd"))
		html_within(h, x, build_add(&h->b, h->dl, M_DD), false);
	else
		html_within(h, x, build_add(&h->b, h->dl, M_DT), true);
}

static void terms(struct html *h, const xmlNode *x)
{
	for (const xmlNode *c = x->children; c && !h->b.full; c = c->next) {
		if (html_is(c, "div"))
			terms(h, c);
		else if (html_is(c, "dt") || html_is(c, "dd"))
			term(h, c);
	}
}

static void definitions(struct html *h, const xmlNode *x)
{
	struct markup *around = h->dl, *dl = html_block(h, M_DL);

	if (!dl) {
		paragraph(h, x, h->b.own);
		return;
	}
	h->dl = dl;
	terms(h, x);
	h->dl = around;
	if (dl->last && dl->last->tag == M_DT)
		build_add(&h->b, dl, M_DD);
}

/* ---- listings ------------------------------------------------------------ */

static bool is_line(const xmlNode *x)
{
	return html_is(x, "div") || html_is(x, "p") || html_is(x, "li");
}

static void without_returns(struct buf *b, struct str s)
{
	while (s.n)
		buf_add(b, str_cut(&s, '\r'));
}

static void listing(struct buf *b, const xmlNode *x, struct str *language)
{
	for (const xmlNode *c = x->children; c; c = c->next) {
		if (html_is(c, "br"))
			buf_char(b, '\n');
		if (html_is(c, "code") && !language->n)
			*language = class_with(c, "language-");
		if (c->type == XML_TEXT_NODE)
			without_returns(b, str_of((const char *)c->content));
		else if (c->type == XML_ELEMENT_NODE)
			listing(b, c, language);
		if (is_line(c) && c->next && b->n && b->p[b->n - 1] != '\n')
			buf_char(b, '\n');
	}
}

static void preformatted(struct html *h, const xmlNode *x)
{
	struct buf b = buf_new(CODE_MAX);
	struct str language = class_with(x, "language-"), text;
	struct markup *pre = html_block(h, M_PRE);

	if (!pre) {
		flat(h, x);
		return;
	}
	if (!language.n)
		language = class_with(x, "lang-");
	listing(&b, x, &language);
	text = buf_str(&b);
	/* HTML has none right behind the tag, for the eye's sake. */
	if (x->children && x->children->type == XML_TEXT_NODE &&
	    str_starts(text, S("\n")))
		text = str_from(text, 1);
	h->b.full |= b.full;
	if (!text.n)
		return;
	pre = build_add(&h->b, pre, M_LISTING);
	pre->text = markup_is_language(language) ? language : S("");
	build_add(&h->b, pre, M_TEXT)->text = text;
	if (!str_ends(text, S("\n")))
		build_add(&h->b, pre, M_TEXT)->text = S("\n");
}

/* ---- pictures and figures ------------------------------------------------ */

/* Words for a picture, in one line. */
static struct str alt_of(const xmlNode *x)
{
	struct str alt = str_trim(html_get(x, "alt"));
	struct buf b = buf_new(2000);

	while (alt.n) {
		char c = alt.p[0];
		bool blank = c == ' ' || c == '\n' || c == '\t' || c == '\r';
		size_t n = 1;

		while (n < alt.n && ((unsigned char)alt.p[n] & 0xc0) == 0x80)
			n++;
		if (!blank)
			buf_add(&b, (struct str){ alt.p, n });
		else if (b.n && b.p[b.n - 1] != ' ')
			buf_char(&b, ' ');
		alt = str_from(alt, n);
		if (b.full)
			break;
	}
	return str_trim(buf_str(&b));
}

static unsigned side(const xmlNode *x, const char *name)
{
	uint64_t n;

	return str_u64(html_get(x, name), MARKUP_SIDE_MAX, &n) ? (unsigned)n
							       : 0;
}

static void fill_picture(struct markup *img, const xmlNode *x,
			 struct str address)
{
	img->text = address;
	img->alt = alt_of(x);
	img->width = side(x, "width");
	img->height = side(x, "height");
}

static bool is_picture(struct html *h, const xmlNode *x, struct str *address)
{
	return change(h, MARKUP_PICTURE, html_get(x, "src"), address) &&
	       address->p[0] == '/';
}

/* One from elsewhere is a link to it; one that may not even be that, its
 * words. */
static void picture(struct html *h, const xmlNode *x)
{
	struct str address, alt = alt_of(x);
	size_t marks = h->b.n_marks;
	struct mark kept[MARKS_MAX];
	struct markup *img;

	if (is_picture(h, x, &address)) {
		img = build_inline(&h->b, M_IMG);
		if (img)
			fill_picture(img, x, address);
		else
			build_text(&h->b, alt);
		return;
	}
	markup_dropped(h->report, S("img"));
	memcpy(kept, h->b.marks, sizeof(kept));
	if (change(h, MARKUP_LINK, html_get(x, "src"), &address)) {
		build_mark(&h->b, M_A, address, x);
		alt = alt.n ? alt : address;
	}
	build_text(&h->b, alt);
	memcpy(h->b.marks, kept, sizeof(kept));
	h->b.n_marks = marks;
}

struct shown {
	const xmlNode *what, *link, *legend;
	bool more; /* than a figure holds */
};

static const xmlNode *find(const xmlNode *x, const char *name)
{
	for (const xmlNode *c = x->children; c; c = c->next) {
		const xmlNode *found = html_is(c, name) ? c : find(c, name);

		if (found)
			return found;
	}
	return NULL;
}

static void survey(struct shown *s, const xmlNode *x, const xmlNode *link);

static void survey_one(struct shown *s, const xmlNode *c, const xmlNode *link)
{
	if (html_is(c, "figcaption")) {
		s->more |= s->legend != NULL;
		s->legend = c;
	} else if (html_is(c, "img") || html_is(c, "table") ||
		   html_is(c, "pre") || (html_is(c, "a") && !find(c, "img"))) {
		s->more |= s->what != NULL;
		s->what = c;
		s->link = link;
	} else if (html_is(c, "a")) {
		survey(s, c, c);
	} else if (html_is(c, "div") || html_is(c, "p") || html_is(c, "span")) {
		survey(s, c, link);
	} else {
		s->more |= c->type == XML_ELEMENT_NODE;
	}
}

static void survey(struct shown *s, const xmlNode *x, const xmlNode *link)
{
	for (const xmlNode *c = x->children; c && !s->more; c = c->next) {
		if (c->type == XML_TEXT_NODE)
			s->more |= !is_blank_text(c);
		else
			survey_one(s, c, link);
	}
}

/* A link in a figure, to be filled. */
static struct markup *figure_link(struct html *h, struct markup *figure,
				  struct str address)
{
	struct markup *a = build_add(&h->b, figure, M_A);

	a->text = address;
	return a;
}

static void show_picture(struct html *h, struct markup *figure,
			 const struct shown *s)
{
	struct str address, to;
	bool linked =
		s->link && link_address(h, html_get(s->link, "href"), &to);

	if (is_picture(h, s->what, &address)) {
		if (linked)
			figure = figure_link(h, figure, to);
		fill_picture(build_add(&h->b, figure, M_IMG), s->what, address);
		return;
	}
	markup_dropped(h->report, S("img"));
	if (linked)
		address = to;
	else if (!change(h, MARKUP_LINK, html_get(s->what, "src"), &address))
		return;
	to = alt_of(s->what);
	figure = figure_link(h, figure, address);
	build_add(&h->b, figure, M_TEXT)->text = to.n ? to : address;
}

static void show_link(struct html *h, struct markup *figure, const xmlNode *a,
		      struct str address)
{
	struct markup *link = figure_link(h, figure, address);
	size_t marks = h->b.n_marks;

	h->b.n_marks = 0; /* one of them may be a link */
	h->b.in_link = true;
	html_within(h, a, link, true);
	h->b.in_link = false;
	h->b.n_marks = marks;
	if (!link->first)
		build_add(&h->b, link, M_TEXT)->text = address;
}

/* Text in a table that is in no cell of it. */
static bool has_strays(const xmlNode *x)
{
	for (const xmlNode *c = x->children; c; c = c->next) {
		if (html_is(c, "thead") || html_is(c, "tbody") ||
		    html_is(c, "tr")) {
			if (has_strays(c))
				return true;
		} else if (c->type == XML_TEXT_NODE) {
			if (!is_blank_text(c))
				return true;
		} else if (!html_is(c, "td") && !html_is(c, "th") &&
			   !html_is(c, "caption")) {
			return true;
		}
	}
	return false;
}

/* What a figure may show of x, and the address if that is a link. */
static bool is_figure(struct html *h, const xmlNode *x, struct shown *s,
		      struct str *address)
{
	survey(s, x, NULL);
	if (s->more || !s->what)
		return false;
	if (html_is(s->what, "table") && (h->b.in_cell || has_strays(s->what)))
		return false;
	return !html_is(s->what, "a") ||
	       link_address(h, html_get(s->what, "href"), address);
}

static bool is_video(struct html *h, const xmlNode *x, struct shown *s,
		     struct str *address)
{
	s->what = find(x, "a");
	s->legend = find(x, "figcaption");
	return str_eqz(html_get(x, "class"), "video") && s->what &&
	       change(h, MARKUP_VIDEO, html_get(s->what, "href"), address) &&
	       markup_is_video(h->in, *address);
}

static void figure(struct html *h, const xmlNode *x)
{
	struct shown s = { .more = false }, v = s;
	struct markup *node = NULL, *to = h->b.to;
	struct str address;
	bool video = is_video(h, x, &v, &address);

	if (video)
		s = v;
	if (video || is_figure(h, x, &s, &address))
		node = html_block(h, M_FIGURE);
	if (!node) {
		paragraph(h, x, h->b.own || h->b.to->first);
		return;
	}
	node->number = video ? M_VIDEO : M_PICTURE;
	h->b.to = node;
	if (html_is(s.what, "a"))
		show_link(h, node, s.what, address);
	else if (html_is(s.what, "img"))
		show_picture(h, node, &s);
	else
		element(h, s.what);
	h->b.to = to;
	if (s.legend)
		html_within(h, s.legend, build_add(&h->b, node, M_FIGCAPTION),
			    true);
}

/* ---- tables -------------------------------------------------------------- */

struct rows {
	struct markup *head, *body;
	unsigned n;
};

static unsigned span(const xmlNode *x, const char *name)
{
	uint64_t n;

	if (!str_u64(str_trim(html_get(x, name)), 1000000, &n) || n < 2)
		return 0;
	return n > MARKUP_COLUMNS_MAX ? MARKUP_COLUMNS_MAX : (unsigned)n;
}

static unsigned alignment(const xmlNode *x)
{
	struct str style = style_of(x);
	struct str classes = html_get(x, "class");
	unsigned align = M_ALIGN_NONE;

	if (markup_align(html_get(x, "align"), &align))
		return align;
	for (unsigned a = M_ALIGN_LEFT; a <= M_ALIGN_RIGHT; a++) {
		struct buf b = buf_new(64);

		buf_addf(&b, "text-align:%.*s", STR_ARG(markup_align_class(a)));
		if (says(style, str_z(buf_str(&b))))
			return a;
	}
	while (classes.n)
		if (markup_align(str_cut(&classes, ' '), &align))
			break;
	return align;
}

static void row(struct html *h, const xmlNode *x, struct markup *part)
{
	struct markup *tr = build_add(&h->b, part, M_TR);
	unsigned columns = 0;

	for (const xmlNode *c = x->children; c && !h->b.full; c = c->next) {
		bool th = html_is(c, "th");
		unsigned wide;
		struct markup *cell;

		if (!th && !html_is(c, "td"))
			continue;
		wide = span(c, "colspan");
		if (columns + (wide ? wide : 1) > MARKUP_COLUMNS_MAX) {
			markup_dropped(h->report, S("td"));
			continue;
		}
		columns += wide ? wide : 1;
		cell = build_add(&h->b, tr, th ? M_TH : M_TD);
		cell->width = wide;
		cell->height = span(c, "rowspan");
		cell->number = alignment(c);
		html_within(h, c, cell, false);
	}
}

static void rows(struct html *h, const xmlNode *x, struct rows *to,
		 struct markup *part)
{
	for (const xmlNode *c = x->children; c && !h->b.full; c = c->next) {
		if (html_is(c, "thead"))
			rows(h, c, to, to->head);
		else if (html_is(c, "tbody"))
			rows(h, c, to, to->body);
		else if (html_is(c, "tr") && to->n++ < MARKUP_ROWS_MAX)
			row(h, c, part);
		else if (html_is(c, "tr"))
			markup_dropped(h->report, S("tr"));
	}
}

/* A table in a table: its rows are paragraphs. */
static void flat_table(struct html *h, const xmlNode *x)
{
	for (const xmlNode *c = x->children; c && !h->b.full; c = c->next) {
		if (html_is(c, "tr"))
			build_close(&h->b);
		if (html_is(c, "td") || html_is(c, "th")) {
			h->b.blank = true;
			html_children(h, c);
		} else if (c->type == XML_ELEMENT_NODE) {
			flat_table(h, c);
		}
	}
}

/* What is neither row nor cell stands before the table, as in browsers. */
static void strays(struct html *h, const xmlNode *x)
{
	for (const xmlNode *c = x->children; c && !h->b.full; c = c->next) {
		if (html_is(c, "thead") || html_is(c, "tbody") ||
		    html_is(c, "tr"))
			strays(h, c);
		else if (html_is(c, "td") || html_is(c, "th") ||
			 html_is(c, "caption"))
			continue;
		else if (c->type == XML_ELEMENT_NODE)
			element(h, c);
		else if (c->type == XML_TEXT_NODE)
			build_text(&h->b, str_of((const char *)c->content));
	}
}

static void table(struct html *h, const xmlNode *x)
{
	struct markup *node = NULL;
	const xmlNode *caption = find(x, "caption");
	struct rows r = { .n = 0 };

	if (!h->b.in_cell && !h->b.flat)
		strays(h, x);
	if (!h->b.in_cell)
		node = html_block(h, M_TABLE);
	if (!node) {
		build_text(&h->b, S(" "));
		if (!h->b.flat)
			build_close(&h->b);
		h->b.own |= h->b.to->first != NULL;
		flat_table(h, x);
		if (!h->b.flat)
			build_close(&h->b);
		return;
	}
	h->b.in_cell = true;
	if (caption && caption->parent == x)
		html_within(h, caption, build_add(&h->b, node, M_CAPTION),
			    true);
	r.head = build_add(&h->b, node, M_THEAD);
	r.body = build_add(&h->b, node, M_TBODY);
	rows(h, x, &r, r.body);
	h->b.in_cell = false;
}

/* ---- in lines ------------------------------------------------------------ */

static void mark(struct html *h, const xmlNode *x, enum markup_tag tag,
		 struct str address)
{
	struct mark kept[MARKS_MAX];
	size_t n = h->b.n_marks;

	memcpy(kept, h->b.marks, sizeof(kept));
	build_mark(&h->b, tag, address, x);
	html_children(h, x);
	memcpy(h->b.marks, kept, sizeof(kept));
	h->b.n_marks = n;
}

static void link_to(struct html *h, const xmlNode *x)
{
	struct str raw = html_get(x, "href"), address;

	if (raw.n && link_address(h, raw, &address)) {
		mark(h, x, M_A, address);
		return;
	}
	if (raw.n)
		markup_dropped(h->report, S("a"));
	html_children(h, x);
}

/* What a style says of words, as marks (Google Docs says all so). */
static void styled(struct html *h, const xmlNode *x)
{
	static const struct {
		const char *style;
		enum markup_tag tag;
	} meanings[] = {
		{ "font-weight:bold", M_STRONG },
		{ "font-weight:600", M_STRONG },
		{ "font-weight:700", M_STRONG },
		{ "font-weight:800", M_STRONG },
		{ "font-style:italic", M_EM },
		{ "line-through", M_DEL },
		{ "vertical-align:super", M_SUP },
		{ "vertical-align:sub;", M_SUB },
	};
	struct mark kept[MARKS_MAX];
	size_t n = h->b.n_marks;
	struct str style = style_of(x);

	if (says(style, "mso-list:ignore"))
		return; /* Word's own number or bullet */
	memcpy(kept, h->b.marks, sizeof(kept));
	for (size_t i = 0; i < ARRAY_LEN(meanings); i++)
		if (says(style, meanings[i].style))
			build_mark(&h->b, meanings[i].tag, S(""), x);
	html_children(h, x);
	memcpy(h->b.marks, kept, sizeof(kept));
	h->b.n_marks = n;
}

static void emphasis(struct html *h, const xmlNode *x, enum markup_tag tag)
{
	/* Google Docs wraps all it copies in a bold that is none. */
	if (tag == M_STRONG && says(style_of(x), "font-weight:normal"))
		html_children(h, x);
	else
		mark(h, x, tag, S(""));
}

static void rule(struct html *h)
{
	if (!html_block(h, M_HR))
		h->b.blank = true;
}

static const struct {
	const char *name;
	enum markup_tag tag;
} names[] = {
	{ "p", M_P },	    { "h1", M_H1 },	    { "h2", M_H2 },
	{ "h3", M_H3 },	    { "h4", M_H4 },	    { "h5", M_H5 },
	{ "h6", M_H6 },	    { "ul", M_UL },	    { "ol", M_OL },
	{ "li", M_LI },	    { "pre", M_PRE },	    { "blockquote", M_QUOTE },
	{ "code", M_CODE }, { "strong", M_STRONG }, { "em", M_EM },
	{ "del", M_DEL },   { "sub", M_SUB },	    { "sup", M_SUP },
	{ "kbd", M_KBD },   { "a", M_A },	    { "br", M_BR },
	{ "img", M_IMG },   { "hr", M_HR },	    { "table", M_TABLE },
	{ "dl", M_DL },	    { "figure", M_FIGURE },
};

static enum markup_tag tag_of(const xmlNode *x)
{
	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (strcmp((const char *)x->name, names[i].name) == 0)
			return names[i].tag;
	return M_TAGS;
}

/* What has no name in the list: a span, a part of a page. */
static void other_element(struct html *h, const xmlNode *x)
{
	if (html_is(x, "span"))
		styled(h, x);
	else if (h->dl && (html_is(x, "dt") || html_is(x, "dd")))
		term(h, x);
	else if (html_is(x, "html") || html_is(x, "body"))
		html_children(h, x);
	else
		section(h, x);
}

static void element(struct html *h, const xmlNode *x)
{
	enum markup_tag tag = tag_of(x);

	if (markup_is_heading(tag))
		heading(h, x, tag);
	else if (tag >= M_CODE && tag <= M_KBD)
		emphasis(h, x, tag);
	else if (tag == M_P)
		paragraph(h, x, true);
	else if (tag == M_UL || tag == M_OL)
		list(h, x, tag);
	else if (tag == M_LI)
		lone_item(h, x);
	else if (tag == M_QUOTE)
		container(h, x, tag);
	else if (tag == M_PRE)
		preformatted(h, x);
	else if (tag == M_A)
		link_to(h, x);
	else if (tag == M_BR)
		build_break(&h->b);
	else if (tag == M_IMG)
		picture(h, x);
	else if (tag == M_HR)
		rule(h);
	else if (tag == M_TABLE)
		table(h, x);
	else if (tag == M_DL)
		definitions(h, x);
	else if (tag == M_FIGURE)
		figure(h, x);
	else
		other_element(h, x);
}

static xmlDoc *parse(struct str html)
{
	return htmlReadMemory(html.p, (int)html.n, NULL, "UTF-8",
			      HTML_PARSE_NONET | HTML_PARSE_NOERROR |
				      HTML_PARSE_NOWARNING |
				      HTML_PARSE_NODEFDTD);
}

bool markup_article_from_html(struct str source, const struct markup_in *in,
			      struct str *out, struct markup_report *report)
{
	struct markup doc = { .tag = M_DOC };
	struct html h = { .in = in, .report = report, .b = { .to = &doc } };
	struct buf scanned = buf_new(4 * MARKUP_ARTICLE_HTML_MAX);
	xmlDoc *xml;

	*out = S("");
	if (report)
		*report = (struct markup_report){ .n = 0 };
	if (source.n > MARKUP_ARTICLE_HTML_MAX || !str_is_text(source))
		return false;
	markup_scan(source, in, &scanned, report);
	if (scanned.full)
		return false;
	if (!scanned.n)
		return true;
	xml = parse(buf_str(&scanned));
	if (!xml)
		return false;
	if (xmlDocGetRootElement(xml))
		element(&h, xmlDocGetRootElement(xml));
	build_tidy(&doc);
	if (h.b.full || !markup_article_finish(&doc, out)) {
		xmlFreeDoc(xml);
		return false;
	}
	xmlFreeDoc(xml);
	return true;
}
