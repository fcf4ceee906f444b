/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "str.h"

#include <stdarg.h>

#include "arena.h"

struct str str_of(const char *z)
{
	return z ? (struct str){ z, strlen(z) } : S("");
}

const char *str_z(struct str s)
{
	return alloc_copy(s.p, s.n);
}

bool str_eq(struct str a, struct str b)
{
	return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

bool str_eqz(struct str a, const char *z)
{
	return str_eq(a, str_of(z));
}

bool str_starts(struct str s, struct str prefix)
{
	return s.n >= prefix.n && str_eq((struct str){ s.p, prefix.n }, prefix);
}

bool str_ends(struct str s, struct str suffix)
{
	return s.n >= suffix.n && str_eq(str_from(s, s.n - suffix.n), suffix);
}

struct str str_from(struct str s, size_t skip)
{
	if (skip >= s.n)
		return S("");
	return (struct str){ s.p + skip, s.n - skip };
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

struct str str_trim(struct str s)
{
	while (s.n && is_blank(s.p[0]))
		s = str_from(s, 1);
	while (s.n && is_blank(s.p[s.n - 1]))
		s.n--;
	return s;
}

struct str str_cut(struct str *s, char c)
{
	const char *at = s->n ? memchr(s->p, c, s->n) : NULL;
	struct str before = *s;

	if (!at) {
		*s = S("");
		return before;
	}
	before.n = (size_t)(at - s->p);
	*s = str_from(*s, before.n + 1);
	return before;
}

bool str_u64(struct str s, uint64_t max, uint64_t *out)
{
	uint64_t v = 0;

	if (s.n == 0)
		return false;
	for (size_t i = 0; i < s.n; i++) {
		unsigned digit = (unsigned)(unsigned char)s.p[i] - '0';

		if (digit > 9 || digit > max || v > max / 10 ||
		    v * 10 > max - digit)
			return false;
		v = v * 10 + digit;
	}
	*out = v;
	return true;
}

/* Can this code point stand in an XML 1.0 document? */
static bool is_xml_char(uint32_t c)
{
	if (c < 0x20)
		return c == '\t' || c == '\n' || c == '\r';
	return c < 0xd800 ||
	       (c >= 0xe000 && c != 0xfffe && c != 0xffff && c <= 0x10ffff);
}

/*
 * The code point at s.p, and its length in bytes; 0 when it is malformed: a
 * stray or missing continuation, or longer than needed (RFC 3629, 3).
 */
static size_t utf8_decode(struct str s, uint32_t *code)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	unsigned char lead = (unsigned char)s.p[0];
	size_t len = lead < 0x80	   ? 1
		     : (lead >> 5) == 0x06 ? 2
		     : (lead >> 4) == 0x0e ? 3
		     : (lead >> 3) == 0x1e ? 4
					   : 0;
	uint32_t c;

	if (len == 0 || len > s.n)
		return 0;
	c = len == 1 ? lead : lead & (0x7fu >> len);
	for (size_t i = 1; i < len; i++) {
		unsigned char next = (unsigned char)s.p[i];

		if ((next & 0xc0) != 0x80)
			return 0;
		c = c << 6 | (next & 0x3f);
	}
	*code = c;
	return c < least[len] ? 0 : len;
}

/* All of eight bytes at once: ASCII, and no control below the blank. */
static bool are_plain(const char *p)
{
	uint64_t all, high = 0x8080808080808080u;

	memcpy(&all, p, sizeof(all));
	return !((all | ((all - 0x2020202020202020u) & ~all)) & high);
}

bool str_is_text(struct str s)
{
	for (size_t i = 0; i < s.n;) {
		uint32_t code;
		size_t len;

		/* The common case, quickly. */
		if (s.n - i >= 8 && are_plain(s.p + i)) {
			i += 8;
			continue;
		}
		if (s.p[i] >= 0x20 && s.p[i] < 0x7f) {
			i++;
			continue;
		}
		len = utf8_decode(str_from(s, i), &code);
		if (len == 0 || !is_xml_char(code))
			return false;
		i += len;
	}
	return true;
}

size_t str_chars(struct str s)
{
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++)
		n += ((unsigned char)s.p[i] & 0xc0) != 0x80;
	return n;
}

static int hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

bool str_percent_decode(struct str s, bool plus, struct str *out)
{
	char *p = alloc(s.n + 1);
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] != '%') {
			p[n++] = plus && s.p[i] == '+' ? ' ' : s.p[i];
			continue;
		}
		if (s.n - i < 3 || hex(s.p[i + 1]) < 0 || hex(s.p[i + 2]) < 0)
			return false;
		p[n++] = (char)(hex(s.p[i + 1]) * 16 + hex(s.p[i + 2]));
		i += 2;
	}
	*out = (struct str){ p, n };
	return true;
}

struct buf buf_new(size_t max)
{
	return (struct buf){ .max = max };
}

/* Room for n more bytes; false, and full for good, past the maximum. */
static bool buf_room(struct buf *b, size_t n)
{
	size_t cap = b->cap ? b->cap : 256;
	char *p;

	if (b->full || n > b->max - b->n) {
		b->full = true;
		return false;
	}
	if (n <= b->cap - b->n)
		return true;
	while (cap - b->n < n)
		cap *= 2;
	p = alloc(cap);
	if (b->n)
		memcpy(p, b->p, b->n);
	b->p = p;
	b->cap = cap;
	return true;
}

