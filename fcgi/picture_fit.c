/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Smaller, and the right way up. */
#include "picture_parts.h"

#include <math.h>

#include "arena.h"
#include "colour.h"

/* Light of the 256 values of a channel: means are means of light, not of the
 * numbers that stand for it. */
static const double *lights(void)
{
	static double table[256];

	if (table[255] == 0)
		for (unsigned i = 0; i < 256; i++)
			table[i] = colour_linear(i / 255.0);
	return table;
}

/* How much of pixel i lies between from and to. */
static double share(double from, double to, unsigned i)
{
	return fmin(to, i + 1.0) - fmax(from, i);
}

/* Of light times opaqueness in three channels, and of opaqueness. */
struct sum {
	double light[3], opaque, all;
};

static void sum_row(struct sum *s, const unsigned char *row, double from,
		    double to, double weight)
{
	const double *light = lights();

	for (unsigned x = (unsigned)from; x < to; x++) {
		double w = weight * share(from, to, x);
		const unsigned char *px = row + 4 * (size_t)x;
		double opaque = w * px[3] / 255;

		for (size_t k = 0; k < 3; k++)
			s->light[k] += opaque * light[px[k]];
		s->opaque += opaque;
		s->all += w;
	}
}

static void write_mean(const struct sum *s, unsigned char *px)
{
	if (s->opaque <= 0)
		return;
	for (size_t k = 0; k < 3; k++)
		px[k] = (unsigned char)lround(
			255 * colour_encoded(fmin(1, s->light[k] / s->opaque)));
	px[3] = (unsigned char)lround(255 * s->opaque / s->all);
}

struct pixels picture_shrink(const struct pixels *from, struct part part,
			     unsigned width, unsigned height)
{
	struct pixels to = { width, height, from->turn,
			     alloc(4 * (size_t)width * height) };
	double sx = (double)part.width / width;
	double sy = (double)part.height / height;

	for (unsigned y = 0; y < height; y++)
		for (unsigned x = 0; x < width; x++) {
			double top = part.y + y * sy, left = part.x + x * sx;
			double bottom = fmin(top + sy, part.y + part.height);
			double right = fmin(left + sx, part.x + part.width);
			struct sum s = { 0 };

			for (unsigned v = (unsigned)top; v < bottom; v++)
				sum_row(&s,
					from->rgba +
						4 * (size_t)v * from->width,
					left, right, share(top, bottom, v));
			write_mean(&s, to.rgba + 4 * ((size_t)y * width + x));
		}
	return to;
}

/* Turns 5 to 8 swap the sides; then each direction may run backwards. */
struct pixels picture_upright(const struct pixels *from)
{
	unsigned t = from->turn >= 1 && from->turn <= 8 ? from->turn : 1;
	bool swap = t >= 5;
	bool back_x = t == 2 || t == 3 || t == 7 || t == 8;
	bool back_y = t == 3 || t == 4 || t == 6 || t == 7;
	struct pixels to = {
		.width = swap ? from->height : from->width,
		.height = swap ? from->width : from->height,
		.rgba = alloc(4 * (size_t)from->width * from->height),
	};

	for (unsigned y = 0; y < to.height; y++)
		for (unsigned x = 0; x < to.width; x++) {
			unsigned u = swap ? y : x, v = swap ? x : y;

			u = back_x ? from->width - 1 - u : u;
			v = back_y ? from->height - 1 - v : v;
			memcpy(to.rgba + 4 * ((size_t)y * to.width + x),
			       from->rgba + 4 * ((size_t)v * from->width + u),
			       4);
		}
	return to;
}
