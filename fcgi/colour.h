/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * colour.h: what follows from the two colours a portal chooses.
 *
 * The browser derives its tokens itself (www/src/css/tokens.css, the same
 * formulas). Where it can't, in mails and in browsers without relative
 * colours, plain hex from here stands in. Whatever two colours a portal
 * chooses, each text below keeps WCAG AA (4.5:1) on its ground;
 * tests/unit/colour.c goes through the colour cube.
 */
#ifndef SPORTELLO_COLOUR_H
#define SPORTELLO_COLOUR_H

#include "str.h"

/* Linear light, sRGB's primaries, 0 to 1. */
struct colour {
	double r, g, b;
};

/* "#2f5d50", letters in lower case; false for anything else. */
bool colour_parse(struct str hex, struct colour *out) MUST_CHECK;
struct str colour_hex(struct colour c);

/* WCAG 2: relative luminance, and the contrast of two colours (1 to 21). */
double colour_luminance(struct colour c);
double colour_contrast(struct colour a, struct colour b);

/* One channel of sRGB, 0 to 1, to linear light and back. */
double colour_linear(double encoded);
double colour_encoded(double linear);

struct theme {
	struct colour accent;	    /* on light grounds; white stands on it */
	struct colour accent_hover; /* the same under the pointer */
	struct colour accent_soft;  /* ground of what is selected */
	struct colour accent_dark;  /* the accent on dark grounds */
	struct colour page;	    /* the page behind white cards */
	struct colour on_band;	    /* white or black on the brand band */
};

struct theme colour_theme(struct colour brand, struct colour band);

#endif
