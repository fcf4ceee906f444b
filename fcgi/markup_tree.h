/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * markup_tree.h: the tree behind markup.h and markup_article.h, for their own
 * files only.
 *
 * A tree can hold nothing but the elements of the subset; what may stand in
 * what is one table, and which attributes there are is another. Nodes live on
 * the arena.
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
	M_LISTING, /* the code element in pre */
	M_CODE,
	M_STRONG,
	M_EM,
	M_DEL,
	M_SUB,
	M_SUP,
	M_KBD,
	M_A,
	M_BR,
	M_IMG,
	M_HR,
	M_TABLE,
	M_CAPTION,
	M_THEAD,
	M_TBODY,
	M_TR,
	M_TH,
	M_TD,
	M_DL,
	M_DT,
	M_DD,
	M_ASIDE,
	M_FIGURE,
	M_FIGCAPTION,
	M_TAGS,
};

/* Who may hold what: an article may hold all that a message may. */
enum markup_set { MARKUP_MESSAGE, MARKUP_ARTICLE };

enum markup_align { M_ALIGN_NONE, M_ALIGN_LEFT, M_ALIGN_CENTER, M_ALIGN_RIGHT };
enum markup_note { M_NOTE, M_TIP, M_WARNING, M_DANGER, M_NOTES };
enum markup_figure { M_PICTURE, M_VIDEO };

/* How deep elements may lie in each other when read back; what is made from
 * Markdown stays well below. */
enum { MARKUP_DEPTH_MAX = 48 };

struct markup {
	enum markup_tag tag;
	unsigned depth; /* of M_DOC: 0 */
	/* ol: start; th, td: enum markup_align; aside: enum markup_note;
	 * figure: enum markup_figure */
	unsigned number;
	unsigned width, height; /* img: pixels, 0: not said;
				 * th, td: columns and rows, 0: one */
	/* M_TEXT: the text; a: the address; img: the source; h1-h6: the id;
	 * M_LISTING: the language */
	struct str text;
	struct str alt; /* img */
	struct markup *first, *last, *next;
};

/* A new last child. */
struct markup *markup_add(struct markup *parent, enum markup_tag tag);

const char *markup_name(enum markup_tag tag);
/* The element of that name directly in `parent`; M_TAGS when the set lets none
 * stand there. */
enum markup_tag markup_child(enum markup_set set, enum markup_tag parent,
			     struct str name);

/* Whether the set lets `child` stand directly in `parent`. */
bool markup_holds(enum markup_set set, enum markup_tag parent,
		  enum markup_tag child);
bool markup_is_block(enum markup_tag tag);
bool markup_is_heading(enum markup_tag tag);
bool markup_is_void(enum markup_tag tag); /* holds nothing, ever */

/* The attributes that an element may have, in the order that they are written
 * in: a row of the table. */
struct markup_attribute;
const struct markup_attribute *markup_attribute(enum markup_set set,
						enum markup_tag tag,
						struct str name);
/* Takes a value over into the node; false when it can't be one. */
bool markup_take(enum markup_set set, struct markup *node,
		 const struct markup_attribute *attribute,
		 struct str value) MUST_CHECK;
/* Whether it has the attributes that it can't be without. */
bool markup_is_whole(const struct markup *node);

/* What the safe patterns allow. */
bool markup_is_id(struct str id);
bool markup_is_language(struct str language);
bool markup_note(struct str class, unsigned *note);
struct str markup_note_class(unsigned note);
bool markup_align(struct str class, unsigned *align);
struct str markup_align_class(unsigned align);

/* Canonical text to a tree: every node checked. */
bool markup_read(enum markup_set set, struct str html,
		 struct markup *doc) MUST_CHECK;

/* The same of what markup_write() wrote; false: perhaps it is somebody else's.
 * Texts stay where they are in html. */
bool markup_read_own(enum markup_set set, struct str html,
		     struct markup *doc) MUST_CHECK;

/* The first bare address in a text: a part of it, and what it links to. */
bool markup_find_address(struct str text, struct str *address, struct str *url);

/* The same of an article, with what is asked of its parts; and an article of
 * what was made of another text. */
bool markup_article_read(struct str html, struct markup *doc) MUST_CHECK;
bool markup_article_finish(struct markup *doc, struct str *out) MUST_CHECK;

/* Canonical XHTML of all that is in the tree. */
void markup_write(struct buf *b, const struct markup *node);
void markup_write_attributes(struct buf *b, const struct markup *node);

/* As a mail's text part. */
struct str markup_text(const struct markup *doc);

#endif
