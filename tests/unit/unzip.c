/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* ZIP files of strangers: what is well is read, whoever packed it; what is
 * made to do harm is refused before it is unpacked. */
#include <setjmp.h>
#include <stdarg.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>
#include <zlib.h>

#include "arena.h"
#include "unzip.h"
#include "zip.h"

static const struct unzip_limits usual = {
	.file = 64 << 20,
	.entries = 100000,
	.entry = 8 << 20,
	.whole = 32 << 20,
	.ratio = 200,
};

static int file = -1;

static int reset_after(void **state)
{
	(void)state;
	arena_reset();
	if (file >= 0)
		close(file);
	file = -1;
	return 0;
}

static int hold(struct str bytes)
{
	if (file >= 0)
		close(file);
	file = memfd_create("test", MFD_CLOEXEC);
	assert_true(file >= 0);
	assert_int_equal(write(file, bytes.p, bytes.n), bytes.n);
	return file;
}

static struct unzip_fault fault;

static struct unzip *open_within(struct str bytes,
				 const struct unzip_limits *limits)
{
	return unzip_open(hold(bytes), limits, &fault);
}

static void refuses(struct str bytes, const char *code, const char *entry)
{
	if (open_within(bytes, &usual))
		fail_msg("taken, but %s", code);
	assert_string_equal(fault.code, code);
	assert_string_equal(str_z(fault.entry), entry);
}

static struct str read_one(struct unzip *u, const char *name)
{
	size_t i = unzip_find(u, str_of(name));
	struct str content;

	assert_int_not_equal(i, SIZE_MAX);
	if (!unzip_read(u, i, 8 << 20, &content))
		fail_msg("%s: %s", name, fault.code);
	return content;
}

static void fails(struct str bytes, const char *name, const char *code)
{
	struct unzip *u = open_within(bytes, &usual);
	struct str content;

	if (!u)
		fail_msg("%s: %s", name, fault.code);
	if (unzip_read(u, unzip_find(u, str_of(name)), 8 << 20, &content))
		fail_msg("%s is read, but %s", name, code);
	assert_string_equal(fault.code, code);
}

/* ---- packed by hand ------------------------------------------------------ */

struct entry {
	const char *name;
	struct str data; /* as it is packed */
	unsigned flags, method;
	uint32_t crc;
	uint32_t size, packed;
	uint64_t offset; /* 0: where it is */
	unsigned disk;
};

static void put(struct buf *b, uint64_t value, unsigned bytes)
{
	while (bytes--) {
		buf_char(b, (char)(value & 0xff));
		value >>= 8;
	}
}

static uint32_t sum(struct str s)
{
	return (uint32_t)crc32_z(0, (const unsigned char *)s.p, s.n);
}

static struct entry stored(const char *name, struct str data)
{
	return (struct entry){
		.name = name,
		.data = data,
		.crc = sum(data),
		.size = (uint32_t)data.n,
		.packed = (uint32_t)data.n,
	};
}

/* Deflated as far as it goes. */
static struct entry deflated(const char *name, struct str data)
{
	struct entry e = stored(name, data);
	z_stream z = { 0 };
	size_t most = compressBound(data.n) + 64;
	char *p = alloc(most);

	assert_int_equal(deflateInit2(&z, 9, 8, -15, 8, 0), Z_OK);
	z.next_in = (unsigned char *)(uintptr_t)data.p;
	z.avail_in = (unsigned)data.n;
	z.next_out = (unsigned char *)p;
	z.avail_out = (unsigned)most;
	assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
	e.data = (struct str){ p, z.total_out };
	e.packed = (uint32_t)z.total_out;
	e.method = 8;
	deflateEnd(&z);
	return e;
}

static struct str zeros(size_t n)
{
	return (struct str){ alloc(n), n };
}

static void put_local(struct buf *b, const struct entry *e, const char *name)
{
	put(b, 0x04034b50, 4);
	put(b, 20, 2);
	put(b, e->flags, 2);
	put(b, e->method, 2);
	put(b, 0, 4);
	put(b, e->crc, 4);
	put(b, e->packed, 4);
	put(b, e->size, 4);
	put(b, strlen(name), 2);
	put(b, 0, 2);
	buf_add(b, str_of(name));
	buf_add(b, e->data);
}

