/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "handlers/access.h"

#include "door.h"
#include "handlers/sessions.h"
#include "input.h"
#include "page.h"
#include "reply.h"
#include "secret.h"
#include "serve.h"

static bool choose(struct request *r, const char *field, struct str password,
		   struct secret_password *out)
{
	if (!str_is_text(password) || str_chars(password) < SECRET_PASSWORD_MIN)
		return problem_field(&r->problem, str_of(field), "too_short");
	if (password.n > SECRET_PASSWORD_MAX)
		return problem_field(&r->problem, str_of(field), "too_long");
	return secret_new_password(password, out) ||
	       problem(&r->problem, PROBLEM_UNAVAILABLE);
}

static bool choose_in_form(struct request *r, struct secret_password *out)
{
	const struct str *typed = pairs_get(&r->form, "password");

	return choose(r, "password", typed ? *typed : S(""), out);
}

bool access_reset(struct request *r)
{
	union q_login_reset q;
	struct secret_password p;

	if (!input(r, &Q_login_reset, q.v) || !choose_in_form(r, &p))
		return page_form_again(r);
	q.salt = p.salt;
	q.passes = p.passes;
	q.memory_kib = p.memory_kib;
	q.derived_key = p.key;
	return page_form_with(r, q.v);
}

/* The session is made with the invitation's end; the shell in the same trip is
 * for who came, in case it was over. */
bool access_accept(struct request *r)
{
	union q_login_accept q;
	struct secret_password p = { 0 };
	struct str token = secret_token();
	struct db_step steps[] = {
		{ .query = &Q_login_accept, .values = q.v },
		{ .query = &Q_pages_shell },
	};

	/* Whoever has a password already sends none. */
	if (!input(r, &Q_login_accept, q.v) ||
	    (pairs_get(&r->form, "password") && !choose_in_form(r, &p)))
		return page_form_again(r);
	if (q.lang && !catalog_find(str_of(q.lang)))
		q.lang = NULL;
	q.salt = p.salt;
	q.passes = p.passes;
	q.memory_kib = p.memory_kib;
	q.derived_key = p.key;
	q.token_hash = secret_token_hash(token);
	q.old_token = secret_token_bytea(r->token);
	if (!door_run(r, steps, ARRAY_LEN(steps)) ||
	    reply_must_wait(r, steps[0].out))
		return false;
	const struct json *said = json_parse_own(steps[0].out);
	if (json_get(said, "session"))
		return sessions_begin(r, token, json_get(said, "session"),
				      S("/"));
	return page_said(r, steps[0].out, steps[1].out);
}

static bool derive_old(struct request *r, struct str password, const char **key)
{
	struct db_step salt = { .query = &Q_login_own_salt };
	uint64_t passes, memory;

	if (!door_run(r, &salt, 1))
		return false;
	const struct json *s = json_parse_own(salt.out);
	return (str_u64(json_scalar(json_get(s, "passes")), 10, &passes) &&
		str_u64(json_scalar(json_get(s, "memory_kib")), 262144,
			&memory) &&
		secret_derive(password, json_str(json_get(s, "salt")), passes,
			      memory, key)) ||
	       problem_field(&r->problem, S("old"), "wrong");
}

bool access_password(struct request *r)
{
	union q_login_change_password q;
	struct secret_password p;
	struct db_step change = { .query = &Q_login_change_password,
				  .values = q.v };

	if (!derive_old(r, json_str(json_get(r->json, "old")), &q.old_key) ||
	    !choose(r, "new", json_str(json_get(r->json, "new")), &p))
		return false;
	q.salt = p.salt;
	q.passes = p.passes;
	q.memory_kib = p.memory_kib;
	q.derived_key = p.key;
	if (!door_run(r, &change, 1) || reply_must_wait(r, change.out))
		return false;
	if (json_get(json_parse_own(change.out), "wrong"))
		return problem_field(&r->problem, S("old"), "wrong");
	return reply(r, 204, NULL, S(""));
}
