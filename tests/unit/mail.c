/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#include "arena.h"
#include "mail.h"

static struct mail good(void)
{
	return (struct mail){
		.from_name = S("Città di Prova"),
		.from = S("support@sportello.example"),
		.to_name = S("Ada Lovelace"),
		.to = S("ada@example.org"),
		.reply_to = S("answers@sportello.example"),
		.subject = S("[#1042] Short"),
		.id = S("abc123@help.example.org"),
		.thread = S("root42@help.example.org"),
		.lang = S("en"),
		.date = 1795327200, /* 2026-11-22 06:00:00 UTC */
		.text = S("Hello\nworld = 1\n"),
		.html = S("<p>Hello</p>\n"),
	};
}

static struct str composed(const struct mail *m)
{
	const char *why = "";
	struct str message;

	if (!mail_compose(m, &message, &why))
		fail_msg("%s", why);
	return message;
}

static bool refused(const struct mail *m)
{
	const char *why = NULL;
	struct str message;

	return !mail_compose(m, &message, &why) && why;
}

static bool has(struct str s, const char *what)
{
	return memmem(s.p, s.n, what, strlen(what));
}

/* What holds for every message: ASCII, CRLF only, no line too long. */
static void well_formed(struct str s)
{
	size_t column = 0;

	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];

		assert_true(c < 0x80 && c != 0);
		if (c == '\r') {
			assert_int_equal(s.p[i + 1], '\n');
			column = 0;
			i++;
			continue;
		}
		assert_int_not_equal(c, '\n');
		assert_true(++column <= 76);
	}
	assert_true(str_ends(s, S("\r\n")));
}

static int value(char c)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				     "abcdefghijklmnopqrstuvwxyz0123456789+/";
	const char *at = strchr(digits, c);

	return at && c ? (int)(at - digits) : -1;
}

static struct str unbase64(struct str s)
{
	struct buf b = buf_new(s.n + 1);
	unsigned v = 0, bits = 0;

	for (size_t i = 0; i < s.n; i++) {
		if (value(s.p[i]) < 0)
			continue;
		v = (v << 6 | (unsigned)value(s.p[i])) & 0xffff;
		bits += 6;
		if (bits < 8)
			continue;
		bits -= 8;
		buf_char(&b, (char)(v >> bits));
	}
	return buf_str(&b);
}

/* The words of a header, each checked to be whole characters. */
static struct str unword(struct str message, const char *name)
{
	const char *at = memmem(message.p, message.n, name, strlen(name));
	struct buf b = buf_new(4096);

	assert_non_null(at);
	/* Behind the line end that the name begins with. */
	struct str rest = str_from(message, (size_t)(at - message.p) + 2);
	struct str line = str_cut(&rest, '\n');

	for (;;) {
		const char *word = memmem(line.p, line.n, "=?UTF-8?B?", 10);

		if (word) {
			struct str s =
				str_from(line, (size_t)(word - line.p) + 10);
			struct str raw = unbase64(str_cut(&s, '?'));

			assert_true(raw.n && str_is_text(raw));
			buf_add(&b, raw);
			line = s;
			continue;
		}
		if (!str_starts(rest, S(" ")))
			return buf_str(&b);
		line = str_cut(&rest, '\n');
	}
}

static void addresses(void **state)
{
	static const char *const right[] = { "a@b", "ada@example.org",
					     "a.b+c@x-y.example",
					     "a..b@docomo.jp",
					     "!#$%&'*+/=?^_`{|}~-@e.org" };
	static const char *const wrong[] = {
		"",
		"@",
		"a@",
		"@b",
		"a",
		"a@b@c",
		"a b@c",
		"a@b c",
		"<a@b>",
		"a@b>\r\nRCPT TO:<c@d",
		"a@b\n",
		"a\r@b",
		"a@-b",
		"a@b-",
		"a@b..c",
		"a@.b",
		"a@b.",
		"\"a\"@b",
		"a@[127.0.0.1]",
		"a,b@c",
		"a@b\x7f",
		"\xc3\xa9@b",
		"a@\xc3\xa9",
		"a;b@c",
		"a(b)@c",
	};
	char longest[300];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(right); i++)
		assert_true(mail_is_address(str_of(right[i])));
	for (size_t i = 0; i < ARRAY_LEN(wrong); i++)
		assert_false(mail_is_address(str_of(wrong[i])));
	assert_false(mail_is_address((struct str){ "a\0@b", 4 }));
	memset(longest, 'a', sizeof(longest));
	longest[64] = '@';
	assert_true(mail_is_address((struct str){ longest, 64 + 1 + 63 }));
	assert_false(mail_is_address((struct str){ longest, 64 + 1 + 64 }));
	assert_false(mail_is_address((struct str){ longest + 1, 300 - 1 }));
	longest[64] = 'a';
	longest[65] = '@';
	assert_false(mail_is_address((struct str){ longest, 70 }));
}

