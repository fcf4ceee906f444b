/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Texts, numbers, escapes: what is decoded, escaped and cut. */
#include <assert.h>

#include "arena.h"
#include "str.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void check_escapes(struct str s)
{
	struct buf html = buf_new(s.n * 8), json = buf_new(s.n * 8 + 2);

	buf_html(&html, s);
	buf_json(&json, s);
	assert(!html.full && !json.full);
	assert(!html.n || !memchr(html.p, '<', html.n));
	assert(!html.n || !memchr(html.p, '"', html.n));
	assert(!memchr(json.p, '<', json.n));
	assert(!memchr(json.p, '\n', json.n));
	assert(str_is_text(buf_str(&html)) == str_is_text(s));
}

static void check_number(struct str s)
{
	struct buf b = buf_new(32);
	uint64_t v;

	if (!str_u64(s, UINT64_MAX, &v))
		return;
	while (s.n > 1 && s.p[0] == '0')
		s = str_from(s, 1);
	buf_addf(&b, "%llu", (unsigned long long)v);
	assert(str_eq(buf_str(&b), s));
	assert(v == 0 || !str_u64(s, v - 1, &v));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct str s = { (const char *)data, n }, out, rest = s, part;
	size_t parts = 0;

	if (str_percent_decode(s, true, &out))
		assert(out.n <= s.n);
	check_escapes(s);
	check_number(s);
	assert(str_chars(s) <= s.n);
	while (rest.n) {
		part = str_cut(&rest, ',');
		parts += part.n + 1;
	}
	assert(parts <= s.n + 1);
	assert(str_trim(s).n <= s.n);
	assert(strlen(str_z(s)) <= s.n);
	arena_reset();
	return 0;
}