static void put_header(struct buf *b, const struct entry *e, uint64_t offset)
{
	put(b, 0x02014b50, 4);
	put(b, 20, 2);
	put(b, 20, 2);
	put(b, e->flags, 2);
	put(b, e->method, 2);
	put(b, 0, 4);
	put(b, e->crc, 4);
	put(b, e->packed, 4);
	put(b, e->size, 4);
	put(b, strlen(e->name), 2);
	put(b, 0, 4);
	put(b, e->disk, 2);
	put(b, 0, 6);
	put(b, e->offset ? e->offset - 1 : offset, 4);
	buf_add(b, str_of(e->name));
}

static void put_end(struct buf *b, size_t n, size_t directory)
{
	put(b, 0x06054b50, 4);
	put(b, 0, 4);
	put(b, n, 2);
	put(b, n, 2);
	put(b, b->n - directory - 12, 4);
	put(b, directory, 4);
	put(b, 0, 2);
}

static struct str pack(const struct entry *e, size_t n)
{
	struct buf b = buf_new(64 << 20);
	uint64_t *offsets = alloc((n + 1) * sizeof(*offsets));
	size_t directory;

	for (size_t i = 0; i < n; i++) {
		offsets[i] = b.n;
		put_local(&b, &e[i], e[i].name);
	}
	directory = b.n;
	for (size_t i = 0; i < n; i++)
		put_header(&b, &e[i], offsets[i]);
	put_end(&b, n, directory);
	assert_false(b.full);
	return buf_str(&b);
}

static struct str pack_one(struct entry e)
{
	return pack(&e, 1);
}

/* ---- what is well -------------------------------------------------------- */

static bool to_buf(void *ctx, struct str bytes)
{
	buf_add(ctx, bytes);
	return !((struct buf *)ctx)->full;
}

/* Text that compresses, but is not all the same. */
static struct str long_text(size_t n)
{
	struct buf b = buf_new(n);
	uint32_t x = 1;

	while (!b.full) {
		x = x * 1664525u + 1013904223u;
		buf_addf(&b, "%u ", x >> 20);
	}
	return buf_str(&b);
}

static void our_own_files_are_read(void **state)
{
	struct buf b = buf_new(8 << 20);
	struct zip *z = zip_new(to_buf, &b);
	struct str text = long_text(300000);
	struct unzip_entry e;
	struct unzip *u;

	(void)state;
	assert_true(zip_store(z, S("mimetype"), S("application/epub+zip")));
	assert_true(zip_begin(z, S("a/b.txt"), text.n));
	assert_true(zip_add(z, text));
	assert_true(zip_end(z));
	/* with sizes of eight bytes behind it */
	assert_true(zip_begin(z, S("日本語.txt"), 5ull << 30));
	assert_true(zip_add(z, text));
	assert_true(zip_end(z));
	assert_true(zip_begin(z, S("empty"), 1));
	assert_true(zip_end(z));
	assert_true(zip_finish(z));
	u = open_within(buf_str(&b), &usual);
	assert_non_null(u);
	assert_int_equal(unzip_count(u), 4);
	assert_true(unzip_entry(u, 2, &e));
	assert_string_equal(str_z(e.name), "日本語.txt");
	assert_int_equal(e.size, text.n);
	assert_true(str_eq(read_one(u, "日本語.txt"), text));
	assert_true(str_eq(read_one(u, "a/b.txt"), text));
	assert_string_equal(str_z(read_one(u, "mimetype")),
			    "application/epub+zip");
	assert_int_equal(read_one(u, "empty").n, 0);
	assert_int_equal(unzip_find(u, S("nothing")), SIZE_MAX);
	assert_int_equal(unzip_find(u, S("")), SIZE_MAX);
}

static void many_entries_are_zip64(void **state)
{
	struct buf b = buf_new(32 << 20);
	struct zip *z = zip_new(to_buf, &b);
	struct unzip_limits few = usual;
	struct unzip *u;
	size_t before;

	(void)state;
	for (unsigned i = 0; i < 70000; i++) {
		char name[32];

		snprintf(name, sizeof(name), "articles/%u.html", i);
		assert_true(zip_store(z, str_of(name), str_of(name)));
	}
	assert_true(zip_finish(z));
	before = arena_used();
	u = open_within(buf_str(&b), &usual);
	assert_non_null(u);
	assert_true(arena_used() - before < 70000 * 48 + (1 << 20));
	assert_int_equal(unzip_count(u), 70000);
	assert_string_equal(str_z(read_one(u, "articles/69999.html")),
			    "articles/69999.html");
	assert_string_equal(str_z(read_one(u, "articles/0.html")),
			    "articles/0.html");
	few.entries = 69999;
	assert_null(open_within(buf_str(&b), &few));
	assert_string_equal(fault.code, "too_many");
}

