/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#include "arena.h"
#include "qr.h"

static int reset(void **state)
{
	(void)state;
	arena_reset();
	return 0;
}

/* Three finder patterns: their upper edges are runs of seven. */
static void a_path_of_rectangles(void **state)
{
	unsigned side = 0;
	struct str d = qr_path(S("otpauth://totp/A:b?secret=GEZDGNBV"), &side);
	const char *z = str_z(d);

	(void)state;
	assert_int_equal(side, 29 + 8); /* version 3 and the quiet zone */
	assert_true(str_starts(d, S("M4 4h7v1h-7z")));
	assert_non_null(strstr(z, "M26 4h7v1h-7z"));
	assert_non_null(strstr(z, "M4 26h7v1h-7z"));
	assert_null(strstr(z, "M3 "));
	assert_int_equal(strspn(z, "Mhvz 0123456789-"), d.n);
}

static void what_does_not_fit(void **state)
{
	char much[QR_TEXT_MAX + 1];
	unsigned side = 0;

	(void)state;
	memset(much, 'a', sizeof(much));
	assert_int_equal(qr_path((struct str){ much, sizeof(much) }, &side).n,
			 0);
	assert_int_equal(qr_path(S(""), &side).n, 0);
	assert_true(qr_path((struct str){ much, QR_TEXT_MAX }, &side).n > 0);
}

#define CASE(f) cmocka_unit_test_teardown(f, reset)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(a_path_of_rectangles),
		CASE(what_does_not_fit),
	};

	return cmocka_run_group_tests_name("qr", tests, NULL, NULL);
}
