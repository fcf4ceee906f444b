/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * oidc.h: single sign-on by OpenID Connect, the client's side.
 *
 * https://openid.net/specs/openid-connect-core-1_0.html, the authorization code
 * flow, always with PKCE (S256), state and nonce. Where the provider's parts
 * are is asked once, when somebody has set it up (inquiry.h), and kept in the
 * database with its keys; a sign-in asks it for one token, and for its keys again only when
 * the token names one that we have not.
 *
 * On failure *why is one of the words of oidc.c (also texts sso.why.<word>).
 */
#ifndef SPORTELLO_OIDC_H
#define SPORTELLO_OIDC_H

#include "json.h"

#define OIDC_SECONDS 5		      /* for all that one request asks */
#define OIDC_DOCUMENT_MAX (64 * 1024) /* of a provider's answer */
#define OIDC_SKEW_SECONDS 120	      /* that clocks may differ */

struct oidc_provider {
	struct str issuer, client_id;
	struct str client_secret; /* empty: a public client */
	struct str authorize_url, token_url, keys_url;
	struct str userinfo_url; /* empty: none */
	bool secret_in_body;	 /* it does not take it as a header */
};

struct oidc_tokens {
	struct str id, access;
};

struct oidc_identity {
	struct str subject, email, given_name, family_name;
	bool verified; /* the provider says the address is theirs */
};

/* Its own description of itself: fills the URLs. p->issuer is given. */
bool oidc_discover(struct oidc_provider *p, uint64_t until,
		   const char **why) MUST_CHECK;

/* Its key set, as JSON text. */
bool oidc_keys(const struct oidc_provider *p, uint64_t until, struct str *keys,
	       const char **why) MUST_CHECK;

/* Where to send the browser. */
struct oidc_ask {
	struct str redirect, state, nonce, verifier;
	struct str lang;  /* of its pages; empty: its choice */
	struct str email; /* what was typed; empty: nothing */
};
struct str oidc_authorize_url(const struct oidc_provider *p,
			      const struct oidc_ask *ask);

/* A code for tokens. */
bool oidc_exchange(const struct oidc_provider *p, struct str code,
		   const struct oidc_ask *ask, uint64_t until,
		   struct oidc_tokens *out, const char **why) MUST_CHECK;

/* Who an ID token is about; `now` in seconds since 1970. "key": the set may be
 * older than the token. */
bool oidc_identify(const struct oidc_provider *p, struct str id_token,
		   const struct json *keys, struct str nonce, uint64_t now,
		   struct oidc_identity *out, const char **why) MUST_CHECK;

/* What an ID token leaves out, some providers tell when asked with the access
 * token. Fills what *who lacks; it must be about the same subject. */
bool oidc_userinfo(const struct oidc_provider *p, struct str access_token,
		   uint64_t until, struct oidc_identity *who,
		   const char **why) MUST_CHECK;

#endif
