/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "colour.h"

#include <math.h>

#include "arena.h"

/* Luminances that keep 4.5:1 with room for eight bits a channel. */
static const double ACCENT_MOST = 0.13; /* 5.8:1 under white */
static const double DARK_LEAST = 0.36;	/* on the darkest and lightest of
					 * the dark theme's grounds */
static const double BAND_TURN = 0.179;	/* where black and white are equal */

/* Björn Ottosson's space of even steps: https://bottosson.github.io/posts/oklab/
 * (CSS Color 4 has the same numbers). */
struct oklab {
	double l, a, b;
};

static const struct colour black = { 0, 0, 0 }, white = { 1, 1, 1 };

double colour_linear(double v)
{
	return v <= 0.04045 ? v / 12.92 : pow((v + 0.055) / 1.055, 2.4);
}

double colour_encoded(double v)
{
	return v <= 0.0031308 ? v * 12.92 : 1.055 * pow(v, 1 / 2.4) - 0.055;
}

static int hex_digit(char c)
{
	return c >= '0' && c <= '9'   ? c - '0'
	       : c >= 'a' && c <= 'f' ? c - 'a' + 10
				      : -1;
}

bool colour_parse(struct str hex, struct colour *out)
{
	double v[3];

	if (hex.n != 7 || hex.p[0] != '#')
		return false;
	for (size_t i = 0; i < 3; i++) {
		int high = hex_digit(hex.p[1 + 2 * i]);
		int low = hex_digit(hex.p[2 + 2 * i]);

		if (high < 0 || low < 0)
			return false;
		v[i] = colour_linear((16 * high + low) / 255.0);
	}
	*out = (struct colour){ v[0], v[1], v[2] };
	return true;
}

static unsigned byte(double linear)
{
	double v = colour_encoded(linear);

	return v <= 0 ? 0 : v >= 1 ? 255 : (unsigned)lround(v * 255);
}

struct str colour_hex(struct colour c)
{
	struct buf b = buf_new(8);

	buf_addf(&b, "#%02x%02x%02x", byte(c.r), byte(c.g), byte(c.b));
	return buf_str(&b);
}

double colour_luminance(struct colour c)
{
	return 0.2126 * c.r + 0.7152 * c.g + 0.0722 * c.b;
}

double colour_contrast(struct colour a, struct colour b)
{
	double x = colour_luminance(a), y = colour_luminance(b);

	return (fmax(x, y) + 0.05) / (fmin(x, y) + 0.05);
}

static struct oklab to_oklab(struct colour c)
{
	double l = cbrt(0.4122214708 * c.r + 0.5363325363 * c.g +
			0.0514459929 * c.b);
	double m = cbrt(0.2119034982 * c.r + 0.6806995451 * c.g +
			0.1073969566 * c.b);
	double s = cbrt(0.0883024619 * c.r + 0.2817188376 * c.g +
			0.6299787005 * c.b);

	return (struct oklab){
		0.2104542553 * l + 0.7936177850 * m - 0.0040720468 * s,
		1.9779984951 * l - 2.4285922050 * m + 0.4505937099 * s,
		0.0259040371 * l + 0.7827717662 * m - 0.8086757660 * s,
	};
}

static double cube(double v)
{
	return v * v * v;
}

static struct colour from_oklab(struct oklab c)
{
	double l = cube(c.l + 0.3963377774 * c.a + 0.2158037573 * c.b);
	double m = cube(c.l - 0.1055613458 * c.a - 0.0638541728 * c.b);
	double s = cube(c.l - 0.0894841775 * c.a - 1.2914855480 * c.b);

	return (struct colour){
		4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
		-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
		-0.0041960863 * l - 0.7034186147 * m + 1.7076147010 * s,
	};
}

static struct colour clipped(struct colour c)
{
	return (struct colour){ fmin(1, fmax(0, c.r)), fmin(1, fmax(0, c.g)),
				fmin(1, fmax(0, c.b)) };
}

/* The colour with another lightness, and chroma times `more`, at most `most`:
 * the hue stays. */
static struct colour with_lightness(struct colour c, double lightness,
				    double more, double most)
{
	struct oklab k = to_oklab(c);
	double chroma = hypot(k.a, k.b);
	double scale = chroma > 0 ? fmin(chroma * more, most) / chroma : 0;

	return from_oklab(
		(struct oklab){ lightness, k.a * scale, k.b * scale });
}

/* color-mix(in oklab, a share, b) */
static struct colour mixed(struct colour a, double share, struct colour b)
{
	struct oklab x = to_oklab(a), y = to_oklab(b);
	double rest = 1 - share;

	return from_oklab((struct oklab){ x.l * share + y.l * rest,
					  x.a * share + y.a * rest,
					  x.b * share + y.b * rest });
}

static struct colour accent_on_light(struct colour brand)
{
	double y = colour_luminance(brand);
	double k = y > ACCENT_MOST ? ACCENT_MOST / y : 1;

	return (struct colour){ brand.r * k, brand.g * k, brand.b * k };
}

/* Lifted in oklab first, which keeps the hue, then mixed to white as far as
 * the luminance asks for. */
static struct colour accent_on_dark(struct colour brand)
{
	struct colour c =
		with_lightness(brand, fmax(to_oklab(brand).l, 0.75), 1.5, 0.12);
	double y = colour_luminance(c);
	double k = fmax(0, (DARK_LEAST - y) / (1.0001 - y));

	return clipped((struct colour){ c.r + (1 - c.r) * k,
					c.g + (1 - c.g) * k,
					c.b + (1 - c.b) * k });
}

struct theme colour_theme(struct colour brand, struct colour band)
{
	struct colour accent = accent_on_light(brand);

	return (struct theme){
		.accent = accent,
		.accent_hover = clipped(mixed(accent, 0.86, black)),
		.accent_soft = clipped(mixed(accent, 0.09, white)),
		.accent_dark = accent_on_dark(brand),
		.page = clipped(with_lightness(brand, 0.982, 1, 0.004)),
		.on_band = colour_luminance(band) < BAND_TURN ? white : black,
	};
}
