/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What claims to be a ZIP file: what is taken has sound names, each once, and
 * unpacks to what it said or tells why not. */
#include <assert.h>
#include <sys/mman.h>
#include <unistd.h>

#include "arena.h"
#include "unzip.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static const struct unzip_limits limits = {
	.file = 1 << 20,
	.entries = 1000,
	.entry = 1 << 20,
	.whole = 4 << 20,
	.ratio = 200,
};

static void check_name(struct unzip *u, size_t i)
{
	struct unzip_entry e;

	assert(unzip_entry(u, i, &e));
	assert(e.name.n && e.size <= limits.entry && str_is_text(e.name));
	assert(e.name.p[0] != '/' && !strstr(str_z(e.name), "//"));
	assert(!memchr(e.name.p, '\\', e.name.n));
	for (struct str rest = e.name; rest.n;) {
		struct str part = str_cut(&rest, '/');

		assert(!str_eqz(part, "..") && !str_eqz(part, "."));
	}
	assert(unzip_find(u, e.name) == i);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	int fd = memfd_create("fuzz", MFD_CLOEXEC);
	struct unzip_fault fault;
	struct unzip *u;

	assert(fd >= 0 && write(fd, data, n) == (ssize_t)n);
	u = unzip_open(fd, &limits, &fault);
	assert(u || (fault.code && str_is_text(fault.entry)));
	for (size_t i = 0; u && i < unzip_count(u); i++) {
		struct str content;
		struct unzip_entry e;

		check_name(u, i);
		if (unzip_read(u, i, limits.entry, &content))
			assert(unzip_entry(u, i, &e) && content.n == e.size);
		else
			assert(fault.code);
	}
	arena_reset();
	close(fd);
	return 0;
}
