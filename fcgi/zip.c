/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* PKWARE's APPNOTE 6.3.9; the numbers in brackets are its sections. */
#include "zip.h"

#include <sys/mman.h>
#include <unistd.h>
#include <zlib.h>

#include "arena.h"

enum {
	PIECE = 16384,
	NAME_MAX_LENGTH = 1024,
	RAW_WINDOW = -15,
	VERSION = 20,
	VERSION_ZIP64 = 45,
	MADE_ON_UNIX = 3 << 8,
	SIZES_BEHIND = 1 << 3, /* 4.4.4 */
	NAME_IS_UTF8 = 1 << 11,
	DEFLATED = 8,
	DAY = 1 << 5 | 1, /* the first of 1980 */
};

#define LIMIT32 0xffffffffu
#define LIMIT16 0xffffu
/* -rw-r--r--, a file */
#define ATTRIBUTES (0100644u << 16)

struct entry {
	char name[NAME_MAX_LENGTH];
	size_t name_n;
	uint64_t offset, size, packed, most;
	uint32_t crc;
	unsigned flags, method;
	bool large; /* its sizes are of 8 bytes, whatever they are */
};

/* Into a file that has no name. */
struct zip_spool {
	z_stream z;
	int fd;
	uint64_t n; /* bytes that were added */
	bool ended, failed;
};

struct zip {
	zip_write *write;
	void *ctx;
	uint64_t at;
	uint64_t entries;
	struct entry entry;
	bool open, failed;
	z_stream data;
	struct zip_spool *directory;
	unsigned char piece[PIECE];
};

/* Little-endian fields, in order. */
struct fields {
	unsigned char p[128];
	size_t n;
};

static void put(struct fields *f, uint64_t value, unsigned bytes)
{
	for (unsigned i = 0; i < bytes; i++)
		f->p[f->n++] = (unsigned char)(value >> (8 * i));
}

static struct str fields_str(const struct fields *f)
{
	return (struct str){ (const char *)f->p, f->n };
}

static bool give(struct zip *z, struct str bytes)
{
	if (z->failed || (bytes.n && !z->write(z->ctx, bytes)))
		z->failed = true;
	z->at += bytes.n;
	return !z->failed;
}

static void *from_arena(void *ctx, unsigned n, unsigned size)
{
	(void)ctx;
	return alloc((size_t)n * size);
}

static void to_arena(void *ctx, void *p)
{
	(void)ctx;
	(void)p;
}

static bool packer(z_stream *s)
{
	s->zalloc = from_arena;
	s->zfree = to_arena;
	return deflateInit2(s, ZIP_LEVEL, Z_DEFLATED, RAW_WINDOW, 8,
			    Z_DEFAULT_STRATEGY) == Z_OK;
}

/* ---- spools -------------------------------------------------------------- */

static void close_spool(void *spool)
{
	if (((struct zip_spool *)spool)->fd >= 0)
		close(((struct zip_spool *)spool)->fd);
}

struct zip_spool *zip_spool_new(void)
{
	struct zip_spool *s = alloc(sizeof(*s));

	s->fd = memfd_create("zip", MFD_CLOEXEC);
	defer(close_spool, s);
	s->failed = s->fd < 0 || !packer(&s->z);
	return s;
}

static bool write_all(int fd, const unsigned char *p, size_t n)
{
	while (n) {
		ssize_t done = write(fd, p, n);

		if (done <= 0)
			return false;
		p += done;
		n -= (size_t)done;
	}
	return true;
}

static bool spool(struct zip_spool *s, struct str bytes, int flush)
{
	unsigned char out[4096];

	s->failed |= s->ended || bytes.n > UINT32_MAX;
	if (s->failed)
		return false;
	s->n += bytes.n;
	s->z.next_in = (unsigned char *)(uintptr_t)bytes.p;
	s->z.avail_in = (unsigned)bytes.n;
	do {
		s->z.next_out = out;
		s->z.avail_out = sizeof(out);
		deflate(&s->z, flush);
		s->failed |=
			!write_all(s->fd, out, sizeof(out) - s->z.avail_out);
	} while (!s->z.avail_out);
	s->ended = flush == Z_FINISH;
	return !s->failed;
}

bool zip_spool_add(struct zip_spool *s, struct str bytes)
{
	return spool(s, bytes, Z_NO_FLUSH);
}

