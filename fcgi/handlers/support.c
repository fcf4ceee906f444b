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
