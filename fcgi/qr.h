/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * qr.h: QR codes as the path of an SVG (the only user of libqrencode).
 */
#ifndef SPORTELLO_QR_H
#define SPORTELLO_QR_H

#include "str.h"

#define QR_TEXT_MAX 512 /* a camera that must read more has a hard time */

/* The text's code as the "d" of one <path>, a unit a module, with the quiet
 * zone: viewBox="0 0 *side *side". Empty when the text is too long. */
struct str qr_path(struct str text, unsigned *side);

#endif
