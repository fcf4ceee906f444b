/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "handlers/steps.h"

#include <time.h>

#include "cookie.h"
#include "door.h"
#include "handlers/factors.h"
#include "handlers/sessions.h"
#include "input.h"
#include "page.h"
#include "reply.h"
#include "secret.h"
#include "totp.h"
#include "webauthn.h"

/* A try at a step: what it needs, and what comes of it. */
struct attempt {
	const char *step, *host, *old_token, *token_hash;
	struct str token; /* of the session that may come of it */
};

static struct str step_token(const struct request *r)
{
	return cookie_get(r->cookies, cookie_brief_name(r->secure, "step"));
}

static struct str field(const struct request *r, const char *name)
{
	return sessions_value(&r->form, name);
}

static struct str where_to(const struct request *r)
{
	return request_local_path(r->method == GET
					  ? sessions_value(&r->query, "to")
					  : field(r, "to"));
}

/* ---- the page ---- */

/* The step is over, or never was: from the beginning. */
static bool begin_again(struct request *r)
{
	struct buf url = buf_new(4 * REQUEST_PATH_MAX);

	reply_header(r, "Set-Cookie",
		     cookie_brief(r->secure, "step", S(""), 0));
	buf_add(&url, S("/sign-in?why=over&to="));
	buf_percent(&url, where_to(r));
	return reply_see_other(r, buf_str(&url));
}

static bool add_app(struct buf *b, const struct json *step)
{
	struct str secret;

	if (!json_str(json_get(step, "secret")).n)
		return true;
	if (!factors_open(json_get(step, "secret"), &secret))
		return false;
	buf_add(b, S(",\"app\":"));
	factors_add_app(b, secret, json_get(step, "names"));
	return true;
}

static bool show(struct request *r, int status, struct str shell,
		 struct str step, const char *failed)
{
	struct buf b = buf_new(128 * 1024);
	const struct json *s = json_parse_own(step);

	buf_add(&b, S("{\"to\":"));
	buf_json(&b, where_to(r));
	buf_addf(&b, ",\"failed\":%s,\"method\":", failed ? "true" : "false");
	buf_json(&b, str_of(failed));
	buf_addf(&b, ",\"step\":%.*s", STR_ARG(step));
	if (!add_app(&b, s))
		return problem(&r->problem, PROBLEM_UNAVAILABLE);
	buf_char(&b, '}');
	return page_fill(r, status, shell, buf_str(&b));
}

static struct db_step show_step(const struct request *r, union q_steps_show *q)
{
	q->step = str_z(step_token(r));
	q->host = str_z(r->host);
	q->secret = factors_new_secret();
	return (struct db_step){ .query = &Q_steps_show, .values = q->v };
}

bool steps_page(struct request *r)
{
	union q_steps_show q;
	struct db_step steps[] = { door_step(r, ANYONE, true),
				   { .query = &Q_pages_shell },
				   show_step(r, &q) };

	if (!door_trip(r, steps, ARRAY_LEN(steps)))
		return false;
	r->shell = steps[1].out;
	return steps[2].found ? show(r, 200, steps[1].out, steps[2].out, NULL)
			      : begin_again(r);
}

/* ---- a try ---- */

/* Recovery codes are shown this once. */
static bool show_codes(struct request *r, struct str shell, struct str to,
		       const struct json *codes)
{
	struct buf b = buf_new(16 * 1024);

	buf_add(&b, S("{\"to\":"));
	buf_json(&b, to);
	buf_add(&b, S(",\"recovery\":"));
	json_write(&b, codes);
	buf_char(&b, '}');
	return page_fill(r, 200, shell, buf_str(&b));
}

static bool welcome(struct request *r, const struct attempt *t,
		    struct str shell, struct str answer)
{
	const struct json *a = json_parse_own(answer);
	const struct json *codes = json_get(a, "recovery");
	struct str to = where_to(r);

	reply_header(r, "Set-Cookie",
		     cookie_brief(r->secure, "step", S(""), 0));
	if (!sessions_keep(r, t->token, a, &to))
		return false;
	return json_kind(codes) == JSON_ARRAY ? show_codes(r, shell, to, codes)
					      : reply_see_other(r, to);
}

/* The last trip of every try: the act, if what was shown is good, and the page
 * to show again if not, or if the database will not have it. */
static bool finish(struct request *r, const struct attempt *t,
		   const struct query *act, const char *const *values,
		   const char *method)
{
	union q_steps_show q;
	struct db_step steps[4] = { door_step(r, ANYONE, true),
				    { .query = &Q_pages_shell } };
	size_t n = 2;

	if (act)
		steps[n++] = (struct db_step){ .query = act, .values = values };
	steps[n++] = show_step(r, &q);
	if (!door_trip(r, steps, n))
		return false;
	r->shell = steps[1].out;
	if (act && steps[2].found)
		return welcome(r, t, steps[1].out, steps[2].out);
	if (!steps[n - 1].found)
		return begin_again(r);
	return show(r, 401, steps[1].out, steps[n - 1].out, method);
}

/* The first trip, which costs a try. False with *over: there was none. */
static bool spend_try(struct request *r, const struct attempt *t,
		      const char *credential, const struct json **out,
		      bool *over)
{
	union q_steps_try q;
	struct db_step steps[] = { door_step(r, ANYONE, true),
				   { .query = &Q_steps_try, .values = q.v } };

	q.step = t->step;
	q.host = t->host;
	q.credential = credential;
	*over = false;
	if (!door_trip(r, steps, ARRAY_LEN(steps)))
		return false;
	*over = !steps[1].found;
	*out = json_parse_own(steps[1].out);
	return !*over;
}

