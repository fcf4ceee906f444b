/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "mail.h"

#include <time.h>

/* RFC 2045 for bodies, RFC 2047 for lines with encoded words. */
#define LINE 76
#define WORD 75
#define CRLF S("\r\n")

static bool is_alnum(unsigned char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9');
}

static bool is_host(struct str s)
{
	if (!s.n || s.n > 255)
		return false;
	while (s.n) {
		struct str rest = s, label = str_cut(&rest, '.');

		if (!label.n || label.n > 63 || label.p[0] == '-' ||
		    label.p[label.n - 1] == '-')
			return false;
		for (size_t i = 0; i < label.n; i++)
			if (!is_alnum((unsigned char)label.p[i]) &&
			    label.p[i] != '-')
				return false;
		/* A dot at the end leaves nothing behind it. */
		if (!rest.n && label.n < s.n)
			return false;
		s = rest;
	}
	return true;
}

bool mail_is_address(struct str s)
{
	struct str host = s, local = str_cut(&host, '@');

	if (s.n > 254 || !local.n || local.n > 64 || local.n == s.n)
		return false;
	for (size_t i = 0; i < local.n; i++)
		if (!is_alnum((unsigned char)local.p[i]) &&
		    (!local.p[i] ||
		     !strchr(".!#$%&'*+/=?^_`{|}~-", local.p[i])))
			return false;
	return is_host(host);
}

/* One line of text: nothing that a mail program could take for its end. */
static bool is_line(struct str s)
{
	if (!str_is_text(s))
		return false;
	for (size_t i = 0; i < s.n; i++) {
		const unsigned char *c = (const unsigned char *)s.p + i;

		/* C0 and DEL; C1 (C2 80…9F); U+2028 and U+2029. */
		if (*c < ' ' || *c == 0x7f)
			return false;
		if (*c == 0xc2 && c[1] < 0xa0)
			return false;
		if (*c == 0xe2 && c[1] == 0x80 && (c[2] | 1) == 0xa9)
			return false;
	}
	return true;
}

/* What may stand between <>, in one header line. */
static bool is_address_of_page(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] <= ' ' || s.p[i] > '~' || s.p[i] == '<' ||
		    s.p[i] == '>')
			return false;
	return s.n <= 900;
}

static bool is_tag(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!is_alnum((unsigned char)s.p[i]) && s.p[i] != '-')
			return false;
	return s.n > 0 && s.n <= 35;
}

/* ---- headers ---- */

/* A header line being written; it folds before the column would pass LINE,
 * but not behind its name: some programs take that for an empty header. */
struct line {
	struct buf *b;
	size_t column;
	bool begun;
};

static struct line begin(struct buf *b, struct str name)
{
	buf_add(b, name);
	buf_char(b, ':');
	return (struct line){ b, name.n + 1, false };
}

static void token(struct line *l, struct str t)
{
	if (l->begun && l->column + 1 + t.n > LINE) {
		buf_add(l->b, CRLF);
		l->column = 0;
	}
	buf_char(l->b, ' ');
	buf_add(l->b, t);
	l->column += 1 + t.n;
	l->begun = true;
}

static void end(struct line *l)
{
	buf_add(l->b, CRLF);
}

static void header(struct buf *b, struct str name, struct str value)
{
	struct line l = begin(b, name);

	token(&l, value);
	end(&l);
}

static void base64(struct buf *b, struct str s)
{
	static const char digit[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "abcdefghijklmnopqrstuvwxyz0123456789+/";

	for (size_t i = 0; i < s.n; i += 3) {
		size_t n = s.n - i < 3 ? s.n - i : 3;
		unsigned v = 0;

		for (size_t k = 0; k < 3; k++)
			v = v << 8 | (k < n ? (unsigned char)s.p[i + k] : 0);
		for (size_t k = 0; k < 4; k++)
			buf_char(b,
				 k <= n ? digit[v >> (18 - 6 * k) & 63] : '=');
	}
}

/* How many of the first max bytes end at a whole character. */
static size_t whole(struct str s, size_t max)
{
	if (s.n <= max)
		return s.n;
	while (max && ((unsigned char)s.p[max] & 0xc0) == 0x80)
		max--;
	return max;
}

/* Encoded words, each of whole characters (RFC 2047, section 5). */
static void words(struct line *l, struct str s)
{
	static const size_t frame = sizeof "=?UTF-8?B?"
					   "?=" -
				    1;

	while (s.n) {
		size_t room = l->column + 1 < LINE ? LINE - l->column - 1 : 0;

		/* Better on a line of its own than three letters here. */
		if (room < frame + 24)
			room = WORD;
		size_t n =
			whole(s, ((room < WORD ? room : WORD) - frame) / 4 * 3);
		struct buf word = buf_new(WORD + 1);

		buf_add(&word, S("=?UTF-8?B?"));
		base64(&word, (struct str){ s.p, n });
		buf_add(&word, S("?="));
		token(l, buf_str(&word));
		s = str_from(s, n);
	}
}

/* ASCII that no reader would decode: no "=?". */
static bool is_plain(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] > '~' ||
		    (s.p[i] == '=' && i + 1 < s.n && s.p[i + 1] == '?'))
			return false;
	return true;
}

