/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "reply.h"

#include "problem.h"

#define HEAD_MAX 8192

bool reply(struct request *r, int status, const char *type, struct str body)
{
	r->reply.status = status;
	r->reply.type = type;
	r->reply.body = body;
	return true;
}

bool reply_json(struct request *r, int status, struct str body)
{
	return reply(r, status, "application/json", body);
}

void reply_header(struct request *r, const char *name, struct str value)
{
	buf_addf(&r->reply.headers, "%s: %.*s\r\n", name, STR_ARG(value));
}

bool reply_see_other(struct request *r, struct str path)
{
	reply_header(r, "Location", path);
	return reply(r, 303, NULL, S(""));
}

bool reply_must_wait(struct request *r, struct str answer)
{
	struct str begin = S("{\"wait\" : ");

	if (!str_starts(answer, begin))
		return false;
	answer = str_from(answer, begin.n);
	reply_header(r, "Retry-After", str_cut(&answer, '}'));
	problem(&r->problem, PROBLEM_TOO_MANY);
	return true;
}

void reply_problem(struct request *r)
{
	reply(r, problem_status(&r->problem), "application/problem+json",
	      problem_json(&r->problem, r->id));
}

/* Answers are for one person and one moment unless a handler said otherwise. */
static bool has_cache_rule(struct str headers)
{
	return headers.n && memmem(headers.p, headers.n, "Cache-Control:", 14);
}

/* nginx makes its status line of this; without words there it would lack the
 * blank that HTTP wants behind the code. */
static const char *reason(int status)
{
	return status < 300 ? "OK" : status < 400 ? "See Other" : "Problem";
}

struct str reply_head(const struct request *r)
{
	struct buf b = buf_new(HEAD_MAX);
	struct str headers = buf_str(&r->reply.headers);

	buf_addf(&b, "Status: %d %s\r\n", r->reply.status,
		 reason(r->reply.status));
	if (r->reply.type)
		buf_addf(&b, "Content-Type: %s\r\n", r->reply.type);
	if (!r->reply.sent)
		buf_addf(&b, "Content-Length: %zu\r\n", r->reply.body.n);
	if (!has_cache_rule(headers))
		buf_add(&b, S("Cache-Control: private, no-store\r\n"));
	buf_addf(&b, "X-Request-Id: %.*s\r\n", STR_ARG(r->id));
	buf_add(&b, headers);
	buf_add(&b, S("\r\n"));
	return buf_str(&b);
}
