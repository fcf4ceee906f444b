/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* PKWARE's APPNOTE 6.3.9; the numbers in brackets are its sections. */
#include "unzip.h"

#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "arena.h"

enum {
	END = 22,     /* 4.3.16, and a comment */
	LOCATOR = 20, /* 4.3.15 */
	END64 = 56,   /* 4.3.14, and what we do not know */
	HEADER = 46,  /* 4.3.12, then name, extra fields and a comment */
	LOCAL = 30,   /* 4.3.7, then name and extra fields */
	COMMENT = 65535,
	NAME_MAX_LENGTH = 1024,
	SHOWN_NAME = 200,
	WINDOW = 256 * 1024, /* more than a header with all that it may have */
	AHEAD = 4096,	     /* read with a header that is asked for alone */
	PIECE = 65536,
	RAW_WINDOW = -15,
	POOL = 96 * 1024, /* for zlib's state and window: 42 kB */
	ENCRYPTED = 1 << 0 | 1 << 6 | 1 << 13, /* 4.4.4 */
	PATCH = 1 << 5,
	SIZES_BEHIND = 1 << 3,
	STORED = 0,
	DEFLATED = 8,
};

#define LIMIT32 0xffffffffu
#define LIMIT16 0xffffu

/* Of the directory: where its header is in the file, where its own room begins
 * and what comes behind that. */
struct place {
	uint64_t at, offset, until, hash;
};

struct unzip {
	int fd;
	struct unzip_limits limits;
	struct unzip_fault *fault;
	uint64_t size, directory, directory_end;
	size_t n, all;
	struct place *places;
	uint32_t *slots; /* by hash: which place, and one; 0: none */
	size_t mask;
	uint64_t key;
	bool open;
	z_stream z;
	size_t pooled;
	_Alignas(16) unsigned char pool[POOL];
	unsigned char in[PIECE], out[PIECE];
	uint64_t window_at;
	size_t window_n;
	unsigned char window[WINDOW];
};

/* What the directory says of an entry. */
struct header {
	unsigned flags, method;
	uint32_t crc;
	uint64_t packed, size, offset;
	struct str name; /* in the window */
	uint64_t next;	 /* where the header behind it is */
	bool folder;
};

/* ---- faults -------------------------------------------------------------- */

/* A name as far as it can be shown. */
static struct str shown(struct str name)
{
	struct buf b = buf_new(SHOWN_NAME + 4);
	size_t i = 0;

	while (i < name.n && b.n < SHOWN_NAME) {
		size_t n = 1;

		while (n < 4 && i + n < name.n &&
		       ((unsigned char)name.p[i + n] & 0xc0) == 0x80)
			n++;
		if (name.p[i] >= ' ' || (signed char)name.p[i] < 0) {
			struct str one = { name.p + i, n };

			buf_add(&b, str_is_text(one) ? one : S("?"));
		} else {
			buf_char(&b, '?');
		}
		i += n;
	}
	return buf_str(&b);
}

static bool fail_at(struct unzip *u, const char *code, struct str name)
{
	u->fault->code = code;
	u->fault->entry = shown(name);
	return false;
}

static bool fail(struct unzip *u, const char *code)
{
	return fail_at(u, code, S(""));
}

/* ---- bytes --------------------------------------------------------------- */

static uint64_t number(const unsigned char *p, unsigned bytes)
{
	uint64_t value = 0;

	while (bytes--)
		value = value << 8 | p[bytes];
	return value;
}

/* All n bytes at a place. */
static bool read_at(struct unzip *u, uint64_t at, void *p, size_t n)
{
	if (at > u->size || n > u->size - at)
		return fail(u, "broken");
	while (n) {
		ssize_t done = pread(u->fd, p, n, (off_t)at);

		if (done <= 0)
			return fail(u, done ? "read" : "cut");
		p = (char *)p + done;
		at += (uint64_t)done;
		n -= (size_t)done;
	}
	return true;
}

