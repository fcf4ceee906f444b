/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "handlers/looks.h"

#include "input.h"
#include "queries.h"
#include "serve.h"

static const struct member {
	const char *name;
	enum json_kind kind;
} members[] = {
	{ "name", JSON_STRING },     { "brand", JSON_STRING },
	{ "brand_bg", JSON_STRING }, { "round", JSON_NUMBER },
	{ "logo", JSON_STRING },     { "mail_logo", JSON_STRING },
	{ "favicon", JSON_STRING },  { "mail_name", JSON_STRING },
	{ "headline", JSON_OBJECT }, { "welcome", JSON_OBJECT },
	{ "footer", JSON_OBJECT },   { "links", JSON_ARRAY },
};

static const struct member *find(struct str name)
{
	for (size_t i = 0; i < ARRAY_LEN(members); i++)
		if (str_eqz(name, members[i].name))
			return &members[i];
	return NULL;
}

static bool check(struct str name, const struct json *v, void *request)
{
	struct request *r = request;
	const struct member *m = find(name);
	enum json_kind kind = json_kind(v);
	uint64_t n;

	if (!m)
		problem_field(&r->problem, name, "unknown");
	else if (kind == JSON_NULL && str_eqz(name, "name"))
		problem_field(&r->problem, name, "required");
	else if (kind != JSON_NULL && kind != m->kind)
		problem_field(&r->problem, name, "type");
	else if (kind == JSON_NUMBER && !str_u64(json_scalar(v), 2, &n))
		problem_field(&r->problem, name, "range");
	return true;
}

bool looks_change(struct request *r)
{
	union q_looks_change q;
	struct buf change = buf_new(2 * REQUEST_BODY_MAX);
	struct json *body = r->json;

	r->json = NULL; /* its members are not the query's inputs */
	if (!input(r, &Q_looks_change, q.v))
		return false;
	json_each(body, check, r);
	if (r->problem.kind != PROBLEM_NONE)
		return false;
	if (!json_len(body))
		return problem_say(&r->problem, PROBLEM_INVALID,
				   "Name at least one member to change.");
	json_write(&change, body);
	if (change.full)
		return problem(&r->problem, PROBLEM_TOO_LARGE);
	q.change = str_z(buf_str(&change));
	return serve_with(r, q.v);
}