static void plain_headers(void **state)
{
	struct mail m = good();
	struct str s = composed(&m);

	(void)state;
	well_formed(s);
	assert_true(has(s, "To: \"Ada Lovelace\" <ada@example.org>\r\n"));
	assert_true(has(s, "\r\nSubject: [#1042] Short\r\n"));
	assert_true(has(s, "\r\nDate: Sun, 22 Nov 2026 06:00:00 +0000\r\n"));
	assert_true(has(s, "\r\nMessage-ID: <abc123@help.example.org>\r\n"));
	assert_true(has(s, "\r\nReferences: <root42@help.example.org>\r\n"));
	assert_true(has(s, "\r\nAuto-Submitted: auto-generated\r\n"));
	assert_true(has(s, "\r\nContent-Language: en\r\n"));
	assert_true(has(s, "<answers@sportello.example>\r\n"));
	assert_true(has(s, "\r\n\r\nHello\r\nworld =3D 1\r\n"));
	/* Not folded, even where it is long. */
	m.id = S("0123456789abcdef0123456789abcdef@a-very-long-name-of-a-host"
		 ".another-long-part-of-it.example.org");
	assert_true(has(composed(&m), "\r\nMessage-ID: <0123456789abcdef"));
	m.reply_to = S("");
	assert_false(has(composed(&m), "\nReply-To"));
	m.to_name = S("");
	assert_true(has(composed(&m), "To: <ada@example.org>\r\n"));
	m.to_name = S("Ada \"the\\first\"");
	assert_true(has(composed(&m),
			"To: \"Ada \\\"the\\\\first\\\"\" <ada@example.org>"));
}

static void encoded_words(void **state)
{
	static const char title[] =
		"[#7] 日本語の件名はとても長いので何行にもわたって折り返される"
		"ことになります。それでも文字の途中で切れてはいけません 🎉 end";
	struct mail m = good();

	(void)state;
	m.subject = str_of(title);
	m.to_name = S("山田太郎");
	struct str s = composed(&m);

	well_formed(s);
	assert_true(str_eqz(unword(s, "\r\nSubject:"), title));
	assert_true(str_eqz(unword(s, "\r\nTo:"), "山田太郎"));
	assert_true(str_eqz(unword(s, "\r\nReply-To:"), "Città di Prova"));
	/* Text that looks like an encoded word stays what was written. */
	m.subject = S("=?UTF-8?B?aGFja2Vk?= you");
	assert_true(str_eqz(unword(composed(&m), "\r\nSubject:"),
			    "=?UTF-8?B?aGFja2Vk?= you"));
	char longest[200];
	memset(longest, 'x', sizeof(longest));
	m.subject = (struct str){ longest, sizeof(longest) };
	s = composed(&m);
	well_formed(s);
	assert_true(str_eq(unword(s, "\r\nSubject:"), m.subject));
}

static void nothing_breaks_a_line(void **state)
{
	static const char *const bad[] = {
		"a\r\nBcc: x@y.example",
		"a\nb",
		"a\rb",
		"a\tb",
		"a\x01"
		"b",
		"a\x7f",
		"a\xc2\x85",
		"a\xe2\x80\xa8z",
		"a\xe2\x80\xa9z",
		"a\xff",
		"a\xed\xa0\x80",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		struct mail m = good();

		m.subject = str_of(bad[i]);
		assert_true(refused(&m));
		m = good();
		m.from_name = str_of(bad[i]);
		assert_true(refused(&m));
		m = good();
		m.to_name = str_of(bad[i]);
		assert_true(refused(&m));
		m = good();
		m.to = str_of(bad[i]);
		assert_true(refused(&m));
		m = good();
		m.lang = str_of(bad[i]);
		assert_true(refused(&m));
		m = good();
		m.id = str_of(bad[i]);
		assert_true(refused(&m));
	}
	struct mail m = good();

	m.unsubscribe = S("https://x.example/mute/1 2");
	assert_true(refused(&m));
	m.unsubscribe = S("https://x.example/>\r\nBcc: a@x.example");
	assert_true(refused(&m));
	m = good();
	m.subject = (struct str){ "a\0b", 3 };
	assert_true(refused(&m));
	m.subject = S("");
	assert_true(refused(&m));
}

static void bodies(void **state)
{
	struct mail m = good();
	struct buf b = buf_new(200000);

	(void)state;
	for (int i = 0; i < 300; i++)
		buf_addf(&b, "%.*sé= \n", i % 200,
			 "................................................"
			 "................................................"
			 "................................................"
			 "................................................"
			 "................................................");
	m.text = buf_str(&b);
	struct str s = composed(&m);

	well_formed(s);
	assert_true(has(s, "quoted-printable"));
	assert_true(has(s, "=C3=A9=3D=20\r\n"));
	b = buf_new(200000);
	for (int i = 0; i < 3000; i++)
		buf_add(&b, S("日本語のテキスト。\r\n"));
	m.text = buf_str(&b);
	s = composed(&m);
	well_formed(s);
	const char *at = memmem(s.p, s.n, "base64\r\n\r\n", 10);

	assert_non_null(at);
	struct str body = str_from(s, (size_t)(at - s.p) + 10);
	const char *stop = memmem(body.p, body.n, "\r\n\r\n--=_", 8);

	assert_non_null(stop);
	body.n = (size_t)(stop - body.p);
	assert_true(str_eq(unbase64(body), m.text));
	/* Empty parts, and lines that only look like the end of something. */
	m.text = S("");
	m.html = S(".\n--=_abc123--\nFrom here\n");
	well_formed(composed(&m));
	assert_false(has(str_from(composed(&m), 700), "\r\n--=_abc123--\r\nF"));
	m.html = (struct str){ "a\0b", 3 };
	assert_true(refused(&m));
}

static int reset(void **state)
{
	(void)state;
	arena_reset();
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(addresses, reset),
		cmocka_unit_test_teardown(plain_headers, reset),
		cmocka_unit_test_teardown(encoded_words, reset),
		cmocka_unit_test_teardown(nothing_breaks_a_line, reset),
		cmocka_unit_test_teardown(bodies, reset),
	};

	return cmocka_run_group_tests_name("mail", tests, NULL, NULL);
}