/* n bytes of the directory at a place, until another is looked at. */
static const unsigned char *look(struct unzip *u, uint64_t at, size_t n)
{
	size_t more = u->open ? AHEAD : WINDOW;
	uint64_t left;

	if (at < u->directory || at > u->directory_end ||
	    n > u->directory_end - at || n > WINDOW) {
		fail(u, "broken");
		return NULL;
	}
	if (at >= u->window_at && at - u->window_at <= u->window_n &&
	    n <= u->window_n - (at - u->window_at))
		return u->window + (at - u->window_at);
	left = u->directory_end - at;
	more = more < n ? n : more;
	more = more < left ? more : (size_t)left;
	u->window_n = 0;
	if (!read_at(u, at, u->window, more))
		return NULL;
	u->window_at = at;
	u->window_n = more;
	return u->window;
}

/* ---- the end ------------------------------------------------------------- */

/* What the end says of the directory. */
struct end {
	uint64_t at; /* where it begins itself */
	uint64_t entries, size, offset;
};

/* 4.3.14, 4.3.15: beside what stands in the end, where that has no room. */
static bool read_end64(struct unzip *u, const unsigned char *locator,
		       struct end *e)
{
	uint64_t at = number(locator + 8, 8);
	uint64_t behind = e->at - LOCATOR;
	unsigned char p[END64];

	if (number(locator + 4, 4) || number(locator + 16, 4) != 1)
		return fail(u, "split");
	if (behind < END64 || at > behind - END64)
		return fail(u, "broken");
	if (!read_at(u, at, p, sizeof(p)))
		return false;
	if (number(p, 4) != 0x06064b50 || number(p + 4, 8) != behind - at - 12)
		return fail(u, "broken");
	if (number(p + 16, 4) || number(p + 20, 4) ||
	    number(p + 24, 8) != number(p + 32, 8))
		return fail(u, "split");
	if ((e->entries != LIMIT16 && e->entries != number(p + 32, 8)) ||
	    (e->size != LIMIT32 && e->size != number(p + 40, 8)) ||
	    (e->offset != LIMIT32 && e->offset != number(p + 48, 8)))
		return fail(u, "broken");
	e->at = at;
	e->entries = number(p + 32, 8);
	e->size = number(p + 40, 8);
	e->offset = number(p + 48, 8);
	return true;
}

/* 4.3.16: p are the last n bytes of the file, i where it begins in them. */
static bool read_end_at(struct unzip *u, const unsigned char *p, size_t n,
			size_t i)
{
	struct end e = {
		.at = u->size - n + i,
		.entries = number(p + i + 10, 2),
		.size = number(p + i + 12, 4),
		.offset = number(p + i + 16, 4),
	};

	if (i >= LOCATOR && number(p + i - LOCATOR, 4) == 0x07064b50) {
		if (!read_end64(u, p + i - LOCATOR, &e))
			return false;
	} else if (number(p + i + 4, 2) || number(p + i + 6, 2) ||
		   number(p + i + 8, 2) != e.entries) {
		return fail(u, "split");
	}
	if (e.offset > e.at || e.size != e.at - e.offset ||
	    e.entries > e.size / HEADER)
		return fail(u, "broken");
	if (e.entries > u->limits.entries || e.entries >= UINT32_MAX / 4)
		return fail(u, "too_many");
	u->directory = e.offset;
	u->directory_end = e.at;
	u->all = (size_t)e.entries;
	return true;
}

static bool read_end(struct unzip *u)
{
	size_t most = END + COMMENT + LOCATOR;
	size_t n = u->size < most ? (size_t)u->size : most;
	unsigned char *p = u->window;

	if (n < END)
		return fail(u, "not_zip");
	if (!read_at(u, u->size - n, p, n))
		return false;
	for (size_t i = n - END + 1; i-- > 0;)
		if (number(p + i, 4) == 0x06054b50 &&
		    number(p + i + 20, 2) == n - i - END)
			return read_end_at(u, p, n, i);
	if (!read_at(u, 0, p, 4))
		return false;
	return fail(u, number(p, 4) == 0x04034b50 ? "cut" : "not_zip");
}

