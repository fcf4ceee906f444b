/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "handlers/support.h"

#include "cookie.h"
#include "door.h"
#include "input.h"
#include "reply.h"
#include "secret.h"
#include "serve.h"

bool support_new_entry(struct request *r)
{
	union q_grants_new_entry q;

	if (!input(r, &Q_grants_new_entry, q.v))
		return false;
	q.origin = str_z(r->own_origin);
	q.host = str_z(r->host);
	return serve_with(r, q.v);
}

/* Whoever is signed in here stays so: the session has a cookie of its own,
 * which counts until it is left. */
bool support_enter(struct request *r)
{
	union q_grants_take_entry q;
	struct db_step step = { .query = &Q_grants_take_entry, .values = q.v };
	struct str token = secret_token();
	uint64_t seconds;

	if (!input(r, &Q_grants_take_entry, q.v))
		return false;
	q.host = str_z(r->host);
	q.token_hash = secret_token_hash(token);
	if (!door_trip(r, &step, 1))
		return false;
	if (!step.found ||
	    !str_u64(json_scalar(json_get(json_parse_own(step.out), "seconds")),
		     UINT32_MAX, &seconds))
		return problem(&r->problem, PROBLEM_ENTRY_OVER);
	reply_header(r, "Set-Cookie",
		     cookie_support(r->secure, token, seconds));
	return reply_see_other(r, S("/"));
}

/* ---- for the tenant's own product ---- */

/* The first time a key signs, the world learns its public half. */
static bool publish(struct request *r, struct str kid, struct str public_key)
{
	union q_grants_publish q = {
		.kid = str_z(kid),
		.public = str_z(secret_base64(public_key)),
	};
	struct db_step step = { .query = &Q_grants_publish, .values = q.v };

	return door_run(r, &step, 1);
}

bool support_token(struct request *r)
{
	union q_grants_token q;
	struct db_step step = { .query = &Q_grants_token, .values = q.v };
	struct buf token = buf_new(8192), b = buf_new(16384);
	struct str seed, public_key;

	if (!input(r, &Q_grants_token, q.v))
		return false;
	q.origin = str_z(r->own_origin);
	if (!door_run(r, &step, 1))
		return false;
	const struct json *t = json_parse_own(step.out);
	if (!secret_unbase64(json_str(json_get(t, "seed")), &seed))
		return problem(&r->problem, PROBLEM_INTERNAL);
	/* RFC 7515: both parts, as they are sent, are what is signed. */
	buf_add(&token, secret_base64(json_str(json_get(t, "header"))));
	buf_char(&token, '.');
	buf_add(&token, secret_base64(json_str(json_get(t, "claims"))));
	struct str signature = secret_sign(seed, buf_str(&token), &public_key);
	buf_char(&token, '.');
	buf_add(&token, secret_base64(signature));
	if (!json_str(json_get(t, "public")).n &&
	    !publish(r, json_scalar(json_get(t, "kid")), public_key))
		return false;
	buf_add(&b, S("{\"token\":"));
	buf_json(&b, buf_str(&token));
	buf_add(&b, S(",\"expires_at\":"));
	json_write(&b, json_get(t, "expires_at"));
	buf_char(&b, '}');
	return token.full || b.full ? problem(&r->problem, PROBLEM_INTERNAL)
				    : reply_json(r, 201, buf_str(&b));
}
