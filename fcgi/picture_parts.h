/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * picture_parts.h: what lies behind picture.h, for its own files only.
 *
 * One decoder a file, each with one library: picture_png.c, picture_jpeg.c,
 * picture_webp.c; picture_ico.c has none. libgd would read them all, and bring
 * along the decoders of five formats more, fonts and X11 into every worker;
 * these three are what browsers use, and are fuzzed as such.
 */
#ifndef SPORTELLO_PICTURE_PARTS_H
#define SPORTELLO_PICTURE_PARTS_H

#include "str.h"

/* Rows from the top, four bytes a pixel: sRGB and how opaque it is, not
 * multiplied with each other. On the arena. */
struct pixels {
	unsigned width, height;
	unsigned turn; /* EXIF's orientation, 2 to 8; 0 and 1: upright */
	unsigned char *rgba;
};

struct part {
	unsigned x, y, width, height;
};

/* Width, height and turn, from the header alone. */
bool picture_png_size(struct str file, struct pixels *p) MUST_CHECK;
bool picture_jpeg_size(struct str file, struct pixels *p) MUST_CHECK;
bool picture_webp_size(struct str file, struct pixels *p) MUST_CHECK;
bool picture_ico_size(struct str file, struct pixels *p) MUST_CHECK;

/* The rest; width and height are what ..._size() said. */
bool picture_png(struct str file, struct pixels *p) MUST_CHECK;
bool picture_jpeg(struct str file, struct pixels *p) MUST_CHECK;
bool picture_webp(struct str file, struct pixels *p) MUST_CHECK;
bool picture_ico(struct str file, struct pixels *p) MUST_CHECK;

bool picture_png_write(const struct pixels *p, struct str *file) MUST_CHECK;

/* A part of a picture made smaller, as the mean of the light of all pixels
 * that fall on each other. */
struct pixels picture_shrink(const struct pixels *from, struct part part,
			     unsigned width, unsigned height);

/* As its turn says: a camera held upright writes pictures that lie. */
struct pixels picture_upright(const struct pixels *from);

#endif
