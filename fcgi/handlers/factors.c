/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "handlers/factors.h"

#include <time.h>

#include "arena.h"
#include "door.h"
#include "log.h"
#include "qr.h"
#include "reply.h"
#include "secret.h"
#include "totp.h"

#define PURPOSE "authenticator app"

/* ---- an authenticator app ---- */

const char *factors_new_secret(void)
{
	return secret_bytea(
		secret_seal(secret_random(TOTP_SECRET_BYTES), PURPOSE));
}

bool factors_open(const struct json *sealed, struct str *secret)
{
	struct str bytes;

	return secret_unhex(json_str(sealed), &bytes) &&
	       secret_open(bytes, PURPOSE, secret);
}

void factors_add_app(struct buf *b, struct str secret, const struct json *names)
{
	struct str uri = totp_uri(secret, json_str(json_get(names, "issuer")),
				  json_str(json_get(names, "account")));
	unsigned side = 0;
	struct str path = qr_path(uri, &side);

	buf_add(b, S("{\"uri\":"));
	buf_json(b, uri);
	buf_add(b, S(",\"spelled\":"));
	buf_json(b, totp_spelled(secret));
	buf_add(b, S(",\"path\":"));
	buf_json(b, path);
	buf_addf(b, ",\"box\":\"0 0 %u %u\"}", side, side);
}

bool factors_app_start(struct request *r)
{
	struct str secret = secret_random(TOTP_SECRET_BYTES);
	union q_factors_app_start q;
	struct db_step start = { .query = &Q_factors_app_start, .values = q.v };
	struct buf b = buf_new(96 * 1024);

	q.secret = secret_bytea(secret_seal(secret, PURPOSE));
	if (!door_run(r, &start, 1))
		return false;
	factors_add_app(&b, secret, json_parse_own(start.out));
	return reply_json(r, 201, buf_str(&b));
}

static bool wrong_code(struct request *r)
{
	return problem_field(&r->problem, S("code"), "wrong");
}

/* Two trips: the secret, and what follows from the right code. */
bool factors_app_confirm(struct request *r)
{
	struct db_step pending = { .query = &Q_factors_app_pending };
	union q_factors_app_confirm q;
	struct db_step confirm = { .query = &Q_factors_app_confirm,
				   .values = q.v };
	struct buf number = buf_new(32);
	struct str secret;
	uint64_t step;

	if (!door_run(r, &pending, 1))
		return false;
	if (!factors_open(json_get(json_parse_own(pending.out), "secret"),
			  &secret))
		return problem(&r->problem, PROBLEM_NOT_FOUND);
	if (!totp_check(secret, json_str(json_get(r->json, "code")),
			(uint64_t)time(NULL), &step))
		return wrong_code(r);
	buf_addf(&number, "%llu", (unsigned long long)step);
	q.moment = str_z(buf_str(&number));
	return door_run(r, &confirm, 1) && reply_json(r, 200, confirm.out);
}

/* ---- passkeys ---- */

void factors_log(const struct request *r, const char *why)
{
	struct buf line = log_line("passkey");

	log_str(&line, "id", r->id);
	log_str(&line, "why", str_of(why));
	log_end(&line);
}

/* Whatever it says it was asked is what must have been signed: whether we
 * asked that is for the database to say. */
bool factors_register(struct request *r, struct str client_data,
		      struct str attestation, struct str *challenge,
		      struct webauthn_key *key, const char **why)
{
	struct webauthn_asked asked = { .origin = r->own_origin,
					.host = r->host };
	const struct json *c = json_parse(client_data, why);

	asked.challenge = json_str(json_get(c, "challenge"));
	return webauthn_register(&asked, client_data, attestation, key, why) &&
	       secret_unbase64(asked.challenge, challenge);
}

void factors_fill_key(struct request *r, const struct webauthn_key *key,
		      struct str challenge, union q_factors_passkey_add *q)
{
	struct buf algorithm = buf_new(32), uses = buf_new(32);

	buf_addf(&algorithm, "%d", key->algorithm);
	buf_addf(&uses, "%u", key->uses);
	q->challenge = str_is_text(challenge) ? str_z(challenge) : "";
	q->host = str_z(r->host);
	q->credential = secret_bytea(key->id);
	q->algorithm = str_z(buf_str(&algorithm));
	q->public_key = secret_bytea(key->public_key);
	q->uses = str_z(buf_str(&uses));
}

const char *factors_key_name(struct request *r, struct str given)
{
	struct str name = str_trim(given);

	return str_z(name.n ? name : r->host);
}

bool factors_read_key(const struct json *v, struct webauthn_key *key)
{
	struct str algorithm = json_scalar(json_get(v, "algorithm"));

	key->algorithm = (int)strtol(str_z(algorithm), NULL, 10);
	return secret_unhex(json_str(json_get(v, "public_key")),
			    &key->public_key);
}

bool factors_passkey_add(struct request *r)
{
	struct str client, attestation, challenge;
	struct webauthn_key key;
	union q_factors_passkey_add q;
	struct db_step add = { .query = &Q_factors_passkey_add, .values = q.v };
	const char *why = "attestation";

	if (!secret_unbase64(json_str(json_get(r->json, "client_data")),
			     &client) ||
	    !secret_unbase64(json_str(json_get(r->json, "attestation")),
			     &attestation) ||
	    !factors_register(r, client, attestation, &challenge, &key, &why)) {
		factors_log(r, why);
		return problem_field(&r->problem, S("attestation"), "wrong");
	}
	factors_fill_key(r, &key, challenge, &q);
	q.name = factors_key_name(r, json_str(json_get(r->json, "name")));
	return door_run(r, &add, 1) && reply_json(r, 201, add.out);
}
