/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#include "arena.h"
#include "range.h"
#include "tus.h"

static const char *name_in(const char *metadata)
{
	struct str name;

	return tus_name(str_of(metadata), &name) ? str_z(name) : "none";
}

static void names(void **state)
{
	(void)state;
	assert_string_equal(name_in("filename eC50eHQ="), "x.txt");
	assert_string_equal(name_in("filetype YQ==,filename eC50eHQ="),
			    "x.txt");
	assert_string_equal(name_in("name eA==, other"), "x");
	assert_string_equal(name_in("filename Li4vLi4veA=="),
			    "x");			    /* ../../x */
	assert_string_equal(name_in("filename YVxi"), "b"); /* a\b */
	assert_string_equal(name_in("filename Li4="), "");  /* .. */
	assert_string_equal(name_in("filename YQpi"), "a b");
	assert_string_equal(name_in("filename eOKArmdwag=="), "xgpj");
	assert_string_equal(name_in(""), "");
	assert_string_equal(name_in("filename"), "");
	assert_string_equal(name_in("filename eC50eHQ"), "none");
	assert_string_equal(name_in("filename e?50eHQ="), "none");
	assert_string_equal(name_in("filename /w=="), "none"); /* no UTF-8 */
	arena_reset();
}

static bool checks(const char *header)
{
	enum digest_kind kind;
	struct str sum;

	return tus_checksum(str_of(header), &kind, &sum);
}

static void checksums(void **state)
{
	(void)state;
	assert_true(checks("sha1 qZk+NkcGgWq6PiVxeFDCbJzQ2J0="));
	assert_true(
		checks("sha256 ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0="));
	assert_false(checks("sha256 qZk+NkcGgWq6PiVxeFDCbJzQ2J0="));
	assert_false(checks("md5 qZk+NkcGgWq6PiVxeFDCbJzQ2J0="));
	assert_false(checks("sha1"));
	assert_false(checks("sha1 qZk+NkcGgWq6PiVxeFDCbJzQ2J0"));
	arena_reset();
}

static const char *hex(struct str bytes)
{
	struct buf b = buf_new(128);

	for (size_t i = 0; i < bytes.n; i++)
		buf_addf(&b, "%02x", (unsigned char)bytes.p[i]);
	return str_z(buf_str(&b));
}

static void digests(void **state)
{
	static const char abc[] = "ba7816bf8f01cfea414140de5dae2223b00361a3"
				  "96177a9cb410ff61f20015ad";
	struct digest d, other;

	(void)state;
	digest_begin(&d, DIGEST_OF_SHA1);
	digest_add(&d, S("abc"));
	assert_string_equal(hex(digest_sum(&d)),
			    "a9993e364706816aba3e25717850c26c9cd0d89d");
	digest_begin(&d, DIGEST_OF_SHA256);
	digest_add(&d, S("ab"));
	assert_true(digest_go_on(&other, digest_state(&d)));
	digest_add(&other, S("c"));
	assert_string_equal(hex(digest_sum(&other)), abc);
	/* A sum does not end it. */
	assert_string_equal(hex(digest_sum(&other)), abc);
	assert_false(digest_go_on(&d, S("abc")));
	arena_reset();
}

static void ranges(void **state)
{
	static const struct {
		const char *header;
		enum range kind;
		uint64_t first, last;
	} cases[] = {
		{ "bytes=0-0", RANGE_PART, 0, 0 },
		{ "bytes=2-", RANGE_PART, 2, 9 },
		{ "bytes=2-99", RANGE_PART, 2, 9 },
		{ "bytes=-3", RANGE_PART, 7, 9 },
		{ "bytes=-30", RANGE_PART, 0, 9 },
		{ "Bytes= 1 - 2 ", RANGE_PART, 1, 2 },
		{ "bytes=10-", RANGE_NONE, 0, 0 },
		{ "bytes=-0", RANGE_NONE, 0, 0 },
		{ "", RANGE_WHOLE, 0, 0 },
		{ "bytes", RANGE_WHOLE, 0, 0 },
		{ "bytes=", RANGE_WHOLE, 0, 0 },
		{ "bytes=-", RANGE_WHOLE, 0, 0 },
		{ "bytes=3-2", RANGE_WHOLE, 0, 0 },
		{ "bytes=0-1,4-5", RANGE_WHOLE, 0, 0 },
		{ "bytes=x-1", RANGE_WHOLE, 0, 0 },
		{ "bytes=1-x", RANGE_WHOLE, 0, 0 },
		{ "items=0-1", RANGE_WHOLE, 0, 0 },
		{ "bytes=99999999999999999999-", RANGE_WHOLE, 0, 0 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		uint64_t first = 0, last = 0;
		enum range kind =
			range_read(str_of(cases[i].header), 10, &first, &last);

		assert_int_equal(kind, cases[i].kind);
		if (kind != RANGE_PART)
			continue;
		assert_int_equal(first, cases[i].first);
		assert_int_equal(last, cases[i].last);
	}
	arena_reset();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names),
		cmocka_unit_test(checksums),
		cmocka_unit_test(digests),
		cmocka_unit_test(ranges),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