static void other_programs_files_are_read(void **state)
{
	struct str text = long_text(200000), content;
	struct unzip *u;
	FILE *f;
	int fd;

	(void)state;
	mkdir("build/unit", 0777);
	assert_int_equal(
		system("rm -rf build/unit/packed build/unit/packed.zip; "
		       "mkdir -p build/unit/packed/åäö/b"),
		0);
	f = fopen("build/unit/packed/åäö/b/long.txt", "w");
	assert_non_null(f);
	assert_int_equal(fwrite(text.p, 1, text.n, f), text.n);
	fclose(f);
	assert_int_equal(
		system("cd build/unit/packed && echo x >y && LC_ALL=C.UTF-8 "
		       "bsdtar --format zip -cf ../packed.zip y åäö"),
		0);
	fd = open("build/unit/packed.zip", O_RDONLY | O_CLOEXEC);
	u = unzip_open(fd, &usual, &fault);
	if (!u)
		fail_msg("%s", fault.code);
	assert_int_equal(unzip_count(u), 2); /* folders are none */
	assert_true(unzip_read(u, unzip_find(u, S("åäö/b/long.txt")), 8 << 20,
			       &content));
	assert_true(str_eq(content, text));
	assert_string_equal(str_z(read_one(u, "y")), "x\n");
	close(fd);
}

static void folders_and_an_empty_file(void **state)
{
	struct entry e[] = { stored("a/", S("")), stored("a/b", S("x")),
			     stored("c/", S("")) };
	struct unzip *u = open_within(pack(e, 3), &usual);

	(void)state;
	assert_non_null(u);
	assert_int_equal(unzip_count(u), 1);
	assert_string_equal(str_z(read_one(u, "a/b")), "x");
	u = open_within(pack(e, 0), &usual);
	assert_non_null(u);
	assert_int_equal(unzip_count(u), 0);
}

static bool stop_at_once(void *ctx, struct str bytes)
{
	(void)bytes;
	return --*(int *)ctx > 0;
}

static void who_takes_may_stop(void **state)
{
	struct unzip *u =
		open_within(pack_one(deflated("a", long_text(300000))), &usual);
	int times = 2;

	(void)state;
	assert_non_null(u);
	assert_false(unzip_each(u, 0, stop_at_once, &times));
	assert_int_equal(times, 0);
	assert_null(fault.code);
}

/* ---- what is not --------------------------------------------------------- */

static void names_stay_in_their_folder(void **state)
{
	static const char *const names[] = {
		"/a",		"a//b", "../a", "a/..",	 "a/../../b",
		"a/./b",	"a\\b", ".",	"..",	 "C:a",
		"c:\\a",	"/",	"a//",	"./a",	 "a\x7f",
		"a\nb",		"a\tb", "\1",	"a\xff", "\xc0\xaf",
		"\xed\xa0\x80",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		struct str zip = pack_one(stored(names[i], S("x")));

		if (open_within(zip, &usual))
			fail_msg("a name: %s", names[i]);
		assert_string_equal(fault.code, "name");
		assert_true(str_is_text(fault.entry));
		assert_null(memchr(fault.entry.p, '\n', fault.entry.n));
	}
	refuses(pack_one(stored("", S("x"))), "name", "");
	char long_name[1026];

	memset(long_name, 'a', 1025);
	long_name[1025] = '\0';
	assert_null(open_within(pack_one(stored(long_name, S("x"))), &usual));
	assert_string_equal(fault.code, "name");
	assert_int_equal(fault.entry.n, 200);
}

static void a_name_is_there_once(void **state)
{
	struct entry e[] = { stored("a", S("x")), stored("b", S("y")),
			     stored("a", S("z")) };

	(void)state;
	refuses(pack(e, 3), "twice", "a");
}