/* ---- the directory ------------------------------------------------------- */

/* A place below the folder it would be unpacked into, or such a folder. */
static bool is_name(struct str name)
{
	struct str rest = name;

	if (!name.n || name.n > NAME_MAX_LENGTH || !str_is_text(name) ||
	    memchr(name.p, '\\', name.n))
		return false;
	for (size_t i = 0; i < name.n; i++)
		if ((unsigned char)name.p[i] < ' ' || name.p[i] == 0x7f)
			return false;
	if (name.n > 1 && name.p[1] == ':')
		return false; /* a drive */
	if (str_ends(rest, S("/")))
		rest.n--;
	while (rest.n) {
		struct str part = str_cut(&rest, '/');

		if (!part.n || str_eqz(part, ".") || str_eqz(part, ".."))
			return false;
	}
	return name.p[0] != '/' && !str_ends(name, S("//"));
}

/* 4.5.3: what does not fit into 4 bytes, in this order. */
static bool read_large(struct str extra, struct header *h)
{
	uint64_t *wanted[] = { &h->size, &h->packed, &h->offset };
	const unsigned char *p = (const unsigned char *)extra.p;
	size_t n = extra.n;
	bool found = false;

	while (n >= 4 && !found) {
		size_t field = (size_t)number(p + 2, 2);

		found = number(p, 2) == 1;
		if (field > n - 4)
			return false;
		n = found ? field : n - 4 - field;
		p += found ? 4 : 4 + field;
	}
	for (size_t i = 0; i < ARRAY_LEN(wanted); i++) {
		if (*wanted[i] != LIMIT32)
			continue;
		if (!found || n < 8)
			return false;
		*wanted[i] = number(p, 8);
		p += 8;
		n -= 8;
	}
	return true;
}

/* 4.3.12 */
static bool read_header(struct unzip *u, uint64_t at, struct header *h)
{
	const unsigned char *p = look(u, at, HEADER);
	size_t name_n, extra_n, all;

	if (!p)
		return false;
	name_n = (size_t)number(p + 28, 2);
	extra_n = (size_t)number(p + 30, 2);
	all = HEADER + name_n + extra_n + (size_t)number(p + 32, 2);
	if (number(p, 4) != 0x02014b50)
		return fail(u, "broken");
	p = look(u, at, all);
	if (!p)
		return false;
	*h = (struct header){
		.flags = (unsigned)number(p + 8, 2),
		.method = (unsigned)number(p + 10, 2),
		.crc = (uint32_t)number(p + 16, 4),
		.packed = number(p + 20, 4),
		.size = number(p + 24, 4),
		.offset = number(p + 42, 4),
		.name = { (const char *)p + HEADER, name_n },
		.next = at + all,
	};
	h->folder = str_ends(h->name, S("/"));
	if (number(p + 34, 2) && number(p + 34, 2) != LIMIT16)
		return fail_at(u, "split", h->name);
	if (!read_large((struct str){ h->name.p + name_n, extra_n }, h))
		return fail_at(u, "broken", h->name);
	return true;
}

static bool is_small_enough(const struct unzip *u, uint64_t size,
			    uint64_t packed)
{
	return size <= UNZIP_SMALL || size / u->limits.ratio <= packed;
}

static bool check_header(struct unzip *u, const struct header *h)
{
	if (!is_name(h->name))
		return fail_at(u, "name", h->name);
	if (h->flags & ENCRYPTED)
		return fail_at(u, "encrypted", h->name);
	if ((h->method != STORED && h->method != DEFLATED) || h->flags & PATCH)
		return fail_at(u, "method", h->name);
	if (h->size > u->limits.entry)
		return fail_at(u, "too_large", h->name);
	if (!is_small_enough(u, h->size, h->packed))
		return fail_at(u, "ratio", h->name);
	if ((h->folder && h->size) ||
	    (h->method == STORED && h->size != h->packed) ||
	    h->offset > u->directory ||
	    u->directory - h->offset < LOCAL + h->name.n ||
	    u->directory - h->offset - LOCAL - h->name.n < h->packed)
		return fail_at(u, "broken", h->name);
	return true;
}

