/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Styles of a drawing become attributes. Sheets are as drawing programs write
 * them: rules of one class, id or element each, no nesting, no conditions;
 * anything else is refused by its name.
 */
#include "markup_svg_tree.h"

#include "arena.h"

enum { RULES_MAX = 1000, CSS_MAX = 512 * 1024 };

/* In the order in which a later kind overrides an earlier one. */
enum kind { BY_ELEMENT, BY_CLASS, BY_ID };

struct svg_rule {
	enum kind kind;
	struct str name; /* "*" is any element */
	struct str body;
	struct svg_rule *next;
};

/* Comments as a blank each. */
static struct str without_comments(struct str css)
{
	struct buf b = buf_new(CSS_MAX);

	while (css.n) {
		const char *at = memmem(css.p, css.n, "/*", 2);
		size_t n = at ? (size_t)(at - css.p) : css.n;

		buf_add(&b, (struct str){ css.p, n });
		css = str_from(css, n + 2);
		at = css.n ? memmem(css.p, css.n, "*/", 2) : NULL;
		css = at ? str_from(css, (size_t)(at - css.p) + 2) : S("");
		buf_char(&b, ' ');
	}
	return buf_str(&b);
}

/* One simple selector. */
static bool read_selector(struct str s, struct svg_rule *rule)
{
	rule->kind = s.n && s.p[0] == '.'   ? BY_CLASS
		     : s.n && s.p[0] == '#' ? BY_ID
					    : BY_ELEMENT;
	rule->name = rule->kind == BY_ELEMENT ? s : str_from(s, 1);
	for (size_t i = 0; i < rule->name.n; i++)
		if ((unsigned char)rule->name.p[i] <= ' ' ||
		    strchr(".#:>+~[]()\"'\\@", rule->name.p[i]))
			return false;
	return rule->name.n > 0;
}

static bool add_rules(struct str selectors, struct str body,
		      struct svg_rule ***end, unsigned *n,
		      struct svg_fault *fault)
{
	while (selectors.n) {
		struct str s = str_trim(str_cut(&selectors, ','));
		struct svg_rule *rule = alloc(sizeof(*rule));

		if (++*n > RULES_MAX)
			return svg_refuse(fault, "svg_complex", S(""));
		if (!read_selector(s, rule))
			return svg_refuse(fault, "svg_style", s);
		rule->body = body;
		**end = rule;
		*end = &rule->next;
	}
	return true;
}

bool svg_sheet(struct str css, struct svg_rule **rules, struct svg_fault *fault)
{
	struct svg_rule **end = rules;
	unsigned n = 0;

	*rules = NULL;
	css = str_trim(without_comments(css));
	while (css.n) {
		struct str selectors, body;

		if (css.p[0] == '@' || !memchr(css.p, '}', css.n))
			return svg_refuse(fault, "svg_style",
					  str_cut(&css, ' '));
		selectors = str_trim(str_cut(&css, '{'));
		body = str_cut(&css, '}');
		if (memchr(body.p, '{', body.n) || !selectors.n)
			return svg_refuse(fault, "svg_style", selectors);
		if (!add_rules(selectors, body, &end, &n, fault))
			return false;
		css = str_trim(css);
	}
	return true;
}

/* A declaration ends at the first ';' that is neither quoted nor in
 * parentheses. */
static struct str cut_declaration(struct str *css)
{
	char quote = 0;
	unsigned open = 0;
	size_t i = 0;

	for (; i < css->n; i++) {
		char c = css->p[i];

		if (quote) {
			quote = c == quote ? 0 : quote;
			continue;
		}
		if (c == ';' && !open)
			break;
		if (c == '"' || c == '\'')
			quote = c;
		open += c == '(';
		open -= c == ')' && open;
	}
	struct str one = { css->p, i };
	*css = str_from(*css, i + 1);
	return one;
}

static struct str lower(struct str s)
{
	char *p = alloc_copy(s.p, s.n);

	for (size_t i = 0; i < s.n; i++)
		p[i] = p[i] >= 'A' && p[i] <= 'Z' ? (char)(p[i] + 32) : p[i];
	return (struct str){ p, s.n };
}

static bool apply(struct svg_node *node, struct str css,
		  struct svg_fault *fault)
{
	while (css.n) {
		struct str value = cut_declaration(&css);
		struct str name = lower(str_trim(str_cut(&value, ':')));
		const char *attribute = svg_attribute(name);

		value = str_cut(&value, '!'); /* "!important" */
		/* A style's transform has units an attribute has not. */
		if (str_eqz(name, "transform"))
			return svg_refuse(fault, "svg_style", name);
		if (!svg_value(value, &value, fault))
			return false;
		if (value.n && attribute && svg_is_property(attribute))
			svg_set(node, attribute, value);
	}
	return true;
}

static bool has_class(struct str classes, struct str name)
{
	while (classes.n)
		if (str_eq(str_cut(&classes, ' '), name))
			return true;
	return false;
}

static bool matches(const struct svg_rule *rule, const struct svg_node *node,
		    struct str classes)
{
	switch (rule->kind) {
	case BY_CLASS:
		return has_class(classes, rule->name);
	case BY_ID:
		return str_eq(svg_get(node, "id"), rule->name);
	default:
		return str_eqz(rule->name, "*") ||
		       str_eqz(rule->name, node->name);
	}
}

bool svg_style(struct svg_node *node, const struct svg_rule *rules,
	       struct str class, struct str style, struct svg_fault *fault)
{
	for (enum kind kind = BY_ELEMENT; kind <= BY_ID; kind++)
		for (const struct svg_rule *r = rules; r; r = r->next)
			if (r->kind == kind && matches(r, node, class) &&
			    !apply(node, r->body, fault))
				return false;
	return apply(node, without_comments(style), fault);
}