static void limits_hold_before_anything_is_unpacked(void **state)
{
	struct entry large = deflated("l", zeros(9 << 20));
	struct entry tight = deflated("t", zeros(2 << 20));
	struct str text = long_text(7 << 20);
	struct entry all[5], one = deflated("", text);
	struct unzip_limits small = usual;

	(void)state;
	refuses(pack_one(large), "too_large", "l");
	refuses(pack_one(tight), "ratio", "t");
	for (size_t i = 0; i < ARRAY_LEN(all); i++) {
		static char names[5][2] = { "a", "b", "c", "d", "e" };

		all[i] = one;
		all[i].name = names[i];
	}
	refuses(pack(all, 5), "too_large", "");
	small.file = 100;
	assert_null(open_within(pack_one(stored("a", zeros(100))), &small));
	assert_string_equal(fault.code, "too_large");
}

/* Ten thousand files that are nothing but packed well, each below the size of
 * which one is asked. */
static void many_small_bombs(void **state)
{
	struct buf names = buf_new(1 << 20);
	size_t n = 40;
	struct entry *e = alloc(n * sizeof(*e));
	struct entry one = deflated("", zeros(1 << 19));

	(void)state;
	for (size_t i = 0; i < n; i++) {
		e[i] = one;
		e[i].name = alloc(8);
		snprintf((char *)(uintptr_t)e[i].name, 8, "%zu", i);
	}
	assert_false(names.full);
	refuses(pack(e, n), "ratio", "");
}

/* What is said to be small and is not: David Fifield's bomb, and others. */
static void entries_do_not_lie_in_each_other(void **state)
{
	struct entry e[] = { stored("a", S("0123456789")), stored("b", S("x")),
			     stored("c", S("y")) };
	struct entry two[2];

	(void)state;
	e[1].offset = 1; /* that of a */
	refuses(pack(e, 3), "overlap", "a");
	e[1].offset = 12;
	assert_null(open_within(pack(e, 3), &usual));
	assert_string_equal(fault.code, "overlap");
	/* One that has more before its data than the directory says. */
	two[0] = stored("a", S("01234567890123456789"));
	two[1] = stored("b", S("x"));
	struct str zip = pack(two, 2);
	char *p = (char *)(uintptr_t)zip.p;

	p[28] = 15; /* extra fields */
	fails(zip, "a", "overlap");
}

/* What is asked for between marks of the arena leaves nothing behind. */
static void between_marks(void **state)
{
	struct str text = long_text(300000);
	struct unzip *u = open_within(pack_one(deflated("a", text)), &usual);

	(void)state;
	assert_non_null(u);
	for (unsigned i = 0; i < 3; i++) {
		struct arena_mark mark = arena_mark();

		assert_true(str_eq(read_one(u, "a"), text));
		arena_rewind(mark);
	}
}

static void what_is_said_is_so(void **state)
{
	struct str text = long_text(100000);
	struct entry e = deflated("a", text);

	(void)state;
	e.size -= 1; /* it unpacks to more than it says */
	fails(pack_one(e), "a", "broken");
	e.size += 2; /* to less */
	fails(pack_one(e), "a", "broken");
	e = deflated("a", text);
	e.crc ^= 1;
	fails(pack_one(e), "a", "sum");
	e = stored("a", S("abc"));
	e.crc ^= 1;
	fails(pack_one(e), "a", "sum");
	e = stored("a", S("abc"));
	e.size = 2;
	refuses(pack_one(e), "broken", "a");
	e = deflated("a", text); /* something behind its end */
	e.data = (struct str){ alloc_copy(e.data.p, e.data.n), e.data.n + 1 };
	e.packed++;
	fails(pack_one(e), "a", "broken");
	e = deflated("a", text); /* the end is missing */
	e.data.n -= 10;
	e.packed -= 10;
	fails(pack_one(e), "a", "broken");
	e = stored("a", S("\xff\xff\xff")); /* none of deflate's blocks */
	e.method = 8;
	fails(pack_one(e), "a", "broken");
}

