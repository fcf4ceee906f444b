/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "import_pages.h"

#include "arena.h"
#include "import_make.h"

enum { VALUE_MAX = 4096, LINES_MAX = 1000 };

/* ---- what is said -------------------------------------------------------- */

static void add_word(struct str *words, size_t *n, struct str word)
{
	if (word.n && *n < IMPORT_WORDS_MAX)
		words[(*n)++] = word;
}

static bool is_one_of(struct str name, const char *names)
{
	struct str all = str_of(names);

	while (all.n)
		if (str_eq(str_cut(&all, ' '), name))
			return true;
	return false;
}

/* One value of a name, or of the list that it has. */
static void note(struct import_page *page, struct str name, struct str value)
{
	if (is_one_of(name, "keywords tags"))
		add_word(page->keywords, &page->n_keywords, value);
	else if (is_one_of(name, "aliases redirect_from"))
		add_word(page->aliases, &page->n_aliases, value);
	else if (is_one_of(name, "title") && !page->title.n)
		page->title = value;
	else if (is_one_of(name, "key"))
		page->key = value;
	else if (is_one_of(name, "language lang locale"))
		page->language = value;
	else if (is_one_of(name, "first_language"))
		page->first_language = value;
	else if (is_one_of(name, "section"))
		page->section = value;
	else if (is_one_of(name, "created created_at date"))
		page->created = value;
	else if (is_one_of(name, "updated updated_at lastmod modified"))
		page->updated = value;
	else if (is_one_of(name, "position weight order nav_order "
				 "sidebar_position"))
		page->position = value;
	else if (is_one_of(name, "audience"))
		page->audience = value;
	else if (is_one_of(name, "draft"))
		page->draft = str_eqz(value, "true");
}

/* ---- front matter -------------------------------------------------------- */

static unsigned hex(char c)
{
	return c >= '0' && c <= '9' ? (unsigned)(c - '0')
	       : (c | 0x20) >= 'a' && (c | 0x20) <= 'f'
		       ? (unsigned)((c | 0x20) - 'a') + 10
		       : 16;
}

static bool code_of(struct str s, uint32_t *code)
{
	*code = 0;
	if (s.n < 4)
		return false;
	for (size_t i = 0; i < 4; i++) {
		if (hex(s.p[i]) > 15)
			return false;
		*code = *code << 4 | hex(s.p[i]);
	}
	return true;
}

/* Behind \u: one character, of two of them where it has to be. */
static void add_code(struct buf *b, struct str *s)
{
	uint32_t code, low;

	if (!code_of(*s, &code))
		return;
	*s = str_from(*s, 4);
	if (code >= 0xd800 && code < 0xdc00 && str_starts(*s, S("\\u")) &&
	    code_of(str_from(*s, 2), &low) && low >= 0xdc00 && low < 0xe000) {
		code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
		*s = str_from(*s, 6);
	}
	if (code >= ' ' && (code < 0xd800 || code > 0xdfff))
		buf_utf8(b, code);
}

/* At a quote: what it holds. In double ones there are escapes, as JSON's; a
 * single one stands for itself when it is doubled. */
static struct str quoted(struct str *s)
{
	char quote = s->p[0];
	struct buf b = buf_new(VALUE_MAX);

	*s = str_from(*s, 1);
	while (s->n && s->p[0] != '\n') {
		char c = s->p[0];

		*s = str_from(*s, 1);
		if (c == quote && quote == '\'' && s->n && s->p[0] == c) {
			*s = str_from(*s, 1);
		} else if (c == quote) {
			break;
		} else if (c == '\\' && quote == '"' && s->n) {
			c = s->p[0];
			*s = str_from(*s, 1);
			if (c == 'u') {
				add_code(&b, s);
				continue;
			}
			c = c == 'n' || c == 't' || c == 'r' ? ' ' : c;
		}
		buf_char(&b, c);
	}
	return b.full ? S("") : buf_str(&b);
}

/* Up to one of these, or quoted. */
static struct str value_of(struct str *s, const char *ends)
{
	struct str value = { s->p, 0 };

	while (s->n && (s->p[0] == ' ' || s->p[0] == '\t'))
		*s = str_from(*s, 1);
	if (s->n && (s->p[0] == '"' || s->p[0] == '\''))
		return quoted(s);
	value.p = s->p;
	while (s->n && s->p[0] && !strchr(ends, s->p[0])) {
		if (s->p[0] == '#' && value.n && s->p[-1] == ' ')
			break;
		*s = str_from(*s, 1);
		value.n++;
	}
	return str_trim(value);
}

