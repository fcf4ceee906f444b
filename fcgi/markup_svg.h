/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * markup_svg.h: drawings (SVG), rebuilt from a closed list.
 *
 * The file is parsed without network, DTD and entities, and a new tree is
 * built of the elements and attributes that draw; an own serializer writes
 * that. Style sheets and style attributes are taken apart and become
 * attributes. What editors leave behind (comments, metadata, namespaces of
 * their own) is dropped. Whatever could act (scripts, handlers, animation,
 * links, pictures or styles from elsewhere, HTML) is not dropped but refused
 * by name: a logo without a part of it would be a silent surprise.
 */
#ifndef SPORTELLO_MARKUP_SVG_H
#define SPORTELLO_MARKUP_SVG_H

#include "str.h"

/* What may come out, in bytes. */
#define MARKUP_SVG_MAX (256 * 1024)

/* Sides fit into 1024 × 256 pixels, in the drawing's proportions. */
struct svg {
	struct str text;
	unsigned width, height;
};

/* Codes as in picture.h, and what they are about. */
struct svg_fault {
	const char *code;
	struct str about;
};

bool markup_svg(struct str source, struct svg *out,
		struct svg_fault *fault) MUST_CHECK;

#endif