bool zip_spool_read(struct zip_spool *s, zip_write *write, void *ctx)
{
	z_stream z = { .zalloc = from_arena, .zfree = to_arena };
	unsigned char in[4096], out[4096];
	ssize_t n;

	if (!s->ended && !spool(s, S(""), Z_FINISH))
		return false;
	if (s->failed || lseek(s->fd, 0, SEEK_SET) != 0 ||
	    inflateInit2(&z, RAW_WINDOW) != Z_OK)
		return false;
	while ((n = read(s->fd, in, sizeof(in))) > 0) {
		z.next_in = in;
		z.avail_in = (unsigned)n;
		do {
			z.next_out = out;
			z.avail_out = sizeof(out);
			inflate(&z, Z_NO_FLUSH);
			if (!write(ctx,
				   (struct str){ (char *)out,
						 sizeof(out) - z.avail_out }))
				return false;
		} while (!z.avail_out);
	}
	return n == 0;
}

struct zip *zip_new(zip_write *write, void *ctx)
{
	struct zip *z = alloc(sizeof(*z));

	z->write = write;
	z->ctx = ctx;
	z->directory = zip_spool_new();
	z->failed = !packer(&z->data);
	return z;
}

/* ---- the directory ------------------------------------------------------- */

/* In place of what does not fit into 4 bytes (4.5.3), in this order. */
static void put_large(struct fields *f, const struct entry *e)
{
	unsigned n = (e->size >= LIMIT32 ? 8u : 0u) +
		     (e->packed >= LIMIT32 ? 8u : 0u) +
		     (e->offset >= LIMIT32 ? 8u : 0u);

	if (!n)
		return;
	put(f, 1, 2);
	put(f, n, 2);
	if (e->size >= LIMIT32)
		put(f, e->size, 8);
	if (e->packed >= LIMIT32)
		put(f, e->packed, 8);
	if (e->offset >= LIMIT32)
		put(f, e->offset, 8);
}

static uint64_t at_most(uint64_t value, uint64_t limit)
{
	return value < limit ? value : limit;
}

/* 4.3.12 */
static bool remember(struct zip *z)
{
	const struct entry *e = &z->entry;
	struct fields f = { .n = 0 }, large = { .n = 0 };

	put_large(&large, e);
	put(&f, 0x02014b50, 4);
	put(&f, MADE_ON_UNIX | VERSION_ZIP64, 2);
	put(&f, e->large || large.n ? VERSION_ZIP64 : VERSION, 2);
	put(&f, e->flags, 2);
	put(&f, e->method, 2);
	put(&f, 0, 2);
	put(&f, DAY, 2);
	put(&f, e->crc, 4);
	put(&f, at_most(e->packed, LIMIT32), 4);
	put(&f, at_most(e->size, LIMIT32), 4);
	put(&f, e->name_n, 2);
	put(&f, large.n, 2);
	put(&f, 0, 2 + 2 + 2); /* comment, disk, kind of text */
	put(&f, ATTRIBUTES, 4);
	put(&f, at_most(e->offset, LIMIT32), 4);
	z->entries++;
	z->failed |= !zip_spool_add(z->directory, fields_str(&f)) ||
		     !zip_spool_add(z->directory,
				    (struct str){ e->name, e->name_n }) ||
		     !zip_spool_add(z->directory, fields_str(&large));
	return !z->failed;
}

static bool give_piece(void *zip, struct str bytes)
{
	return give(zip, bytes);
}

/* 4.3.14 to 4.3.16 */
bool zip_finish(struct zip *z)
{
	uint64_t start = z->at, length = z->directory->n, after;
	struct fields f = { .n = 0 };

	if (z->failed || z->open ||
	    !zip_spool_read(z->directory, give_piece, z))
		return false;
	after = z->at;
	if (z->entries >= LIMIT16 || length >= LIMIT32 || start >= LIMIT32) {
		put(&f, 0x06064b50, 4);
		put(&f, 44, 8);
		put(&f, MADE_ON_UNIX | VERSION_ZIP64, 2);
		put(&f, VERSION_ZIP64, 2);
		put(&f, 0, 8); /* disks */
		put(&f, z->entries, 8);
		put(&f, z->entries, 8);
		put(&f, length, 8);
		put(&f, start, 8);
		put(&f, 0x07064b50, 4);
		put(&f, 0, 4);
		put(&f, after, 8);
		put(&f, 1, 4);
	}
	put(&f, 0x06054b50, 4);
	put(&f, 0, 4);
	put(&f, at_most(z->entries, LIMIT16), 2);
	put(&f, at_most(z->entries, LIMIT16), 2);
	put(&f, at_most(length, LIMIT32), 4);
	put(&f, at_most(start, LIMIT32), 4);
	put(&f, 0, 2);
	return give(z, fields_str(&f));
}

/* ---- entries ------------------------------------------------------------- */

/* A place below the folder it is unpacked into. */
static bool is_name(struct str name)
{
	struct str rest = name;

	if (!name.n || name.n > NAME_MAX_LENGTH || !str_is_text(name) ||
	    memchr(name.p, '\\', name.n))
		return false;
	while (rest.n) {
		struct str part = str_cut(&rest, '/');

		if (!part.n || str_eqz(part, ".") || str_eqz(part, ".."))
			return false;
	}
	return name.p[name.n - 1] != '/';
}