static void bracketed(struct import_page *page, struct str name, struct str s)
{
	while (s.n && s.p[0] != ']') {
		note(page, name, value_of(&s, ",]"));
		while (s.n && s.p[0] != ',' && s.p[0] != ']')
			s = str_from(s, 1);
		if (s.n && s.p[0] == ',')
			s = str_from(s, 1);
	}
}

static void front_line(struct import_page *page, struct str line, char sign,
		       struct str *name)
{
	struct str rest = line, item = str_trim(line);

	if (str_starts(item, S("- ")) && name->n) {
		item = str_from(item, 2);
		note(page, *name, value_of(&item, "\n"));
		return;
	}
	if (!line.n || line.p[0] == ' ' || line.p[0] == '\t' ||
	    !memchr(line.p, sign, line.n))
		return; /* of something that we do not read */
	*name = str_trim(str_cut(&rest, sign));
	rest = str_trim(rest);
	if (str_starts(rest, S("{")))
		note(page, *name, rest);
	else if (str_starts(rest, S("[")))
		bracketed(page, *name, str_from(rest, 1));
	else if (rest.n)
		note(page, *name, value_of(&rest, "\n"));
}

void import_page_markdown(struct str source, struct import_page *page)
{
	struct str rest = source, name = S("");
	struct str fence = str_trim(str_cut(&rest, '\n'));
	bool toml = str_eqz(fence, "+++");

	*page = (struct import_page){ .body = source };
	if (!toml && !str_eqz(fence, "---"))
		return;
	for (unsigned i = 0; rest.n && i < LINES_MAX; i++) {
		struct str line = str_cut(&rest, '\n');

		if (str_eq(str_trim(line), fence)) {
			while (str_starts(rest, S("\n")) ||
			       str_starts(rest, S("\r\n")))
				rest = str_from(rest,
						rest.p[0] == '\r' ? 2 : 1);
			page->body = rest;
			return;
		}
		if (str_ends(line, S("\r")))
			line.n--;
		front_line(page, line, toml ? '=' : ':', &name);
	}
	/* No end: it is a rule and a text. */
	*page = (struct import_page){ .body = source };
}

/* ---- HTML ---------------------------------------------------------------- */

/* A tag, and where it is. What comes of it is made by markup_article.h, which
 * reads as browsers do; here it is enough to find the places. */
struct tag {
	struct str name, attributes;
	bool closing;
	size_t at, behind;
};

#define BLANKS " \t\n\r\f"

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

static bool has_name(const struct tag *tag, const char *name)
{
	return tag->name.n == strlen(name) &&
	       strncasecmp(tag->name.p, name, tag->name.n) == 0;
}

static size_t find_from(struct str s, size_t from, const char *what)
{
	const char *at =
		from < s.n ? memmem(s.p + from, s.n - from, what, strlen(what))
			   : NULL;

	return at ? (size_t)(at - s.p) : s.n;
}

/* Where raw text ends. */
static size_t find_close(struct str s, size_t from, const char *name)
{
	size_t n = strlen(name);

	while ((from = find_from(s, from, "</")) < s.n) {
		if (s.n - from > n + 2 &&
		    strncasecmp(s.p + from + 2, name, n) == 0)
			break;
		from += 2;
	}
	return from;
}

static size_t tag_end(struct str s, size_t at)
{
	char quote = 0;

	for (; at < s.n; at++) {
		if (quote)
			quote = s.p[at] == quote ? 0 : quote;
		else if (s.p[at] == '>')
			return at;
		else if ((s.p[at] == '"' || s.p[at] == '\'') &&
			 s.p[at - 1] == '=')
			quote = s.p[at];
	}
	return at;
}

/* The next one from a place on; comments, scripts and styles have none. */
static bool next_tag(struct str s, size_t *from, struct tag *tag)
{
	while (*from < s.n) {
		size_t at = find_from(s, *from, "<"), name, end;

		if (at + 1 >= s.n)
			break;
		*from = at + 1;
		if (str_starts(str_from(s, at), S("<!--"))) {
			*from = find_from(s, at + 4, "-->");
			continue;
		}
		*tag = (struct tag){ .at = at, .closing = s.p[at + 1] == '/' };
		name = at + 1 + tag->closing;
		for (end = name; end < s.n && !is_blank(s.p[end]) &&
				 s.p[end] != '>' && s.p[end] != '/';)
			end++;
		tag->name = (struct str){ s.p + name, end - name };
		if (!tag->name.n || (tag->name.p[0] | 0x20) < 'a' ||
		    (tag->name.p[0] | 0x20) > 'z')
			continue;
		tag->behind = tag_end(s, end);
		tag->attributes = (struct str){ s.p + end, tag->behind - end };
		if (tag->behind < s.n)
			tag->behind++;
		*from = tag->behind;
		if (!tag->closing && has_name(tag, "script"))
			*from = find_close(s, *from, "script");
		if (!tag->closing && has_name(tag, "style"))
			*from = find_close(s, *from, "style");
		return true;
	}
	return false;
}

