/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * markup_tree.h: the tree behind markup.h, for its own files only.
 *
 * A tree can hold nothing but the elements of the subset; what may stand in
 * what is one table. Nodes live on the arena.
 */
#ifndef SPORTELLO_MARKUP_TREE_H
#define SPORTELLO_MARKUP_TREE_H

#include "str.h"

enum markup_tag {
	M_DOC, /* the whole; not written itself */
	M_TEXT,
	M_P,
	M_H1,
	M_H2,
	M_H3,
	M_H4,
	M_H5,
	M_H6,
	M_UL,
	M_OL,
	M_LI,
	M_QUOTE,
	M_PRE,
	M_CODE,
	M_STRONG,
	M_EM,
	M_DEL,
	M_A,
	M_BR,
	M_HR,
	M_TABLE,
	M_THEAD,
	M_TBODY,
	M_TR,
	M_TH,
	M_TD,
	M_TAGS,
};

enum markup_align { M_ALIGN_NONE, M_ALIGN_LEFT, M_ALIGN_CENTER, M_ALIGN_RIGHT };

/* How deep elements may lie in each other when read back; what is made from
 * Markdown stays well below. */
enum { MARKUP_DEPTH_MAX = 48 };

struct markup {
	enum markup_tag tag;
	unsigned depth;	 /* of M_DOC: 0 */
	unsigned number; /* ol: start; th, td: enum markup_align */
	struct str text; /* M_TEXT: the text; M_A: the address */
	struct markup *first, *last, *next;
};

/* A new last child. */
struct markup *markup_add(struct markup *parent, enum markup_tag tag);

/* Its element name; M_TAGS for a name that is not in the subset. */
const char *markup_name(enum markup_tag tag);
enum markup_tag markup_tag(struct str name);

/* Whether the subset lets `child` stand directly in `parent`. */
bool markup_holds(enum markup_tag parent, enum markup_tag child);
bool markup_is_block(enum markup_tag tag);

/* The class of an alignment ("" for none), and back (false: no such class). */
struct str markup_align_class(unsigned align);
bool markup_align(struct str class, unsigned *align);

/* The first bare address in a text: a part of it, and what it links to. */
bool markup_find_address(struct str text, struct str *address, struct str *url);

/* Canonical XHTML of all that is in the tree. */
void markup_write(struct buf *b, const struct markup *node);

#endif