static bool is_ascii(struct str name)
{
	for (size_t i = 0; i < name.n; i++)
		if ((unsigned char)name.p[i] >= 0x80)
			return false;
	return true;
}

/* 4.3.7: what is not known yet is 0, and of an entry that may be large in a
 * field of its own. */
static bool give_header(struct zip *z)
{
	const struct entry *e = &z->entry;
	struct fields f = { .n = 0 }, large = { .n = 0 };

	if (e->large) {
		put(&large, 1, 2);
		put(&large, 16, 2);
		put(&large, 0, 8);
		put(&large, 0, 8);
	}
	put(&f, 0x04034b50, 4);
	put(&f, e->large ? VERSION_ZIP64 : VERSION, 2);
	put(&f, e->flags, 2);
	put(&f, e->method, 2);
	put(&f, 0, 2);
	put(&f, DAY, 2);
	put(&f, e->crc, 4);
	put(&f, e->large ? LIMIT32 : e->packed, 4);
	put(&f, e->large ? LIMIT32 : e->size, 4);
	put(&f, e->name_n, 2);
	put(&f, large.n, 2);
	return give(z, fields_str(&f)) &&
	       give(z, (struct str){ e->name, e->name_n }) &&
	       give(z, fields_str(&large));
}

static bool start(struct zip *z, struct str name)
{
	if (z->failed || z->open || !is_name(name)) {
		z->failed = true;
		return false;
	}
	memcpy(z->entry.name, name.p, name.n);
	z->entry.name_n = name.n;
	z->entry.offset = z->at;
	z->entry.flags = is_ascii(name) ? 0 : NAME_IS_UTF8;
	z->entry.size = z->entry.packed = 0;
	z->entry.crc = 0;
	z->entry.large = false;
	z->entry.method = 0;
	return true;
}

static uint32_t sum(uint32_t crc, struct str s)
{
	return (uint32_t)crc32_z(crc, (const unsigned char *)s.p, s.n);
}

bool zip_store(struct zip *z, struct str name, struct str content)
{
	if (!start(z, name))
		return false;
	z->failed |= content.n >= LIMIT32;
	z->entry.size = z->entry.packed = content.n;
	z->entry.crc = sum(0, content);
	return give_header(z) && give(z, content) && remember(z);
}

bool zip_begin(struct zip *z, struct str name, uint64_t most)
{
	if (!start(z, name))
		return false;
	z->entry.method = DEFLATED;
	z->entry.flags |= SIZES_BEHIND;
	z->entry.most = most;
	/* What does not compress grows a little. */
	z->entry.large = most >= LIMIT32 - LIMIT32 / 1000;
	z->open = true;
	z->failed |= deflateReset(&z->data) != Z_OK;
	return give_header(z);
}

static bool pack(struct zip *z, struct str bytes, int flush)
{
	z->data.next_in = (unsigned char *)(uintptr_t)bytes.p;
	z->data.avail_in = (unsigned)bytes.n;
	do {
		size_t n;

		z->data.next_out = z->piece;
		z->data.avail_out = PIECE;
		deflate(&z->data, flush);
		n = PIECE - z->data.avail_out;
		z->entry.packed += n;
		if (!give(z, (struct str){ (char *)z->piece, n }))
			return false;
	} while (!z->data.avail_out);
	return true;
}

bool zip_add(struct zip *z, struct str bytes)
{
	if (!z->open || bytes.n > z->entry.most - z->entry.size)
		z->failed = true;
	if (z->failed)
		return false;
	z->entry.size += bytes.n;
	z->entry.crc = sum(z->entry.crc, bytes);
	while (bytes.n) { /* zlib counts in 32 bits */
		size_t n = bytes.n < 1u << 30 ? bytes.n : 1u << 30;

		if (!pack(z, (struct str){ bytes.p, n }, Z_NO_FLUSH))
			return false;
		bytes = str_from(bytes, n);
	}
	return true;
}

/* 4.3.9 */
bool zip_end(struct zip *z)
{
	struct fields f = { .n = 0 };
	unsigned wide = z->entry.large ? 8 : 4;

	if (z->failed || !z->open || !pack(z, S(""), Z_FINISH))
		return false;
	z->open = false;
	put(&f, 0x08074b50, 4);
	put(&f, z->entry.crc, 4);
	put(&f, z->entry.packed, wide);
	put(&f, z->entry.size, wide);
	return give(z, fields_str(&f)) && remember(z);
}

const char *zip_maker(void)
{
	return zlibVersion();
}
