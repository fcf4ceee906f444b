/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * picture.h: pictures that people hand in, made fit to be shown.
 *
 * What is kept is never the file that came. A raster picture (PNG, JPEG,
 * WebP, ICO) is decoded and written anew as a PNG of the size it is used in;
 * an SVG is rebuilt from an allowlist (markup_svg.h). So no metadata (places,
 * names, thumbnails), no second file hidden in the first, and no fault of a
 * decoder but our own reaches a reader's browser.
 *
 * The type is found in the content. The header tells width and height, and
 * the limit on them is checked before anything is decoded.
 */
#ifndef SPORTELLO_PICTURE_H
#define SPORTELLO_PICTURE_H

#include "str.h"

/* Told on the page beforehand; what comes in, and what is kept of it. */
#define PICTURE_FILE_MAX (512 * 1024)
#define PICTURE_BYTES_MAX (256 * 1024)
#define PICTURE_SIDE_MIN 16
#define PICTURE_SIDE_MAX 10000
#define PICTURE_PIXELS_MAX 10000000

enum picture_use {
	PICTURE_LOGO, /* into 1024 × 256 */
	PICTURE_MAIL, /* into 480 × 120; never an SVG: mail programs don't */
	PICTURE_FAVICON, /* into 192 × 192 */
	PICTURE_PHOTO,	 /* the middle of it, 192 × 192; never an SVG */
};

struct picture {
	const char *type; /* "image/png" or "image/svg+xml" */
	struct str bytes;
	unsigned width, height;
};

/*
 * What is wrong with a file: a code for a problem's field, and for
 * "svg_active" and "svg_style" what must go.
 *
 *	picture_type	not one of the kinds taken
 *	picture_broken	can't be read (animations neither)
 *	picture_size	smaller or larger than the limits above
 *	svg_active	a script, an external reference, or whatever else the
 *			allowlist has not
 *	svg_style	a style sheet that can't be taken apart
 *	svg_complex	too many parts, or parts that repeat each other
 *	svg_size	neither viewBox nor width and height
 */
struct picture_fault {
	const char *code;
	struct str about;
};

/* Width and height as a page shows it, from the beginning of a PNG, JPEG, WebP
 * or GIF; false where that does not say. */
bool picture_size(struct str beginning, unsigned *width,
		  unsigned *height) MUST_CHECK;

bool picture_make(struct str file, enum picture_use use, struct picture *out,
		  struct picture_fault *fault) MUST_CHECK;

#endif
