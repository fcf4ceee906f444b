/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#include "arena.h"
#include "input.h"
#include "route.h"

static int reset(void **state)
{
	(void)state;
	arena_reset();
	return 0;
}

static const struct query_input inputs[] = {
	{ .name = "number", .source = SOURCE_PATH, .type = TYPE_BIGINT },
	{ .name = "after",
	  .source = SOURCE_QUERY,
	  .type = TYPE_CURSOR,
	  .optional = true },
	{ .name = "limit",
	  .source = SOURCE_QUERY,
	  .type = TYPE_SMALLINT,
	  .optional = true },
	{ .name = "title",
	  .source = SOURCE_BODY,
	  .type = TYPE_TEXT,
	  .min = 1,
	  .max = 5 },
	{ .name = "body",
	  .source = SOURCE_BODY,
	  .type = TYPE_TEXT,
	  .optional = true,
	  .max = 5,
	  .bytes = true },
	{ .name = "status",
	  .source = SOURCE_BODY,
	  .type = TYPE_TEXT,
	  .optional = true,
	  .words = "new|on_hold" },
	{ .name = "size",
	  .source = SOURCE_BODY,
	  .type = TYPE_INT,
	  .optional = true },
	{ .name = "yes",
	  .source = SOURCE_BODY,
	  .type = TYPE_BOOLEAN,
	  .optional = true },
	{ .name = "key", .source = SOURCE_KEY, .type = TYPE_TEXT },
	{ .name = "made", .source = SOURCE_MADE, .type = TYPE_BYTEA },
	{ .name = "list",
	  .source = SOURCE_BODY,
	  .type = TYPE_JSONB,
	  .optional = true,
	  .max = 20 },
};
static const struct query query = { .name = "q",
				    .inputs = inputs,
				    .n_inputs = ARRAY_LEN(inputs) };
static const struct route row = { .path = "/t/:number", .query = &query };

static const char *values[ARRAY_LEN(inputs)];

/* "ok", or the problem with its fields: "invalid title:required size:type". */
static const char *read_all(const char *number, const char *url_query,
			    const char *body, const char *key)
{
	struct request r = { .route = &row, .key = str_of(key) };
	struct buf b = buf_new(1000);
	const char *why;

	r.params[0] = str_of(number);
	assert_true(request_pairs(str_of(url_query), &r.query));
	r.json = json_parse(str_of(body), &why);
	assert_non_null(r.json);
	if (input(&r, &query, values))
		return "ok";
	buf_add(&b, str_of(problem_slug(&r.problem)));
	for (size_t i = 0; i < r.problem.n_fields; i++)
		buf_addf(&b, " %.*s:%s", STR_ARG(r.problem.fields[i].name),
			 r.problem.fields[i].code);
	return str_z(buf_str(&b));
}

#define assert_input(number, url_query, body, key, what)                       \
	assert_string_equal(read_all(number, url_query, body, key), what)
#define assert_body(body, what) assert_input("1", "", body, "12345678", what)

static void declared_inputs_are_read(void **state)
{
	(void)state;
	assert_input("42", "after=1_2&limit=50&more=x",
		     "{\"title\":\"\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\","
		     "\"body\":\"12345\",\"status\":\"on_hold\",\"size\":7,"
		     "\"yes\":false}",
		     "Key_-123", "ok");
	assert_string_equal(values[0], "42");
	assert_string_equal(values[1], "1_2");
	assert_string_equal(values[2], "50");
	assert_string_equal(values[4], "12345");
	assert_string_equal(values[5], "on_hold");
	assert_string_equal(values[6], "7");
	assert_string_equal(values[7], "false");
	assert_string_equal(values[8], "Key_-123");
	assert_null(values[9]);
	assert_body("{\"title\":\"a\",\"status\":null}", "ok");
	assert_null(values[1]);
	assert_null(values[5]);
}