static void skip(struct str *s, const char *chars)
{
	while (s->n && s->p[0] && strchr(chars, s->p[0]))
		*s = str_from(*s, 1);
}

static struct str until(struct str *s, const char *ends)
{
	struct str found = { s->p, 0 };

	while (s->n && !(s->p[0] && strchr(ends, s->p[0]))) {
		*s = str_from(*s, 1);
		found.n++;
	}
	return found;
}

static struct str attribute_value(struct str *s)
{
	char quote = s->n ? s->p[0] : 0;

	if (quote != '"' && quote != '\'')
		return until(s, BLANKS);
	*s = str_from(*s, 1);
	return str_cut(s, quote);
}

static struct str attribute(const struct tag *tag, const char *name)
{
	struct str s = tag->attributes;

	for (;;) {
		struct str found, value = S("");

		skip(&s, BLANKS "/=");
		found = until(&s, BLANKS "/=");
		if (!found.n)
			return S("");
		skip(&s, BLANKS);
		if (str_starts(s, S("="))) {
			s = str_from(s, 1);
			skip(&s, BLANKS);
			value = attribute_value(&s);
		}
		if (found.n == strlen(name) &&
		    strncasecmp(found.p, name, found.n) == 0)
			return value;
	}
}

struct range {
	size_t from, to;
	unsigned n;
};

/* From the first beginning of an element to its last end. */
static void widen(struct range *r, const struct tag *tag, const char *name)
{
	if (!has_name(tag, name))
		return;
	if (tag->closing && r->n)
		r->to = tag->at;
	else if (!tag->closing && !r->n++)
		r->from = r->to = tag->behind;
}

static void meta(struct import_page *page, const struct tag *tag)
{
	struct str name = attribute(tag, "name");
	struct str content = attribute(tag, "content");

	if (str_starts(name, S("sportello:"))) {
		note(page, str_from(name, 10), import_plain(content, 32768));
	} else if (str_eqz(name, "keywords")) {
		content = import_plain(content, VALUE_MAX);
		while (content.n)
			note(page, S("keywords"),
			     str_trim(str_cut(&content, ',')));
	}
}

/* What every page of a site has around its text. */
static bool is_around(const struct tag *tag, bool whole)
{
	return has_name(tag, "nav") || has_name(tag, "footer") ||
	       (whole && has_name(tag, "header"));
}

static struct str without_around(struct str s, bool whole)
{
	struct buf b = buf_new(s.n);
	size_t from = 0, kept = 0;
	unsigned depth = 0;
	struct tag tag;

	while (next_tag(s, &from, &tag)) {
		if (!is_around(&tag, whole))
			continue;
		if (!tag.closing && !depth++)
			buf_add(&b, (struct str){ s.p + kept, tag.at - kept });
		if (tag.closing && depth && !--depth)
			kept = tag.behind;
	}
	if (depth)
		return s; /* it has no end */
	buf_add(&b, str_from(s, kept));
	return buf_str(&b);
}

static struct str part(struct str s, const struct range *r)
{
	return (struct str){ s.p + r->from,
			     (r->to > r->from ? r->to : s.n) - r->from };
}

void import_page_html(struct str source, struct import_page *page)
{
	struct range main = { 0 }, article = { 0 }, body = { 0 }, title = { 0 };
	size_t from = 0;
	struct tag tag;

	*page = (struct import_page){ .body = source };
	while (next_tag(source, &from, &tag)) {
		widen(&main, &tag, "main");
		widen(&article, &tag, "article");
		widen(&body, &tag, "body");
		if (title.n < 1 || !title.to || title.to == title.from)
			widen(&title, &tag, "title");
		if (has_name(&tag, "meta"))
			meta(page, &tag);
		if (has_name(&tag, "html") && !page->language.n)
			page->language = attribute(&tag, "lang");
	}
	if (title.n)
		page->title = import_plain(part(source, &title), 200);
	if (main.n)
		page->body = part(source, &main);
	else if (article.n == 1)
		page->body = part(source, &article);
	else if (body.n)
		page->body = part(source, &body);
	page->body = without_around(page->body, !main.n && article.n != 1);
}
