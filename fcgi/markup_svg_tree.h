/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * markup_svg_tree.h: the tree behind markup_svg.h, for its own files only.
 *
 * Names of elements and attributes are pointers into the closed lists, so a
 * tree can't hold any other. Nodes live on the arena.
 */
#ifndef SPORTELLO_MARKUP_SVG_TREE_H
#define SPORTELLO_MARKUP_SVG_TREE_H

#include "markup_svg.h"
#include "str.h"

enum { SVG_DEPTH_MAX = 48, SVG_NODES_MAX = 5000 };

struct svg_attr {
	const char *name;
	struct str value;
	struct svg_attr *next;
};

struct svg_node {
	const char *name; /* NULL: a text */
	struct str text;
	struct svg_attr *attrs; /* in the order they came */
	struct svg_node *first, *last, *next;
	unsigned depth;
	size_t weight; /* 0: not known yet */
	bool weighing;
};

/* The list's own name, NULL when it is not in there. */
const char *svg_element(struct str name);
const char *svg_attribute(struct str name);
/* Attributes that a style sheet may set as well. */
bool svg_is_property(const char *attribute);
/* Elements whose text is shown or read out. */
bool svg_holds_text(const char *element);

/* A new last child; name NULL for a text. */
struct svg_node *svg_add(struct svg_node *parent, const char *name);

struct str svg_get(const struct svg_node *node, const char *attribute);
/* In place of the value it may have. */
void svg_set(struct svg_node *node, const char *attribute, struct str value);

/* A value without anything that fetches or computes: url() may only name a
 * part of the drawing. *clean is the value to keep. */
bool svg_value(struct str value, struct str *clean,
	       struct svg_fault *fault) MUST_CHECK;
/* "#part" */
bool svg_is_local(struct str reference);

bool svg_refuse(struct svg_fault *fault, const char *code, struct str about);

/* Style sheets: rules in the order they came. */
struct svg_rule;
bool svg_sheet(struct str css, struct svg_rule **rules,
	       struct svg_fault *fault) MUST_CHECK;
/* What the rules say of a node that has this class attribute, then what its
 * own style attribute says. */
bool svg_style(struct svg_node *node, const struct svg_rule *rules,
	       struct str class, struct str style,
	       struct svg_fault *fault) MUST_CHECK;

/* Whether drawing it is a bounded piece of work: what is referred to counts
 * each time, and nothing refers to itself. */
bool svg_is_light(struct svg_node *root);

void svg_write(struct buf *b, const struct svg_node *root);

#endif