static void faults_are_told_by_field(void **state)
{
	(void)state;
	assert_body("{}", "invalid title:required");
	assert_body("{\"title\":\"\"}", "invalid title:required");
	assert_body("{\"title\":\" \\n\"}", "invalid title:required");
	assert_body("{\"title\":\"123456\"}", "invalid title:too_long");
	assert_body("{\"title\":1}", "invalid title:type");
	assert_body("{\"title\":[\"a\"]}", "invalid title:type");
	assert_body("{\"title\":\"a\",\"body\":\"\xc3\xa9\xc3\xa9\xc3\xa9\"}",
		    "invalid body:too_long");
	assert_body("{\"title\":\"a\",\"status\":\"new|on_hold\"}",
		    "invalid status:choice");
	assert_body("{\"title\":\"a\",\"status\":\"\"}",
		    "invalid status:choice");
	assert_body("{\"title\":\"a\",\"size\":\"7\"}", "invalid size:type");
	assert_body("{\"title\":\"a\",\"size\":-7}", "invalid size:type");
	assert_body("{\"title\":\"a\",\"size\":7.5}", "invalid size:type");
	assert_body("{\"title\":\"a\",\"size\":2147483648}",
		    "invalid size:type");
	assert_body("{\"title\":\"a\",\"yes\":\"true\"}", "invalid yes:type");
	assert_body("{\"size\":\"x\",\"yes\":1}",
		    "invalid title:required size:type yes:type");
}

static void a_value_of_any_kind_comes_whole(void **state)
{
	(void)state;
	assert_body("{\"title\":\"a\",\"list\":[ \"b\", 1 ]}", "ok");
	assert_string_equal(values[10], "[\"b\",1]");
	assert_body("{\"title\":\"a\",\"list\":\"b\"}", "ok");
	assert_string_equal(values[10], "\"b\"");
	assert_body("{\"title\":\"a\",\"list\":null}", "ok");
	assert_null(values[10]);
	assert_body("{\"title\":\"a\",\"list\":[\"1234567890123456789\"]}",
		    "invalid list:too_long");
}

static void what_is_not_declared_is_refused(void **state)
{
	(void)state;
	assert_body("{\"title\":\"a\",\"tenant_id\":1}",
		    "invalid tenant_id:unknown");
	assert_body("{\"title\":\"a\",\"number\":1}", "invalid number:unknown");
	assert_body("{\"title\":\"a\",\"made\":\"x\"}", "invalid made:unknown");
	assert_body("{\"title\":\"a\",\"Title\":\"a\"}",
		    "invalid Title:unknown");
}

static void paths_that_cannot_be_are_not_found(void **state)
{
	static const char *const numbers[] = {
		"x", "-1", "1.0", "9223372036854775808", "1%20", "",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(numbers); i++)
		assert_input(numbers[i], "", "{\"title\":\"a\"}", "12345678",
			     "not-found");
}

static void query_strings_are_checked(void **state)
{
	static const char *const bad[] = {
		"after=1",     "after=_", "after=1_", "after=a_b",
		"after=1_2_3", "limit=x", "limit=-1", "limit=32768",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		assert_true(str_starts(
			str_of(read_all("1", bad[i], "{\"title\":\"a\"}",
					"12345678")),
			S("invalid ")));
	assert_input("1", "after=&limit=", "{\"title\":\"a\"}", "12345678",
		     "ok");
}

static void keys_have_their_form(void **state)
{
	static const char *const bad[] = {
		"",
		"1234567",
		"12345678 ",
		"1234567/",
		"1234567\xc3\xa9",
		"12345678901234567890123456789012345678901234567890123456789012"
		"345",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		assert_input("1", "", "{\"title\":\"a\"}", bad[i],
			     "idempotency-key");
}

#define CASE(f) cmocka_unit_test_teardown(f, reset)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(declared_inputs_are_read),
		CASE(faults_are_told_by_field),
		CASE(a_value_of_any_kind_comes_whole),
		CASE(what_is_not_declared_is_refused),
		CASE(paths_that_cannot_be_are_not_found),
		CASE(query_strings_are_checked),
		CASE(keys_have_their_form),
	};

	json_setup();
	return cmocka_run_group_tests_name("input", tests, NULL, NULL);
}
