/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <math.h>
#include <cmocka.h>

#include "arena.h"
#include "colour.h"

static int reset_after(void **state)
{
	(void)state;
	arena_reset();
	return 0;
}

#define assert_str(s, z) assert_string_equal(str_z(s), z)

static struct colour hex(const char *z)
{
	struct colour c;

	assert_true(colour_parse(str_of(z), &c));
	return c;
}

static void hex_is_six_small_digits(void **state)
{
	static const char *const wrong[] = { "",	 "#",	    "#fff",
					     "2f5d50",	 "#2F5D50", "#2f5d5",
					     "#2f5d500", "#2f5d5g", "red",
					     "#2f5d5 ",	 " #2f5d50" };
	struct colour c;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(wrong); i++)
		assert_false(colour_parse(str_of(wrong[i]), &c));
	assert_str(colour_hex(hex("#2f5d50")), "#2f5d50");
	assert_str(colour_hex(hex("#000000")), "#000000");
	assert_str(colour_hex(hex("#ffffff")), "#ffffff");
	assert_str(colour_hex((struct colour){ -1, 2, 0.5 }), "#00ffbc");
}

static void contrast_is_wcag(void **state)
{
	(void)state;
	assert_float_equal(colour_contrast(hex("#000000"), hex("#ffffff")), 21,
			   1e-9);
	assert_float_equal(colour_contrast(hex("#777777"), hex("#ffffff")),
			   4.478, 1e-3);
	assert_float_equal(colour_contrast(hex("#2f5d50"), hex("#2f5d50")), 1,
			   1e-9);
	assert_float_equal(colour_luminance(hex("#ff0000")), 0.2126, 1e-9);
}

/* Steps of eight bits between two colours' most distant channels. */
static double steps_apart(struct colour a, struct colour b)
{
	double r = fabs(colour_encoded(a.r) - colour_encoded(b.r));
	double g = fabs(colour_encoded(a.g) - colour_encoded(b.g));
	double l = fabs(colour_encoded(a.b) - colour_encoded(b.b));

	return 255 * fmax(r, fmax(g, l));
}

/* What Chromium 156 paints of tokens.css; the browsers map what lies outside
 * of sRGB a step or two differently. */
static void derived_as_browsers_do(void **state)
{
	static const char *const known[][6] = {
		/* brand, accent, hover, soft, on dark, page */
		{ "#2f5d50", "#2f5d50", "#254b40", "#ebefee", "#73c0a9",
		  "#f6faf9" },
		{ "#ffff00", "#696900", "#545400", "#f0f1e9", "#f9fc9b",
		  "#f9f9f6" },
		{ "#000000", "#000000", "#000000", "#e1e1e1", "#aeaeae",
		  "#f9f9f9" },
		{ "#d4143c", "#c81238", "#a30d2c", "#feecec", "#f08e8f",
		  "#fcf8f8" },
		{ "#1f4fd8", "#1f4fd8", "#173fb0", "#e9f0fd", "#88acfa",
		  "#f8f9fc" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(known); i++) {
		struct colour brand = hex(known[i][0]);
		struct theme t = colour_theme(brand, brand);
		struct colour ours[] = { t.accent, t.accent_hover,
					 t.accent_soft, t.accent_dark, t.page };

		for (size_t k = 0; k < ARRAY_LEN(ours); k++)
			if (steps_apart(ours[k], hex(known[i][k + 1])) > 2.5)
				fail_msg("%s: %s is not %s", known[i][0],
					 str_z(colour_hex(ours[k])),
					 known[i][k + 1]);
	}
}

/* As it is sent: eight bits a channel. */
static struct colour sent(struct colour c)
{
	return hex(str_z(colour_hex(c)));
}

struct pair {
	const char *what;
	struct colour text, ground;
};

static void check(const struct pair *pairs, size_t n, struct colour brand)
{
	for (size_t i = 0; i < n; i++) {
		double ratio = colour_contrast(sent(pairs[i].text),
					       sent(pairs[i].ground));

		if (!(ratio >= 4.5))
			fail_msg("%s: %.2f for %s", pairs[i].what, ratio,
				 str_z(colour_hex(brand)));
	}
}

/* 17 steps a channel: 4,913 colours, each as brand and as band. */
static void no_colour_fails(void **state)
{
	struct colour white = hex("#ffffff");
	/* The dark theme's darkest and lightest grounds, and its ink. */
	struct colour dark = hex("#0b0e0d"), raised = hex("#30342c");
	struct colour dark_ink = hex("#0c0f0e");

	(void)state;
	for (unsigned i = 0; i < 17 * 17 * 17; i++) {
		struct colour c = {
			colour_linear(i % 17 / 16.0),
			colour_linear(i / 17 % 17 / 16.0),
			colour_linear(i / 289 / 16.0),
		};
		struct theme t = colour_theme(c, c);
		struct pair pairs[] = {
			{ "text on the band", t.on_band, c },
			{ "accent on white", t.accent, white },
			{ "accent on the page", t.accent, t.page },
			{ "accent on what is selected", t.accent,
			  t.accent_soft },
			{ "a button's text", white, t.accent },
			{ "a button's text, hovered", white, t.accent_hover },
			{ "accent on dark", t.accent_dark, dark },
			{ "accent on raised dark", t.accent_dark, raised },
			{ "a dark button's text", dark_ink, t.accent_dark },
		};

		check(pairs, ARRAY_LEN(pairs), c);
		arena_reset();
	}
}

#define CASE(f) cmocka_unit_test_teardown(f, reset_after)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(hex_is_six_small_digits),
		CASE(contrast_is_wcag),
		CASE(derived_as_browsers_do),
		CASE(no_colour_fails),
	};

	return cmocka_run_group_tests_name("colour", tests, NULL, NULL);
}
