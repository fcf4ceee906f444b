/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "inquiry.h"

#include "log.h"
#include "oidc.h"
#include "queries.h"
#include "work.h"

#define LEASE "1 minute"

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

static bool tell(const struct json *next, const struct oidc_provider *p,
		 struct str keys, const char *why)
{
	union q_jobs_provider_said q = {
		.tenant = str_z(json_scalar(json_get(next, "tenant"))),
		.provider = str_z(json_scalar(json_get(next, "provider"))),
		.issuer = str_z(p->issuer),
		.fault = why,
	};

	if (!why) {
		q.parts = str_z(parts_of(p));
		q.keys = str_z(keys);
	}
	return work_ask(&Q_jobs_provider_said, q.v, NULL, NULL);
}

bool inquiry_turn(bool *more)
{
	union q_jobs_take_provider q = { .lease = LEASE };
	struct oidc_provider p = { 0 };
	struct str out, keys = S("");
	const char *why = NULL;
	bool found = false;

	if (!work_ask(&Q_jobs_take_provider, q.v, &out, &found) || !found)
		return !found;
	*more = true;
	const struct json *next = json_parse_own(out);
	uint64_t until = log_now() + OIDC_SECONDS * 1000000;
	p.issuer = json_str(json_get(next, "issuer"));
	if (oidc_discover(&p, until, &why) && oidc_keys(&p, until, &keys, &why))
		why = NULL;
	return tell(next, &p, keys, why);
}
