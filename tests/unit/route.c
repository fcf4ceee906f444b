/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#include "arena.h"
#include "route.h"

static const struct route table[] = {
	{ .method = GET, .path = "/" },
	{ .method = GET, .path = "/tickets" },
	{ .method = GET, .path = "/tickets/new" },
	{ .method = GET, .path = "/api/tickets/:number" },
	{ .method = PATCH, .path = "/api/tickets/:number" },
	{ .method = POST, .path = "/api/tickets/:number/comments" },
	{ .method = GET, .path = "/theme/:hash" },
	{ .method = GET, .path = "/a/:x/b/:y" },
	{ .method = GET, .path = "/a/here/b/:y" },
	{ .method = GET, .path = "/api/tickets/count" },
	{ .path = NULL },
};

static int reset(void **state)
{
	(void)state;
	arena_reset();
	return 0;
}

#define assert_str(s, z) assert_string_equal(str_z(s), z)

static struct request asking(enum method method, const char *path)
{
	struct request r = { .method = method, .path = str_of(path) };

	r.reply.headers = buf_new(1000);
	return r;
}

/* The row's path, or the problem's slug. */
static const char *found(enum method method, const char *path)
{
	struct request r = asking(method, path);

	return route_find(&r, table) ? r.route->path : problem_slug(&r.problem);
}

static void paths_find_their_rows(void **state)
{
	(void)state;
	assert_string_equal(found(GET, "/"), "/");
	assert_string_equal(found(GET, "/tickets"), "/tickets");
	assert_string_equal(found(GET, "/tickets/new"), "/tickets/new");
	/* Behind a row whose :number it could be. */
	assert_string_equal(found(GET, "/api/tickets/count"),
			    "/api/tickets/count");
	assert_string_equal(found(GET, "/a/here/b/2"), "/a/here/b/:y");
	assert_string_equal(found(PATCH, "/api/tickets/42"),
			    "/api/tickets/:number");
	assert_string_equal(found(POST, "/api/tickets/42/comments"),
			    "/api/tickets/:number/comments");
}

static void other_paths_find_nothing(void **state)
{
	static const char *const paths[] = {
		"",
		"//",
		"/tickets/",
		"/tickets//",
		"//tickets",
		"/Tickets",
		"/tickets/newer",
		"/ticket",
		"/api",
		"/api/tickets/",
		"/api/tickets//comments",
		"/api/tickets/1/comments/",
		"/api/tickets/1/comments/2",
		"/theme/",
		"/a/1/b/",
		"/a//b/2",
		"tickets",
		"/tickets/../tickets",
		"/a/1/c/2",
		"/tickets%2fnew",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(paths); i++)
		if (strcmp(found(GET, paths[i]), "not-found"))
			fail_msg("%s is %s", paths[i], found(GET, paths[i]));
}

static void parts_of_paths_have_names(void **state)
{
	struct request r = asking(GET, "/a/one/b/t%20wo");

	(void)state;
	assert_true(route_find(&r, table));
	assert_str(route_param(&r, "x"), "one");
	assert_str(route_param(&r, "y"), "t%20wo");
	assert_str(route_param(&r, "z"), "");
}

static void other_methods_are_told_which(void **state)
{
	struct request r = asking(POST, "/api/tickets/42");
	struct request other = asking(GET, "/api/tickets/42/comments");

	(void)state;
	assert_false(route_find(&r, table));
	assert_int_equal(problem_status(&r.problem), 405);
	assert_str(buf_str(&r.reply.headers), "Allow: GET, HEAD, PATCH\r\n");
	assert_false(route_find(&other, table));
	assert_str(buf_str(&other.reply.headers), "Allow: POST\r\n");
}

static void a_filter_has_its_own_query(void **state)
{
	static const struct query_input inputs[] = {
		{ .name = "after", .source = SOURCE_QUERY },
		{ .name = "group", .source = SOURCE_QUERY },
	};
	static const struct query all = { .name = "all",
					  .inputs = inputs,
					  .n_inputs = 1 };
	static const struct query some = { .name = "some",
					   .inputs = inputs,
					   .n_inputs = 2 };
	static const struct route row = { .query = &all, .filtered = &some };
	struct request r = { .route = &row };

	(void)state;
	assert_ptr_equal(route_query(&r), &all);
	assert_true(request_pairs(S("after=1"), &r.query));
	assert_ptr_equal(route_query(&r), &all);
	assert_true(request_pairs(S("after=1&group=open"), &r.query));
	assert_ptr_equal(route_query(&r), &some);
}

#define CASE(f) cmocka_unit_test_teardown(f, reset)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(paths_find_their_rows),
		CASE(other_paths_find_nothing),
		CASE(parts_of_paths_have_names),
		CASE(other_methods_are_told_which),
		CASE(a_filter_has_its_own_query),
	};

	return cmocka_run_group_tests_name("route", tests, NULL, NULL);
}
