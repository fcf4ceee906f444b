/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "route.h"

/* How many parts of the path the pattern takes as :params; -1: it is none of
 * its paths. */
static int matches(struct str pattern, struct str path,
		   struct str params[REQUEST_PARAMS_MAX])
{
	int n = 0;

	while (pattern.n || path.n) {
		bool more_pattern = memchr(pattern.p, '/', pattern.n) != NULL;
		bool more_path = memchr(path.p, '/', path.n) != NULL;
		struct str want = str_cut(&pattern, '/');
		struct str have = str_cut(&path, '/');
		if (more_pattern != more_path)
			return -1;
		if (want.n && want.p[0] == ':') {
			if (!have.n || n == REQUEST_PARAMS_MAX)
				return -1;
			params[n++] = have;
		} else if (!str_eq(want, have)) {
			return -1;
		}
	}
	return n;
}

static void allow(struct buf *list, enum method m)
{
	static const char *const names[] = { "GET, HEAD", "POST", "PATCH",
					     "DELETE", "OPTIONS" };

	buf_addf(list, "%s%s", list->n ? ", " : "", names[m]);
}

bool route_find(struct request *r, const struct route *table)
{
	struct str params[REQUEST_PARAMS_MAX] = { 0 };
	struct buf allowed = buf_new(64);
	int fewest = REQUEST_PARAMS_MAX + 1;

	/* The row with the fewest :params means the path most exactly, wherever
	 * in the table it stands. */
	for (const struct route *row = table; row->path; row++) {
		int n = matches(str_of(row->path), r->path, params);
		if (n < 0)
			continue;
		if (row->method != r->method) {
			allow(&allowed, row->method);
		} else if (n < fewest) {
			fewest = n;
			r->route = row;
			memcpy(r->params, params, sizeof(params));
		}
	}
	if (r->route)
		return true;
	if (!allowed.n)
		return problem(&r->problem, PROBLEM_NOT_FOUND);
	buf_addf(&r->reply.headers, "Allow: %.*s\r\n",
		 STR_ARG(buf_str(&allowed)));
	return problem(&r->problem, PROBLEM_METHOD);
}

struct str route_param(const struct request *r, const char *name)
{
	struct str pattern = str_of(r->route->path);
	size_t n = 0;

	while (pattern.n) {
		struct str part = str_cut(&pattern, '/');
		if (!part.n || part.p[0] != ':')
			continue;
		if (str_eqz(str_from(part, 1), name))
			return r->params[n];
		n++;
	}
	return S("");
}

static bool takes(const struct query *q, const char *name)
{
	unsigned i = 0;

	while (i < q->n_inputs && strcmp(q->inputs[i].name, name) != 0)
		i++;
	return i < q->n_inputs;
}

/* The filtered one is for whoever gives what the plain one does not take. */
const struct query *route_query(const struct request *r)
{
	const struct query *q = r->route->filtered;

	for (unsigned i = 0; q && i < q->n_inputs; i++)
		if (!takes(r->route->query, q->inputs[i].name) &&
		    pairs_get(&r->query, q->inputs[i].name))
			return q;
	return r->route->query;
}