static void unstructured(struct buf *b, struct str name, struct str s)
{
	struct line l = begin(b, name);

	if (is_plain(s) && l.column + 1 + s.n <= LINE)
		token(&l, s);
	else
		words(&l, s);
	end(&l);
}

static void mailbox(struct buf *b, struct str name, struct str display,
		    struct str address)
{
	struct line l = begin(b, name);
	struct buf angle = buf_new(300);

	if (is_plain(display) && display.n && display.n <= LINE / 2) {
		struct buf quoted = buf_new(2 * LINE);

		buf_char(&quoted, '"');
		for (size_t i = 0; i < display.n; i++) {
			if (display.p[i] == '"' || display.p[i] == '\\')
				buf_char(&quoted, '\\');
			buf_char(&quoted, display.p[i]);
		}
		buf_char(&quoted, '"');
		token(&l, buf_str(&quoted));
	} else {
		words(&l, display);
	}
	buf_addf(&angle, "<%.*s>", STR_ARG(address));
	token(&l, buf_str(&angle));
	end(&l);
}

static void ids(struct buf *b, const struct mail *m)
{
	struct buf id = buf_new(300), thread = buf_new(300);

	buf_addf(&id, "<%.*s>", STR_ARG(m->id));
	buf_addf(&thread, "<%.*s>", STR_ARG(m->thread));
	header(b, S("Message-ID"), buf_str(&id));
	header(b, S("In-Reply-To"), buf_str(&thread));
	header(b, S("References"), buf_str(&thread));
}

/* RFC 2369 and, where the address is safe from others, RFC 8058. */
static void unsubscribe(struct buf *b, struct str url)
{
	struct buf angle = buf_new(1000);

	if (!url.n)
		return;
	buf_addf(&angle, "<%.*s>", STR_ARG(url));
	header(b, S("List-Unsubscribe"), buf_str(&angle));
	if (str_starts(url, S("https:")))
		header(b, S("List-Unsubscribe-Post"),
		       S("List-Unsubscribe=One-Click"));
}

