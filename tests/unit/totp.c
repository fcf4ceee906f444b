/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#include "arena.h"
#include "totp.h"

static const struct str secret = S("12345678901234567890");

static int reset(void **state)
{
	(void)state;
	arena_reset();
	return 0;
}

/* RFC 6238, appendix B, SHA-1; the last six of its eight digits. */
static void the_standards_own_codes(void **state)
{
	static const struct {
		uint64_t now;
		const char *code;
	} cases[] = {
		{ 59, "287082" },	  { 1111111109, "081804" },
		{ 1111111111, "050471" }, { 1234567890, "005924" },
		{ 2000000000, "279037" }, { 20000000000, "353130" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		uint64_t step = 0;
		assert_true(totp_check(secret, str_of(cases[i].code),
				       cases[i].now, &step));
		assert_int_equal(step, cases[i].now / 30);
	}
}

/* The code of step 37037037, around its half minute. */
static void one_step_either_side(void **state)
{
	uint64_t begins = 37037037 * 30ull, step = 0;
	struct str code = S("050471");

	(void)state;
	assert_true(totp_check(secret, code, begins, &step));
	assert_int_equal(step, 37037037);
	assert_true(totp_check(secret, code, begins + 59, &step));
	assert_int_equal(step, 37037037);
	assert_true(totp_check(secret, code, begins - 30, &step));
	assert_int_equal(step, 37037037);
	assert_false(totp_check(secret, code, begins + 60, &step));
	assert_false(totp_check(secret, code, begins - 31, &step));
}

static void what_is_no_code(void **state)
{
	static const char *const codes[] = {
		"",	   "05047",	 "0504711",    "050472",   "05047a",
		"-50471",  "0x0471",	 "    ",       "050 47",   "05\t0471",
		"050471x", "\xff\xfe 1", "0504710504", "99999999",
	};
	uint64_t step;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(codes); i++)
		assert_false(totp_check(secret, str_of(codes[i]), 1111111111,
					&step));
	assert_true(totp_check(secret, S(" 050 471 "), 1111111111, &step));
	assert_false(totp_check(S("1234567890123456789"), S("050471"),
				1111111111, &step));
	assert_false(totp_check(S(""), S("050471"), 1111111111, &step));
}

static void as_apps_want_it(void **state)
{
	(void)state;
	assert_string_equal(str_z(totp_spelled(secret)),
			    "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ");
	assert_string_equal(
		str_z(totp_uri(secret, S("Griffel & Söhne: Hilfe"),
			       S("ada+x@example.org"))),
		"otpauth://totp/Griffel%20%26%20S%C3%B6hne%3A%20Hilfe:"
		"ada%2Bx%40example.org?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
		"&issuer=Griffel%20%26%20S%C3%B6hne%3A%20Hilfe");
}

#define CASE(f) cmocka_unit_test_teardown(f, reset)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(the_standards_own_codes),
		CASE(one_step_either_side),
		CASE(what_is_no_code),
		CASE(as_apps_want_it),
	};

	return cmocka_run_group_tests_name("totp", tests, NULL, NULL);
}
