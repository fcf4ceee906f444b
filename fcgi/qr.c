/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "qr.h"

#include <qrencode.h>

#include "arena.h"

enum { QUIET = 4, PATH_BYTES_MAX = 64 * 1024 };

static void release(void *code)
{
	QRcode_free(code);
}

/* One rectangle a run of dark modules. */
static void row(struct buf *b, const unsigned char *dark, int width, int y)
{
	for (int x = 0; x < width; x++) {
		int from = x;
		while (x < width && (dark[x] & 1))
			x++;
		if (x > from)
			buf_addf(b, "M%d %dh%dv1h-%dz", from + QUIET, y + QUIET,
				 x - from, x - from);
	}
}

struct str qr_path(struct str text, unsigned *side)
{
	struct buf b = buf_new(PATH_BYTES_MAX);
	QRcode *code;

	if (text.n > QR_TEXT_MAX ||
	    !(code = QRcode_encodeData((int)text.n, (const void *)text.p, 0,
				       QR_ECLEVEL_M)))
		return S("");
	defer(release, code);
	for (int y = 0; y < code->width; y++)
		row(&b, code->data + y * code->width, code->width, y);
	*side = (unsigned)code->width + 2 * QUIET;
	return b.full ? S("") : buf_str(&b);
}
