/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * secret.h: passwords, tokens, and what they are made of (the only user of
 * libsodium).
 */
#ifndef SPORTELLO_SECRET_H
#define SPORTELLO_SECRET_H

#include "str.h"

#define SECRET_TOKEN_CHARS 43	 /* 32 bytes in base64url without padding */
#define SECRET_PASSWORD_MIN 10	 /* characters */
#define SECRET_PASSWORD_MAX 1024 /* bytes */

/* Once, before anything else. */
bool secret_setup(void) MUST_CHECK;

/* A new session's token: 256 random bits as text for the cookie. */
struct str secret_token(void);

/* A token's bytes as PostgreSQL writes bytea (\x…); NULL for anything that is
 * not a token, which then counts as none. */
const char *secret_token_bytea(struct str token);

/* sha256 of the token's bytes as bytea. */
const char *secret_token_hash(struct str token);

/* What is stored of a password that somebody chose, as SQL's values. */
struct secret_password {
	const char *salt, *passes, *memory_kib, *key;
};

/* A new salt and the hash, which takes its time. False: out of memory. */
bool secret_new_password(struct str password,
			 struct secret_password *out) MUST_CHECK;

/* argon2id of a password as bytea: salt as 32 hex digits, cost as passes and
 * KiB. False when the parameters are not acceptable. */
bool secret_derive(struct str password, struct str salt_hex, uint64_t passes,
		   uint64_t memory_kib, const char **bytea) MUST_CHECK;

/* How many such hashes this process has made so far. */
unsigned secret_hashes(void);

/* n random bytes. */
struct str secret_random(size_t n);

/* base64url without padding. False: something else, or bits left over. */
struct str secret_base64(struct str bytes);
bool secret_unbase64(struct str text, struct str *bytes) MUST_CHECK;

/* 32 bytes. */
struct str secret_sha256(struct str s);

/* Without telling by its time where they differ. */
bool secret_equal(struct str a, struct str b);

/* What rests in the database and must be read again is sealed under keys that
 * are not there: one to four lines of 43 characters, the first seals, each may
 * open. Only the pool `proof` has them. */
#define SECRET_SEAL_BYTES (1 + 24 + 16) /* longer than what is in it */
bool secret_keys(struct str lines) MUST_CHECK;
bool secret_key_file(const char *path) MUST_CHECK;
struct str secret_seal(struct str plain, const char *purpose);
/* False: sealed for something else, by a key that is gone, or changed. */
bool secret_open(struct str sealed, const char *purpose,
		 struct str *plain) MUST_CHECK;

/* Bytes as PostgreSQL takes them (\x…), and as it tells them in JSON: hex. */
const char *secret_bytea(struct str bytes);
bool secret_unhex(struct str hex, struct str *bytes) MUST_CHECK;

/* Whether key (32 bytes) made the signature (64 bytes) of this message. */
bool secret_ed25519(struct str key, struct str message, struct str signature);

/* Signs with the Ed25519 key that comes of a seed (32 bytes); public_key gets
 * what the signature is checked with. */
struct str secret_sign(struct str seed, struct str message,
		       struct str *public_key);

/* HMAC-SHA-256, in base64 as other people's scripts expect it. */
struct str secret_hmac(struct str key, struct str message);

/* sha256 of what is added piece by piece, as hex digits and a NUL. */
struct secret_sum;
#define SECRET_SUM_CHARS 64
struct secret_sum *secret_sum_begin(void);
void secret_sum_add(struct secret_sum *sum, struct str piece);
void secret_sum_end(struct secret_sum *sum, char hex[SECRET_SUM_CHARS + 1]);

#endif
