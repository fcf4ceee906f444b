/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
#include <turbojpeg.h>
#include <webp/encode.h>

#include "arena.h"
#include "filetype.h"
#include "picture.h"
#include "picture_parts.h"

static int reset_after(void **state)
{
	(void)state;
	arena_reset();
	return 0;
}

static int close_all(void **state)
{
	(void)state;
	filetype_close();
	return 0;
}

enum colour { RED, GREEN, BLUE, CLEAR };

static void paint(unsigned char *px, enum colour c)
{
	px[0] = c == RED ? 255 : 0;
	px[1] = c == GREEN ? 255 : 0;
	px[2] = c == BLUE ? 255 : 0;
	px[3] = c == CLEAR ? 0 : 255;
}

static enum colour colour_of(const unsigned char *px)
{
	if (px[3] < 128)
		return CLEAR;
	return px[0] > 128 ? RED : px[1] > 128 ? GREEN : BLUE;
}

/* Red above on the left, green above on the right, blue below on the left,
 * nothing below on the right: which way up can be told. */
static struct pixels quarters(unsigned width, unsigned height)
{
	struct pixels p = { width, height, 0,
			    alloc(4 * (size_t)width * height) };

	for (unsigned y = 0; y < height; y++)
		for (unsigned x = 0; x < width; x++)
			paint(p.rgba + 4 * ((size_t)y * width + x),
			      (y < height / 2 ? RED : BLUE) +
				      (x < width / 2 ? 0 : 1));
	return p;
}

/* The four quarters' colours, in reading order, and their size. */
static void check_quarters(struct str png, unsigned width, unsigned height,
			   const char *expected)
{
	static const char letters[] = "RGB.";
	struct pixels p = { 0 };
	char seen[5] = "";

	assert_true(picture_png_size(png, &p));
	assert_int_equal(p.width, width);
	assert_int_equal(p.height, height);
	assert_true(picture_png(png, &p));
	for (unsigned i = 0; i < 4; i++) {
		unsigned x = (1 + 2 * (i % 2)) * width / 4;
		unsigned y = (1 + 2 * (i / 2)) * height / 4;

		seen[i] = letters[colour_of(p.rgba +
					    4 * ((size_t)y * width + x))];
	}
	assert_string_equal(seen, expected);
}

static struct str png_of(struct pixels p)
{
	struct str file;

	assert_true(picture_png_write(&p, &file));
	return file;
}

static struct picture made(struct str file, enum picture_use use)
{
	struct picture out;
	struct picture_fault fault;

	if (!picture_make(file, use, &out, &fault))
		fail_msg("%s %.*s", fault.code, STR_ARG(fault.about));
	return out;
}

static void check_refused(struct str file, enum picture_use use,
			  const char *code)
{
	struct picture out;
	struct picture_fault fault;

	assert_false(picture_make(file, use, &out, &fault));
	assert_string_equal(fault.code, code);
}

/* ---- files of other kinds ---- */

static void release_jpeg(void *bytes)
{
	tjFree(bytes);
}

static struct str jpeg_of(struct pixels p, int subsampling)
{
	tjhandle tj = tjInitCompress();
	unsigned char *bytes = NULL;
	unsigned long n = 0;

	assert_int_equal(tjCompress2(tj, p.rgba, (int)p.width, 0, (int)p.height,
				     TJPF_RGBA, &bytes, &n, subsampling, 90, 0),
			 0);
	tjDestroy(tj);
	defer(release_jpeg, bytes);
	return (struct str){ (char *)bytes, n };
}

/* With an EXIF segment behind the first marker. */
static struct str with_exif(struct str jpeg, bool big, unsigned turn)
{
	struct buf b = buf_new(1 << 20);
	char t = (char)turn;

	buf_add(&b, (struct str){ jpeg.p, 2 });
	buf_add(&b, S("\xff\xe1\x00\x2c"
		      "Exif\0\0"));
	if (big) {
		buf_add(&b,
			S("MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0"));
		buf_char(&b, t);
		buf_add(&b, S("\0\0"));
	} else {
		buf_add(&b, S("II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0"));
		buf_char(&b, t);
		buf_add(&b, S("\0\0\0"));
	}
	buf_add(&b, S("\0\0\0\0Nowhere 1\0"));
	buf_add(&b, str_from(jpeg, 2));
	return buf_str(&b);
}

static void release_webp(void *bytes)
{
	WebPFree(bytes);
}

static struct str webp_of(struct pixels p)
{
	uint8_t *bytes;
	size_t n = WebPEncodeLosslessRGBA(p.rgba, (int)p.width, (int)p.height,
					  (int)p.width * 4, &bytes);

	assert_true(n);
	defer(release_webp, bytes);
	return (struct str){ (char *)bytes, n };
}

