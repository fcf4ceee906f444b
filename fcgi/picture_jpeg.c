/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* JPEG by libjpeg-turbo, with the orientation that cameras note in EXIF. */
#include "picture_parts.h"

#include <turbojpeg.h>

#include "arena.h"

/* A progressive picture has about ten; each costs a walk over all pixels,
 * however few bytes it has. */
enum { SCANS_MAX = 40 };

enum { SOI = 0xd8, SOS = 0xda, APP1 = 0xe1, ORIENTATION = 0x0112 };

static unsigned at(struct str s, size_t i)
{
	return i < s.n ? (unsigned char)s.p[i] : 0;
}

/* Two or four bytes as EXIF writes them in this file. */
static unsigned number(struct str s, size_t i, size_t n, bool big)
{
	unsigned v = 0;

	for (size_t k = 0; k < n; k++)
		v = v << 8 | at(s, big ? i + k : i + n - 1 - k);
	return v;
}

/* "Exif\0\0", then a TIFF header and its first directory. */
static unsigned exif_turn(struct str segment)
{
	struct str tiff = str_from(segment, 6);
	bool big = str_starts(tiff, S("MM"));
	size_t dir = number(tiff, 4, 4, big);
	unsigned n;

	if (!str_starts(segment, S("Exif\0\0")) || dir >= tiff.n)
		return 0;
	n = number(tiff, dir, 2, big);
	for (unsigned i = 0; i < n && i < 64; i++) {
		size_t entry = dir + 2 + 12 * (size_t)i;

		if (number(tiff, entry, 2, big) == ORIENTATION)
			return number(tiff, entry + 8, 2, big);
	}
	return 0;
}

/* Segments up to the first scan: FF, a marker, a length that counts itself. */
static unsigned turn(struct str file)
{
	size_t i = 2;

	while (at(file, i) == 0xff && at(file, i + 1) != SOS) {
		size_t length = number(file, i + 2, 2, true);
		struct str segment = str_from(file, i + 4);

		if (length < 2 || segment.n < length - 2)
			return 0;
		segment.n = length - 2;
		if (at(file, i + 1) == APP1 && exif_turn(segment))
			return exif_turn(segment);
		i += 2 + length;
	}
	return 0;
}

/* Inside a scan FF is followed by 00 or a restart marker, so this counts at
 * most too many. */
static bool has_few_scans(struct str file)
{
	unsigned scans = 0;

	for (size_t i = 0; i + 1 < file.n; i++)
		scans += at(file, i) == 0xff && at(file, i + 1) == SOS;
	return scans <= SCANS_MAX;
}

static void release(void *handle)
{
	tjDestroy(handle);
}

/* The decoder and the header; colours: one of TJCS. */
static tjhandle begin(struct str file, struct pixels *p, int *colours)
{
	tjhandle tj = tjInitDecompress();
	/* Left as they are for a file of tables only. */
	int width = 0, height = 0, subsampling;

	if (!tj)
		return NULL;
	defer(release, tj);
	if (tjDecompressHeader3(tj, (const unsigned char *)file.p, file.n,
				&width, &height, &subsampling, colours) ||
	    width <= 0 || height <= 0)
		return NULL;
	p->width = (unsigned)width;
	p->height = (unsigned)height;
	return tj;
}

bool picture_jpeg_size(struct str file, struct pixels *p)
{
	int colours;

	if (!has_few_scans(file) || !begin(file, p, &colours))
		return false;
	p->turn = turn(file);
	return true;
}

/* Printers' inks, which Adobe's programs write inverted. */
static void from_inks(unsigned char *px, size_t n)
{
	for (size_t i = 0; i < n; i++, px += 4) {
		for (size_t k = 0; k < 3; k++)
			px[k] = (unsigned char)(px[k] * px[3] / 255);
		px[3] = 255;
	}
}

bool picture_jpeg(struct str file, struct pixels *p)
{
	int colours = 0;
	tjhandle tj = begin(file, p, &colours);
	bool inks = colours == TJCS_CMYK || colours == TJCS_YCCK;
	size_t n = (size_t)p->width * p->height;

	if (!tj)
		return false;
	p->rgba = alloc(4 * n);
	/* A warning (a file cut short) is not a picture we want either. */
	if (tjDecompress2(tj, (const unsigned char *)file.p, file.n, p->rgba,
			  (int)p->width, 0, (int)p->height,
			  inks ? TJPF_CMYK : TJPF_RGBA, TJFLAG_LIMITSCANS))
		return false;
	if (inks)
		from_inks(p->rgba, n);
	return true;
}
