/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Also a program for tests/http/resolve.test.mjs: `resolve ask MS NAME…` looks
 * names up as the settings in its environment say, with that limit, and prints
 * a line each: fate, then texts with what is not printable as %xx.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#include "arena.h"
#include "config.h"
#include "resolve.h"

static bool starts_with(const char *resolver)
{
	const char *why = NULL;

	setenv("SPORTELLO_RESOLVER", resolver, 1);
	assert_true(config_load(&why));
	bool ok = resolve_setup(&why);
	if (!ok)
		assert_non_null(why);
	return ok;
}

static void settings(void **state)
{
	(void)state;
	assert_true(starts_with(""));
	assert_true(starts_with("127.0.0.1"));
	assert_true(starts_with("127.0.0.1:5353,[::1]:53"));
	assert_false(starts_with("ns.example.org"));
	assert_false(starts_with("127.0.0.1:5353 and more"));
}

/* Nobody listens at port 1 of this machine. */
static void no_server(void **state)
{
	static struct resolve_lookup l[RESOLVE_MOST + 1];

	(void)state;
	assert_true(starts_with("127.0.0.1:1"));
	resolve_test_limit(2000);
	for (size_t i = 0; i < ARRAY_LEN(l); i++)
		l[i].name = S("_sportello.shop.example.org");
	resolve_txt(l, ARRAY_LEN(l));
	for (size_t i = 0; i < ARRAY_LEN(l); i++) {
		assert_int_equal(l[i].fate, RESOLVE_FAILED);
		assert_int_equal(l[i].n_texts, 0);
		assert_non_null(l[i].why);
	}
	arena_reset();
}

/* What no name server can be asked for. */
static void bad_names(void **state)
{
	static struct resolve_lookup l[3];
	char label[80];

	(void)state;
	memset(label, 'a', sizeof(label));
	l[0].name = (struct str){ label, sizeof(label) };
	l[1].name = S("a..b");
	l[2].name = S("a\\");
	resolve_txt(l, ARRAY_LEN(l));
	for (size_t i = 0; i < ARRAY_LEN(l); i++)
		assert_int_equal(l[i].fate, RESOLVE_FAILED);
	arena_reset();
}

static void print(const struct resolve_lookup *l)
{
	static const char *const fates[] = { "failed", "none", "found" };

	fputs(fates[l->fate], stdout);
	for (size_t i = 0; i < l->n_texts; i++) {
		putchar(' ');
		for (size_t k = 0; k < l->texts[i].n; k++) {
			unsigned char c = (unsigned char)l->texts[i].p[k];
			if (c > ' ' && c <= '~' && c != '%')
				putchar(c);
			else
				printf("%%%02x", c);
		}
	}
	printf("%s%s\n", l->why ? " " : "", l->why ? l->why : "");
}

static int ask(char **words, int n)
{
	static struct resolve_lookup l[RESOLVE_MOST];
	const char *why = "";

	resolve_test_limit((unsigned)strtoul(words[0], NULL, 10));
	if (!config_load(&why) || !resolve_setup(&why)) {
		printf("not started: %s\n", why);
		return 1;
	}
	for (int i = 1; i < n; i++)
		l[i - 1].name = str_of(words[i]);
	resolve_txt(l, (size_t)n - 1);
	for (int i = 1; i < n; i++)
		print(&l[i - 1]);
	arena_reset();
	return 0;
}

int main(int argc, char **argv)
{
	if (argc > 3 && argc <= 3 + RESOLVE_MOST && !strcmp(argv[1], "ask"))
		return ask(argv + 2, argc - 2);
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(settings),
		cmocka_unit_test(no_server),
		cmocka_unit_test(bad_names),
	};

	return cmocka_run_group_tests_name("resolve", tests, NULL, NULL);
}