static void add_u16(struct buf *b, unsigned v)
{
	buf_char(b, (char)(v & 255));
	buf_char(b, (char)(v >> 8 & 255));
}

static void add_u32(struct buf *b, unsigned v)
{
	add_u16(b, v & 65535);
	add_u16(b, v >> 16);
}

/* A bitmap of an ICO: from the bottom row up, then the mask. */
static void add_bitmap(struct buf *b, const struct pixels *p, unsigned bits)
{
	add_u32(b, 40);
	add_u32(b, p->width);
	add_u32(b, 2 * p->height);
	add_u16(b, 1);
	add_u16(b, bits);
	for (unsigned i = 0; i < 6; i++)
		add_u32(b, 0);
	if (bits == 8)
		for (unsigned i = 0; i < 256; i++) {
			unsigned char c[4];

			paint(c, i % 4);
			buf_char(b, (char)c[2]);
			buf_char(b, (char)c[1]);
			buf_char(b, (char)c[0]);
			buf_char(b, 0);
		}
	for (unsigned y = p->height; y--;)
		for (unsigned x = 0; x < p->width; x++) {
			const unsigned char *px =
				p->rgba + 4 * ((size_t)y * p->width + x);

			if (bits == 8) {
				buf_char(b, (char)colour_of(px));
				continue;
			}
			buf_char(b, (char)px[2]);
			buf_char(b, (char)px[1]);
			buf_char(b, (char)px[0]);
			if (bits == 32)
				buf_char(b, (char)px[3]);
		}
	for (unsigned y = p->height; y--;)
		for (unsigned x = 0; x < p->width; x += 8)
			buf_char(b, y >= p->height / 2 && x >= p->width / 2
					    ? (char)255
					    : 0);
}

/* A small picture first, the one that counts behind it. */
static struct str ico_of(struct pixels p, unsigned bits)
{
	struct buf b = buf_new(1 << 20), small = buf_new(1 << 16);
	struct buf large = buf_new(1 << 20);
	struct pixels dot = { 16, 16, 0, alloc(1024) };

	add_bitmap(&small, &dot, 32);
	if (bits)
		add_bitmap(&large, &p, bits);
	else
		buf_add(&large, png_of(p));
	buf_add(&b, S("\0\0\x01\0\x02\0"));
	buf_add(&b, S("\x10\x10\0\0\x01\0\x20\0"));
	add_u32(&b, (unsigned)small.n);
	add_u32(&b, 6 + 32);
	buf_char(&b, (char)p.width);
	buf_char(&b, (char)p.height);
	buf_add(&b, S("\0\0\x01\0"));
	add_u16(&b, bits ? bits : 32);
	add_u32(&b, (unsigned)large.n);
	add_u32(&b, (unsigned)(6 + 32 + small.n));
	buf_add(&b, buf_str(&small));
	buf_add(&b, buf_str(&large));
	return buf_str(&b);
}

/* ---- tests ---- */

static void every_kind_becomes_png(void **state)
{
	struct pixels p = quarters(64, 32);

	(void)state;
	check_quarters(made(png_of(p), PICTURE_LOGO).bytes, 64, 32, "RGB.");
	check_quarters(made(webp_of(p), PICTURE_LOGO).bytes, 64, 32, "RGB.");
	check_quarters(made(ico_of(p, 0), PICTURE_FAVICON).bytes, 64, 32,
		       "RGB.");
	check_quarters(made(ico_of(p, 32), PICTURE_FAVICON).bytes, 64, 32,
		       "RGB.");
	check_quarters(made(ico_of(p, 24), PICTURE_FAVICON).bytes, 64, 32,
		       "RGB.");
	check_quarters(made(ico_of(p, 8), PICTURE_FAVICON).bytes, 64, 32,
		       "RGB.");
	/* JPEG knows no clear pixels: what was black is blue to the eye of
	 * colour_of(). */
	check_quarters(made(jpeg_of(p, TJSAMP_444), PICTURE_LOGO).bytes, 64, 32,
		       "RGBB");
	check_quarters(made(jpeg_of(p, TJSAMP_420), PICTURE_LOGO).bytes, 64, 32,
		       "RGBB");
}

static void fits_its_use(void **state)
{
	struct picture logo;

	(void)state;
	logo = made(png_of(quarters(2048, 256)), PICTURE_LOGO);
	check_quarters(logo.bytes, 1024, 128, "RGB.");
	assert_int_equal(logo.width, 1024);
	assert_int_equal(logo.height, 128);
	assert_string_equal(logo.type, "image/png");
	check_quarters(made(png_of(quarters(512, 512)), PICTURE_LOGO).bytes,
		       256, 256, "RGB.");
	check_quarters(made(png_of(quarters(512, 256)), PICTURE_FAVICON).bytes,
		       192, 96, "RGB.");
	/* Never larger than it came. */
	check_quarters(made(png_of(quarters(20, 30)), PICTURE_LOGO).bytes, 20,
		       30, "RGB.");
	/* The middle, cut out. */
	check_quarters(made(png_of(quarters(600, 300)), PICTURE_PHOTO).bytes,
		       192, 192, "RGB.");
	check_quarters(made(png_of(quarters(300, 600)), PICTURE_PHOTO).bytes,
		       192, 192, "RGB.");
}

