/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "markup_svg_tree.h"

#include "arena.h"

/* These compute, and fetch nothing. */
static const char *const functions[] = {
	"rgb",	     "rgba",  "hsl",	"hsla",	 "color", "matrix",
	"translate", "scale", "rotate", "skewX", "skewY",
};

bool svg_refuse(struct svg_fault *fault, const char *code, struct str about)
{
	/* A name to be told, not a text to be repeated. */
	if (about.n > 40)
		about.n = 40;
	while (about.n && ((unsigned char)about.p[about.n - 1] & 0xc0) == 0x80)
		about.n--;
	*fault = (struct svg_fault){ code, about };
	return false;
}

struct svg_node *svg_add(struct svg_node *parent, const char *name)
{
	struct svg_node *node = alloc(sizeof(*node));

	node->name = name;
	node->depth = parent->depth + 1;
	if (parent->last)
		parent->last->next = node;
	else
		parent->first = node;
	parent->last = node;
	return node;
}

static struct svg_attr *attr(const struct svg_node *node, const char *name)
{
	for (struct svg_attr *a = node->attrs; a; a = a->next)
		if (!strcmp(a->name, name))
			return a;
	return NULL;
}

struct str svg_get(const struct svg_node *node, const char *name)
{
	const struct svg_attr *a = attr(node, name);

	return a ? a->value : S("");
}

void svg_set(struct svg_node *node, const char *name, struct str value)
{
	struct svg_attr *a = attr(node, name);
	struct svg_attr **end = &node->attrs;

	if (!a) {
		a = alloc(sizeof(*a));
		a->name = name;
		while (*end)
			end = &(*end)->next;
		*end = a;
	}
	a->value = value;
}

/* ---- values ---- */

static bool is_word_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || c == '-' || c == '_';
}

/* A name as an id may be, in any script. */
static bool is_part_name(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] <= ' ' || s.p[i] == 0x7f ||
		    strchr("\"'()<>#\\&;", s.p[i]))
			return false;
	return s.n > 0 && s.n <= 200;
}

bool svg_is_local(struct str s)
{
	return s.n && s.p[0] == '#' && is_part_name(str_from(s, 1));
}

/* The word that ends where `before` does, blanks between them aside. */
static struct str last_word(struct str before)
{
	size_t n = str_trim(before).n ? before.n : 0;

	while (n && (before.p[n - 1] == ' ' || before.p[n - 1] == '\n'))
		n--;
	size_t start = n;
	while (start && is_word_char(before.p[start - 1]))
		start--;
	return (struct str){ before.p + start, n - start };
}

static struct str unquoted(struct str s)
{
	s = str_trim(s);
	if (s.n >= 2 && (s.p[0] == '"' || s.p[0] == '\'') &&
	    s.p[s.n - 1] == s.p[0])
		return (struct str){ s.p + 1, s.n - 2 };
	return s;
}

static bool is_function(struct str word)
{
	for (size_t i = 0; i < ARRAY_LEN(functions); i++)
		if (word.n == strlen(functions[i]) &&
		    !strncasecmp(word.p, functions[i], word.n))
			return true;
	return false;
}

/* From the '(' on: a part of the drawing, or nothing that is taken. */
static bool read_url(struct buf *b, struct str word, struct str *rest,
		     struct svg_fault *fault)
{
	struct str part = unquoted(str_cut(rest, ')'));

	if (word.n != 3 || strncasecmp(word.p, "url", 3) || !svg_is_local(part))
		return svg_refuse(fault, "svg_active", word.n ? word : S("("));
	buf_addf(b, "url(%.*s)", STR_ARG(part));
	return true;
}

bool svg_value(struct str value, struct str *clean, struct svg_fault *fault)
{
	struct buf b = buf_new(MARKUP_SVG_MAX);

	value = str_trim(value);
	if (value.n && memchr(value.p, '\\', value.n))
		return svg_refuse(fault, "svg_active", S("\\"));
	while (value.n) {
		struct str rest = value, before = str_cut(&rest, '(');
		struct str word = last_word(before);

		if (before.n == value.n || is_function(word)) {
			buf_add(&b, before);
			if (before.n < value.n)
				buf_char(&b, '(');
		} else {
			before.n = (size_t)(word.p - before.p);
			buf_add(&b, before);
			if (!read_url(&b, word, &rest, fault))
				return false;
		}
		value = rest;
	}
	*clean = buf_str(&b);
	return !b.full || svg_refuse(fault, "svg_complex", S(""));
}

/* ---- writing ---- */

static void write_node(struct buf *b, const struct svg_node *node, bool is_root)
{
	buf_addf(b, "<%s", node->name);
	if (is_root)
		buf_add(b, S(" xmlns=\"http://www.w3.org/2000/svg\""));
	for (const struct svg_attr *a = node->attrs; a; a = a->next) {
		buf_addf(b, " %s=\"", a->name);
		buf_html(b, a->value);
		buf_char(b, '"');
	}
	if (!node->first) {
		buf_add(b, S("/>"));
		return;
	}
	buf_char(b, '>');
	for (const struct svg_node *c = node->first; c; c = c->next) {
		if (c->name)
			write_node(b, c, false);
		else
			buf_text(b, c->text);
	}
	buf_addf(b, "</%s>", node->name);
}

void svg_write(struct buf *b, const struct svg_node *root)
{
	write_node(b, root, true);
}
