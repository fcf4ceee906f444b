/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "webauthn.h"

#include <fido.h>
#include <fido/eddsa.h>
#include <fido/es256.h>
#include <fido/rs256.h>

#include "arena.h"
#include "cbor.h"
#include "json.h"
#include "secret.h"

#define SECTION_SIZE_MAX 8192

/* Section 6.1: hash of the relying party, flags, counter; then the key. */
enum { FLAGS_AT = 32, HEAD_SIZE = 37, AAGUID_SIZE = 16 };
enum { PRESENT = 1, VERIFIED = 4, BACKUP = 8, HAS_KEY = 64, EXTENDED = 128 };

static const int algorithms[] = { COSE_ES256, COSE_EDDSA, COSE_RS256 };

static const unsigned char *bytes(struct str s)
{
	return (const unsigned char *)s.p;
}

static bool no(const char *what, const char **why)
{
	*why = what;
	return false;
}

/* ---- client data ---- */

static bool client_says(const struct webauthn_asked *asked, const char *type,
			struct str client_data, const char **why)
{
	const char *fault;

	if (client_data.n > SECTION_SIZE_MAX)
		return no("client_data", why);
	const struct json *c = json_parse(client_data, &fault);
	if (json_kind(c) != JSON_OBJECT)
		return no("client_data", why);
	if (!str_eqz(json_str(json_get(c, "type")), type))
		return no("type", why);
	if (!asked->challenge.n ||
	    !secret_equal(json_str(json_get(c, "challenge")), asked->challenge))
		return no("challenge", why);
	if (!str_eq(json_str(json_get(c, "origin")), asked->origin))
		return no("origin", why);
	/* We never ask from inside another site's page. */
	if (json_true(json_get(c, "crossOrigin")) || json_get(c, "topOrigin"))
		return no("origin", why);
	return true;
}

/* ---- authenticator data ---- */

/* Its parts hold together, so that libfido2 meets no length that lies. */
static bool is_whole(struct str data, bool with_key)
{
	struct cbor part;

	if (data.n < HEAD_SIZE || data.n > SECTION_SIZE_MAX)
		return false;
	unsigned flags = (unsigned char)data.p[FLAGS_AT];
	struct str rest = str_from(data, HEAD_SIZE);
	if (!!(flags & HAS_KEY) != with_key)
		return false;
	if (with_key) {
		if (rest.n < AAGUID_SIZE + 2)
			return false;
		rest = str_from(rest, AAGUID_SIZE);
		size_t id = (size_t)(unsigned char)rest.p[0] << 8 |
			    (unsigned char)rest.p[1];
		if (!id || id > WEBAUTHN_ID_MAX || rest.n < 2 + id)
			return false;
		rest = str_from(rest, 2 + id);
		if (!cbor_take(&rest, &part) || part.kind != CBOR_MAP)
			return false;
	}
	if (flags & EXTENDED)
		if (!cbor_take(&rest, &part) || part.kind != CBOR_MAP)
			return false;
	return !rest.n;
}

static bool is_for_us(const struct webauthn_asked *asked, struct str data,
		      const char **why)
{
	unsigned flags = (unsigned char)data.p[FLAGS_AT];

	if (!secret_equal((struct str){ data.p, FLAGS_AT },
			  secret_sha256(asked->host)))
		return no("host", why);
	if (!(flags & PRESENT))
		return no("not_present", why);
	if (asked->verified && !(flags & VERIFIED))
		return no("not_verified", why);
	return true;
}

static void note(struct webauthn_key *key, struct str data)
{
	unsigned flags = (unsigned char)data.p[FLAGS_AT];

	key->verified = flags & VERIFIED;
	key->may_be_elsewhere = flags & BACKUP;
	key->uses = 0;
	for (size_t i = FLAGS_AT + 1; i < HEAD_SIZE; i++)
		key->uses = key->uses << 8 | (unsigned char)data.p[i];
}

/* ---- keys ---- */

/* One of these, as the algorithm says. */
struct public_key {
	es256_pk_t *es256;
	eddsa_pk_t *eddsa;
	rs256_pk_t *rs256;
};

static void release_key(void *p)
{
	struct public_key *k = p;

	es256_pk_free(&k->es256);
	eddsa_pk_free(&k->eddsa);
	rs256_pk_free(&k->rs256);
}

/* What fido_assert_verify() wants, or NULL: not a key of this algorithm, a
 * point off its curve. */
static const void *public_key(int algorithm, struct str key)
{
	struct public_key *k = alloc(sizeof(*k));
	EVP_PKEY *usable = NULL;
	const void *out = NULL;

	defer(release_key, k);
	if (algorithm == COSE_ES256 && (k->es256 = es256_pk_new()) &&
	    es256_pk_from_ptr(k->es256, key.p, key.n) == FIDO_OK) {
		usable = es256_pk_to_EVP_PKEY(k->es256);
		out = k->es256;
	} else if (algorithm == COSE_EDDSA && (k->eddsa = eddsa_pk_new()) &&
		   eddsa_pk_from_ptr(k->eddsa, key.p, key.n) == FIDO_OK) {
		usable = eddsa_pk_to_EVP_PKEY(k->eddsa);
		out = k->eddsa;
	} else if (algorithm == COSE_RS256 && (k->rs256 = rs256_pk_new()) &&
		   rs256_pk_from_ptr(k->rs256, key.p, key.n) == FIDO_OK) {
		usable = rs256_pk_to_EVP_PKEY(k->rs256);
		out = k->rs256;
	}
	if (!usable)
		return NULL;
	EVP_PKEY_free(usable);
	return out;
}

