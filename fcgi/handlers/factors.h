/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * factors.h: one's own second factors, and what signing in by one shares with
 * setting one up. In the pool `proof`, which has the keys that secrets are
 * sealed under.
 */
#ifndef SPORTELLO_HANDLERS_FACTORS_H
#define SPORTELLO_HANDLERS_FACTORS_H

#include "queries.h"
#include "route.h"
#include "webauthn.h"

bool factors_app_start(struct request *r);   /* POST /api/me/factors/app */
bool factors_app_confirm(struct request *r); /* POST …/app/code */
bool factors_passkey_add(struct request *r); /* POST …/passkeys */

/* A new secret for an app, sealed, as bytea; and one as the database tells it
 * (hex), opened. */
const char *factors_new_secret(void);
bool factors_open(const struct json *sealed, struct str *secret) MUST_CHECK;

/* {"uri", "spelled", "path", "side"} of a secret; names: issuer, account. */
void factors_add_app(struct buf *b, struct str secret,
		     const struct json *names);

/* A key that a browser has just made; *challenge is what it says that it was
 * asked, for the database to know. */
bool factors_register(struct request *r, struct str client_data,
		      struct str attestation, struct str *challenge,
		      struct webauthn_key *key, const char **why) MUST_CHECK;
void factors_fill_key(struct request *r, const struct webauthn_key *key,
		      struct str challenge, union q_factors_passkey_add *q);
const char *factors_key_name(struct request *r, struct str given);

/* A key as the database tells it. */
bool factors_read_key(const struct json *v,
		      struct webauthn_key *key) MUST_CHECK;

/* What was wrong with something that a browser's key said, for the operator. */
void factors_log(const struct request *r, const char *why);

#endif
