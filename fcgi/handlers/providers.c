/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "handlers/providers.h"

#include "door.h"
#include "input.h"
#include "log.h"
#include "queries.h"
#include "reply.h"
#include "secret.h"
#include "serve.h"

#define PURPOSE "identity provider"

/* ---- out of the database ---- */

static struct str part(const struct json *v, const char *name)
{
	return json_str(json_get(json_get(v, "parts"), name));
}

bool providers_read(const struct json *v, struct oidc_provider *p)
{
	struct str sealed = json_str(json_get(v, "client_secret")), bytes;

	*p = (struct oidc_provider){
		.issuer = json_str(json_get(v, "issuer")),
		.client_id = json_str(json_get(v, "client_id")),
		.authorize_url = part(v, "authorize"),
		.token_url = part(v, "token"),
		.keys_url = part(v, "keys"),
		.userinfo_url = part(v, "userinfo"),
		.secret_in_body =
			json_true(json_get(json_get(v, "parts"), "in_body")),
	};
	return !sealed.n || (secret_unhex(sealed, &bytes) &&
			     secret_open(bytes, PURPOSE, &p->client_secret));
}

/* ---- and in ---- */

static struct str parts_of(const struct oidc_provider *p)
{
	struct buf b = buf_new(16 * 1024);

	buf_add(&b, S("{\"authorize\":"));
	buf_json(&b, p->authorize_url);
	buf_add(&b, S(",\"token\":"));
	buf_json(&b, p->token_url);
	buf_add(&b, S(",\"keys\":"));
	buf_json(&b, p->keys_url);
	buf_add(&b, S(",\"userinfo\":"));
	buf_json(&b, p->userinfo_url);
	buf_addf(&b, ",\"in_body\":%s}", p->secret_in_body ? "true" : "false");
	return buf_str(&b);
}

/* Whoever may not set one up must not make us ask strangers' servers. */
static bool may_ask(struct request *r)
{
	struct db_step list = { .query = &Q_providers_list };

	return door_run(r, &list, 1);
}

bool providers_create(struct request *r)
{
	union q_providers_create q;
	struct oidc_provider p = { 0 };
	uint64_t until = log_now() + OIDC_SECONDS * 1000000;
	struct str keys;
	const char *why;

	if (!input(r, &Q_providers_create, q.v) || !may_ask(r))
		return false;
	p.issuer = str_trim(str_of(q.issuer));
	if (!oidc_discover(&p, until, &why) ||
	    !oidc_keys(&p, until, &keys, &why))
		return problem_field(&r->problem, S("issuer"), why);
	q.issuer = str_z(p.issuer);
	q.parts = str_z(parts_of(&p));
	q.keys = str_z(keys);
	if (q.client_secret)
		/* Without the \x: decode() takes bare digits. */
		q.client_secret = secret_bytea(secret_seal(
					  str_of(q.client_secret), PURPOSE)) +
				  2;
	return serve_with(r, q.v);
}
