/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What a client controls of a request: URI, cookies, headers, body, one a
 * line, the body last. nginx lets no line end into any but the body. */
#include <assert.h>

#include "arena.h"
#include "cookie.h"
#include "request.h"
#include "route.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static const struct route table[] = {
	{ .method = GET, .path = "/" },
	{ .method = GET, .path = "/api/tickets/:number" },
	{ .method = POST, .path = "/api/tickets/:number/comments" },
	{ .method = GET, .path = "/a/:x/b/:y" },
	{ .path = NULL },
};

static const char *const names[] = {
	"REQUEST_METHOD",  "REQUEST_URI",	   "HTTP_COOKIE",
	"SPORTELLO_HOST",  "CONTENT_TYPE",	   "CONTENT_LENGTH",
	"SPORTELLO_START", "HTTP_ACCEPT_LANGUAGE",
};
static const char *values[ARRAY_LEN(names)];

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	json_setup();
	return 0;
}

static const char *param(const char *name)
{
	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (!strcmp(name, names[i]))
			return values[i];
	return NULL;
}

static void check_pairs(const struct pairs *p)
{
	assert(p->n <= REQUEST_PAIRS_MAX);
	for (size_t i = 0; i < p->n; i++) {
		assert(str_is_text(p->at[i].key));
		assert(str_is_text(p->at[i].value));
	}
}

static void check_path(struct str to)
{
	struct str path = request_local_path(to);

	assert(path.n && path.p[0] == '/');
	assert(path.n == 1 || (path.p[1] != '/' && path.p[1] != '\\'));
	for (size_t i = 0; i < path.n; i++)
		assert(path.p[i] > ' ' && path.p[i] < 127);
}

static void read_request(struct str body)
{
	struct request r = { .method = GET };

	r.reply.headers = buf_new(1000);
	if (!request_read(&r, param)) {
		assert(r.problem.kind != PROBLEM_NONE);
		return;
	}
	check_pairs(&r.query);
	assert(r.path.n && r.path.p[0] == '/' && str_is_text(r.path));
	assert(r.content_length <= REQUEST_STREAM_MAX);
	if (route_find(&r, table)) {
		route_param(&r, "number");
		route_param(&r, "y");
	}
	r.body = body;
	if (request_body(&r)) {
		check_pairs(&r.form);
		assert(!r.json || json_kind(r.json) == JSON_OBJECT);
	} else {
		problem_json(&r.problem, S("id"));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct str rest = { (const char *)data, n };

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		values[i] = str_z(str_cut(&rest, '\n'));
	read_request(rest);
	check_path(rest);
	cookie_get(rest, S("sid"));
	arena_reset();
	return 0;
}
