/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* ZIP files, and what other programs read in them. */
#include <setjmp.h>
#include <stdarg.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include "arena.h"
#include "zip.h"

static int reset_after(void **state)
{
	(void)state;
	arena_reset();
	return 0;
}

static bool to_buf(void *ctx, struct str bytes)
{
	buf_add(ctx, bytes);
	return !((struct buf *)ctx)->full;
}

static bool to_file(void *ctx, struct str bytes)
{
	return fwrite(bytes.p, 1, bytes.n, ctx) == bytes.n;
}

static FILE *make_file(void)
{
	FILE *f;

	mkdir("build/unit", 0777);
	f = fopen("build/unit/test.zip", "w");
	assert_non_null(f);
	return f;
}

/* What a command says of the file. */
static struct str said(const char *command)
{
	struct buf b = buf_new(1 << 24);
	FILE *p = popen(command, "r");
	char piece[4096];
	size_t n;

	assert_non_null(p);
	while ((n = fread(piece, 1, sizeof(piece), p)) > 0)
		buf_add(&b, (struct str){ piece, n });
	if (pclose(p) != 0)
		fail_msg("%s: %s", command, str_z(buf_str(&b)));
	return buf_str(&b);
}

static void assert_whole(void)
{
	said("unzip -tqq build/unit/test.zip 2>&1");
	said("LC_ALL=C.UTF-8 bsdtar -tf build/unit/test.zip >/dev/null 2>&1");
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

static bool add_entry(struct zip *z, const char *name, struct str content,
		      size_t piece)
{
	if (!zip_begin(z, str_of(name), content.n))
		return false;
	while (content.n) {
		size_t n = content.n < piece ? content.n : piece;

		if (!zip_add(z, (struct str){ content.p, n }))
			return false;
		content = str_from(content, n);
	}
	return zip_end(z);
}

static void others_read_it(void **state)
{
	FILE *f = make_file();
	struct zip *z = zip_new(to_file, f);
	struct str text = long_text(300000), read;

	(void)state;
	assert_true(zip_store(z, S("mimetype"), S("application/epub+zip")));
	assert_true(add_entry(z, "a/b.txt", text, 1000));
	assert_true(add_entry(z, "日本語.txt", S("x"), 1));
	assert_true(add_entry(z, "empty", S(""), 1));
	assert_true(zip_begin(z, S("large"), 5ull << 30));
	assert_true(zip_add(z, text));
	assert_true(zip_end(z));
	assert_true(zip_finish(z));
	fclose(f);
	assert_whole();
	assert_true(str_eq(said("unzip -p build/unit/test.zip a/b.txt"), text));
	assert_true(str_eq(said("unzip -p build/unit/test.zip large"), text));
	assert_true(str_eq(
		said("LC_ALL=C.UTF-8 bsdtar -xOf build/unit/test.zip large"),
		text));
	/* As a stream, without the directory. */
	assert_true(str_eq(
		said("cat build/unit/test.zip | LC_ALL=C.UTF-8 bsdtar -xOf - "
		     "a/b.txt"),
		text));
	read = said("LC_ALL=C.UTF-8 bsdtar -tf build/unit/test.zip");
	assert_string_equal(str_z(read),
			    "mimetype\na/b.txt\n日本語.txt\nempty\nlarge\n");
}

/* An EPUB is known by its first bytes. */
static void nothing_is_before_what_is_stored(void **state)
{
	struct buf b = buf_new(10000);
	struct zip *z = zip_new(to_buf, &b);

	(void)state;
	assert_true(zip_store(z, S("mimetype"), S("application/epub+zip")));
	assert_true(zip_finish(z));
	assert_memory_equal(b.p, "PK\3\4\x14\0\0\0\0\0\0\0\x21\0", 14);
	assert_memory_equal(b.p + 28, "\0\0mimetypeapplication/epub+zipPK\1\2",
			    34);
}

static void equal_content_is_equal_bytes(void **state)
{
	static const size_t pieces[] = { 1, 7, 1000, 65536, 1000000 };
	struct str text = long_text(300000);
	struct buf first = buf_new(1000000);

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(pieces); i++) {
		struct buf b = buf_new(1000000);
		struct zip *z = zip_new(to_buf, &b);

		assert_true(add_entry(z, "a", text, pieces[i]));
		assert_true(add_entry(z, "b", text, pieces[i]));
		assert_true(zip_finish(z));
		if (i == 0)
			first = b;
		assert_true(str_eq(buf_str(&first), buf_str(&b)));
	}
	/* The level is what it was: another is another file for everybody. */
	assert_int_equal(ZIP_LEVEL, 6);
}

static void many_entries_make_it_zip64(void **state)
{
	FILE *f = make_file();
	struct zip *z = zip_new(to_file, f);
	size_t before = arena_used();
	struct str read;

	(void)state;
	for (unsigned i = 0; i < 70000; i++) {
		struct arena_mark mark = arena_mark();
		struct buf name = buf_new(100);

		buf_addf(&name, "articles/%u.html", i);
		assert_true(add_entry(z, str_z(buf_str(&name)), buf_str(&name),
				      100));
		arena_rewind(mark);
	}
	assert_true(arena_used() - before < 1000);
	assert_true(zip_finish(z));
	fclose(f);
	assert_whole();
	read = said("unzip -Z1 build/unit/test.zip | wc -l");
	assert_string_equal(str_z(str_trim(read)), "70000");
	read = said("unzip -p build/unit/test.zip articles/69999.html");
	assert_string_equal(str_z(read), "articles/69999.html");
}

static void names_stay_in_their_folder(void **state)
{
	static const char *const names[] = { "",      "/a",   "a/",    "a//b",
					     "../a",  "a/..", "a/./b", "a\\b",
					     "a\xff", "." };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		struct buf b = buf_new(10000);
		struct zip *z = zip_new(to_buf, &b);

		if (zip_begin(z, str_of(names[i]), 1))
			fail_msg("a name: %s", names[i]);
		assert_false(zip_finish(z)); /* and stays so */
	}
}

static void what_is_false_stays_so(void **state)
{
	struct buf b = buf_new(1000), little = buf_new(60);
	struct zip *z = zip_new(to_buf, &b);

	(void)state;
	assert_true(zip_begin(z, S("a"), 3));
	assert_false(zip_add(z, S("more")));
	assert_false(zip_end(z));
	z = zip_new(to_buf, &b);
	assert_true(zip_begin(z, S("a"), 3));
	assert_false(zip_finish(z));  /* in an entry */
	z = zip_new(to_buf, &little); /* a reader that takes no more */
	assert_false(zip_store(z, S("a"), long_text(100)));
	assert_false(zip_store(z, S("b"), S("")));
}

#define CASE(f) cmocka_unit_test_teardown(f, reset_after)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(others_read_it),
		CASE(nothing_is_before_what_is_stored),
		CASE(equal_content_is_equal_bytes),
		CASE(many_entries_make_it_zip64),
		CASE(names_stay_in_their_folder),
		CASE(what_is_false_stays_so),
	};

	return cmocka_run_group_tests_name("zip", tests, NULL, NULL);
}
