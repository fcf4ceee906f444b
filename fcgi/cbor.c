/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "cbor.h"

enum { LEVELS = 4 };

/* Initial byte and length, RFC 8949, section 3. */
static bool head(struct str *in, unsigned *major, uint64_t *n)
{
	if (!in->n)
		return false;
	unsigned char first = (unsigned char)in->p[0];
	unsigned more = first & 31;
	*major = first >> 5;
	*in = str_from(*in, 1);
	*n = more;
	if (more < 24)
		return true;
	size_t width = (size_t)1 << (more - 24);
	if (more > 27 || in->n < width)
		return false;
	*n = 0;
	for (size_t i = 0; i < width; i++)
		*n = *n << 8 | (unsigned char)in->p[i];
	*in = str_from(*in, width);
	return true;
}

static bool item(struct str *in, struct cbor *out, unsigned level);

static bool inside(struct str *in, uint64_t n, unsigned level)
{
	struct cbor each;

	/* Every item is a byte at least. */
	if (n > in->n || level == LEVELS)
		return false;
	while (n--)
		if (!item(in, &each, level + 1))
			return false;
	return true;
}

static bool content(struct str *in, struct cbor *out)
{
	if (out->n > in->n)
		return false;
	out->bytes = (struct str){ in->p, (size_t)out->n };
	*in = str_from(*in, (size_t)out->n);
	return true;
}

static bool rest(struct str *in, struct cbor *out, unsigned level)
{
	switch (out->kind) {
	case CBOR_BYTES:
	case CBOR_TEXT:
		return content(in, out);
	case CBOR_ARRAY:
		return inside(in, out->n, level);
	case CBOR_MAP:
		return out->n <= SIZE_MAX / 2 && inside(in, out->n * 2, level);
	case CBOR_SIMPLE:
		return out->n >= 20 && out->n <= 22;
	default:
		return true;
	}
}

static bool item(struct str *in, struct cbor *out, unsigned level)
{
	static const enum cbor_kind kinds[] = {
		CBOR_UINT,  CBOR_NEGATIVE, CBOR_BYTES,	CBOR_TEXT,
		CBOR_ARRAY, CBOR_MAP,	   CBOR_SIMPLE, CBOR_SIMPLE,
	};
	struct str from = *in;
	unsigned major;

	*out = (struct cbor){ 0 };
	if (!head(in, &major, &out->n) || major == 6)
		return false;
	out->kind = kinds[major];
	/* A half float's first byte reads like a simple value of 25. */
	if (major == 7 && ((unsigned char)from.p[0] & 31) >= 24)
		return false;
	if (!rest(in, out, level))
		return false;
	out->whole = (struct str){ from.p, from.n - in->n };
	return true;
}

bool cbor_take(struct str *in, struct cbor *out)
{
	struct str left = *in;

	if (!item(&left, out, 0))
		return false;
	*in = left;
	return true;
}

bool cbor_find(const struct cbor *map, struct str key, struct cbor *out)
{
	struct str in = map->whole;
	struct cbor name;
	unsigned major;
	uint64_t n;

	if (map->kind != CBOR_MAP || !head(&in, &major, &n))
		return false;
	while (n--) {
		if (!cbor_take(&in, &name) || !cbor_take(&in, out))
			return false;
		if (name.kind == CBOR_TEXT && str_eq(name.bytes, key))
			return true;
	}
	return false;
}
