/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * json.h: reading JSON (the only user of jansson).
 *
 * For three kinds of input: a request's body, from a stranger, a file of a
 * stranger's, and answers of our own database that fill a template. Answers are never made here: the
 * database builds them, and json_write() only puts a part of one into a page.
 * Values live on the arena.
 */
#ifndef SPORTELLO_JSON_H
#define SPORTELLO_JSON_H

#include "str.h"

struct json; /* one value */

enum json_kind {
	JSON_NULL,
	JSON_BOOL,
	JSON_NUMBER,
	JSON_STRING,
	JSON_ARRAY,
	JSON_OBJECT,
};

/* To be called once, before anything else: jansson allocates on the arena. */
void json_setup(void);

/*
 * Parses one text, whose size the caller has bounded. NULL when it is not
 * JSON, nested deeper than 16, has more than 256 keys in all or one twice in
 * the same object, or holds a character that XML 1.0 has not; *why then says
 * what is wrong, for the person who sent it.
 */
struct json *json_parse(struct str text, const char **why);

/* The same for our own database's answers: depth 64 and no look at characters
 * (it checked them when they came in). */
struct json *json_parse_own(struct str text);

/* The same for a stranger's file, with as many keys as it is long, where the
 * last of two counts. Nobody has looked at its characters: whoever takes a text
 * out of it asks str_is_text(). */
struct json *json_parse_file(struct str text);

enum json_kind json_kind(const struct json *v); /* NULL counts as JSON_NULL */
struct str json_str(const struct json *v);	/* empty unless a string */
/* The label keeps it apart for the linker from jansson's own json_true(),
 * which the parser inside libjansson calls. */
bool json_true(const struct json *v) __asm__("sportello_json_true");
struct str json_scalar(
	const struct json *v); /* string, number or bool as text */
const struct json *json_get(const struct json *object, const char *key);
/* "ticket.people.0.name": keys, and places in arrays. NULL when there is
 * nothing; the empty path is the value itself. */
const struct json *json_path(const struct json *v, struct str dotted);
size_t json_len(const struct json *v); /* of an array or object */
const struct json *json_at(const struct json *array, size_t i);

/* Calls each(key, value, ctx) in the order of the text, until it is false. */
void json_each(const struct json *object,
	       bool (*each)(struct str key, const struct json *v, void *ctx),
	       void *ctx);

/* The value as compact text, fit for a <script type="application/json">:
 * < > & U+2028 U+2029 are \u-escaped. */
void json_write(struct buf *b, const struct json *v);

#endif
