/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * str.h: strings with a length, and a builder with a limit.
 *
 * A str never owns its bytes and need not end in NUL; str_z() makes a C string
 * for the doors of libpq and libfcgi. A buf grows on the arena up to its
 * maximum; past it nothing is added and `full` is set, to be checked once at
 * the end.
 */
#ifndef SPORTELLO_STR_H
#define SPORTELLO_STR_H

struct str {
	const char *p;
	size_t n;
};

#define S(literal) ((struct str){ "" literal, sizeof(literal) - 1 })
#define STR_ARG(s) (int)(s).n, (s).p /* for "%.*s" */

struct str str_of(const char *z); /* NULL gives the empty string */
const char *str_z(struct str s);  /* a copy on the arena, NUL behind */
bool str_eq(struct str a, struct str b);
bool str_eqz(struct str a, const char *z);
bool str_starts(struct str s, struct str prefix);
bool str_ends(struct str s, struct str suffix);
struct str str_from(struct str s, size_t skip);
struct str str_trim(struct str s); /* spaces, tabs, CR, LF at both ends */

/* Cuts s at the first c: returns what is before, leaves what is behind in
 * *s (empty when there is no c). */
struct str str_cut(struct str *s, char c);

/* Digits only, no sign, at most max; false for anything else. */
bool str_u64(struct str s, uint64_t max, uint64_t *out) MUST_CHECK;

/* Well-formed UTF-8 without NUL and without characters outside XML 1.0
 * (controls but tab, LF, CR; surrogates; U+FFFE, U+FFFF). */
bool str_is_text(struct str s);

/* The number of code points of a text that str_is_text(). */
size_t str_chars(struct str s);

/* %xx and, where plus is set, '+' decoded onto the arena; false for a bad
 * escape. */
bool str_percent_decode(struct str s, bool plus, struct str *out) MUST_CHECK;

struct buf {
	char *p;
	size_t n, cap, max;
	bool full;
};

struct buf buf_new(size_t max);
void buf_add(struct buf *b, struct str s);
void buf_char(struct buf *b, char c);
void buf_addf(struct buf *b, const char *fmt, ...) PRINTF(2, 3);
void buf_json(struct buf *b, struct str s); /* quoted and escaped, < > & too */
void buf_html(struct buf *b, struct str s); /* & < > " ' ` escaped */
void buf_text(struct buf *b, struct str s); /* & < > only: for elements */
void buf_percent(struct buf *b, struct str s); /* %XX but for a-z0-9-._~ */
void buf_utf8(struct buf *b, uint32_t code);   /* one character */
void buf_query(struct buf *b, struct str s); /* as a value in a query string */
struct str buf_str(const struct buf *b);

#endif
