/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Also a program for tests/http/fetch.test.mjs: `fetch get URL MAX MS` asks as
 * the settings in its environment say and prints the status and the body, or
 * why there is none.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#include <arpa/inet.h>

#include "arena.h"
#include "config.h"
#include "fetch.h"
#include "log.h"

static int reset(void **state)
{
	(void)state;
	arena_reset();
	return 0;
}

static bool reaches(const char *address, uint16_t port)
{
	struct sockaddr_in in = { .sin_family = AF_INET,
				  .sin_port = htons(port) };
	struct sockaddr_in6 in6 = { .sin6_family = AF_INET6,
				    .sin6_port = htons(port) };

	if (inet_pton(AF_INET, address, &in.sin_addr) == 1)
		return fetch_may_reach((struct sockaddr *)&in);
	assert_int_equal(inet_pton(AF_INET6, address, &in6.sin6_addr), 1);
	return fetch_may_reach((struct sockaddr *)&in6);
}

static bool allow(const char *list)
{
	const char *why = NULL;

	setenv("SPORTELLO_FETCH_ALLOW", list, 1);
	assert_true(config_load(&why));
	return fetch_setup(&why);
}

static void the_world(void **state)
{
	static const char *const addresses[] = {
		"1.1.1.1",	     "9.255.255.255",	"11.0.0.0",
		"100.63.255.255",    "100.128.0.0",	"126.255.255.255",
		"128.0.0.0",	     "169.253.255.255", "169.255.0.0",
		"172.15.255.255",    "172.32.0.0",	"192.0.1.0",
		"192.167.255.255",   "192.169.0.0",	"198.17.255.255",
		"198.20.0.0",	     "223.255.255.255", "2600::1",
		"2a00:1450:4001::5", "3ffe::1",
	};

	(void)state;
	assert_true(allow(""));
	for (size_t i = 0; i < ARRAY_LEN(addresses); i++) {
		assert_true(reaches(addresses[i], 443));
		assert_true(reaches(addresses[i], 8443));
		assert_false(reaches(addresses[i], 80));
		assert_false(reaches(addresses[i], 5432));
		assert_false(reaches(addresses[i], 0));
	}
}

static void what_is_inside(void **state)
{
	static const char *const addresses[] = {
		"0.0.0.0",
		"0.1.2.3",
		"10.0.0.0",
		"10.255.255.255",
		"100.64.0.0",
		"100.127.255.255",
		"127.0.0.1",
		"127.255.255.255",
		"169.254.169.254",
		"172.16.0.0",
		"172.31.255.255",
		"192.0.0.8",
		"192.0.2.1",
		"192.88.99.1",
		"192.168.0.1",
		"198.18.0.1",
		"198.19.255.255",
		"198.51.100.7",
		"203.0.113.9",
		"224.0.0.1",
		"239.255.255.255",
		"240.0.0.1",
		"255.255.255.255",
		"::",
		"::1",
		"::ffff:127.0.0.1",
		"::ffff:1.1.1.1",
		"::1.1.1.1",
		"64:ff9b::1.1.1.1",
		"100::1",
		"2001::1",
		"2001:1ff::1",
		"2001:db8::1",
		"2002:7f00:1::",
		"3fff::1",
		"fc00::1",
		"fd12:3456::1",
		"fe80::1",
		"fec0::1",
		"ff02::1",
		"4000::1",
	};

	(void)state;
	assert_true(allow(""));
	for (size_t i = 0; i < ARRAY_LEN(addresses); i++)
		assert_false(reaches(addresses[i], 443));
	struct sockaddr local = { .sa_family = AF_UNIX };
	assert_false(fetch_may_reach(&local));
}

static void what_an_operator_allows(void **state)
{
	static const char *const bad[] = {
		"10.0.0.0",
		"10.0.0.0/33",
		"10.0.0/8",
		"::1/129",
		"10.0.0.0/8,::1/128",
		"localhost/8",
		"10.0.0.0/-1",
		"/8",
		"10.0.0.0/8  ::1/128",
	};

	(void)state;
	assert_true(allow("127.0.0.0/8 10.1.2.0/23 fd00:1::/32"));
	assert_true(reaches("127.0.0.1", 9999));
	assert_true(reaches("::ffff:127.0.0.1", 9999));
	assert_true(reaches("10.1.3.255", 443));
	assert_false(reaches("10.1.4.0", 443));
	assert_false(reaches("10.1.1.255", 443));
	assert_true(reaches("fd00:1:ffff::1", 8080));
	assert_false(reaches("fd00:2::1", 443));
	assert_false(reaches("::1", 443));
	assert_false(reaches("8.8.8.8", 9999));
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		assert_false(allow(bad[i]));
	assert_true(allow(""));
}

