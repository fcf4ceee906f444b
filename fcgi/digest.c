/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The functions that newer ones are to replace hide no state; those do. */
#define OPENSSL_SUPPRESS_DEPRECATED
#include "digest.h"

#include <openssl/sha.h>

#include "arena.h"

_Static_assert(sizeof(SHA256_CTX) <= DIGEST_STATE &&
		       sizeof(SHA_CTX) <= DIGEST_STATE,
	       "a state has its place");

static SHA256_CTX *sha256(struct digest *d)
{
	return (SHA256_CTX *)(void *)d->state;
}

static SHA_CTX *sha1(struct digest *d)
{
	return (SHA_CTX *)(void *)d->state;
}

void digest_begin(struct digest *d, enum digest_kind kind)
{
	*d = (struct digest){ .kind = kind };
	if (kind == DIGEST_OF_SHA1)
		SHA1_Init(sha1(d));
	else
		SHA256_Init(sha256(d));
}

void digest_add(struct digest *d, struct str bytes)
{
	if (d->kind == DIGEST_OF_SHA1)
		SHA1_Update(sha1(d), bytes.p, bytes.n);
	else
		SHA256_Update(sha256(d), bytes.p, bytes.n);
}

struct str digest_sum(const struct digest *d)
{
	struct digest copy = *d;
	unsigned char *sum = alloc(DIGEST_MOST);

	if (d->kind == DIGEST_OF_SHA1) {
		SHA1_Final(sum, sha1(&copy));
		return (struct str){ (char *)sum, SHA_DIGEST_LENGTH };
	}
	SHA256_Final(sum, sha256(&copy));
	return (struct str){ (char *)sum, SHA256_DIGEST_LENGTH };
}

/* A place in a half-filled block beyond its end would be written to. */
bool digest_go_on(struct digest *d, struct str state)
{
	digest_begin(d, DIGEST_OF_SHA256);
	if (state.n != sizeof(SHA256_CTX))
		return false;
	memcpy(d->state, state.p, state.n);
	return sha256(d)->num < SHA256_CBLOCK &&
	       sha256(d)->md_len == SHA256_DIGEST_LENGTH;
}

struct str digest_state(const struct digest *d)
{
	return (struct str){ (const char *)d->state, sizeof(SHA256_CTX) };
}
