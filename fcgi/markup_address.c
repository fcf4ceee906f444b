/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Bare addresses in a text: http://…, www.…, somebody@example.org. */
#include "markup.h"

#include "arena.h"
#include "markup_tree.h"

static bool is_alnum(char c)
{
	char lower = (char)(c | 0x20);

	return (lower >= 'a' && lower <= 'z') || (c >= '0' && c <= '9');
}

static bool is_one_of(char c, const char *chars)
{
	return c && strchr(chars, c);
}

static bool starts_any_case(struct str s, struct str prefix)
{
	return s.n > prefix.n && strncasecmp(s.p, prefix.p, prefix.n) == 0;
}

/* How long a run of letters, digits and `more` s begins with. */
static size_t run(struct str s, const char *more)
{
	size_t n = 0;

	while (n < s.n && (is_alnum(s.p[n]) || is_one_of(s.p[n], more)))
		n++;
	return n;
}

/*
 * Without what more likely belongs to the sentence than to the address: marks
 * at its end, and closing brackets that the address does not open.
 */
static size_t without_tail(struct str s)
{
	long open = 0;

	for (size_t i = 0; i < s.n; i++)
		open += (s.p[i] == '(') - (s.p[i] == ')');
	while (s.n) {
		char last = s.p[s.n - 1];

		if (last == ')' && open < 0)
			open++;
		else if (!is_one_of(last, "?!.,:;*_~'\"]}"))
			break;
		s.n--;
	}
	return s.n;
}

/* An address ends at a blank, at '<', and at letters that are not ASCII:
 * Japanese goes on without a blank. */
static size_t url_end(struct str s)
{
	size_t n = 0;

	while (n < s.n && s.p[n] > ' ' && s.p[n] < 0x7f &&
	       !is_one_of(s.p[n], "<>\"`\\"))
		n++;
	return without_tail((struct str){ s.p, n });
}

/* The length of the address that s begins with; 0 for none. */
static size_t web_address(struct str s)
{
	size_t scheme = starts_any_case(s, S("http://"))    ? 7
			: starts_any_case(s, S("https://")) ? 8
							    : 0;
	struct str host = str_from(s, scheme ? scheme : 4);
	struct str rest = { host.p, run(host, "-.") };

	if (scheme)
		return host.n && is_alnum(host.p[0]) ? url_end(s) : 0;
	if (!starts_any_case(s, S("www.")) || !rest.n || !is_alnum(rest.p[0]))
		return 0;
	rest.n = without_tail(rest);
	str_cut(&rest, '.');
	return rest.n ? url_end(s) : 0;
}

/* Around the '@' at s.p[at], not before s.p[from]. */
static struct str mail_address(struct str s, size_t from, size_t at)
{
	struct str domain = str_from(s, at + 1);
	struct str rest;
	size_t begin = at;

	domain.n = run(domain, "-.");
	while (domain.n && !is_alnum(domain.p[domain.n - 1]))
		domain.n--;
	rest = domain;
	if (!str_cut(&rest, '.').n || !rest.n)
		return S("");
	while (begin > from &&
	       (is_alnum(s.p[begin - 1]) || is_one_of(s.p[begin - 1], "._+-")))
		begin--;
	while (begin < at && !is_alnum(s.p[begin]))
		begin++;
	if (begin == at)
		return S("");
	return (struct str){ s.p + begin, at + 1 + domain.n - begin };
}

static bool make_url(const char *prefix, struct str address, struct str *url)
{
	struct buf b = buf_new(MARKUP_SOURCE_MAX);

	buf_add(&b, str_of(prefix));
	buf_add(&b, address);
	return markup_url(buf_str(&b), url);
}

bool markup_find_address(struct str text, struct str *address, struct str *url)
{
	size_t from = 0; /* behind the last '@', so that none is seen twice */

	for (size_t i = 0; i < text.n; i++) {
		bool begins = i == 0 || !is_alnum(text.p[i - 1]);
		struct str rest = { text.p + i, text.n - i };
		const char *prefix = "";

		*address = S("");
		if (begins && is_one_of(rest.p[0], "hHwW")) {
			*address = (struct str){ rest.p, web_address(rest) };
			prefix = (rest.p[0] | 0x20) == 'w' ? "http://" : "";
		} else if (rest.p[0] == '@') {
			*address = mail_address(text, from, i);
			prefix = "mailto:";
			from = i + 1;
		}
		if (address->n && make_url(prefix, *address, url))
			return true;
		if (address->n && *prefix != 'm')
			i += address->n - 1; /* too long for one: not again */
	}
	return false;
}
