/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * import_one.h: a reader of a form given a file that is packed for it.
 */
#ifndef TESTS_IMPORT_ONE_H
#define TESTS_IMPORT_ONE_H

#include <assert.h>

/* Inputs are short. */
#define SINK_ROOM (1 << 20)
#include "../unit/import_sink.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	json_setup();
	return 0;
}

struct packed_entry {
	const char *name;
	struct str content;
};

static bool put_bytes(void *ctx, struct str bytes)
{
	return write(*(int *)ctx, bytes.p, bytes.n) == (ssize_t)bytes.n;
}

/* Stored: it is not packing that is tried here. */
static void read_packed(import_read *read, const struct packed_entry *e,
			size_t n)
{
	int fd = memfd_create("fuzz", MFD_CLOEXEC);
	struct zip *z = zip_new(put_bytes, &fd);
	struct written w;

	for (size_t i = 0; i < n; i++)
		assert(zip_store(z, str_of(e[i].name), e[i].content));
	assert(zip_finish(z));
	sink_read(read, fd, &w);
	assert(!w.b.full && str_is_text(buf_str(&w.b)));
	arena_reset();
	close(fd);
}

#endif