static bool by_code(struct request *r, const struct attempt *t)
{
	const struct json *known;
	union q_steps_code q;
	struct str secret;
	uint64_t moment;
	bool over;

	if (!spend_try(r, t, NULL, &known, &over))
		return over && begin_again(r);
	if (!factors_open(json_get(known, "secret"), &secret) ||
	    !totp_check(secret, field(r, "code"), (uint64_t)time(NULL),
			&moment))
		return finish(r, t, NULL, NULL, "code");
	struct buf number = buf_new(32);
	buf_addf(&number, "%llu", (unsigned long long)moment);
	q.step = t->step;
	q.moment = str_z(buf_str(&number));
	q.token_hash = t->token_hash;
	q.old_token = t->old_token;
	return finish(r, t, &Q_steps_code, q.v, "code");
}

static bool by_recovery(struct request *r, const struct attempt *t)
{
	union q_steps_recover q;

	if (!input(r, &Q_steps_recover, q.v)) {
		r->problem = (struct problem){ 0 };
		return finish(r, t, NULL, NULL, "recovery");
	}
	q.step = t->step;
	q.token_hash = t->token_hash;
	q.old_token = t->old_token;
	return finish(r, t, &Q_steps_recover, q.v, "recovery");
}

static bool signed_well(struct request *r, const struct json *known,
			struct webauthn_key *key)
{
	const struct json *k = json_get(known, "key");
	struct str client, data, signature;
	const char *why = "key";
	bool ok = json_kind(k) == JSON_OBJECT && factors_read_key(k, key) &&
		  secret_unbase64(field(r, "client_data"), &client) &&
		  secret_unbase64(field(r, "data"), &data) &&
		  secret_unbase64(field(r, "signature"), &signature) &&
		  webauthn_check(
			  &(struct webauthn_asked){
				  .challenge = json_str(
					  json_get(known, "challenge")),
				  .origin = r->own_origin,
				  .host = r->host },
			  client, data, signature, key, &why);

	if (!ok)
		factors_log(r, why);
	return ok;
}

static bool by_passkey(struct request *r, const struct attempt *t)
{
	const struct json *known;
	struct webauthn_key key = { 0 };
	union q_steps_passkey q;
	struct str credential;
	bool over;

	if (!secret_unbase64(field(r, "credential"), &credential) ||
	    !credential.n)
		return finish(r, t, NULL, NULL, "passkey");
	q.credential = secret_bytea(credential);
	if (!spend_try(r, t, q.credential, &known, &over))
		return over && begin_again(r);
	if (!signed_well(r, known, &key))
		return finish(r, t, NULL, NULL, "passkey");
	struct buf uses = buf_new(32);
	buf_addf(&uses, "%u", key.uses);
	q.step = t->step;
	q.host = t->host;
	q.uses = str_z(buf_str(&uses));
	q.token_hash = t->token_hash;
	q.old_token = t->old_token;
	return finish(r, t, &Q_steps_passkey, q.v, "passkey");
}

/* A first passkey, where one must be made: its challenge is good once, so it
 * needs no look beforehand. */
static bool by_new(struct request *r, const struct attempt *t)
{
	struct webauthn_key key;
	struct str client, attestation, challenge;
	union q_steps_made q;
	const char *why = "attestation";

	if (!secret_unbase64(field(r, "client_data"), &client) ||
	    !secret_unbase64(field(r, "attestation"), &attestation) ||
	    !factors_register(r, client, attestation, &challenge, &key, &why)) {
		factors_log(r, why);
		return finish(r, t, NULL, NULL, "new");
	}
	union q_factors_passkey_add added;
	factors_fill_key(r, &key, challenge, &added);
	q.step = t->step;
	q.challenge = added.challenge;
	q.host = added.host;
	q.credential = added.credential;
	q.algorithm = added.algorithm;
	q.public_key = added.public_key;
	q.uses = added.uses;
	q.name = factors_key_name(r, field(r, "name"));
	q.token_hash = t->token_hash;
	q.old_token = t->old_token;
	return finish(r, t, &Q_steps_made, q.v, "new");
}

bool steps_pass(struct request *r)
{
	static const struct {
		const char *name;
		bool (*pass)(struct request *r, const struct attempt *t);
	} methods[] = {
		{ "code", by_code },
		{ "recovery", by_recovery },
		{ "passkey", by_passkey },
		{ "new", by_new },
	};
	struct str method = field(r, "method");
	struct attempt t = { .step = str_z(step_token(r)),
			     .host = str_z(r->host),
			     .old_token = secret_token_bytea(r->token),
			     .token = secret_token() };

	r->token = S("");
	t.token_hash = secret_token_hash(t.token);
	for (size_t i = 0; i < ARRAY_LEN(methods); i++)
		if (str_eqz(method, methods[i].name))
			return methods[i].pass(r, &t);
	return problem(&r->problem, PROBLEM_BAD_REQUEST);
}

bool steps_ask(struct request *r)
{
	union q_steps_ask q;
	struct db_step ask = { .query = &Q_steps_ask, .values = q.v };

	q.step = str_z(step_token(r));
	return door_run(r, &ask, 1) && reply_json(r, 200, ask.out);
}
