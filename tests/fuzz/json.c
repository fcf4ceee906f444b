/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* JSON of strangers: what is taken can be walked, written and read again. */
#include <assert.h>

#include "arena.h"
#include "json.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	json_setup();
	return 0;
}

static void walk(const struct json *v, unsigned depth);

static bool walk_member(struct str key, const struct json *v, void *ctx)
{
	assert(str_is_text(key));
	walk(v, *(unsigned *)ctx + 1);
	return true;
}

static void walk(const struct json *v, unsigned depth)
{
	assert(depth <= 16);
	assert(str_is_text(json_str(v)));
	assert(str_is_text(json_scalar(v)));
	for (size_t i = 0; i < json_len(v); i++)
		walk(json_at(v, i), depth + 1);
	json_each(v, walk_member, &depth);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct str text = { (const char *)data, n };
	const char *why = NULL;
	struct json *v = json_parse(text, &why);

	assert((v == NULL) == (why != NULL));
	if (v) {
		struct buf once = buf_new(SIZE_MAX / 2);
		struct buf twice = buf_new(SIZE_MAX / 2);

		walk(v, 0);
		json_path(v, S("a.0.b"));
		json_write(&once, v);
		assert(!memchr(once.p, '<', once.n));
		v = json_parse(buf_str(&once), &why);
		assert(v);
		json_write(&twice, v);
		assert(str_eq(buf_str(&once), buf_str(&twice)));
	}
	json_parse_own(text);
	arena_reset();
	return 0;
}
