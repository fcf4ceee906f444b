/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#include "arena.h"
#include "json.h"
#include "problem.h"

static int reset(void **state)
{
	(void)state;
	arena_reset();
	return 0;
}

#define assert_str(s, z) assert_string_equal(str_z(s), z)

static const struct json *told(const struct problem *p)
{
	const char *why = "";
	struct json *v = json_parse(problem_json(p, S("id\"<")), &why);

	if (!v)
		fail_msg("%s", why);
	return v;
}

/* RFC 9457's members, ours, and a sentence, for every problem there is. */
static void every_problem_is_told(void **state)
{
	(void)state;
	for (int kind = PROBLEM_NONE + 1; kind <= PROBLEM_TIMEOUT; kind++) {
		struct problem p = { 0 };
		const struct json *v;
		struct buf type = buf_new(100);

		assert_false(problem(&p, (enum problem_kind)kind));
		v = told(&p);
		buf_addf(&type, "/problems/%s", problem_slug(&p));
		assert_true(
			str_eq(json_str(json_get(v, "type")), buf_str(&type)));
		assert_str(json_str(json_get(v, "code")), problem_slug(&p));
		assert_true(json_str(json_get(v, "title")).n > 0);
		assert_true(json_str(json_get(v, "detail")).n > 0);
		assert_str(json_str(json_get(v, "request_id")), "id\"<");
		assert_int_equal(json_len(json_get(v, "errors")), 0);
		assert_in_range(problem_status(&p), 400, 503);
		assert_int_equal(
			strtol(str_z(json_scalar(json_get(v, "status"))), NULL,
			       10),
			problem_status(&p));
	}
}

static void details_are_the_callers(void **state)
{
	struct problem p = { 0 };

	(void)state;
	assert_false(problem_say(&p, PROBLEM_JSON, "line 3: \"x\" </script>"));
	assert_str(json_str(json_get(told(&p), "detail")),
		   "line 3: \"x\" </script>");
	assert_null(strstr(str_z(problem_json(&p, S(""))), "</"));
}

static void fields_are_named(void **state)
{
	struct problem p = { 0 };
	const struct json *v;

	(void)state;
	assert_false(problem_field(&p, S("title"), "required"));
	assert_false(problem_field(&p, S("a\"b\n<"), "unknown"));
	assert_int_equal(problem_status(&p), 422);
	v = told(&p);
	assert_int_equal(json_len(json_get(v, "errors")), 2);
	assert_str(json_str(json_path(v, S("errors.0.field"))), "title");
	assert_str(json_str(json_path(v, S("errors.0.code"))), "required");
	assert_str(json_str(json_path(v, S("errors.1.field"))), "a\"b\n<");
	assert_true(json_str(json_path(v, S("errors.1.detail"))).n > 0);
}

/* A stranger may name as many fields, as long, as fit into a body. */
static void many_long_fields_are_still_json(void **state)
{
	struct problem p = { 0 };
	struct buf name = buf_new(20000);

	(void)state;
	while (!name.full)
		buf_add(&name, S("\x7f<&x"));
	for (int i = 0; i < 100; i++)
		assert_false(problem_field(&p, buf_str(&name), "unknown"));
	assert_true(json_len(json_get(told(&p), "errors")) > 0);
}

static enum problem_kind of_state(const char *sqlstate, const char *constraint)
{
	struct problem p = { 0 };

	assert_false(problem_sql(&p, sqlstate, constraint));
	return p.kind;
}

static void sqlstates_are_understood(void **state)
{
	struct problem p = { 0 };

	(void)state;
	assert_int_equal(of_state("PT401", NULL), PROBLEM_SIGNED_OUT);
	assert_int_equal(of_state("PT403", NULL), PROBLEM_FORBIDDEN);
	assert_int_equal(of_state("PT404", NULL), PROBLEM_NOT_FOUND);
	assert_int_equal(of_state("42501", NULL), PROBLEM_FORBIDDEN);
	assert_int_equal(of_state("23505", "x_y_key"), PROBLEM_CONFLICT);
	assert_int_equal(of_state("22001", NULL), PROBLEM_INVALID);
	assert_int_equal(of_state("57014", NULL), PROBLEM_TIMEOUT);
	assert_int_equal(of_state("57P01", NULL), PROBLEM_UNAVAILABLE);
	assert_int_equal(of_state("40001", NULL), PROBLEM_UNAVAILABLE);
	assert_int_equal(of_state("08006", NULL), PROBLEM_UNAVAILABLE);
	assert_int_equal(of_state("XX000", NULL), PROBLEM_INTERNAL);
	assert_int_equal(of_state("42P01", NULL), PROBLEM_INTERNAL);
	assert_int_equal(of_state("", NULL), PROBLEM_INTERNAL);
	assert_int_equal(of_state("23514", "odd"), PROBLEM_INVALID);
	assert_false(problem_sql(&p, "23514", "tickets_title_check"));
	assert_str(p.fields[0].name, "title");
	p = (struct problem){ 0 };
	assert_false(problem_sql(&p, "PT422", "portals_slug.taken"));
	assert_str(p.fields[0].name, "slug");
	assert_string_equal(p.fields[0].code, "taken");
}

/* A refusal of ours may name the very problem by its slug. */
static void refusals_name_their_problem(void **state)
{
	(void)state;
	for (int kind = PROBLEM_NONE + 1; kind <= PROBLEM_TIMEOUT; kind++) {
		struct problem p = { .kind = (enum problem_kind)kind };
		assert_int_equal(of_state("PT403", problem_slug(&p)), kind);
	}
	assert_int_equal(of_state("PT403", "proof-old"), PROBLEM_PROOF_OLD);
	assert_int_equal(of_state("PT409", "factor-last"), PROBLEM_FACTOR_LAST);
	/* Not what merely looks like it, and not PostgreSQL's own. */
	assert_int_equal(of_state("PT403", "none"), PROBLEM_FORBIDDEN);
	assert_int_equal(of_state("PT403", "proof-ol"), PROBLEM_FORBIDDEN);
	assert_int_equal(of_state("PT403", ""), PROBLEM_FORBIDDEN);
	assert_int_equal(of_state("42501", "proof-old"), PROBLEM_FORBIDDEN);
	assert_int_equal(of_state("XX000", "conflict"), PROBLEM_INTERNAL);
}

static void a_list_of_the_database_stands_as_it_is(void **state)
{
	struct problem p = { 0 };
	const struct json *v;

	(void)state;
	assert_false(
		problem_errors(&p, S("[{\"field\":\"cc\",\"code\":\"outside\","
				     "\"detail\":\"a@b.example\"}]")));
	assert_int_equal(problem_status(&p), 422);
	v = told(&p);
	assert_int_equal(json_len(json_get(v, "errors")), 1);
	assert_str(json_str(json_path(v, S("errors.0.detail"))), "a@b.example");
}

#define CASE(f) cmocka_unit_test_teardown(f, reset)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(every_problem_is_told),
		CASE(details_are_the_callers),
		CASE(fields_are_named),
		CASE(many_long_fields_are_still_json),
		CASE(sqlstates_are_understood),
		CASE(refusals_name_their_problem),
		CASE(a_list_of_the_database_stands_as_it_is),
	};

	json_setup();
	return cmocka_run_group_tests_name("problem", tests, NULL, NULL);
}
