/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * markup_build.h: text in lines, put together as it comes, for markup's own
 * files.
 *
 * HTML says where a paragraph may end and what is bold, in any order and
 * depth. Here a paragraph begins with the first thing to be seen in it, marks
 * (strong, links …) are opened where they are needed and again in the next
 * paragraph, blanks and line breaks are written only between things. So
 * nothing empty comes of it, and a block never lies in a line.
 */
#ifndef SPORTELLO_MARKUP_BUILD_H
#define SPORTELLO_MARKUP_BUILD_H

#include "markup_article.h"
#include "markup_tree.h"

enum { MARKS_MAX = 8 };

struct mark {
	enum markup_tag tag;
	struct str address;  /* of a link */
	const void *from;    /* equal: the same one */
	struct markup *node; /* where it is open */
};

struct build {
	struct markup *to;   /* blocks go here */
	struct markup *para; /* lines go here; NULL: not begun */
	struct mark marks[MARKS_MAX], open[MARKS_MAX];
	size_t n_marks, n_open;
	unsigned breaks; /* due before the next thing */
	bool blank;	 /* and this */
	bool begun;	 /* the paragraph has something in it */
	bool own;	 /* lines of an item get a paragraph of their own */
	bool flat;	 /* no blocks: what would be one is a blank */
	bool in_cell;	 /* no tables */
	bool in_link;	 /* no links */
	size_t nodes;
	bool full; /* too many nodes: the rest is not looked at */
};

/* A new last child of `parent`. */
struct markup *build_add(struct build *b, struct markup *parent,
			 enum markup_tag tag);

/* Blanks as HTML has them: one between words, none at the ends. */
void build_text(struct build *b, struct str text);
void build_break(struct build *b);
/* In line; NULL where only characters may stand. */
struct markup *build_inline(struct build *b, enum markup_tag tag);

/* A mark for all that comes, until n_marks is set back. Within itself, and
 * within code, it is none; a link is moved out of code. */
void build_mark(struct build *b, enum markup_tag tag, struct str address,
		const void *from);

/* The paragraph ends here. */
void build_close(struct build *b);

/* Without what is empty; cells without a paragraph that is all they hold;
 * spans that fit. */
void build_tidy(struct markup *doc);

#endif
