/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * digest.h: hashes of what comes in parts (the only user of libcrypto).
 *
 * How far one has come can be kept as bytes, and gone on from by another
 * process of the same machine or one like it.
 */
#ifndef SPORTELLO_DIGEST_H
#define SPORTELLO_DIGEST_H

#include "str.h"

#define DIGEST_STATE 128
#define DIGEST_SHA256 32
#define DIGEST_MOST DIGEST_SHA256

enum digest_kind { DIGEST_OF_SHA1, DIGEST_OF_SHA256 };

struct digest {
	enum digest_kind kind;
	_Alignas(16) unsigned char state[DIGEST_STATE];
};

void digest_begin(struct digest *d, enum digest_kind kind);
void digest_add(struct digest *d, struct str bytes);

/* The hash of what was added; it can be gone on with. On the arena. */
struct str digest_sum(const struct digest *d);

/* False: that is no state. */
bool digest_go_on(struct digest *d, struct str state) MUST_CHECK;
struct str digest_state(const struct digest *d);

#endif
