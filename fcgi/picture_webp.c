/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* WebP by libwebp; animations are refused. */
#include "picture_parts.h"

#include <webp/decode.h>

#include "arena.h"

bool picture_webp_size(struct str file, struct pixels *p)
{
	WebPBitstreamFeatures f;

	if (WebPGetFeatures((const uint8_t *)file.p, file.n, &f) !=
		    VP8_STATUS_OK ||
	    f.has_animation || f.width <= 0 || f.height <= 0)
		return false;
	p->width = (unsigned)f.width;
	p->height = (unsigned)f.height;
	return true;
}

bool picture_webp(struct str file, struct pixels *p)
{
	size_t row = (size_t)p->width * 4, n = row * p->height;

	p->rgba = alloc(n);
	return WebPDecodeRGBAInto((const uint8_t *)file.p, file.n, p->rgba, n,
				  (int)row) != NULL;
}