/* A polynomial at a place that nobody knows, over 2^61 - 1: names can't be
 * made to collide. */
static uint64_t hash(const struct unzip *u, struct str name)
{
	const uint64_t prime = (1ull << 61) - 1;
	uint64_t h = name.n;

	while (name.n) {
		size_t n = name.n < 7 ? name.n : 7;
		unsigned __int128 next =
			(unsigned __int128)h * u->key +
			number((const unsigned char *)name.p, (unsigned)n);

		h = (uint64_t)(next & prime) + (uint64_t)(next >> 61);
		h = (h & prime) + (h >> 61);
		name = str_from(name, n);
	}
	return h;
}

/* Which slot has the name, or may have it. */
static bool find_slot(struct unzip *u, struct str name, uint64_t h,
		      size_t *slot)
{
	struct header other;

	for (*slot = h & u->mask; u->slots[*slot];
	     *slot = (*slot + 1) & u->mask) {
		const struct place *p = &u->places[u->slots[*slot] - 1];

		if (p->hash != h)
			continue;
		if (!read_header(u, p->at, &other))
			return false;
		if (str_eq(other.name, name))
			return true;
	}
	return true;
}

/* Folders stay in the list until nothing overlaps; they have no slot. */
static bool note_name(struct unzip *u, const struct header *h, size_t i)
{
	struct place *p = &u->places[i];
	struct str name = { alloc_copy(h->name.p, h->name.n), h->name.n };
	size_t slot;

	p->hash = h->folder ? UINT64_MAX : hash(u, name);
	if (h->folder)
		return true;
	if (!find_slot(u, name, p->hash, &slot))
		return false;
	if (u->slots[slot])
		return fail_at(u, "twice", name);
	u->slots[slot] = (uint32_t)i + 1;
	return true;
}

static int by_offset(const void *a, const void *b, void *places)
{
	const struct place *p = places;
	uint64_t x = p[*(const uint32_t *)a].offset;
	uint64_t y = p[*(const uint32_t *)b].offset;

	return (x > y) - (x < y);
}

/* Each has its own room. What `until` says until then is where it ends at the
 * least. */
static bool part_rooms(struct unzip *u)
{
	uint32_t *order = alloc(u->all * sizeof(*order));
	struct header h;

	for (size_t i = 0; i < u->all; i++)
		order[i] = (uint32_t)i;
	qsort_r(order, u->all, sizeof(*order), by_offset, u->places);
	for (size_t i = 0; i < u->all; i++) {
		struct place *p = &u->places[order[i]];
		uint64_t next = i + 1 < u->all ? u->places[order[i + 1]].offset
					       : u->directory;

		if (p->until > next)
			return read_header(u, p->at, &h) &&
			       fail_at(u, "overlap", h.name);
		p->until = next;
	}
	return true;
}

/* What is left are files. */
static void drop_folders(struct unzip *u)
{
	for (size_t i = 0; i < u->all; i++)
		if (u->places[i].hash != UINT64_MAX)
			u->places[u->n++] = u->places[i];
	if (u->n == u->all)
		return;
	memset(u->slots, 0, (u->mask + 1) * sizeof(*u->slots));
	for (size_t i = 0; i < u->n; i++) {
		size_t slot = u->places[i].hash & u->mask;

		while (u->slots[slot])
			slot = (slot + 1) & u->mask;
		u->slots[slot] = (uint32_t)i + 1;
	}
}

