/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#include "arena.h"
#include "cbor.h"

/* RFC 8949, appendix A, as far as CTAP2 goes. */
static void what_is_taken(void **state)
{
	static const struct {
		struct str bytes;
		enum cbor_kind kind;
		uint64_t n;
	} cases[] = {
		{ S("\x00"), CBOR_UINT, 0 },
		{ S("\x17"), CBOR_UINT, 23 },
		{ S("\x18\x18"), CBOR_UINT, 24 },
		{ S("\x19\x03\xe8"), CBOR_UINT, 1000 },
		{ S("\x1b\xff\xff\xff\xff\xff\xff\xff\xff"), CBOR_UINT,
		  UINT64_MAX },
		{ S("\x26"), CBOR_NEGATIVE, 6 },
		{ S("\x39\x01\x00"), CBOR_NEGATIVE, 256 },
		{ S("\x40"), CBOR_BYTES, 0 },
		{ S("\x44\x01\x02\x03\x04"), CBOR_BYTES, 4 },
		{ S("\x64IETF"), CBOR_TEXT, 4 },
		{ S("\x83\x01\x02\x03"), CBOR_ARRAY, 3 },
		{ S("\xa2\x61"
		    "a\x01\x61"
		    "b\x82\x02\x03"),
		  CBOR_MAP, 2 },
		{ S("\xf4"), CBOR_SIMPLE, 20 },
		{ S("\x81\x81\x81\x81\x00"), CBOR_ARRAY, 1 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct str in = cases[i].bytes;
		struct cbor item;
		assert_true(cbor_take(&in, &item));
		assert_int_equal(in.n, 0);
		assert_int_equal(item.kind, cases[i].kind);
		assert_int_equal(item.n, cases[i].n);
		assert_true(str_eq(item.whole, cases[i].bytes));
		/* And with anything cut off its end it is none. */
		in = cases[i].bytes;
		for (in.n--; in.n; in.n--)
			assert_false(cbor_take(&in, &item));
	}
}

static void what_is_not(void **state)
{
	static const struct str cases[] = {
		S(""),
		S("\x1c"),	       /* reserved */
		S("\x5f\x41\x01\xff"), /* no length */
		S("\x9f\xff"),	       /* no count */
		S("\xc0\x00"),	       /* a tag */
		S("\xf9\x00\x00"),     /* floats */
		S("\xfb\x00\x00\x00\x00\x00\x00\x00\x00"),
		S("\xf8\x20"), /* an odd simple value */
		S("\xff"),
		S("\x81\x81\x81\x81\x81\x00"), /* five levels */
		S("\x9b\xff\xff\xff\xff\xff\xff\xff\xff\x00"),
		S("\xbb\x80\x00\x00\x00\x00\x00\x00\x01\x00\x00"),
		S("\x5a\xff\xff\xff\xff\x00"),	   /* four gigabytes, it says */
		S("\x9a\x00\x10\x00\x00\x00\x00"), /* a million items */
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct str in = cases[i];
		struct cbor item;
		assert_false(cbor_take(&in, &item));
		assert_int_equal(in.n, cases[i].n);
	}
}

static void finding(void **state)
{
	struct str in = S("\xa3\x01\x02\x63"
			  "fmt\x64none\x61"
			  "b\xa1\x63"
			  "fmt\x00");
	struct cbor map, v;

	(void)state;
	assert_true(cbor_take(&in, &map));
	assert_true(cbor_find(&map, S("fmt"), &v));
	assert_int_equal(v.kind, CBOR_TEXT);
	assert_true(str_eq(v.bytes, S("none")));
	assert_true(cbor_find(&map, S("b"), &v));
	assert_int_equal(v.kind, CBOR_MAP);
	assert_false(cbor_find(&map, S("nothing"), &v));
	assert_false(cbor_find(&map, S(""), &v));
	in = S("\x63"
	       "fmt");
	assert_true(cbor_take(&in, &map));
	assert_false(cbor_find(&map, S("fmt"), &v));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_taken),
		cmocka_unit_test(what_is_not),
		cmocka_unit_test(finding),
	};

	return cmocka_run_group_tests_name("cbor", tests, NULL, NULL);
}