/* A mean of light: black and white make the grey that looks half as bright,
 * 188, and not 128; what is clear has no colour to give. */
static void means_are_of_light(void **state)
{
	struct pixels p = { 2, 1, 0, alloc(8) };
	struct part all = { 0, 0, 2, 1 };
	struct pixels one;

	(void)state;
	memcpy(p.rgba, "\0\0\0\377\377\377\377\377", 8);
	one = picture_shrink(&p, all, 1, 1);
	assert_memory_equal(one.rgba, "\274\274\274\377", 4);
	memcpy(p.rgba, "\377\0\0\377\0\377\0\0", 8);
	one = picture_shrink(&p, all, 1, 1);
	assert_memory_equal(one.rgba, "\377\0\0\200", 4);
}

static void cameras_are_held_in_eight_ways(void **state)
{
	static const char *const turned[] = {
		"RGBB", "RGBB", "GRBB", "BBGR", "BBRG",
		"RBGB", "BRBG", "BGBR", "GBRB",
	};
	struct str jpeg = jpeg_of(quarters(64, 32), TJSAMP_444);

	(void)state;
	for (unsigned turn = 1; turn <= 8; turn++) {
		unsigned w = turn >= 5 ? 32 : 64, h = turn >= 5 ? 64 : 32;

		check_quarters(
			made(with_exif(jpeg, true, turn), PICTURE_LOGO).bytes,
			w, h, turned[turn]);
		check_quarters(
			made(with_exif(jpeg, false, turn), PICTURE_LOGO).bytes,
			w, h, turned[turn]);
	}
	check_quarters(made(with_exif(jpeg, true, 9), PICTURE_LOGO).bytes, 64,
		       32, "RGBB");
	/* The box is the upright picture's. */
	jpeg = jpeg_of(quarters(2048, 512), TJSAMP_444);
	check_quarters(made(with_exif(jpeg, true, 6), PICTURE_LOGO).bytes, 64,
		       256, "BRBG");
}

static void nothing_else_comes_along(void **state)
{
	struct buf both = buf_new(1 << 20);
	struct str jpeg =
		with_exif(jpeg_of(quarters(64, 32), TJSAMP_444), true, 1);
	struct picture out;

	(void)state;
	buf_add(&both, jpeg);
	buf_add(&both, S("PK\x03\x04<script>alert(1)</script>"));
	out = made(buf_str(&both), PICTURE_LOGO);
	assert_non_null(memmem(both.p, both.n, "Nowhere", 7));
	assert_null(memmem(out.bytes.p, out.bytes.n, "Nowhere", 7));
	assert_null(memmem(out.bytes.p, out.bytes.n, "script", 6));
	assert_null(memmem(out.bytes.p, out.bytes.n, "Exif", 4));
}

static unsigned crc(const unsigned char *p, size_t n)
{
	unsigned v = ~0u;

	while (n--) {
		v ^= *p++;
		for (unsigned k = 0; k < 8; k++)
			v = v >> 1 ^ (v & 1 ? 0xedb88320 : 0);
	}
	return ~v;
}

/* A small PNG whose header claims another size. */
static struct str claiming(unsigned width, unsigned height)
{
	struct str png = png_of(quarters(16, 16));
	unsigned char *p = (unsigned char *)alloc_copy(png.p, png.n);
	unsigned sum;

	for (unsigned i = 0; i < 4; i++) {
		p[16 + i] = (unsigned char)(width >> (24 - 8 * i));
		p[20 + i] = (unsigned char)(height >> (24 - 8 * i));
	}
	sum = crc(p + 12, 17);
	for (unsigned i = 0; i < 4; i++)
		p[29 + i] = (unsigned char)(sum >> (24 - 8 * i));
	return (struct str){ (char *)p, png.n };
}

static void sizes_are_checked_before_decoding(void **state)
{
	size_t before;

	(void)state;
	check_refused(claiming(8000, 5000), PICTURE_LOGO, "picture_size");
	before = arena_used();
	check_refused(claiming(100000, 100000), PICTURE_LOGO, "picture_size");
	check_refused(claiming(10001, 20), PICTURE_LOGO, "picture_size");
	assert_true(arena_used() - before < 1 << 20);
	check_refused(png_of(quarters(15, 64)), PICTURE_LOGO, "picture_size");
	check_refused(png_of(quarters(64, 15)), PICTURE_LOGO, "picture_size");
	/* It claims what is allowed, and has not got it. */
	check_refused(claiming(300, 300), PICTURE_LOGO, "picture_broken");
}

