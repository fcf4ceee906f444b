/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Articles' Markdown: as CommonMark defines it, it is written as HTML, with
 * the HTML in it as it stands, and that is taken like any other HTML. What
 * md4c gets wrong (mity/md4c#220) is at worst HTML of a bad form.
 */
#include <md4c.h>

#include "arena.h"
#include "markup_article.h"
#include "markup_tree.h"

/* Sources become longer: "- " is "<li></li>". */
enum { HTML_MAX = MARKUP_ARTICLE_HTML_MAX, QUOTES_MAX = 64 };

struct writer {
	struct buf html;
	struct str source;
	/* Where the tags of open quotes begin, and whether they are call-outs. */
	size_t quotes[QUOTES_MAX];
	bool notes[QUOTES_MAX];
	unsigned n_quotes;
	bool fresh;	/* nothing was written in the innermost quote yet */
	const char *to; /* what is before this is a call-out's mark */
	unsigned images, links;
};

static const char *const note_marks[] = {
	"[!NOTE]", "[!TIP]", "[!IMPORTANT]", "[!WARNING]", "[!CAUTION]",
};
static const enum markup_note notes[] = {
	M_NOTE, M_TIP, M_NOTE, M_WARNING, M_DANGER,
};

static int is_full(const struct writer *w)
{
	return w->html.full;
}

static void put(struct writer *w, const char *z)
{
	buf_add(&w->html, str_of(z));
}

static void open_quote(struct writer *w)
{
	if (w->n_quotes < QUOTES_MAX) {
		w->quotes[w->n_quotes] = w->html.n;
		w->notes[w->n_quotes] = false;
	}
	w->n_quotes++;
	put(w, "<blockquote>");
	w->fresh = true;
}

static void close_quote(struct writer *w)
{
	bool note;

	if (!w->n_quotes)
		return;
	w->n_quotes--;
	note = w->n_quotes < QUOTES_MAX && w->notes[w->n_quotes];
	put(w, note ? "</aside>" : "</blockquote>");
	w->fresh = false;
}

/* An attribute with its entities, which HTML reads as Markdown does. */
static void put_attribute(struct writer *w, const MD_ATTRIBUTE *a)
{
	for (size_t i = 0; a->size && a->substr_offsets[i] < a->size; i++) {
		MD_OFFSET from = a->substr_offsets[i];
		struct str part = { a->text + from,
				    a->substr_offsets[i + 1] - from };

		if (a->substr_types[i] == MD_TEXT_ENTITY)
			buf_add(&w->html, part);
		else
			buf_html(&w->html, part);
	}
}

static void put_open(struct writer *w, const char *tag, const char *name,
		     const MD_ATTRIBUTE *value)
{
	buf_addf(&w->html, "<%s %s=\"", tag, name);
	put_attribute(w, value);
	put(w, "\">");
}

static void open_item(struct writer *w, const MD_BLOCK_LI_DETAIL *item)
{
	put(w, "<li>");
	if (item->is_task)
		put(w, item->task_mark == ' ' ? "\xe2\x98\x90 " : /* ☐ */
			       "\xe2\x98\x91 ");		  /* ☑ */
}

static void open_code(struct writer *w, const MD_BLOCK_CODE_DETAIL *code)
{
	put(w, "<pre><code class=\"language-");
	put_attribute(w, &code->lang);
	put(w, "\">");
}

static void open_cell(struct writer *w, const char *tag,
		      const MD_BLOCK_TD_DETAIL *cell)
{
	buf_addf(&w->html, "<%s class=\"%.*s\">", tag,
		 STR_ARG(markup_align_class(cell->align)));
}

static const char *const blocks[] = {
	[MD_BLOCK_UL] = "ul",	    [MD_BLOCK_OL] = "ol",
	[MD_BLOCK_LI] = "li",	    [MD_BLOCK_P] = "p",
	[MD_BLOCK_TABLE] = "table", [MD_BLOCK_THEAD] = "thead",
	[MD_BLOCK_TBODY] = "tbody", [MD_BLOCK_TR] = "tr",
	[MD_BLOCK_TH] = "th",	    [MD_BLOCK_TD] = "td",
};

static int enter_block(MD_BLOCKTYPE type, void *detail, void *ctx)
{
	struct writer *w = ctx;

	if (type != MD_BLOCK_P)
		w->fresh = false;
	switch (type) {
	case MD_BLOCK_DOC:
	case MD_BLOCK_HTML:
		break;
	case MD_BLOCK_QUOTE:
		open_quote(w);
		break;
	case MD_BLOCK_OL:
		buf_addf(&w->html, "<ol start=\"%u\">",
			 ((MD_BLOCK_OL_DETAIL *)detail)->start);
		break;
	case MD_BLOCK_LI:
		open_item(w, detail);
		break;
	case MD_BLOCK_HR:
		put(w, "<hr>");
		break;
	case MD_BLOCK_H:
		buf_addf(&w->html, "<h%u>",
			 ((MD_BLOCK_H_DETAIL *)detail)->level);
		break;
	case MD_BLOCK_CODE:
		open_code(w, detail);
		break;
	case MD_BLOCK_TH:
	case MD_BLOCK_TD:
		open_cell(w, blocks[type], detail);
		break;
	default:
		buf_addf(&w->html, "<%s>", blocks[type]);
	}
	return is_full(w);
}

static int leave_block(MD_BLOCKTYPE type, void *detail, void *ctx)
{
	struct writer *w = ctx;

	switch (type) {
	case MD_BLOCK_DOC:
	case MD_BLOCK_HTML:
	case MD_BLOCK_HR:
		break;
	case MD_BLOCK_QUOTE:
		close_quote(w);
		break;
	case MD_BLOCK_H:
		buf_addf(&w->html, "</h%u>",
			 ((MD_BLOCK_H_DETAIL *)detail)->level);
		break;
	case MD_BLOCK_CODE:
		put(w, "</code></pre>");
		break;
	default:
		buf_addf(&w->html, "</%s>", blocks[type]);
	}
	return is_full(w);
}

/* In the words of a picture, marks are nothing. */
static int enter_span(MD_SPANTYPE type, void *detail, void *ctx)
{
	struct writer *w = ctx;

	w->fresh = false;
	if (type == MD_SPAN_IMG && !w->images++) {
		put(w, "<img src=\"");
		put_attribute(w, &((MD_SPAN_IMG_DETAIL *)detail)->src);
		put(w, "\" alt=\"");
	}
	if (w->images)
		return is_full(w);
	if (type == MD_SPAN_A) {
		w->links++;
		put_open(w, "a", "href", &((MD_SPAN_A_DETAIL *)detail)->href);
	}
	put(w, type == MD_SPAN_EM	? "<em>"
	       : type == MD_SPAN_STRONG ? "<strong>"
	       : type == MD_SPAN_DEL	? "<del>"
	       : type == MD_SPAN_CODE	? "<code>"
					: "");
	return is_full(w);
}

static int leave_span(MD_SPANTYPE type, void *detail, void *ctx)
{
	struct writer *w = ctx;

	(void)detail;
	if (type == MD_SPAN_IMG && w->images && !--w->images)
		put(w, "\">");
	if (w->images)
		return is_full(w);
	w->links -= type == MD_SPAN_A && w->links;
	put(w, type == MD_SPAN_EM	? "</em>"
	       : type == MD_SPAN_STRONG ? "</strong>"
	       : type == MD_SPAN_DEL	? "</del>"
	       : type == MD_SPAN_CODE	? "</code>"
	       : type == MD_SPAN_A	? "</a>"
					: "");
	return is_full(w);
}

/* A quote that begins with "[!NOTE]" is a call-out; "\[!NOTE]" is none. */
static void find_note(struct writer *w, const char *p)
{
	struct str rest = str_from(w->source, (size_t)(p - w->source.p));
	unsigned quote = w->n_quotes - 1;

	if (p > w->source.p && p[-1] == '\\')
		return;
	for (size_t i = 0; i < ARRAY_LEN(note_marks); i++) {
		struct str mark = str_of(note_marks[i]), line;

		if (rest.n < mark.n || strncasecmp(rest.p, mark.p, mark.n) != 0)
			continue;
		rest = str_from(rest, mark.n);
		line = str_cut(&rest, '\n');
		if (str_trim(line).n)
			return;
		w->html.n = w->quotes[quote];
		w->notes[quote] = true;
		buf_addf(&w->html, "<aside class=\"%.*s\"><p>",
			 STR_ARG(markup_note_class(notes[i])));
		w->to = p + mark.n;
		return;
	}
}

/* Bare addresses are links, as on GitHub. */
static void put_linked(struct writer *w, struct str s)
{
	struct str address, url;

	while (!w->links && !w->images &&
	       markup_find_address(s, &address, &url)) {
		buf_text(&w->html,
			 (struct str){ s.p, (size_t)(address.p - s.p) });
		put(w, "<a href=\"");
		buf_html(&w->html, url);
		put(w, "\">");
		buf_text(&w->html, address);
		put(w, "</a>");
		s = str_from(s, (size_t)(address.p - s.p) + address.n);
	}
	if (w->images)
		buf_html(&w->html, s);
	else
		buf_text(&w->html, s);
}

static bool is_of_source(const struct writer *w, const char *p, size_t n)
{
	const char *end = w->source.p + w->source.n;

	return p >= w->source.p && p <= end && n <= (size_t)(end - p);
}

/* Ends of lines and indents are md4c's own. */
static bool is_sound(const struct writer *w, MD_TEXTTYPE type, const char *p,
		     size_t n)
{
	return is_of_source(w, p, n) ||
	       (n <= 16 && (type == MD_TEXT_CODE || type == MD_TEXT_HTML));
}

static int text(MD_TEXTTYPE type, const MD_CHAR *p, MD_SIZE n, void *ctx)
{
	struct writer *w = ctx;
	bool fresh = w->fresh;

	w->fresh = false;
	if (type == MD_TEXT_BR)
		put(w, w->images ? " " : "<br>");
	else if (type == MD_TEXT_SOFTBR)
		put(w, "\n");
	if (type == MD_TEXT_BR || type == MD_TEXT_SOFTBR)
		return is_full(w);
	if (!is_sound(w, type, p, n))
		return 1; /* md4c has computed wrongly */
	if (fresh && w->n_quotes && w->n_quotes <= QUOTES_MAX &&
	    is_of_source(w, p, n))
		find_note(w, p);
	if (w->to && is_of_source(w, p, n) && p < w->to) {
		size_t mark = (size_t)(w->to - p);

		p += mark < n ? mark : n;
		n -= (MD_SIZE)(mark < n ? mark : n);
	}
	if (type == MD_TEXT_HTML || type == MD_TEXT_ENTITY)
		buf_add(&w->html, (struct str){ p, n });
	else if (type == MD_TEXT_CODE)
		buf_html(&w->html, (struct str){ p, n });
	else if (type != MD_TEXT_NULLCHAR)
		put_linked(w, (struct str){ p, n });
	return is_full(w);
}

bool markup_article_from_markdown(struct str source, const struct markup_in *in,
				  struct str *out, struct markup_report *report)
{
	static const MD_PARSER parser = {
		.flags = MD_FLAG_TABLES | MD_FLAG_STRIKETHROUGH |
			 MD_FLAG_TASKLISTS,
		.enter_block = enter_block,
		.leave_block = leave_block,
		.enter_span = enter_span,
		.leave_span = leave_span,
		.text = text,
	};
	struct writer w = { .html = buf_new(HTML_MAX) };
	char *padded;

	if (source.n > MARKUP_ARTICLE_MARKDOWN_MAX || !str_is_text(source))
		return false;
	padded = alloc(source.n + 64); /* md4c may look a little past the end */
	if (source.n)
		memcpy(padded, source.p, source.n);
	w.source = (struct str){ padded, source.n };
	if (md_parse(w.source.p, (MD_SIZE)source.n, &parser, &w) != 0)
		return false;
	return markup_article_from_html(buf_str(&w.html), in, out, report);
}
