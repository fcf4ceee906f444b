/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What templates must not contain, and what their references must lead to. */
#include "template_tree.h"

#include <stdarg.h>

#include "arena.h"

enum { INCLUDE_DEPTH_MAX = 8 };

static bool is_one_of(struct str s, const char *const *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (str_eqz(s, list[i]))
			return true;
	return false;
}

bool template_fault(struct template_loader *l, long line, const char *fmt, ...)
{
	struct buf b = buf_new(4096);
	char text[1024];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	buf_addf(&b, "%.*s.html:%ld: %s", STR_ARG(l->name), line, text);
	*l->why = str_z(buf_str(&b));
	return false;
}

bool template_is_void(struct str element)
{
	static const char *const names[] = {
		"area",	 "base", "br",	 "col",	   "embed", "hr",  "img",
		"input", "link", "meta", "source", "track", "wbr",
	};

	return is_one_of(element, names, ARRAY_LEN(names));
}

bool template_has_pair(const struct template_pair *list, struct str name)
{
	for (; list; list = list->next)
		if (str_eq(list->name, name))
			return true;
	return false;
}

bool template_is_handler(struct str attribute)
{
	return attribute.n > 2 && strncasecmp(attribute.p, "on", 2) == 0;
}

static bool fixed_is(const struct template_node *node, const char *name,
		     const char *value)
{
	for (const struct template_pair *p = node->fixed; p; p = p->next)
		if (str_eqz(p->name, name))
			return str_eqz(p->value, value);
	return false;
}

unsigned template_contents(const struct template_node *node)
{
	const char *const contents[] = {
		node->text.p, node->key.p,	 node->time.p,
		node->date.p, node->canonical.p, node->article.p,
		node->json.p, node->include.p,
	};
	unsigned n = 0;

	for (size_t i = 0; i < ARRAY_LEN(contents); i++)
		n += contents[i] != NULL;
	return n;
}

/* A script is a file of ours or data, never code in the page. */
static bool check_script(struct template_loader *l,
			 const struct template_node *node)
{
	bool data = fixed_is(node, "type", "application/json");

	if (node->json.p && (!data || !str_eqz(node->name, "script")))
		return template_fault(l, node->line,
				      "s:json goes with <script "
				      "type=\"application/json\">");
	if (!str_eqz(node->name, "script"))
		return true;
	if (!node->asset.p && !node->json.p)
		return template_fault(l, node->line,
				      "a script needs s:asset or s:json");
	if (template_has_pair(node->fixed, S("src")) || node->first)
		return template_fault(l, node->line,
				      "a script of our own files only");
	return true;
}

/* What fixed or computed attributes a node may not have together. */
static bool check_attributes(struct template_loader *l,
			     const struct template_node *node)
{
	static const char *const refused[] = { "style", "srcdoc", "srcset" };
	const struct template_pair *p;

	for (p = node->attrs; p; p = p->next) {
		if (template_is_handler(p->name) ||
		    is_one_of(p->name, refused, ARRAY_LEN(refused)))
			return template_fault(l, node->line,
					      "%s must not come from "
					      "data",
					      p->name.p);
		if (template_has_pair(node->fixed, p->name))
			return template_fault(l, node->line,
					      "%s is there twice", p->name.p);
	}
	for (p = node->attr_keys; p; p = p->next)
		if (template_has_pair(node->fixed, p->name) ||
		    template_has_pair(node->attrs, p->name) ||
		    template_is_handler(p->name))
			return template_fault(l, node->line,
					      "%s is there twice", p->name.p);
	return true;
}

bool template_check(struct template_loader *l, const struct template_node *node)
{
	static const char *const with_assets[] = { "link", "script", "img" };
	bool has_texts = node->key.p || node->attr_keys;
	unsigned contents = template_contents(node);

	if (contents > 1)
		return template_fault(l, node->line,
				      "two contents in one element");
	if (contents && node->first)
		return template_fault(l, node->line,
				      "the content would be replaced: "
				      "leave it empty");
	if (node->is_void && (contents || node->first))
		return template_fault(l, node->line, "<%s> has no content",
				      node->name.p);
	if (!node->each.p != !node->as.p)
		return template_fault(l, node->line,
				      "s:each and s:as go together");
	if ((node->args || node->count.p) && !has_texts)
		return template_fault(l, node->line,
				      "s:args and s:n go with s:t or "
				      "s:attr-t");
	if (!node->links.p != !node->article.p)
		return template_fault(l, node->line,
				      "s:article and s:links go together");
	if ((node->time.p || node->date.p) && !str_eqz(node->name, "time"))
		return template_fault(l, node->line,
				      "s:time and s:date go with <time>");
	if (node->since.p && !node->time.p)
		return template_fault(l, node->line,
				      "s:since goes with s:time");
	if (node->asset.p &&
	    !is_one_of(node->name, with_assets, ARRAY_LEN(with_assets)))
		return template_fault(l, node->line,
				      "s:asset goes with <link>, "
				      "<script>, <img>");
	if (!node->name.n && (node->fixed || node->attrs || node->attr_keys))
		return template_fault(l, node->line,
				      "<s:block> has no attributes");
	return check_script(l, node) && check_attributes(l, node);
}

static bool resolve_nodes(struct template_loader *l, struct template_node *node,
			  int depth);

/* Looks below a template too, so that one that includes itself is found. */
static bool resolve_include(struct template_loader *l,
			    struct template_node *node, int depth)
{
	const struct template *t = template_find(node->include);

	if (!t || t->layout.p)
		return template_fault(l, node->line,
				      "no template %s to include",
				      node->include.p);
	if (depth >= INCLUDE_DEPTH_MAX)
		return template_fault(l, node->line,
				      "%s includes itself, or too deep",
				      node->include.p);
	node->included = t;
	return resolve_nodes(l, t->root, depth + 1);
}

static bool resolve_nodes(struct template_loader *l, struct template_node *node,
			  int depth)
{
	for (struct template_node *c = node->first; c; c = c->next)
		if (!resolve_nodes(l, c, depth))
			return false;
	return !node->include.p || resolve_include(l, node, depth);
}

static bool has_slot(const struct template_node *node, struct str name)
{
	if (node->kind == T_SLOT && str_eq(node->name, name))
		return true;
	for (const struct template_node *c = node->first; c; c = c->next)
		if (has_slot(c, name))
			return true;
	return false;
}

static bool resolve_layout(struct template_loader *l, struct template *t)
{
	t->in = template_find(t->layout);
	if (!t->in || t->in->layout.p)
		return template_fault(l, 1, "no layout %s", t->layout.p);
	for (struct template_node *fill = t->root->first; fill;
	     fill = fill->next)
		if (!has_slot(t->in->root, fill->name))
			return template_fault(l, fill->line,
					      "%s has no slot %s", t->layout.p,
					      fill->name.p);
	return true;
}

bool template_resolve(struct template_loader *l, struct template *t)
{
	return resolve_nodes(l, t->root, 0) &&
	       (!t->layout.p || resolve_layout(l, t));
}