static bool read_directory(struct unzip *u)
{
	uint64_t at = u->directory, size = 0, packed = 0;

	for (size_t i = 0; i < u->all; i++) {
		struct arena_mark mark = arena_mark();
		struct header h;

		if (!read_header(u, at, &h) || !check_header(u, &h))
			return false;
		size += h.size;
		packed += h.packed;
		if (size > u->limits.whole)
			return fail(u, "too_large");
		u->places[i] = (struct place){
			.at = at,
			.offset = h.offset,
			.until = h.offset + LOCAL + h.name.n + h.packed,
		};
		at = h.next;
		if (!note_name(u, &h, i))
			return false;
		arena_rewind(mark);
	}
	if (at != u->directory_end)
		return fail(u, "broken");
	return is_small_enough(u, size, packed) || fail(u, "ratio");
}

/* zlib asks for its window when it first needs one: that has to outlive
 * whatever mark the arena is at then. */
static void *from_pool(void *ctx, unsigned n, unsigned size)
{
	struct unzip *u = ctx;
	size_t wanted = ((size_t)n * size + 15) / 16 * 16;

	if (wanted > POOL - u->pooled)
		return NULL;
	u->pooled += wanted;
	return u->pool + u->pooled - wanted;
}

static void to_pool(void *ctx, void *p)
{
	(void)ctx;
	(void)p;
}

/* Room for what the end says there is, which the file is large enough for. */
static bool make_room(struct unzip *u)
{
	u->places = alloc(u->all * sizeof(*u->places));
	for (u->mask = 15; u->mask < 2 * u->all;)
		u->mask = 2 * u->mask + 1;
	u->slots = alloc((u->mask + 1) * sizeof(*u->slots));
	u->z = (z_stream){ .zalloc = from_pool, .zfree = to_pool, .opaque = u };
	return (getrandom(&u->key, sizeof(u->key), 0) == sizeof(u->key) &&
		inflateInit2(&u->z, RAW_WINDOW) == Z_OK) ||
	       fail(u, "read");
}

struct unzip *unzip_open(int fd, const struct unzip_limits *limits,
			 struct unzip_fault *fault)
{
	struct unzip *u = alloc(sizeof(*u));
	struct stat st;

	*u->in = 0;
	u->fd = fd;
	u->limits = *limits;
	u->fault = fault;
	*fault = (struct unzip_fault){ .code = NULL };
	if (fstat(fd, &st) != 0 || st.st_size < 0) {
		fail(u, "read");
		return NULL;
	}
	u->size = (uint64_t)st.st_size;
	if (u->size > limits->file) {
		fail(u, "too_large");
		return NULL;
	}
	if (!read_end(u) || !make_room(u))
		return NULL;
	u->key = u->key % ((1ull << 61) - 2) + 1;
	if (!read_directory(u) || !part_rooms(u))
		return NULL;
	drop_folders(u);
	u->open = true;
	return u;
}

size_t unzip_count(const struct unzip *u)
{
	return u->n;
}

bool unzip_entry(struct unzip *u, size_t i, struct unzip_entry *e)
{
	struct header h;

	if (!read_header(u, u->places[i].at, &h))
		return false;
	e->name = (struct str){ alloc_copy(h.name.p, h.name.n), h.name.n };
	e->size = h.size;
	return true;
}

size_t unzip_find(struct unzip *u, struct str name)
{
	size_t slot;

	if (!find_slot(u, name, hash(u, name), &slot) || !u->slots[slot])
		return SIZE_MAX;
	return u->slots[slot] - 1;
}

/* ---- what is packed ------------------------------------------------------ */

