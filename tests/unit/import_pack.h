/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * import_pack.h: a ZIP file packed of a few entries, and what a reader made of
 * it looked through.
 */
#ifndef TESTS_IMPORT_PACK_H
#define TESTS_IMPORT_PACK_H

#include "import_sink.h"

struct entry {
	const char *name;
	struct str content;
};

static int packed = -1;
static struct written w;

static bool pack_bytes(void *ctx, struct str bytes)
{
	return write(*(int *)ctx, bytes.p, bytes.n) == (ssize_t)bytes.n;
}

static void pack(const struct entry *e, size_t n)
{
	struct zip *z;

	if (packed >= 0)
		close(packed);
	packed = memfd_create("test", MFD_CLOEXEC);
	z = zip_new(pack_bytes, &packed);
	for (size_t i = 0; i < n; i++) {
		assert_true(zip_begin(z, str_of(e[i].name), e[i].content.n));
		assert_true(zip_add(z, e[i].content));
		assert_true(zip_end(z));
	}
	assert_true(zip_finish(z));
}

#define READ(...)                                                              \
	do {                                                                   \
		const struct entry e_[] = { __VA_ARGS__ };                     \
		pack(e_, ARRAY_LEN(e_));                                       \
	} while (0)

/* As it was written down. */
static const char *all(void)
{
	assert_false(w.b.full);
	return str_z(buf_str(&w.b));
}

static void has(const char *wanted)
{
	if (!strstr(all(), wanted))
		fail_msg("no %s in\n%s", wanted, all());
}

static void has_not(const char *unwanted)
{
	if (strstr(all(), unwanted))
		fail_msg("%s in\n%s", unwanted, all());
}

static PRINTF(1, 2) const char *line(const char *fmt, ...)
{
	char *p = alloc(4096);
	va_list args;

	va_start(args, fmt);
	vsnprintf(p, 4096, fmt, args);
	va_end(args);
	return p;
}

#endif
