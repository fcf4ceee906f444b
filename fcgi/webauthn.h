/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * webauthn.h: what a browser says about a passkey (the only user of libfido2).
 *
 * The relying party's side of https://www.w3.org/TR/webauthn-2/, sections 7.1
 * and 7.2. Keys are ES256, EdDSA or RS256. We ask for no attestation and
 * believe none: 'none' is taken, a key's own signature ('packed' without a
 * certificate) is checked, anything else is refused.
 *
 * A relying party is one host, so a passkey made at one portal is worth
 * nothing at another. Whether a challenge is fresh, whose the key is, and
 * whether its counter went forward is the database's to know.
 */
#ifndef SPORTELLO_WEBAUTHN_H
#define SPORTELLO_WEBAUTHN_H

#include "str.h"

#define WEBAUTHN_ID_MAX 1023

/* What must have been signed. */
struct webauthn_asked {
	struct str challenge; /* base64url, as the browser got it */
	struct str origin;    /* scheme://host[:port] */
	struct str host;      /* the relying party's id */
	bool verified;	      /* by PIN or body, not only by touch */
};

struct webauthn_key {
	int algorithm; /* COSE's number */
	struct str id, public_key;
	uint32_t uses;	       /* the authenticator's own counter, often 0 */
	bool verified;	       /* the person was */
	bool may_be_elsewhere; /* a copy can be, so a counter says little */
};

/* Section 7.1: a new key. Both texts are bytes, no longer base64url. False:
 * *why is a word that says what was wrong. */
bool webauthn_register(const struct webauthn_asked *asked,
		       struct str client_data, struct str attestation,
		       struct webauthn_key *key, const char **why) MUST_CHECK;

/* Section 7.2: a key shows itself. Reads algorithm and public_key of *key,
 * sets the rest but the id. */
bool webauthn_check(const struct webauthn_asked *asked, struct str client_data,
		    struct str authenticator_data, struct str signature,
		    struct webauthn_key *key, const char **why) MUST_CHECK;

#endif
