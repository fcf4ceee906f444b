/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "picture.h"

#include "filetype.h"
#include "markup_svg.h"
#include "picture_parts.h"

static const struct use {
	unsigned width, height;
	bool square; /* the middle of it, cut out */
	bool drawn;  /* may be an SVG */
} uses[] = {
	[PICTURE_LOGO] = { 1024, 256, false, true },
	[PICTURE_MAIL] = { 480, 120, false, false },
	[PICTURE_FAVICON] = { 192, 192, false, true },
	[PICTURE_PHOTO] = { 192, 192, true, false },
};

static const struct format {
	const char *type;
	bool (*size)(struct str file, struct pixels *p);
	bool (*decode)(struct str file, struct pixels *p);
} formats[] = {
	{ "image/png", picture_png_size, picture_png },
	{ "image/jpeg", picture_jpeg_size, picture_jpeg },
	{ "image/webp", picture_webp_size, picture_webp },
	{ "image/vnd.microsoft.icon", picture_ico_size, picture_ico },
	{ "image/x-icon", picture_ico_size, picture_ico },
};

static bool refuse(struct picture_fault *fault, const char *code)
{
	*fault = (struct picture_fault){ .code = code };
	return false;
}

static const struct format *format_of(struct str type)
{
	for (size_t i = 0; i < ARRAY_LEN(formats); i++)
		if (str_eqz(type, formats[i].type))
			return &formats[i];
	return NULL;
}

/* Its screen, low byte first. */
static bool gif_size(struct str file, struct pixels *p)
{
	const unsigned char *b = (const unsigned char *)file.p;

	if (file.n < 10)
		return false;
	p->width = b[6] | (unsigned)b[7] << 8;
	p->height = b[8] | (unsigned)b[9] << 8;
	return true;
}

bool picture_size(struct str beginning, unsigned *width, unsigned *height)
{
	struct str type = filetype(beginning);
	const struct format *format = format_of(type);
	struct pixels p = { 0 };

	if (!(str_eqz(type, "image/gif") ? gif_size(beginning, &p)
	      : format			 ? format->size(beginning, &p)
					 : false))
		return false;
	*width = p.turn >= 5 ? p.height : p.width;
	*height = p.turn >= 5 ? p.width : p.height;
	return true;
}

static bool fits(const struct pixels *p)
{
	return p->width >= PICTURE_SIDE_MIN && p->height >= PICTURE_SIDE_MIN &&
	       p->width <= PICTURE_SIDE_MAX && p->height <= PICTURE_SIDE_MAX &&
	       (uint64_t)p->width * p->height <= PICTURE_PIXELS_MAX;
}

static struct part shown(const struct pixels *p, bool square)
{
	unsigned side = p->width < p->height ? p->width : p->height;

	if (!square)
		return (struct part){ 0, 0, p->width, p->height };
	return (struct part){ (p->width - side) / 2, (p->height - side) / 2,
			      side, side };
}

/* How much smaller `from` must be to lie in `to`: 1 when it does. */
static double shrink_by(unsigned from, unsigned to)
{
	return from > to ? (double)to / from : 1;
}

static unsigned scaled(unsigned side, double by)
{
	unsigned n = (unsigned)(side * by + 0.5);

	return n ? n : 1;
}

/* In the size it is used in, and smaller still as long as it is too many
 * bytes: photographs are, as PNG. */
static bool write(const struct pixels *p, const struct use *use,
		  struct picture *out)
{
	struct part part = shown(p, use->square);
	bool lies = p->turn >= 5;
	double x = shrink_by(part.width, lies ? use->height : use->width);
	double y = shrink_by(part.height, lies ? use->width : use->height);

	for (double by = x < y ? x : y;; by *= 0.75) {
		struct pixels small =
			picture_shrink(p, part, scaled(part.width, by),
				       scaled(part.height, by));
		struct pixels upright = picture_upright(&small);

		if (!picture_png_write(&upright, &out->bytes))
			return false;
		out->width = upright.width;
		out->height = upright.height;
		if (out->bytes.n <= PICTURE_BYTES_MAX)
			return true;
	}
}

static bool make_raster(struct str file, const struct format *format,
			const struct use *use, struct picture *out,
			struct picture_fault *fault)
{
	struct pixels p = { 0 };

	out->type = "image/png";
	if (!format->size(file, &p))
		return refuse(fault, "picture_broken");
	if (!fits(&p))
		return refuse(fault, "picture_size");
	return (format->decode(file, &p) && write(&p, use, out)) ||
	       refuse(fault, "picture_broken");
}

static bool make_drawing(struct str file, struct picture *out,
			 struct picture_fault *fault)
{
	struct svg svg;
	struct svg_fault why;

	if (!markup_svg(file, &svg, &why)) {
		*fault = (struct picture_fault){ why.code, why.about };
		return false;
	}
	*out = (struct picture){ "image/svg+xml", svg.text, svg.width,
				 svg.height };
	return true;
}

/* libmagic knows an SVG by its first words only; a comment of the program
 * that drew it may stand before them. */
static bool is_drawing(struct str file)
{
	struct str mark = S("\xef\xbb\xbf");

	if (str_starts(file, mark))
		file = str_from(file, mark.n);
	return str_starts(str_trim(file), S("<")) &&
	       memmem(file.p, file.n, "<svg", 4);
}

bool picture_make(struct str file, enum picture_use use, struct picture *out,
		  struct picture_fault *fault)
{
	const struct format *format = format_of(filetype(file));

	*fault = (struct picture_fault){ 0 };
	if (format)
		return make_raster(file, format, &uses[use], out, fault);
	if (uses[use].drawn && is_drawing(file))
		return make_drawing(file, out, fault);
	return refuse(fault, "picture_type");
}
