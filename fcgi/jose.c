/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "jose.h"

#include <cjose/cjose.h>

#include "arena.h"
#include "secret.h"

/*
 * libcjose takes memory from malloc() but reads JSON through jansson, which
 * here gives memory of the arena: freeing one as the other would end the
 * process. So nothing that makes JSON is called, keys are handed over as bytes,
 * and what is imported is released before the arena is.
 */

enum { RSA_MIN = 2048 / 8, RSA_MAX = 8192 / 8, RSA_EXPONENT_MAX = 4 };
enum { P256_SIZE = 32 };

struct token {
	struct str all, signed_part, signature;
	struct str algorithm, kid;
};

static bool no(const char *what, const char **why)
{
	*why = what;
	return false;
}

/* ---- the token ---- */

static bool is_compact(struct str s)
{
	size_t dots = 0;

	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];
		if (c == '.')
			dots++;
		else if (!(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z') &&
			 !(c >= '0' && c <= '9') && c != '-' && c != '_')
			return false;
	}
	return dots == 2 && s.n <= JOSE_TOKEN_MAX;
}

static bool read_token(struct str all, struct token *t)
{
	struct str rest = all, header_text;
	struct str header = str_cut(&rest, '.'), payload = str_cut(&rest, '.');
	const char *fault;

	if (!is_compact(all) || !secret_unbase64(header, &header_text) ||
	    !secret_unbase64(rest, &t->signature))
		return false;
	const struct json *h = json_parse(header_text, &fault);
	/* "crit" names what must be understood: we know no such thing. */
	if (json_kind(h) != JSON_OBJECT || json_get(h, "crit"))
		return false;
	t->all = all;
	t->signed_part = (struct str){ all.p, header.n + 1 + payload.n };
	t->algorithm = json_str(json_get(h, "alg"));
	t->kid = json_str(json_get(h, "kid"));
	return true;
}

static bool decode_payload(struct str all, struct str *out)
{
	str_cut(&all, '.');
	return secret_unbase64(str_cut(&all, '.'), out);
}

/* ---- keys ---- */

static bool number(const struct json *key, const char *name, struct str *out)
{
	return secret_unbase64(json_str(json_get(key, name)), out) && out->n;
}

static cjose_jwk_t *rsa_key(const struct json *key)
{
	struct str n, e;

	if (!number(key, "n", &n) || n.n < RSA_MIN || n.n > RSA_MAX ||
	    !number(key, "e", &e) || e.n > RSA_EXPONENT_MAX)
		return NULL;
	return cjose_jwk_create_RSA_spec(
		&(cjose_jwk_rsa_keyspec){ .e = (uint8_t *)(uintptr_t)e.p,
					  .elen = e.n,
					  .n = (uint8_t *)(uintptr_t)n.p,
					  .nlen = n.n },
		NULL);
}

static cjose_jwk_t *p256_key(const struct json *key)
{
	struct str x, y;

	if (!str_eqz(json_str(json_get(key, "crv")), "P-256") ||
	    !number(key, "x", &x) || x.n != P256_SIZE ||
	    !number(key, "y", &y) || y.n != P256_SIZE)
		return NULL;
	return cjose_jwk_create_EC_spec(
		&(cjose_jwk_ec_keyspec){ .crv = CJOSE_JWK_EC_P_256,
					 .x = (uint8_t *)(uintptr_t)x.p,
					 .xlen = x.n,
					 .y = (uint8_t *)(uintptr_t)y.p,
					 .ylen = y.n },
		NULL);
}

static bool check_cjose(const struct token *t, cjose_jwk_t *key)
{
	cjose_jws_t *jws;
	bool ok;

	if (!key)
		return false;
	jws = cjose_jws_import(t->all.p, t->all.n, NULL);
	ok = jws && cjose_jws_verify(jws, key, NULL);
	cjose_jws_release(jws);
	cjose_jwk_release(key);
	return ok;
}

static bool check_rs256(const struct token *t, const struct json *key)
{
	return check_cjose(t, rsa_key(key));
}

static bool check_es256(const struct token *t, const struct json *key)
{
	return t->signature.n == 2 * P256_SIZE && check_cjose(t, p256_key(key));
}

static bool check_eddsa(const struct token *t, const struct json *key)
{
	struct str x;

	return str_eqz(json_str(json_get(key, "crv")), "Ed25519") &&
	       number(key, "x", &x) &&
	       secret_ed25519(x, t->signed_part, t->signature);
}

static const struct algorithm {
	const char *name, *key_type;
	bool (*check)(const struct token *t, const struct json *key);
} algorithms[] = {
	{ "RS256", "RSA", check_rs256 },
	{ "ES256", "EC", check_es256 },
	{ "EdDSA", "OKP", check_eddsa },
};

static const struct algorithm *find(struct str name)
{
	for (size_t i = 0; i < ARRAY_LEN(algorithms); i++)
		if (str_eqz(name, algorithms[i].name))
			return &algorithms[i];
	return NULL;
}

static bool is_or_absent(const struct json *v, struct str word)
{
	return json_kind(v) == JSON_NULL || str_eq(json_str(v), word);
}

static bool fits(const struct json *key, const struct token *t,
		 const struct algorithm *a)
{
	return str_eqz(json_str(json_get(key, "kty")), a->key_type) &&
	       is_or_absent(json_get(key, "use"), S("sig")) &&
	       is_or_absent(json_get(key, "alg"), t->algorithm) &&
	       (!t->kid.n || str_eq(json_str(json_get(key, "kid")), t->kid));
}

bool jose_verify(struct str token, const struct json *set, struct str *payload,
		 const char **why)
{
	struct token t = { 0 };
	const struct json *keys = json_get(set, "keys");
	const struct algorithm *a;

	if (!read_token(token, &t) || !decode_payload(token, payload))
		return no("token", why);
	if (!(a = find(t.algorithm)))
		return no("algorithm", why);
	*why = "key";
	for (size_t i = 0; i < json_len(keys); i++) {
		if (!fits(json_at(keys, i), &t, a))
			continue;
		if (a->check(&t, json_at(keys, i)))
			return true;
		*why = "signature";
	}
	return false;
}
