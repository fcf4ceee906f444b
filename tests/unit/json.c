/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#include "arena.h"
#include "json.h"

static int reset_after(void **state)
{
	(void)state;
	arena_reset();
	return 0;
}

#define assert_str(s, z) assert_string_equal(str_z(s), z)

static struct json *parse(const char *z)
{
	const char *why;

	return json_parse(str_of(z), &why);
}

static void values_are_read(void **state)
{
	const struct json *v = parse("{\"a\":{\"b\":[1,{\"c\":\"\\u00e9\"}]},"
				     "\"t\":true,\"f\":false,\"n\":null,"
				     "\"i\":9007199254740993,\"r\":1.5}");

	(void)state;
	assert_int_equal(json_kind(v), JSON_OBJECT);
	assert_int_equal(json_len(v), 6);
	assert_str(json_str(json_path(v, S("a.b.1.c"))), "\xc3\xa9");
	assert_int_equal(json_len(json_path(v, S("a.b"))), 2);
	assert_str(json_scalar(json_at(json_path(v, S("a.b")), 0)), "1");
	assert_true(json_true(json_get(v, "t")));
	assert_false(json_true(json_get(v, "f")));
	assert_str(json_scalar(json_get(v, "f")), "false");
	assert_int_equal(json_kind(json_get(v, "n")), JSON_NULL);
	assert_str(json_scalar(json_get(v, "n")), "");
	assert_str(json_scalar(json_get(v, "i")), "9007199254740993");
	assert_str(json_scalar(json_get(v, "r")), "1.5");
	assert_str(json_str(json_get(v, "i")), "");
	assert_ptr_equal(json_path(v, S("")), v);
}

static void what_is_not_there_is_null(void **state)
{
	const struct json *v = parse("{\"a\":[1]}");

	(void)state;
	assert_null(json_get(v, "b"));
	assert_null(json_get(NULL, "b"));
	assert_null(json_get(json_get(v, "a"), "0"));
	assert_null(json_path(v, S("a.1")));
	assert_null(json_path(v, S("a.-1")));
	assert_null(json_path(v, S("a.0.x")));
	assert_null(json_path(v, S("x.y.z")));
	assert_null(json_at(v, 0));
	assert_null(json_at(NULL, 0));
	assert_int_equal(json_kind(NULL), JSON_NULL);
	assert_int_equal(json_len(NULL), 0);
	assert_false(json_true(NULL));
	assert_str(json_scalar(NULL), "");
}

static void what_is_not_json_is_refused(void **state)
{
	static const char *const bad[] = {
		"",
		" ",
		"{",
		"{]",
		"[1,]",
		"{\"a\":1,}",
		"{a:1}",
		"'a'",
		"nul",
		"1 2",
		"[1]x",
		"01",
		"+1",
		"NaN",
		"\"\x01\"",
		"\"\xff\"",
		"\"\xed\xa0\x80\"",
		"\"\\ud800\"",
		"\"\\u0000\"",
		"{\"\\u0000\":1}",
		"\"\\uffff\"",
		"{\"\\ufffe\":1}",
		"\"\\u0007\"",
		"\"abc",
		"1e999",
		"99999999999999999999",
		"{\"a\":1,\"a\":1}",
		"{\"a\":1,\"\\u0061\":2}",
		"[{\"x\":{\"a\":1,\"a\":1}}]",
		"/* */1",
		"\xef\xbb\xbf{}",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		const char *why = NULL;

		assert_null(json_parse(str_of(bad[i]), &why));
		assert_non_null(why);
		assert_true(strlen(why) > 5);
	}
	assert_null(json_parse(S("1\0"), &(const char *){ NULL }));
	assert_null(json_parse_own(S("{")));
}

static struct str nested(size_t depth, const char *open, const char *close)
{
	struct buf b = buf_new(1 << 20);

	for (size_t i = 0; i < depth; i++)
		buf_add(&b, str_of(open));
	buf_char(&b, '1');
	for (size_t i = 0; i < depth; i++)
		buf_add(&b, str_of(close));
	return buf_str(&b);
}

static void depth_is_limited(void **state)
{
	const char *why;

	(void)state;
	assert_non_null(json_parse(nested(16, "[", "]"), &why));
	assert_null(json_parse(nested(17, "[", "]"), &why));
	assert_string_equal(why, "it is nested too deep");
	assert_null(json_parse(nested(9, "{\"a\":[", "]}"), &why));
	assert_null(json_parse(nested(100000, "[", "]"), &why));
	assert_non_null(json_parse_own(nested(64, "[", "]")));
	assert_null(json_parse_own(nested(65, "[", "]")));
	assert_non_null(parse("\"[[[[[[[[[[[[[[[[[[[[\\\"[[[[[[[[[\""));
}

static void keys_are_limited(void **state)
{
	struct buf b = buf_new(1 << 20);
	const char *why;

	(void)state;
	buf_add(&b, S("{\"k0\":1"));
	for (int i = 1; i < 256; i++)
		buf_addf(&b, ",\"k%d\":1", i);
	buf_char(&b, '}');
	assert_non_null(json_parse(buf_str(&b), &why));
	b.n--;
	buf_add(&b, S(",\"one\":{\"more\":1}}"));
	assert_null(json_parse(buf_str(&b), &why));
	assert_non_null(json_parse_own(buf_str(&b)));
}

static bool add_key(struct str key, const struct json *v, void *ctx)
{
	buf_add(ctx, key);
	return !json_true(v);
}

static void members_come_in_order(void **state)
{
	struct buf b = buf_new(100);

	(void)state;
	json_each(parse("{\"z\":1,\"a\":2,\"m\":true,\"never\":3}"), add_key,
		  &b);
	assert_str(buf_str(&b), "zam");
	json_each(parse("[1]"), add_key, &b);
	json_each(NULL, add_key, &b);
	assert_str(buf_str(&b), "zam");
}

static void what_is_written_can_stand_in_a_script(void **state)
{
	struct buf b = buf_new(1000);

	(void)state;
	json_write(&b, parse(" { \"</script>\" : [ 1 , -2.5, true, null, {}, "
			     "[] , \"<!--&\\u2028\\\"\" ] } "));
	assert_str(buf_str(&b),
		   "{\"\\u003c/script\\u003e\":[1,-2.5,true,null,{},[],"
		   "\"\\u003c!--\\u0026\\u2028\\\"\"]}");
	b = buf_new(10);
	json_write(&b, parse("[1,2,3,4,5,6,7,8,9]"));
	assert_true(b.full);
}

#define CASE(f) cmocka_unit_test_teardown(f, reset_after)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(values_are_read),
		CASE(what_is_not_there_is_null),
		CASE(what_is_not_json_is_refused),
		CASE(depth_is_limited),
		CASE(keys_are_limited),
		CASE(members_come_in_order),
		CASE(what_is_written_can_stand_in_a_script),
	};

	json_setup();
	return cmocka_run_group_tests_name("json", tests, NULL, NULL);
}
