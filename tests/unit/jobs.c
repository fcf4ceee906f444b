/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#include "jobs.h"

/* Soon at first, never sooner than before, and three days in all. */
static void waits_grow_for_three_days(void **state)
{
	unsigned long sum = 0;
	unsigned last = 0, n = 1;

	(void)state;
	assert_int_equal(jobs_wait(1), 5);
	assert_int_equal(jobs_wait(2), 30);
	for (; jobs_wait(n); n++) {
		assert_true(jobs_wait(n) >= last);
		last = jobs_wait(n);
		sum += last;
	}
	assert_in_range(sum, 3 * 86400, 3 * 86400 + 4 * 3600);
	assert_int_equal(jobs_wait(n + 1000), 0);
	assert_int_equal(jobs_wait(0), 5);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(waits_grow_for_three_days),
	};

	return cmocka_run_group_tests_name("jobs", tests, NULL, NULL);
}
