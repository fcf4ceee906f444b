/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "handlers/sessions.h"

#include "cookie.h"
#include "door.h"
#include "input.h"
#include "page.h"
#include "reply.h"
#include "secret.h"

static struct str value(const struct pairs *p, const char *name)
{
	const struct str *v = pairs_get(p, name);

	return v ? *v : S("");
}

static struct str sign_in_data(struct str email, struct str to, bool failed)
{
	struct buf b = buf_new(8192);

	buf_add(&b, S("{\"email\":"));
	buf_json(&b, email);
	buf_add(&b, S(",\"to\":"));
	buf_json(&b, request_local_path(to));
	buf_addf(&b, ",\"failed\":%s}", failed ? "true" : "false");
	return buf_str(&b);
}

bool sessions_page(struct request *r)
{
	return page_show(r, 200,
			 sign_in_data(S(""), value(&r->query, "to"), false));
}

/* First trip: salt and cost, made up by the database for unknown addresses;
 * then the hash, which takes the time it takes for anybody. */
static bool derive(struct request *r, const char **email, const char **key)
{
	union q_door_salt q;
	struct db_step salt = { .query = &Q_door_salt, .values = q.v };
	struct str password = value(&r->form, "password");
	uint64_t passes, memory;

	if (!input(r, &Q_door_salt, q.v))
		return false;
	if (password.n > SECRET_PASSWORD_MAX)
		return problem(&r->problem, PROBLEM_INVALID);
	q.host = str_z(r->host);
	if (!door_trip(r, &salt, 1))
		return false;
	struct json *s = json_parse_own(salt.out);
	if (!str_u64(json_scalar(json_get(s, "passes")), 10, &passes) ||
	    !str_u64(json_scalar(json_get(s, "memory_kib")), 262144, &memory) ||
	    !secret_derive(password, json_str(json_get(s, "salt")), passes,
			   memory, key))
		return problem(&r->problem, PROBLEM_UNAVAILABLE);
	*email = q.email;
	return true;
}

bool sessions_begin(struct request *r, struct str token,
		    const struct json *session, struct str to)
{
	uint64_t seconds, rank;

	if (!str_u64(json_scalar(json_get(session, "seconds")), UINT32_MAX,
		     &seconds) ||
	    !str_u64(json_scalar(json_get(session, "rank")), 3, &rank))
		return problem(&r->problem, PROBLEM_INTERNAL);
	reply_header(r, "Set-Cookie",
		     cookie_session(r->secure, token, seconds));
	if (r->support)
		reply_header(r, "Set-Cookie",
			     cookie_support(r->secure, S(""), 0));
	if (str_eqz(to, "/") && rank >= AGENT)
		to = S("/agent?group=open");
	return reply_see_other(r, to);
}

/* No address, or a password no hash is made of: no second trip to try it. */
static bool again(struct request *r)
{
	r->problem = (struct problem){ 0 };
	return page_show(r, 401,
			 sign_in_data(value(&r->form, "email"),
				      value(&r->form, "to"), true));
}

/* Second trip: the session, and the page to show again should there be none.
 * An older session of this browser ends with it; the shell is fetched as for
 * somebody signed out. */
bool sessions_open(struct request *r)
{
	union q_door_sign_in q;
	const char *email = NULL, *key = NULL;

	if (!derive(r, &email, &key))
		return r->problem.kind == PROBLEM_INVALID && again(r);
	const char *old = secret_token_bytea(r->token);
	r->token = S("");
	struct str token = secret_token();
	struct db_step steps[] = {
		door_step(r, ANYONE, true),
		{ .query = &Q_door_sign_in, .values = q.v },
		{ .query = &Q_pages_shell },
	};
	q.email = email;
	q.derived_key = key;
	q.token_hash = secret_token_hash(token);
	q.old_token = old;
	q.client = str_z(r->client);
	q.browser = str_z(r->browser);
	if (!door_trip(r, steps, ARRAY_LEN(steps)))
		return false;
	if (reply_must_wait(r, steps[1].out))
		return false;
	if (steps[1].found)
		return sessions_begin(
			r, token, json_parse_own(steps[1].out),
			request_local_path(value(&r->form, "to")));
	return page_fill(r, 401, steps[2].out,
			 sign_in_data(value(&r->form, "email"),
				      value(&r->form, "to"), true));
}

static void forget(struct request *r)
{
	reply_header(r, "Set-Cookie", cookie_session(r->secure, S(""), 0));
}

/* A context of support's may write nothing, this session's end included. */
static bool leave(struct request *r)
{
	union q_grants_leave q = {
		.host = str_z(r->host),
		.token = secret_token_bytea(r->token),
	};
	struct db_step step = { .query = &Q_grants_leave, .values = q.v };

	if (!door_trip(r, &step, 1))
		return false;
	reply_header(r, "Set-Cookie", cookie_support(r->secure, S(""), 0));
	return true;
}

/* The cookie goes only when the session has gone: else nobody could end it. */
static bool sign_out(struct request *r)
{
	struct db_step out = { .query = &Q_door_sign_out };

	if (r->support)
		return leave(r);
	if (!door_run(r, &out, 1))
		return false;
	forget(r);
	return true;
}

/* Whoever is signed out already is where they wanted to be. */
bool sessions_close(struct request *r)
{
	if (!sign_out(r)) {
		if (r->problem.kind != PROBLEM_SIGNED_OUT)
			return false;
		r->problem = (struct problem){ 0 };
		forget(r);
	}
	return reply_see_other(r, S("/"));
}

bool sessions_end(struct request *r)
{
	return sign_out(r) && reply(r, 204, NULL, S(""));
}

bool sessions_preferences(struct request *r)
{
	const struct str *lang = pairs_get(&r->form, "lang");
	const struct str *theme = pairs_get(&r->form, "theme");

	if (lang && catalog_find(*lang))
		reply_header(r, "Set-Cookie",
			     cookie_preference(r->secure, S("lang"), *lang));
	if (theme && (str_eqz(*theme, "light") || str_eqz(*theme, "dark")))
		reply_header(r, "Set-Cookie",
			     cookie_preference(r->secure, S("theme"), *theme));
	else if (theme)
		reply_header(r, "Set-Cookie",
			     cookie_preference(r->secure, S("theme"), S("")));
	return reply_see_other(r, request_local_path(value(&r->form, "to")));
}
