/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#include "work.h"

/* Soon at first, never sooner than before, and three days in all. */
static void waits_grow_for_three_days(void **state)
{
	unsigned long sum = 0;
	unsigned last = 0, n = 1;

	(void)state;
	assert_int_equal(work_next_try(1), 5);
	assert_int_equal(work_next_try(2), 30);
	for (; work_next_try(n); n++) {
		assert_true(work_next_try(n) >= last);
		last = work_next_try(n);
		sum += last;
	}
	assert_in_range(sum, 3 * 86400, 3 * 86400 + 4 * 3600);
	assert_int_equal(work_next_try(n + 1000), 0);
	assert_int_equal(work_next_try(0), 5);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(waits_grow_for_three_days),
	};

	return cmocka_run_group_tests_name("jobs", tests, NULL, NULL);
}
