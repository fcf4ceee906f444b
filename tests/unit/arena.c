/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#include "arena.h"

static int reset_after(void **state)
{
	(void)state;
	arena_reset();
	return 0;
}

static void memory_is_zeroed_and_aligned(void **state)
{
	(void)state;
	for (size_t n = 1; n < 300; n++) {
		unsigned char *p = alloc(n);

		assert_int_equal((uintptr_t)p % _Alignof(max_align_t), 0);
		for (size_t i = 0; i < n; i++)
			assert_int_equal(p[i], 0);
		memset(p, 0xff, n);
	}
}

static void memory_used_again_is_zeroed(void **state)
{
	char *p = alloc(1000);

	(void)state;
	memset(p, 'x', 1000);
	arena_reset();
	p = alloc(1000);
	for (size_t i = 0; i < 1000; i++)
		assert_int_equal(p[i], 0);
}

static void objects_do_not_overlap(void **state)
{
	char *p[200];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(p); i++)
		p[i] = memset(alloc(5000), (int)i, 5000);
	for (size_t i = 0; i < ARRAY_LEN(p); i++) {
		assert_int_equal((unsigned char)p[i][0], i);
		assert_int_equal((unsigned char)p[i][4999], i);
	}
}

static void one_object_may_be_large(void **state)
{
	size_t n = 20 * 1024 * 1024;
	char *p = alloc(n);

	(void)state;
	p[0] = p[n - 1] = 'x';
	assert_true(arena_used() >= n);
	arena_reset();
	assert_int_equal(arena_used(), 0);
	alloc(10);
	assert_int_equal(arena_used(), 10);
}

static void a_copy_ends_in_nul(void **state)
{
	char *p = alloc_copy("abcdef", 3);

	(void)state;
	assert_string_equal(p, "abc");
	assert_string_equal(alloc_copy(NULL, 0), "");
}

static char order[8];

static void note(void *thing)
{
	strncat(order, thing, 1);
}

static void note_and_defer(void *thing)
{
	note(thing);
	defer(note, alloc_copy("z", 1));
}

static void releases_run_newest_first(void **state)
{
	static char a[] = "a", b[] = "b", c[] = "c";

	(void)state;
	order[0] = 0;
	defer(note, a);
	defer(note, b);
	defer(note_and_defer, c);
	arena_reset();
	assert_string_equal(order, "czba");
	arena_reset();
	assert_string_equal(order, "czba");
}

static void what_is_forever_outlives_a_reset(void **state)
{
	char *p = alloc_forever_copy("here to stay", 12);
	char *large = alloc_forever(600 * 1024);

	(void)state;
	assert_int_equal(large[600 * 1024 - 1], 0);
	arena_reset();
	memset(alloc(4096), 'x', 4096);
	assert_string_equal(p, "here to stay");
	assert_int_equal(arena_used(), 4096);
	arena_release();
	assert_int_equal(arena_used(), 0);
	memset(alloc(4096), 'x', 4096);
	assert_string_equal(p, "here to stay");
}

#define CASE(f) cmocka_unit_test_teardown(f, reset_after)

static unsigned released;

static void count(void *thing)
{
	(void)thing;
	released++;
}

static void what_is_after_a_mark_goes(void **state)
{
	char *kept = alloc(1000);
	struct arena_mark mark;
	size_t before;

	(void)state;
	released = 0;
	defer(count, NULL);
	memset(kept, 'k', 1000);
	mark = arena_mark();
	before = arena_used();
	for (size_t i = 0; i < 100; i++) {
		memset(alloc(300 * 1024), 'x', 300 * 1024);
		memset(alloc(100), 'x', 100);
		defer(count, NULL);
		arena_rewind(mark);
		assert_int_equal(arena_used(), before);
		assert_int_equal(released, i + 1);
	}
	for (size_t i = 0; i < 1000; i++)
		assert_int_equal(kept[i], 'k');
	char *again = alloc(1000);
	for (size_t i = 0; i < 1000; i++)
		assert_int_equal(again[i], 0);
	arena_reset();
	assert_int_equal(released, 101);
	/* One that is set before anything was asked for. */
	mark = arena_mark();
	memset(alloc(50), 'x', 50);
	arena_rewind(mark);
	assert_int_equal(arena_used(), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(memory_is_zeroed_and_aligned),
		CASE(memory_used_again_is_zeroed),
		CASE(objects_do_not_overlap),
		CASE(one_object_may_be_large),
		CASE(a_copy_ends_in_nul),
		CASE(releases_run_newest_first),
		CASE(what_is_forever_outlives_a_reset),
		CASE(what_is_after_a_mark_goes),
	};

	return cmocka_run_group_tests_name("arena", tests, NULL, NULL);
}