static void other_files_are_refused(void **state)
{
	struct str png = png_of(quarters(64, 32));
	struct str jpeg = jpeg_of(quarters(64, 32), TJSAMP_444);
	struct buf scans = buf_new(1 << 16);

	(void)state;
	check_refused(S(""), PICTURE_LOGO, "picture_type");
	check_refused(S("hello"), PICTURE_LOGO, "picture_type");
	check_refused(S("GIF89a\1\0\1\0\0\0\0;"), PICTURE_LOGO, "picture_type");
	check_refused(S("%PDF-1.4\n"), PICTURE_LOGO, "picture_type");
	check_refused(S("<html><svg/></html>"), PICTURE_LOGO, "picture_type");
	check_refused(S("<svg viewBox='0 0 1 1'/>"), PICTURE_PHOTO,
		      "picture_type");
	png.n /= 2;
	check_refused(png, PICTURE_LOGO, "picture_broken");
	jpeg.n -= 20;
	check_refused(jpeg, PICTURE_LOGO, "picture_broken");
	jpeg.n = 30;
	check_refused(jpeg, PICTURE_LOGO, "picture_broken");
	buf_add(&scans, jpeg_of(quarters(64, 32), TJSAMP_444));
	for (unsigned i = 0; i < 40; i++)
		buf_add(&scans, S("\xff\xda"));
	check_refused(buf_str(&scans), PICTURE_LOGO, "picture_broken");
}

static void drawings_are_rebuilt(void **state)
{
	struct picture out;
	struct picture_fault fault;

	(void)state;
	out = made(S("\n<!-- a --><svg viewBox='0 0 8 2'><g/></svg>"),
		   PICTURE_FAVICON);
	assert_string_equal(out.type, "image/svg+xml");
	assert_int_equal(out.width, 1024);
	assert_int_equal(out.height, 256);
	assert_null(memmem(out.bytes.p, out.bytes.n, "<!--", 4));
	assert_false(picture_make(S("<svg viewBox='0 0 1 1'><script/></svg>"),
				  PICTURE_LOGO, &out, &fault));
	assert_string_equal(fault.code, "svg_active");
	assert_string_equal(str_z(fault.about), "script");
}

/* Noise can't be made small but by fewer pixels. */
static void what_is_kept_is_small(void **state)
{
	struct pixels p = { 1024, 256, 0, alloc(4 * 1024 * 256) };
	unsigned seed = 1;
	struct picture out;

	(void)state;
	for (size_t i = 0; i < 4 * 1024 * 256; i++)
		p.rgba[i] =
			(unsigned char)((seed = seed * 1103515245 + 12345) >>
					16);
	out = made(png_of(p), PICTURE_LOGO);
	assert_true(out.bytes.n <= PICTURE_BYTES_MAX);
	assert_true(out.width < 1024 && out.width > 200);
}

static void check_size(struct str file, unsigned width, unsigned height)
{
	unsigned w = 0, h = 0;

	assert_true(picture_size(file, &w, &h));
	assert_int_equal(w, width);
	assert_int_equal(h, height);
}

/* As a page shows it, of the beginning alone. */
static void a_header_tells_the_size(void **state)
{
	struct pixels p = quarters(300, 200);
	struct str png = png_of(p), jpeg = jpeg_of(p, TJSAMP_444);
	unsigned w, h;

	(void)state;
	check_size((struct str){ png.p, 60 }, 300, 200);
	check_size(jpeg, 300, 200);
	check_size(with_exif(jpeg, true, 6), 200, 300);
	check_size(webp_of(p), 300, 200);
	check_size(S("GIF89a\x2c\x01\xc8\x00\x80\x00\x00\xff\xff\xff"), 300,
		   200);
	assert_false(picture_size((struct str){ png.p, 12 }, &w, &h));
	assert_false(picture_size(S("GIF89a\x2c"), &w, &h));
	assert_false(picture_size(S("words"), &w, &h));
	assert_false(picture_size(S(""), &w, &h));
}

#define CASE(f) cmocka_unit_test_teardown(f, reset_after)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(every_kind_becomes_png),
		CASE(fits_its_use),
		CASE(means_are_of_light),
		CASE(cameras_are_held_in_eight_ways),
		CASE(nothing_else_comes_along),
		CASE(sizes_are_checked_before_decoding),
		CASE(other_files_are_refused),
		CASE(drawings_are_rebuilt),
		CASE(what_is_kept_is_small),
		CASE(a_header_tells_the_size),
	};

	return cmocka_run_group_tests_name("picture", tests, NULL, close_all);
}