void buf_add(struct buf *b, struct str s)
{
	if (!s.n || !buf_room(b, s.n))
		return;
	memcpy(b->p + b->n, s.p, s.n);
	b->n += s.n;
}

void buf_char(struct buf *b, char c)
{
	buf_add(b, (struct str){ &c, 1 });
}

void buf_addf(struct buf *b, const char *fmt, ...)
{
	va_list args, again;
	int n;

	if (!fmt)
		return; /* gcc's sanitizer build wants to see this */
	va_start(args, fmt);
	va_copy(again, args);
	n = vsnprintf(NULL, 0, fmt, args);
	va_end(args);
	if (n > 0) {
		char *p = alloc((size_t)n + 1);

		vsnprintf(p, (size_t)n + 1, fmt, again);
		buf_add(b, (struct str){ p, (size_t)n });
	}
	va_end(again);
}

/* RFC 3986, 2.3 */
void buf_percent(struct buf *b, struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];
		if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
		    (c >= '0' && c <= '9') || (c && strchr("-._~", c)))
			buf_char(b, (char)c);
		else
			buf_addf(b, "%%%02X", c);
	}
}

void buf_utf8(struct buf *b, uint32_t c)
{
	char p[4];

	if (c < 0x80) {
		buf_char(b, (char)c);
	} else if (c < 0x800) {
		p[0] = (char)(0xc0 | c >> 6);
		p[1] = (char)(0x80 | (c & 0x3f));
		buf_add(b, (struct str){ p, 2 });
	} else if (c < 0x10000) {
		p[0] = (char)(0xe0 | c >> 12);
		p[1] = (char)(0x80 | (c >> 6 & 0x3f));
		p[2] = (char)(0x80 | (c & 0x3f));
		buf_add(b, (struct str){ p, 3 });
	} else {
		p[0] = (char)(0xf0 | (c >> 18 & 0x07));
		p[1] = (char)(0x80 | (c >> 12 & 0x3f));
		p[2] = (char)(0x80 | (c >> 6 & 0x3f));
		p[3] = (char)(0x80 | (c & 0x3f));
		buf_add(b, (struct str){ p, 4 });
	}
}

/* The JSON escape of what stands at s.p, in *len bytes; empty for none. What
 * HTML or JavaScript would read as an end or a line is escaped, too. */
static struct str json_escape(struct str s, char hex_form[7], size_t *len)
{
	unsigned char c = (unsigned char)s.p[0];

	*len = 1;
	if (c == '"')
		return S("\\\"");
	if (c == '\\')
		return S("\\\\");
	if (c == '\n')
		return S("\\n");
	if (c < 0x20 || c == 0x7f || c == '<' || c == '>' || c == '&') {
		snprintf(hex_form, 7, "\\u%04x", c);
		return (struct str){ hex_form, 6 };
	}
	*len = 3;
	if (str_starts(s, S("\xe2\x80\xa8")))
		return S("\\u2028");
	if (str_starts(s, S("\xe2\x80\xa9")))
		return S("\\u2029");
	return S("");
}

void buf_json(struct buf *b, struct str s)
{
	size_t done = 0;

	buf_char(b, '"');
	for (size_t i = 0; i < s.n;) {
		char hex_form[7];
		size_t len;
		struct str escape = json_escape(str_from(s, i), hex_form, &len);

		if (!escape.n) {
			i++;
			continue;
		}
		buf_add(b, (struct str){ s.p + done, i - done });
		buf_add(b, escape);
		done = i += len;
	}
	buf_add(b, str_from(s, done));
	buf_char(b, '"');
}

/* What is an entity in a text, and in an attribute. */
enum { IN_TEXT = 1, IN_VALUE = 2 };

static const unsigned char special[256] = {
	['&'] = IN_TEXT | IN_VALUE, ['<'] = IN_TEXT | IN_VALUE,
	['>'] = IN_TEXT | IN_VALUE, ['"'] = IN_VALUE,
	['\''] = IN_VALUE,	    ['`'] = IN_VALUE,
};

static void add_escaped(struct buf *b, struct str s, unsigned where)
{
	size_t done = 0;

	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];

		if (!(special[(unsigned char)c] & where))
			continue;
		buf_add(b, (struct str){ s.p + done, i - done });
		done = i + 1;
		buf_add(b, c == '&'   ? S("&amp;")
			   : c == '<' ? S("&lt;")
			   : c == '>' ? S("&gt;")
			   : c == '"' ? S("&quot;")
			   : c == '`' ? S("&#96;")
				      : S("&#39;"));
	}
	buf_add(b, str_from(s, done));
}

void buf_html(struct buf *b, struct str s)
{
	add_escaped(b, s, IN_VALUE);
}

void buf_text(struct buf *b, struct str s)
{
	add_escaped(b, s, IN_TEXT);
}

void buf_query(struct buf *b, struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i], letter = c | 0x20;
		if ((letter >= 'a' && letter <= 'z') ||
		    (c >= '0' && c <= '9') || strchr("-._~/", c ? c : '?'))
			buf_char(b, s.p[i]);
		else
			buf_addf(b, "%%%02X", c);
	}
}

struct str buf_str(const struct buf *b)
{
	return b->n ? (struct str){ b->p, b->n } : S("");
}
