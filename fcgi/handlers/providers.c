/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "handlers/providers.h"

#include "input.h"
#include "queries.h"
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

/* It is asked what it is later, by a process that nobody waits for
 * (inquiry.h). */
bool providers_create(struct request *r)
{
	union q_providers_create q;

	if (!input(r, &Q_providers_create, q.v))
		return false;
	if (q.client_secret)
		/* Without the \x: decode() takes bare digits. */
		q.client_secret = secret_bytea(secret_seal(
					  str_of(q.client_secret), PURPOSE)) +
				  2;
	return serve_with(r, q.v);
}