static void a_header_says_what_the_directory_does(void **state)
{
	struct str zip = pack_one(stored("a", S("abc")));
	static const struct {
		size_t at;
		char byte;
	} changes[] = { { 0, 'Q' }, { 6, 2 },  { 8, 8 },  { 14, 1 },
			{ 18, 9 },  { 22, 9 }, { 26, 2 }, { 30, 'b' } };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(changes); i++) {
		char *p = alloc_copy(zip.p, zip.n);

		p[changes[i].at] = changes[i].byte;
		fails((struct str){ p, zip.n }, "a", "broken");
	}
}

static void what_we_do_not_read(void **state)
{
	struct entry e = stored("a", S("abc"));

	(void)state;
	e.flags = 1;
	refuses(pack_one(e), "encrypted", "a");
	e.flags = 1 << 6;
	refuses(pack_one(e), "encrypted", "a");
	e.flags = 0;
	e.method = 12;
	refuses(pack_one(e), "method", "a");
	e.method = 99;
	refuses(pack_one(e), "method", "a");
	e.method = 0;
	e.disk = 1;
	refuses(pack_one(e), "split", "a");
	e = stored("a/", S("abc")); /* a folder with something in it */
	refuses(pack_one(e), "broken", "a/");
	e = stored("a", S("abc"));
	e.size = e.packed = 0xffffffff; /* and no field that says how large */
	refuses(pack_one(e), "broken", "a");
}

/* Cut anywhere it is none, and says so; nor is it one with more behind it. */
static void cut_anywhere(void **state)
{
	struct entry e[] = { stored("a", S("0123456789")),
			     deflated("b", long_text(1000)) };
	struct str zip = pack(e, 2);
	struct buf more = buf_new(zip.n + 2);

	(void)state;
	for (size_t n = 0; n < zip.n; n++) {
		if (open_within((struct str){ zip.p, n }, &usual))
			fail_msg("cut at %zu", n);
		assert_string_equal(fault.code, n < 22 ? "not_zip" : "cut");
	}
	buf_add(&more, zip);
	buf_char(&more, ' ');
	assert_null(open_within(buf_str(&more), &usual));
	assert_string_equal(fault.code, "cut");
	refuses(S("not a ZIP file at all, but long enough for one"), "not_zip",
		"");
}

/* Any byte another: it is read or refused, whatever comes. */
static void any_byte_may_be_wrong(void **state)
{
	struct entry e[] = { stored("a", S("0123456789")),
			     deflated("b", long_text(300)),
			     stored("c/", S("")) };
	struct str zip = pack(e, 3);

	(void)state;
	for (size_t at = 0; at < zip.n; at++) {
		struct arena_mark mark = arena_mark();
		char *p = alloc_copy(zip.p, zip.n);
		struct str content;
		struct unzip *u;

		p[at] = (char)(p[at] ^ (1 << at % 8));
		u = open_within((struct str){ p, zip.n }, &usual);
		assert_true(u || fault.code);
		for (size_t i = 0; u && i < unzip_count(u); i++)
			assert_true(unzip_read(u, i, 1000, &content) ||
				    fault.code);
		arena_rewind(mark);
	}
}

static void of_one_no_more_than_asked(void **state)
{
	struct unzip *u =
		open_within(pack_one(stored("a", S("0123456789"))), &usual);
	struct str content;

	(void)state;
	assert_non_null(u);
	assert_false(unzip_read(u, 0, 9, &content));
	assert_string_equal(fault.code, "too_large");
	assert_true(unzip_read(u, 0, 10, &content));
	assert_string_equal(str_z(content), "0123456789");
}

#define CASE(f) cmocka_unit_test_teardown(f, reset_after)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(our_own_files_are_read),
		CASE(many_entries_are_zip64),
		CASE(other_programs_files_are_read),
		CASE(folders_and_an_empty_file),
		CASE(who_takes_may_stop),
		CASE(names_stay_in_their_folder),
		CASE(a_name_is_there_once),
		CASE(limits_hold_before_anything_is_unpacked),
		CASE(many_small_bombs),
		CASE(entries_do_not_lie_in_each_other),
		CASE(between_marks),
		CASE(what_is_said_is_so),
		CASE(a_header_says_what_the_directory_does),
		CASE(what_we_do_not_read),
		CASE(cut_anywhere),
		CASE(any_byte_may_be_wrong),
		CASE(of_one_no_more_than_asked),
	};

	return cmocka_run_group_tests_name("unzip", tests, NULL, NULL);
}