/* Not strftime(): names of days and months must not follow a locale. */
static void date(struct buf *b, int64_t at)
{
	static const char day[] = "SunMonTueWedThuFriSat";
	static const char month[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	time_t t = (time_t)at;
	struct tm tm;

	gmtime_r(&t, &tm);
	buf_addf(b, "Date: %.3s, %d %.3s %d %02d:%02d:%02d +0000\r\n",
		 day + 3 * tm.tm_wday, tm.tm_mday, month + 3 * tm.tm_mon,
		 tm.tm_year + 1900, tm.tm_hour, tm.tm_min, tm.tm_sec);
}

/* ---- bodies ---- */

/* Text as it is canonical in mail: lines end in CRLF, the last one too. */
static struct str with_crlf(struct str s)
{
	struct buf b = buf_new(2 * s.n + 2);

	while (s.n) {
		struct str line = str_cut(&s, '\n');

		if (line.n && line.p[line.n - 1] == '\r')
			line.n--;
		buf_add(&b, line);
		buf_add(&b, CRLF);
	}
	return buf_str(&b);
}

static void base64_lines(struct buf *b, struct str s)
{
	while (s.n) {
		size_t n = s.n < LINE / 4 * 3 ? s.n : LINE / 4 * 3;

		base64(b, (struct str){ s.p, n });
		buf_add(b, CRLF);
		s = str_from(s, n);
	}
}

static void quoted_line(struct buf *b, struct str line)
{
	size_t column = 0;

	for (size_t i = 0; i < line.n; i++) {
		unsigned char c = (unsigned char)line.p[i];
		bool last = i + 1 == line.n;
		bool literal =
			c >= ' ' && c <= '~' && c != '=' && !(c == ' ' && last);
		size_t width = literal ? 1 : 3;

		/* One column is kept for the '=' of a soft break. */
		if (column + width > LINE - (last ? 0 : 1)) {
			buf_add(b, S("=\r\n"));
			column = 0;
		}
		if (literal)
			buf_char(b, (char)c);
		else
			buf_addf(b, "=%02X", c);
		column += width;
	}
	buf_add(b, CRLF);
}

static void quoted_printable(struct buf *b, struct str s)
{
	while (s.n) {
		struct str line = str_cut(&s, '\n');

		line.n--; /* the CR of with_crlf() */
		quoted_line(b, line);
	}
}

/* Mostly Latin letters stay readable; other scripts are shorter in base64. */
static void part(struct buf *b, const char *subtype, struct str s)
{
	size_t foreign = 0;

	s = with_crlf(s);
	for (size_t i = 0; i < s.n; i++)
		foreign += (unsigned char)s.p[i] > '~';
	bool dense = foreign > s.n / 6;

	buf_addf(b,
		 "Content-Type: text/%s; charset=utf-8\r\n"
		 "Content-Transfer-Encoding: %s\r\n\r\n",
		 subtype, dense ? "base64" : "quoted-printable");
	if (dense)
		base64_lines(b, s);
	else
		quoted_printable(b, s);
}

static bool refuse(const char **why, const char *sentence)
{
	*why = sentence;
	return false;
}

static bool fit(const struct mail *m, const char **why)
{
	if (!mail_is_address(m->from))
		return refuse(why, "the sender's address is not fit");
	if (!mail_is_address(m->to))
		return refuse(why, "the recipient's address is not fit");
	if (m->reply_to.n && !mail_is_address(m->reply_to))
		return refuse(why, "the address for answers is not fit");
	if (!mail_is_address(m->id) || !mail_is_address(m->thread))
		return refuse(why, "the message's id is not fit");
	if (!is_line(m->from_name) || !is_line(m->to_name))
		return refuse(why, "a name is not one line of text");
	if (!m->subject.n || !is_line(m->subject))
		return refuse(why, "the subject is not one line of text");
	if (!is_address_of_page(m->unsubscribe))
		return refuse(why, "the address to unsubscribe by is not fit");
	if (!is_tag(m->lang))
		return refuse(why, "the language is not a tag");
	if (!str_is_text(m->text) || !str_is_text(m->html))
		return refuse(why, "the body is not text");
	return true;
}

bool mail_compose(const struct mail *m, struct str *message, const char **why)
{
	if (!fit(m, why))
		return false;

	struct buf b = buf_new(MAIL_MAX);
	struct str rest = m->id, left = str_cut(&rest, '@');
	/* "=_" is in neither encoding, so no part can hold the boundary. */
	struct buf boundary = buf_new(70);

	buf_add(&boundary, S("=_"));
	for (size_t i = 0; i < left.n; i++)
		if (is_alnum((unsigned char)left.p[i]))
			buf_char(&boundary, left.p[i]);

	mailbox(&b, S("From"), m->from_name, m->from);
	mailbox(&b, S("To"), m->to_name, m->to);
	if (m->reply_to.n)
		mailbox(&b, S("Reply-To"), m->from_name, m->reply_to);
	unstructured(&b, S("Subject"), m->subject);
	date(&b, m->date);
	ids(&b, m);
	header(&b, S("Auto-Submitted"), S("auto-generated"));
	unsubscribe(&b, m->unsubscribe);
	header(&b, S("Content-Language"), m->lang);
	header(&b, S("MIME-Version"), S("1.0"));
	buf_addf(&b,
		 "Content-Type: multipart/alternative;\r\n"
		 " boundary=\"%.*s\"\r\n\r\n--%.*s\r\n",
		 STR_ARG(buf_str(&boundary)), STR_ARG(buf_str(&boundary)));
	part(&b, "plain", m->text);
	buf_addf(&b, "\r\n--%.*s\r\n", STR_ARG(buf_str(&boundary)));
	part(&b, "html", m->html);
	buf_addf(&b, "\r\n--%.*s--\r\n", STR_ARG(buf_str(&boundary)));
	*message = buf_str(&b);
	return !b.full || refuse(why, "the message is too large");
}
