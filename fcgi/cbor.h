/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * cbor.h: walking over CBOR of strangers, before libfido2 sees it.
 *
 * Takes what CTAP2 lets authenticators write: definite lengths, at most four
 * levels, no tags, no floating point. libcbor believes a declared length and
 * makes room for it; here no length is believed that the bytes behind it do
 * not bear out.
 */
#ifndef SPORTELLO_CBOR_H
#define SPORTELLO_CBOR_H

#include "str.h"

enum cbor_kind {
	CBOR_UINT,
	CBOR_NEGATIVE, /* -1 - n */
	CBOR_BYTES,
	CBOR_TEXT,
	CBOR_ARRAY,
	CBOR_MAP,
	CBOR_SIMPLE, /* 20 false, 21 true, 22 null */
};

struct cbor {
	enum cbor_kind kind;
	uint64_t n;	  /* the number, the length, or how many items */
	struct str bytes; /* of bytes and texts: the content */
	struct str whole; /* the item as it came */
};

/* Takes one item, with all that is in it, off the front of *in. False: it is
 * not such an item; *in is then as it was. */
bool cbor_take(struct str *in, struct cbor *out) MUST_CHECK;

/* The value of a text key of a map; false when it has none. */
bool cbor_find(const struct cbor *map, struct str key,
	       struct cbor *out) MUST_CHECK;

#endif