static void urls(void **state)
{
	static const char *const good[] = {
		"https://a.example",
		"https://a.example/",
		"https://a.example:8443/x/y?z=1",
		"https://[2600::1]/",
	};
	static const char *const bad[] = {
		"",
		"https://",
		"http://a.example",
		"HTTPS://a.example",
		"//a.example",
		"file:///etc/passwd",
		"https://u@a.example/",
		"https://u:p@a.example/",
		"https://:p@a.example/",
		"https://a.example/#x",
		"https://a.example/ x",
		"https://a.example/\r\nX: y",
		"https://a.example/\xc3\xa4",
		"https://a.example:99999/",
		"https://a.example:x/",
		"gopher://a.example/",
	};
	struct buf b = buf_new(8192);

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(good); i++)
		assert_true(fetch_is_url(str_of(good[i])));
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		assert_false(fetch_is_url(str_of(bad[i])));
	buf_add(&b, S("https://a.example/"));
	while (b.n < FETCH_URL_MAX)
		buf_char(&b, 'x');
	assert_true(fetch_is_url(buf_str(&b)));
	buf_char(&b, 'x');
	assert_false(fetch_is_url(buf_str(&b)));
}

static const char *fault(const struct fetch *ask)
{
	struct fetched answer;
	const char *why = "";

	return fetch(ask, &answer, &why) ? "none" : why;
}

static void what_is_never_sent(void **state)
{
	uint64_t soon = log_now() + 2000000;

	(void)state;
	assert_true(allow(""));
	assert_string_equal(
		fault(&(struct fetch){ .url = S("https://127.0.0.1:8443/"),
				       .until = soon,
				       .max = 100 }),
		"its address may not be reached");
	assert_string_equal(fault(&(struct fetch){ .url = S("https://[::1]/"),
						   .until = soon,
						   .max = 100 }),
			    "its address may not be reached");
	assert_string_equal(fault(&(struct fetch){ .url = S("https://0x7f.1/"),
						   .until = soon,
						   .max = 100 }),
			    "its address may not be reached");
	assert_string_equal(
		fault(&(struct fetch){ .url = S("https://1.1.1.1/"),
				       .headers = { "X: a\r\nY: b" },
				       .until = soon,
				       .max = 100 }),
		"it can not be asked");
	assert_string_equal(fault(&(struct fetch){ .url = S("https://1.1.1.1/"),
						   .until = log_now(),
						   .max = 100 }),
			    "no time left");
}

static int get(char **args)
{
	struct fetch ask = {
		.url = str_of(args[0]),
		.max = strtoul(args[1], NULL, 10),
		.until = log_now() + strtoul(args[2], NULL, 10) * 1000,
		.type = args[3] ? "application/x-www-form-urlencoded" : NULL,
		.body = str_of(args[3]),
		.headers = { "X-Test: yes" },
		.user = args[3] ? "ada" : NULL,
		.password = args[3] ? "pass word" : NULL,
	};
	struct fetched answer;
	const char *why = "";

	if (!config_load(&why) || !fetch_setup(&why)) {
		printf("not started %s\n", why);
		return 1;
	}
	if (fetch(&ask, &answer, &why))
		printf("%ld %.*s\n", answer.status, STR_ARG(answer.body));
	else
		printf("no %s\n", why);
	arena_reset();
	return 0;
}

#define CASE(f) cmocka_unit_test_teardown(f, reset)

int main(int argc, char **argv)
{
	if (argc >= 5 && !strcmp(argv[1], "get"))
		return get(argv + 2);
	const struct CMUnitTest tests[] = {
		CASE(the_world),
		CASE(what_is_inside),
		CASE(what_an_operator_allows),
		CASE(urls),
		CASE(what_is_never_sent),
	};

	return cmocka_run_group_tests_name("fetch", tests, NULL, NULL);
}
