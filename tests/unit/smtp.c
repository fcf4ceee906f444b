/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Also a program for tests/http/mail.test.mjs: `smtp send CONNECT EARLY TEXT`
 * sends one message as the settings in its environment say, with these limits
 * in seconds, and prints what became of it and the answer.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#include "arena.h"
#include "config.h"
#include "smtp.h"

/* Only what the server says about one message or its recipient may end that
 * message; what it says about us must not. */
static void judging(void **state)
{
	static const struct {
		enum smtp_phase phase;
		long code;
		enum smtp_fate fate;
	} cases[] = {
		{ SMTP_HELLO, 0, SMTP_DOWN },
		{ SMTP_HELLO, 220, SMTP_DOWN },
		{ SMTP_HELLO, 421, SMTP_DOWN },
		{ SMTP_HELLO, 454, SMTP_DOWN },
		{ SMTP_HELLO, 535, SMTP_DOWN },
		{ SMTP_HELLO, 554, SMTP_DOWN },
		{ SMTP_MAIL, 0, SMTP_LATER },
		{ SMTP_MAIL, 451, SMTP_LATER },
		{ SMTP_MAIL, 530, SMTP_DOWN },
		{ SMTP_MAIL, 550, SMTP_DOWN },
		{ SMTP_MAIL, 552, SMTP_REFUSED },
		{ SMTP_RCPT, 0, SMTP_LATER },
		{ SMTP_RCPT, 421, SMTP_DOWN },
		{ SMTP_RCPT, 450, SMTP_LATER },
		{ SMTP_RCPT, 530, SMTP_DOWN },
		{ SMTP_RCPT, 550, SMTP_REFUSED },
		{ SMTP_DATA, 0, SMTP_LATER },
		{ SMTP_DATA, 421, SMTP_LATER },
		{ SMTP_DATA, 452, SMTP_LATER },
		{ SMTP_DATA, 554, SMTP_REFUSED },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		assert_int_equal(smtp_judge(cases[i].phase, cases[i].code),
				 cases[i].fate);
}

static bool starts_with(const char *url, const char *from, const char *reply)
{
	const char *why = NULL;

	setenv("SPORTELLO_SMTP_URL", url, 1);
	setenv("SPORTELLO_MAIL_FROM", from, 1);
	setenv("SPORTELLO_REPLY_TO", reply, 1);
	assert_true(config_load(&why));
	bool ok = smtp_setup(&why);
	smtp_close();
	if (!ok)
		assert_non_null(why);
	return ok;
}

static void settings(void **state)
{
	(void)state;
	assert_true(starts_with("smtp://127.0.0.1:1", "a@b.example", ""));
	assert_true(starts_with("smtps://h", "a@b.example", "c@d.example"));
	assert_false(starts_with("http://127.0.0.1:1", "a@b.example", ""));
	assert_false(starts_with("file:///etc/passwd", "a@b.example", ""));
	assert_false(starts_with("smtp://h", "A <a@b.example>", ""));
	assert_false(starts_with("smtp://h", "a@b.example\r\nX: y", ""));
	assert_false(starts_with("smtp://h", "a@b.example", "nobody"));
}

static void addresses_and_closed_ports(void **state)
{
	const char *why = NULL;
	struct str answer;
	struct str from = S("a@b.example"), text = S("Subject: x\r\n\r\ny\r\n");

	(void)state;
	/* Port 1 of this machine: nobody listens. */
	setenv("SPORTELLO_SMTP_URL", "smtp://127.0.0.1:1", 1);
	setenv("SPORTELLO_MAIL_FROM", "a@b.example", 1);
	setenv("SPORTELLO_REPLY_TO", "", 1);
	assert_true(config_load(&why));
	assert_true(smtp_setup(&why));
	assert_int_equal(
		smtp_send(from, S("x@y.example>\r\nRCPT TO:<z@y.example"), text,
			  &answer),
		SMTP_REFUSED);
	assert_int_equal(smtp_send(from, S("x@y.example"), text, &answer),
			 SMTP_DOWN);
	assert_true(answer.n > 0 && answer.n <= 400);
	smtp_close();
	arena_reset();
}

static int send_one(char **limits)
{
	static const char *const fates[] = { "sent", "later", "refused",
					     "down" };
	const char *why = "";
	struct str answer;

	smtp_test_limits(strtol(limits[0], NULL, 10),
			 strtol(limits[1], NULL, 10),
			 strtol(limits[2], NULL, 10));
	if (!config_load(&why) || !smtp_setup(&why)) {
		printf("not started %s\n", why);
		return 1;
	}
	enum smtp_fate fate =
		smtp_send(str_of(config.mail_from), S("ada@example.org"),
			  S("Subject: x\r\n\r\ny\r\n"), &answer);
	printf("%s %.*s\n", fates[fate], STR_ARG(answer));
	smtp_close();
	arena_reset();
	return 0;
}

int main(int argc, char **argv)
{
	if (argc == 5 && !strcmp(argv[1], "send"))
		return send_one(argv + 2);
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(judging),
		cmocka_unit_test(settings),
		cmocka_unit_test(addresses_and_closed_ports),
	};

	return cmocka_run_group_tests_name("smtp", tests, NULL, NULL);
}