/* ---- a new key ---- */

static void release_cred(void *p)
{
	fido_cred_t *cred = p;

	fido_cred_free(&cred);
}

static bool fill_cred(fido_cred_t *cred, int algorithm, struct str host,
		      struct str client_data, struct str data)
{
	return fido_cred_set_type(cred, algorithm) == FIDO_OK &&
	       fido_cred_set_rp(cred, str_z(host), NULL) == FIDO_OK &&
	       fido_cred_set_clientdata(cred, bytes(client_data),
					client_data.n) == FIDO_OK &&
	       fido_cred_set_authdata_raw(cred, bytes(data), data.n) == FIDO_OK;
}

/* libfido2 wants to be told the algorithm: the one that fits is the key's. */
static fido_cred_t *read_cred(struct str host, struct str client_data,
			      struct str data)
{
	for (size_t i = 0; i < ARRAY_LEN(algorithms); i++) {
		fido_cred_t *cred = fido_cred_new();
		if (!cred)
			abort(); /* no memory */
		defer(release_cred, cred);
		if (fill_cred(cred, algorithms[i], host, client_data, data))
			return cred;
	}
	return NULL;
}

static bool take_key(fido_cred_t *cred, struct webauthn_key *key)
{
	*key = (struct webauthn_key){
		.algorithm = fido_cred_type(cred),
		.id = { (const char *)fido_cred_id_ptr(cred),
			fido_cred_id_len(cred) },
		.public_key = { (const char *)fido_cred_pubkey_ptr(cred),
				fido_cred_pubkey_len(cred) },
	};
	return key->id.n && public_key(key->algorithm, key->public_key);
}

static bool statement(fido_cred_t *cred, struct str format,
		      const struct cbor *said)
{
	struct cbor ignored;

	if (str_eqz(format, "none"))
		return said->kind == CBOR_MAP && !said->n;
	return str_eqz(format, "packed") &&
	       !cbor_find(said, S("x5c"), &ignored) &&
	       fido_cred_set_fmt(cred, "packed") == FIDO_OK &&
	       fido_cred_set_attstmt(cred, bytes(said->whole), said->whole.n) ==
		       FIDO_OK &&
	       fido_cred_verify_self(cred) == FIDO_OK;
}

bool webauthn_register(const struct webauthn_asked *asked,
		       struct str client_data, struct str attestation,
		       struct webauthn_key *key, const char **why)
{
	struct cbor all, format, said, data;
	struct str in = attestation;
	fido_cred_t *cred;

	if (!client_says(asked, "webauthn.create", client_data, why))
		return false;
	if (attestation.n > SECTION_SIZE_MAX || !cbor_take(&in, &all) || in.n ||
	    !cbor_find(&all, S("fmt"), &format) || format.kind != CBOR_TEXT ||
	    !cbor_find(&all, S("attStmt"), &said) ||
	    !cbor_find(&all, S("authData"), &data) || data.kind != CBOR_BYTES ||
	    !is_whole(data.bytes, true))
		return no("attestation", why);
	if (!is_for_us(asked, data.bytes, why))
		return false;
	cred = read_cred(asked->host, client_data, data.bytes);
	if (!cred || !take_key(cred, key))
		return no("key", why);
	if (!statement(cred, format.bytes, &said))
		return no("attestation", why);
	note(key, data.bytes);
	return true;
}

/* ---- a known key ---- */

static void release_assert(void *p)
{
	fido_assert_t *a = p;

	fido_assert_free(&a);
}

bool webauthn_check(const struct webauthn_asked *asked, struct str client_data,
		    struct str authenticator_data, struct str signature,
		    struct webauthn_key *key, const char **why)
{
	if (!client_says(asked, "webauthn.get", client_data, why))
		return false;
	if (!is_whole(authenticator_data, false))
		return no("authenticator_data", why);
	if (!is_for_us(asked, authenticator_data, why))
		return false;
	const void *pk = public_key(key->algorithm, key->public_key);
	if (!pk)
		return no("key", why);
	fido_assert_t *a = fido_assert_new();
	if (!a)
		abort(); /* no memory */
	defer(release_assert, a);
	if (fido_assert_set_rp(a, str_z(asked->host)) != FIDO_OK ||
	    fido_assert_set_clientdata(a, bytes(client_data), client_data.n) !=
		    FIDO_OK ||
	    fido_assert_set_count(a, 1) != FIDO_OK ||
	    fido_assert_set_authdata_raw(a, 0, bytes(authenticator_data),
					 authenticator_data.n) != FIDO_OK ||
	    fido_assert_set_up(a, FIDO_OPT_TRUE) != FIDO_OK ||
	    fido_assert_set_sig(a, 0, bytes(signature), signature.n) !=
		    FIDO_OK ||
	    fido_assert_verify(a, 0, key->algorithm, pk) != FIDO_OK)
		return no("signature", why);
	note(key, authenticator_data);
	return true;
}
