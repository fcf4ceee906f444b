/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * markup_lines.h: lines within quotes and items, for markup's own files.
 *
 * Each line gets the prefix of all that it lies in as it begins, so that deep
 * texts are written once, not once for each depth.
 */
#ifndef SPORTELLO_MARKUP_LINES_H
#define SPORTELLO_MARKUP_LINES_H

#include "markup_tree.h"

/* As deep as elements lie, at the widest mark of an item. */
enum { LINES_PREFIX_MAX = MARKUP_DEPTH_MAX * 16 };

struct lines {
	struct buf *b;
	char prefix[LINES_PREFIX_MAX];
	size_t n;
	size_t start; /* where this line's text begins in b */
	bool fresh;   /* the prefix of this line is still to come */
	bool trim;    /* lines end without blanks */
};

struct lines lines_new(struct buf *b, bool trim);

/* Without a line's end in it. */
void lines_put(struct lines *l, struct str s);
void lines_char(struct lines *l, char c);

/* An empty line has its prefix without the blanks behind. */
void lines_end(struct lines *l);

/* With all its lines; the last one is not ended. */
void lines_text(struct lines *l, struct str s);

/* What comes begins with `first`, and its other lines with `others`, until n
 * is set back. */
void lines_push(struct lines *l, struct str first, struct str others);

bool lines_at_start(const struct lines *l);
/* The character before, 0 at the start of a line. */
char lines_last(const struct lines *l);

/* All of it, when nothing more comes. */
struct str lines_str(struct lines *l);

#endif
