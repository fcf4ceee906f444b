/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * template_tree.h: parsed templates, for template*.c only.
 *
 * template.c reads and template_check.c checks them when the process starts,
 * template_fill.c walks them. They are never changed and never freed.
 */
#ifndef SPORTELLO_TEMPLATE_TREE_H
#define SPORTELLO_TEMPLATE_TREE_H

#include "str.h"

enum template_kind { T_TEXT, T_ELEMENT, T_SLOT };

/* name=path, or name="value" with the value escaped */
struct template_pair {
	struct template_pair *next;
	struct str name; /* ends in NUL, too */
	struct str value;
};

/* A str of a directive that is absent has p NULL. */
struct template_node {
	enum template_kind kind;
	struct str name; /* T_ELEMENT: empty for s:block; T_SLOT: its name */
	struct str raw;	 /* T_TEXT: escaped */
	bool is_void;	 /* HTML knows no end tag */
	unsigned line;

	/* whether */
	struct str each, as, when, unless;
	/* attributes */
	struct template_pair *fixed, *attrs, *attr_keys;
	struct str asset;
	/* content, at most one of them */
	struct str text, key, time, since, date, canonical, article, json,
		include;
	struct str links; /* of the article */
	/* of the texts of key and attr_keys */
	struct template_pair *args;
	struct str count;

	const struct template *included;
	struct template_node *first, *last, *next;
};

struct template
{
	struct template *next;
	struct str name;	    /* "mail/comment" */
	struct str layout;	    /* p NULL: none */
	const struct template *in;  /* the layout */
	struct template_node *root; /* what is filled; children: s:fill's */
};

const struct template *template_find(struct str name);

bool template_is_void(struct str element);

struct template_loader {
	struct str name; /* of the template */
	const char **why;
};

/* Sets *why to "name.html:line: …" and is false. */
bool template_fault(struct template_loader *l, long line, const char *fmt, ...)
	PRINTF(3, 4);

bool template_has_pair(const struct template_pair *list, struct str name);

/* onclick and the like. */
bool template_is_handler(struct str attribute);

/* How many directives want to be an element's content. */
unsigned template_contents(const struct template_node *node);

/* Whether an element's directives go together. */
bool template_check(struct template_loader *l,
		    const struct template_node *node) MUST_CHECK;

/* Finds the layout, slots and includes of a template. */
bool template_resolve(struct template_loader *l, struct template *t) MUST_CHECK;

#endif
