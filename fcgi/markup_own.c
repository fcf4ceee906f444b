/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Reading back what markup_write() wrote, quickly: most of what an export or a
 * page reads is that. Whatever is written in any other way is none of ours, and
 * libxml2's to judge. */
#include "arena.h"
#include "markup_tree.h"

/* An element that is open. */
struct level {
	struct markup *node;
	bool link, table; /* in one, however deep */
};

struct reader {
	const char *p, *end;
	enum markup_set set;
	struct level levels[MARKUP_DEPTH_MAX + 1];
	unsigned depth;
};

static struct str rest(const struct reader *r)
{
	return (struct str){ r->p, (size_t)(r->end - r->p) };
}

static bool skip(struct reader *r, struct str token)
{
	if (!str_starts(rest(r), token))
		return false;
	r->p += token.n;
	return true;
}

/* Up to that character, and behind it. */
static bool take_until(struct reader *r, char c, struct str *part)
{
	const char *at = memchr(r->p, c, (size_t)(r->end - r->p));

	if (!at)
		return false;
	*part = (struct str){ r->p, (size_t)(at - r->p) };
	r->p = at + 1;
	return true;
}

static char entity(struct str *s)
{
	static const struct {
		const char *name;
		char is;
	} entities[] = {
		{ "amp;", '&' },  { "lt;", '<' },   { "gt;", '>' },
		{ "quot;", '"' }, { "#39;", '\'' }, { "#96;", '`' },
	};

	for (size_t i = 0; i < ARRAY_LEN(entities); i++) {
		struct str name = str_of(entities[i].name);

		if (!str_starts(*s, name))
			continue;
		*s = str_from(*s, name.n);
		return entities[i].is;
	}
	return '\0';
}

/* What is written as `raw`; it stays where it is when nothing is escaped. */
static bool unescape(struct str raw, struct str *text)
{
	char *p, *to;

	*text = raw;
	if (!raw.n || !memchr(raw.p, '&', raw.n))
		return true;
	p = to = alloc(raw.n);
	for (;;) {
		bool more = memchr(raw.p, '&', raw.n);
		struct str plain = str_cut(&raw, '&');

		to = mempcpy(to, plain.p, plain.n);
		if (!more)
			break;
		*to = entity(&raw);
		if (!*to++)
			return false;
		if (!raw.n)
			break;
	}
	*text = (struct str){ p, (size_t)(to - p) };
	return true;
}

static bool read_text(struct reader *r, struct str raw)
{
	struct markup *to = r->levels[r->depth].node;
	struct str text;

	if (!markup_holds(r->set, to->tag, M_TEXT) ||
	    memchr(raw.p, '>', raw.n) || memchr(raw.p, '\r', raw.n) ||
	    !unescape(raw, &text))
		return false;
	markup_add(to, M_TEXT)->text = text;
	return true;
}

/* Blanks but spaces would be spaces. */
static bool is_value(struct str raw)
{
	for (size_t i = 0; i < raw.n; i++)
		if ((unsigned char)raw.p[i] < ' ' || raw.p[i] == '<' ||
		    raw.p[i] == '>')
			return false;
	return true;
}

/* Each once, in the order that they are written in. */
static bool read_attributes(struct reader *r, struct markup *node)
{
	const struct markup_attribute *last = NULL;

	while (skip(r, S(" "))) {
		struct str name, raw, value;
		const struct markup_attribute *known;

		if (!take_until(r, '=', &name) || !skip(r, S("\"")) ||
		    !take_until(r, '"', &raw))
			return false;
		known = markup_attribute(r->set, node->tag, name);
		if (!known || (last && known <= last) || !is_value(raw) ||
		    !unescape(raw, &value) ||
		    !markup_take(r->set, node, known, value))
			return false;
		last = known;
	}
	return markup_is_whole(node);
}

static struct str name_of(struct reader *r)
{
	struct str name = { r->p, 0 };

	while (r->p < r->end && ((*r->p >= 'a' && *r->p <= 'z') ||
				 (*r->p >= '1' && *r->p <= '6')))
		r->p++;
	name.n = (size_t)(r->p - name.p);
	return name;
}

static bool read_begin(struct reader *r)
{
	struct level in = r->levels[r->depth];
	enum markup_tag tag = markup_child(r->set, in.node->tag, name_of(r));

	if (tag == M_TAGS || in.node->depth >= MARKUP_DEPTH_MAX ||
	    (tag == M_A && in.link) || (tag == M_TABLE && in.table))
		return false;
	in.node = markup_add(in.node, tag);
	in.link |= tag == M_A;
	in.table |= tag == M_TABLE;
	if (tag == M_OL)
		in.node->number = 1;
	if (!read_attributes(r, in.node))
		return false;
	if (markup_is_void(tag))
		return skip(r, S("/>"));
	r->levels[++r->depth] = in;
	return skip(r, S(">"));
}

static bool read_end(struct reader *r)
{
	enum markup_tag tag = r->levels[r->depth].node->tag;

	if (!r->depth--)
		return false;
	return skip(r, str_of(markup_name(tag))) && skip(r, S(">"));
}

bool markup_read_own(enum markup_set set, struct str html, struct markup *doc)
{
	struct reader r = { .p = html.p, .end = html.p + html.n, .set = set };

	r.levels[0].node = doc;
	while (r.p < r.end) {
		const char *at = memchr(r.p, '<', (size_t)(r.end - r.p));
		struct str text = { r.p, (size_t)((at ? at : r.end) - r.p) };

		if (text.n && !read_text(&r, text))
			return false;
		r.p += text.n;
		if (r.p == r.end)
			break;
		r.p++;
		if (!(skip(&r, S("/")) ? read_end(&r) : read_begin(&r)))
			return false;
	}
	return !r.depth;
}
