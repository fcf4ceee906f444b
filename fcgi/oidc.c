/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "oidc.h"

#include "jose.h"
#include "log.h"
#include "mail.h"
#include "oidc_parts.h"
#include "secret.h"

#define FORM "application/x-www-form-urlencoded"
#define SUBJECT_MAX 255 /* section 2 */

static void field(struct buf *b, const char *name, struct str value)
{
	if (!value.n)
		return;
	if (b->n && b->p[b->n - 1] != '?')
		buf_char(b, '&');
	buf_addf(b, "%s=", name);
	buf_percent(b, value);
}

static struct str text(const struct json *from, const char *name)
{
	return json_str(json_get(from, name));
}

/* ---- there and back ---- */

struct str oidc_authorize_url(const struct oidc_provider *p,
			      const struct oidc_ask *a)
{
	struct buf b = buf_new(8192);

	buf_add(&b, p->authorize_url);
	if (!memchr(p->authorize_url.p, '?', p->authorize_url.n))
		buf_char(&b, '?');
	field(&b, "response_type", S("code"));
	field(&b, "scope", S("openid email profile"));
	field(&b, "client_id", p->client_id);
	field(&b, "redirect_uri", a->redirect);
	field(&b, "state", a->state);
	field(&b, "nonce", a->nonce);
	field(&b, "code_challenge", secret_base64(secret_sha256(a->verifier)));
	field(&b, "code_challenge_method", S("S256"));
	field(&b, "ui_locales", a->lang);
	field(&b, "login_hint", a->email);
	return buf_str(&b);
}

static const char *encoded(struct str s)
{
	struct buf b = buf_new(s.n * 3 + 1);

	buf_percent(&b, s);
	return str_z(buf_str(&b));
}

bool oidc_exchange(const struct oidc_provider *p, struct str code,
		   const struct oidc_ask *a, uint64_t until,
		   struct oidc_tokens *out, const char **why)
{
	struct buf form = buf_new(16 * 1024);
	struct fetch what = { .url = p->token_url,
			      .type = FORM,
			      .max = OIDC_DOCUMENT_MAX,
			      .until = until };

	field(&form, "grant_type", S("authorization_code"));
	field(&form, "code", code);
	field(&form, "redirect_uri", a->redirect);
	field(&form, "code_verifier", a->verifier);
	if (p->client_secret.n && !p->secret_in_body) {
		/* RFC 6749, 2.3.1: encoded before they are joined. */
		what.user = encoded(p->client_id);
		what.password = encoded(p->client_secret);
	} else {
		field(&form, "client_id", p->client_id);
		field(&form, "client_secret", p->client_secret);
	}
	what.body = buf_str(&form);
	const struct json *v = oidc_hear(&what, why);
	if (!v)
		return false;
	out->id = text(v, "id_token");
	out->access = text(v, "access_token");
	return out->id.n || oidc_no("answer", why);
}

/* ---- who it is ---- */

static bool seconds(const struct json *claims, const char *name, uint64_t *out)
{
	const struct json *v = json_get(claims, name);

	return json_kind(v) == JSON_NUMBER &&
	       str_u64(json_scalar(v), INT64_MAX / 2, out);
}

static bool is_for(const struct oidc_provider *p, const struct json *claims)
{
	const struct json *aud = json_get(claims, "aud");

	if (json_kind(aud) == JSON_STRING)
		return str_eq(json_str(aud), p->client_id);
	return oidc_names(aud, str_z(p->client_id));
}

static bool is_party(const struct oidc_provider *p, const struct json *claims)
{
	const struct json *azp = json_get(claims, "azp");

	/* Absent only where there is no doubt. */
	if (json_kind(azp) == JSON_NULL)
		return json_kind(json_get(claims, "aud")) == JSON_STRING ||
		       json_len(json_get(claims, "aud")) == 1;
	return str_eq(json_str(azp), p->client_id);
}

static bool is_now(const struct json *claims, uint64_t now, const char **why)
{
	uint64_t exp, iat, nbf = 0;

	if (!seconds(claims, "exp", &exp) || !seconds(claims, "iat", &iat) ||
	    (json_get(claims, "nbf") && !seconds(claims, "nbf", &nbf)))
		return oidc_no("claims", why);
	if (exp + OIDC_SKEW_SECONDS <= now)
		return oidc_no("expired", why);
	if (iat > now + OIDC_SKEW_SECONDS || nbf > now + OIDC_SKEW_SECONDS)
		return oidc_no("future", why);
	return true;
}

static bool is_true(const struct json *v)
{
	return json_true(v) || str_eqz(json_str(v), "true");
}

static void take_person(const struct json *claims, struct oidc_identity *who)
{
	struct str email = text(claims, "email");

	if (!who->email.n && mail_is_address(email)) {
		who->email = email;
		who->verified = is_true(json_get(claims, "email_verified"));
	}
	if (!who->given_name.n)
		who->given_name = text(claims, "given_name");
	if (!who->family_name.n)
		who->family_name = text(claims, "family_name");
}

bool oidc_identify(const struct oidc_provider *p, struct str id_token,
		   const struct json *keys, struct str nonce, uint64_t now,
		   struct oidc_identity *out, const char **why)
{
	struct str payload;
	const char *fault;

	*out = (struct oidc_identity){ 0 };
	if (!jose_verify(id_token, keys, &payload, why))
		return false;
	const struct json *claims = json_parse(payload, &fault);
	if (json_kind(claims) != JSON_OBJECT)
		return oidc_no("claims", why);
	if (!str_eq(text(claims, "iss"), p->issuer))
		return oidc_no("issuer", why);
	if (!is_for(p, claims) || !is_party(p, claims))
		return oidc_no("audience", why);
	if (!is_now(claims, now, why))
		return false;
	if (!nonce.n || !secret_equal(text(claims, "nonce"), nonce))
		return oidc_no("nonce", why);
	out->subject = text(claims, "sub");
	if (!out->subject.n || out->subject.n > SUBJECT_MAX)
		return oidc_no("claims", why);
	take_person(claims, out);
	return true;
}

bool oidc_userinfo(const struct oidc_provider *p, struct str access_token,
		   uint64_t until, struct oidc_identity *who, const char **why)
{
	struct buf line = buf_new(JOSE_TOKEN_MAX);

	if (!p->userinfo_url.n || !access_token.n)
		return oidc_no("email", why);
	buf_addf(&line, "Authorization: Bearer %.*s", STR_ARG(access_token));
	const struct json *v =
		oidc_hear(&(struct fetch){ .url = p->userinfo_url,
					   .headers = { str_z(buf_str(&line)) },
					   .max = OIDC_DOCUMENT_MAX,
					   .until = until },
			  why);
	if (!v)
		return false;
	/* Section 5.3.2: else it may be about anybody. */
	if (!str_eq(text(v, "sub"), who->subject))
		return oidc_no("subject", why);
	take_person(v, who);
	return who->email.n || oidc_no("email", why);
}