/* 4.3.7 says the same as the directory does, and then comes the data. */
static bool find_data(struct unzip *u, const struct place *p,
		      const struct header *h, uint64_t *at)
{
	unsigned char local[LOCAL], name[NAME_MAX_LENGTH];
	uint64_t packed, size;

	if (!read_at(u, p->offset, local, sizeof(local)))
		return false;
	packed = number(local + 18, 4);
	size = number(local + 22, 4);
	if (number(local, 4) != 0x04034b50 ||
	    number(local + 6, 2) != h->flags ||
	    number(local + 8, 2) != h->method ||
	    number(local + 26, 2) != h->name.n || h->name.n > sizeof(name))
		return fail_at(u, "broken", h->name);
	if (!(h->flags & SIZES_BEHIND) &&
	    (number(local + 14, 4) != h->crc ||
	     (packed != h->packed && packed != LIMIT32) ||
	     (size != h->size && size != LIMIT32)))
		return fail_at(u, "broken", h->name);
	if (!read_at(u, p->offset + LOCAL, name, h->name.n))
		return false;
	if (memcmp(name, h->name.p, h->name.n) != 0)
		return fail_at(u, "broken", h->name);
	*at = p->offset + LOCAL + h->name.n + number(local + 28, 2);
	if (*at > p->until || h->packed > p->until - *at)
		return fail_at(u, "overlap", h->name);
	return true;
}

/* The way of an entry's bytes to who takes them. */
struct way {
	struct unzip *u;
	const struct header *h;
	unzip_take *take;
	void *ctx;
	uint64_t at, left; /* packed bytes */
	uint64_t done;	   /* unpacked */
	uint32_t crc;
};

static bool hand_out(struct way *w, const unsigned char *p, size_t n)
{
	if (n > w->h->size - w->done)
		return fail_at(w->u, "broken", w->h->name);
	w->done += n;
	w->crc = (uint32_t)crc32_z(w->crc, p, n);
	return !n || w->take(w->ctx, (struct str){ (const char *)p, n });
}

static bool next_piece(struct way *w, size_t *n)
{
	*n = w->left < PIECE ? (size_t)w->left : PIECE;
	if (!read_at(w->u, w->at, w->u->in, *n))
		return false;
	w->at += *n;
	w->left -= *n;
	return true;
}

static bool unstore(struct way *w)
{
	size_t n;

	while (w->left)
		if (!next_piece(w, &n) || !hand_out(w, w->u->in, n))
			return false;
	return true;
}

static bool inflate_all(struct way *w)
{
	z_stream *z = &w->u->z;
	int state = inflateReset(z);
	size_t n;

	z->avail_in = 0;
	while (state == Z_OK) {
		if (!z->avail_in && w->left) {
			if (!next_piece(w, &n))
				return false;
			z->next_in = w->u->in;
			z->avail_in = (unsigned)n;
		}
		z->next_out = w->u->out;
		z->avail_out = PIECE;
		state = inflate(z, Z_NO_FLUSH);
		if (!hand_out(w, w->u->out, PIECE - z->avail_out))
			return false;
	}
	/* Neither an end too early nor bytes behind it. */
	return (state == Z_STREAM_END && !w->left && !z->avail_in) ||
	       fail_at(w->u, "broken", w->h->name);
}

bool unzip_each(struct unzip *u, size_t i, unzip_take *take, void *ctx)
{
	const struct place *p = &u->places[i];
	struct header h;
	struct way w = { .u = u, .h = &h, .take = take, .ctx = ctx };

	*u->fault = (struct unzip_fault){ .code = NULL };
	if (!read_header(u, p->at, &h) || !check_header(u, &h) ||
	    !find_data(u, p, &h, &w.at))
		return false;
	w.left = h.packed;
	if (!(h.method == STORED ? unstore(&w) : inflate_all(&w)))
		return false;
	if (w.done != h.size)
		return fail_at(u, "broken", h.name);
	return w.crc == h.crc || fail_at(u, "sum", h.name);
}

static bool collect(void *ctx, struct str bytes)
{
	struct str *content = ctx;

	memcpy((char *)(uintptr_t)content->p + content->n, bytes.p, bytes.n);
	content->n += bytes.n;
	return true;
}

bool unzip_read(struct unzip *u, size_t i, uint64_t most, struct str *content)
{
	struct header h;

	*content = S("");
	if (!read_header(u, u->places[i].at, &h))
		return false;
	if (h.size > most || h.size > u->limits.entry)
		return fail_at(u, "too_large", h.name);
	content->p = alloc((size_t)h.size + 1);
	return unzip_each(u, i, collect, content);
}
