/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * ICO, the old form of favicons: a directory, and in it PNGs or bitmaps from
 * the bottom row up, each with a mask of one bit a pixel behind it. The
 * largest is taken, of equal ones that with the most colours.
 */
#include "picture_parts.h"

#include "arena.h"

enum { HEAD = 6, ENTRY = 16, ENTRIES_MAX = 64, INFO = 40, SIDE = 256 };

static unsigned at(struct str s, size_t i)
{
	return i < s.n ? (unsigned char)s.p[i] : 0;
}

static unsigned u16(struct str s, size_t i)
{
	return at(s, i) | at(s, i + 1) << 8;
}

static unsigned u32(struct str s, size_t i)
{
	return u16(s, i) | u16(s, i + 2) << 16;
}

/* Sides are one byte in the directory; 0 stands for 256. */
static unsigned entry_side(unsigned byte)
{
	return byte ? byte : SIDE;
}

static struct str best(struct str file)
{
	struct str found = S("");
	unsigned most = 0;

	for (unsigned i = 0; i < u16(file, 4) && i < ENTRIES_MAX; i++) {
		size_t e = HEAD + (size_t)i * ENTRY;
		struct str data = str_from(file, u32(file, e + 12));
		unsigned rank = entry_side(at(file, e)) * 64 + u16(file, e + 6);

		if (u32(file, e + 8) > data.n || rank <= most)
			continue;
		most = rank;
		found = (struct str){ data.p, u32(file, e + 8) };
	}
	return found;
}

static bool is_png(struct str s)
{
	return str_starts(s, S("\x89PNG"));
}

bool picture_ico_size(struct str file, struct pixels *p)
{
	struct str s = best(file);

	if (is_png(s))
		return picture_png_size(s, p);
	/* The height counts the mask as well. */
	p->width = u32(s, 4);
	p->height = u32(s, 8) / 2;
	return s.n > INFO && u32(s, 0) == INFO && u32(s, 16) == 0 && p->width &&
	       p->width <= SIDE && p->height && p->height <= SIDE;
}

/* Rows of so many bits a pixel, each padded to four bytes. */
static size_t row_bytes(unsigned width, unsigned bits)
{
	return ((size_t)width * bits + 31) / 32 * 4;
}

/* The bits of a pixel in its row, for 1, 4 and 8 of them. */
static unsigned index_at(struct str row, unsigned x, unsigned bits)
{
	unsigned shift = 8 - bits - x * bits % 8;

	return at(row, x * bits / 8) >> shift & ((1u << bits) - 1);
}

struct bitmap {
	struct str palette, colours, mask;
	unsigned bits;
};

static bool read_bitmap(struct str s, const struct pixels *p, struct bitmap *b)
{
	size_t entries;

	b->bits = u16(s, 14);
	if (b->bits != 1 && b->bits != 4 && b->bits != 8 && b->bits != 24 &&
	    b->bits != 32)
		return false;
	entries = b->bits > 8 ? 0 : u32(s, 32) ? u32(s, 32) : 1u << b->bits;
	if (entries > 256)
		return false;
	b->palette = str_from(s, INFO);
	b->colours = str_from(b->palette, entries * 4);
	b->mask =
		str_from(b->colours, row_bytes(p->width, b->bits) * p->height);
	return b->mask.n >= row_bytes(p->width, 1) * p->height ||
	       (b->bits == 32 &&
		b->colours.n >= 4 * (size_t)p->width * p->height);
}

static void read_pixel(const struct bitmap *b, struct str row, unsigned x,
		       unsigned char *out)
{
	struct str bgr =
		b->bits > 8 ? str_from(row, (size_t)x * b->bits / 8)
			    : str_from(b->palette,
				       4 * (size_t)index_at(row, x, b->bits));

	for (size_t k = 0; k < 3; k++)
		out[k] = (unsigned char)at(bgr, 2 - k);
	out[3] = b->bits == 32 ? (unsigned char)at(bgr, 3) : 255;
}

/* Bitmaps of 32 bits that leave the fourth byte empty mean the mask. */
static bool has_alpha(const struct bitmap *b, const struct pixels *p)
{
	for (size_t i = 0; i < (size_t)p->width * p->height; i++)
		if (b->bits == 32 && p->rgba[4 * i + 3])
			return true;
	return false;
}

static void apply_mask(const struct bitmap *b, struct pixels *p)
{
	size_t row = row_bytes(p->width, 1);

	for (unsigned y = 0; y < p->height; y++)
		for (unsigned x = 0; x < p->width; x++) {
			struct str m =
				str_from(b->mask, row * (p->height - 1 - y));

			p->rgba[4 * ((size_t)y * p->width + x) + 3] =
				index_at(m, x, 1) ? 0 : 255;
		}
}

bool picture_ico(struct str file, struct pixels *p)
{
	struct str s = best(file);
	struct bitmap b;

	if (is_png(s))
		return picture_png(s, p);
	if (!read_bitmap(s, p, &b))
		return false;
	p->rgba = alloc(4 * (size_t)p->width * p->height);
	for (unsigned y = 0; y < p->height; y++)
		for (unsigned x = 0; x < p->width; x++) {
			struct str row = str_from(b.colours,
						  row_bytes(p->width, b.bits) *
							  (p->height - 1 - y));

			read_pixel(&b, row, x,
				   p->rgba + 4 * ((size_t)y * p->width + x));
		}
	if (!has_alpha(&b, p))
		apply_mask(&b, p);
	return true;
}
