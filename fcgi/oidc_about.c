/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What a provider says of itself: asked by `sportello hosts`. */
#include "oidc.h"

#include "oidc_parts.h"

bool oidc_no(const char *what, const char **why)
{
	*why = what;
	return false;
}

const struct json *oidc_hear(const struct fetch *what, const char **why)
{
	struct fetched answer;
	const char *fault;

	if (!fetch(what, &answer, &fault)) {
		*why = "unreachable";
		return NULL;
	}
	const struct json *v = json_parse(answer.body, &fault);
	*why = answer.status == 200 ? "answer" : "refused";
	return answer.status == 200 && json_kind(v) == JSON_OBJECT ? v : NULL;
}

bool oidc_names(const struct json *list, const char *word)
{
	for (size_t i = 0; i < json_len(list); i++)
		if (str_eqz(json_str(json_at(list, i)), word))
			return true;
	return false;
}

/* ---- where its parts are ---- */

/* A list that is absent has a value by default. */
static bool offers(const struct json *d, const char *list, const char *word,
		   bool by_default)
{
	const struct json *v = json_get(d, list);

	return json_kind(v) == JSON_ARRAY ? oidc_names(v, word) : by_default;
}

static bool is_fit(const struct json *d, const struct oidc_provider *p)
{
	return fetch_is_url(p->authorize_url) && fetch_is_url(p->token_url) &&
	       fetch_is_url(p->keys_url) &&
	       (!p->userinfo_url.n || fetch_is_url(p->userinfo_url)) &&
	       offers(d, "response_types_supported", "code", false) &&
	       /* Absent where PKCE is done without being told. */
	       offers(d, "code_challenge_methods_supported", "S256", true);
}

bool oidc_discover(struct oidc_provider *p, uint64_t until, const char **why)
{
	struct buf url = buf_new(FETCH_URL_MAX + 64);
	struct str base = p->issuer;
	static const char methods[] = "token_endpoint_auth_methods_supported";

	if (base.n && base.p[base.n - 1] == '/')
		base.n--;
	buf_add(&url, base);
	buf_add(&url, S("/.well-known/openid-configuration"));
	const struct json *d =
		oidc_hear(&(struct fetch){ .url = buf_str(&url),
					   .max = OIDC_DOCUMENT_MAX,
					   .until = until },
			  why);
	if (!d)
		return false;
	/* Somebody else's description would be somebody else's keys. */
	if (!str_eq(json_str(json_get(d, "issuer")), p->issuer))
		return oidc_no("issuer", why);
	p->authorize_url = json_str(json_get(d, "authorization_endpoint"));
	p->token_url = json_str(json_get(d, "token_endpoint"));
	p->keys_url = json_str(json_get(d, "jwks_uri"));
	p->userinfo_url = json_str(json_get(d, "userinfo_endpoint"));
	p->secret_in_body = !offers(d, methods, "client_secret_basic", true) &&
			    offers(d, methods, "client_secret_post", false);
	return is_fit(d, p) || oidc_no("unfit", why);
}

bool oidc_keys(const struct oidc_provider *p, uint64_t until, struct str *keys,
	       const char **why)
{
	struct buf b = buf_new(2 * OIDC_DOCUMENT_MAX);
	const struct json *set =
		oidc_hear(&(struct fetch){ .url = p->keys_url,
					   .max = OIDC_DOCUMENT_MAX,
					   .until = until },
			  why);

	if (!set)
		return false;
	if (json_kind(json_get(set, "keys")) != JSON_ARRAY)
		return oidc_no("answer", why);
	json_write(&b, set);
	*keys = buf_str(&b);
	return !b.full || oidc_no("answer", why);
}
