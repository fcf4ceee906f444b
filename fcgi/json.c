/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* jansson's json_type has the names of our json_kind, and a json_true() of its
 * own: both get other names for the length of its header. */
#define JSON_NULL JANSSON_NULL
#define JSON_STRING JANSSON_STRING
#define JSON_ARRAY JANSSON_ARRAY
#define JSON_OBJECT JANSSON_OBJECT
#define json_true jansson_true
#include <jansson.h>
#undef JSON_NULL
#undef JSON_STRING
#undef JSON_ARRAY
#undef JSON_OBJECT
#undef json_true

#include "json.h"

#include "arena.h"

enum { DEPTH_THEIRS = 16, DEPTH_OURS = 64, KEYS_MAX = 256 };

static void release_nothing(void *p)
{
	(void)p; /* the arena takes it back */
}

void json_setup(void)
{
	json_set_alloc_funcs(alloc, release_nothing);
	json_object_seed(0); /* random: keys of strangers must not collide */
}

static json_t *value(const struct json *v)
{
	return (json_t *)(uintptr_t)v;
}

static struct json *wrap(const json_t *j)
{
	return (struct json *)(uintptr_t)j;
}

/* The deepest nesting of brackets outside strings: known before jansson, which
 * recurses, sees the text. */
static size_t depth_of(struct str text)
{
	size_t depth = 0, deepest = 0;
	bool in_string = false;

	for (size_t i = 0; i < text.n; i++) {
		char c = text.p[i];

		if (in_string && c == '\\')
			i++;
		else if (c == '"')
			in_string = !in_string;
		else if (!in_string && (c == '{' || c == '['))
			deepest = ++depth > deepest ? depth : deepest;
		else if (!in_string && (c == '}' || c == ']') && depth)
			depth--;
	}
	return deepest;
}

static bool is_text(const char *p, size_t n)
{
	return str_is_text((struct str){ p, n });
}

static const char *check(json_t *v, size_t *keys);

static const char *check_object(json_t *object, size_t *keys)
{
	const char *key;
	json_t *v;
	const char *why = NULL;

	json_object_foreach(object, key, v)
	{
		if (++*keys > KEYS_MAX)
			return "it has more than 256 keys";
		if (!is_text(key, strlen(key)))
			return "a key has a character that is not allowed";
		why = check(v, keys);
		if (why)
			break;
	}
	return why;
}

/* What is wrong with a stranger's value, or NULL. Not deeper than
 * DEPTH_THEIRS. */
static const char *check(json_t *v, size_t *keys)
{
	const char *why = NULL;

	switch (json_typeof(v)) {
	case JANSSON_OBJECT:
		return check_object(v, keys);
	case JANSSON_ARRAY:
		for (size_t i = 0; !why && i < json_array_size(v); i++)
			why = check(json_array_get(v, i), keys);
		return why;
	case JANSSON_STRING:
		if (is_text(json_string_value(v), json_string_length(v)))
			return NULL;
		return "a text has a character that is not allowed";
	default:
		return NULL;
	}
}

static const char *explain(const json_error_t *error)
{
	struct buf b = buf_new(256);

	if (json_error_code(error) == json_error_duplicate_key)
		return "a key is there twice";
	if (json_error_code(error) == json_error_null_character)
		return "a text has a character that is not allowed";
	buf_addf(&b, "it is not JSON (line %d, column %d)", error->line,
		 error->column);
	return str_z(buf_str(&b));
}

/* jansson 2.14 takes a NUL for the end and does not look behind it. */
static bool has_nul(struct str text)
{
	return text.n && memchr(text.p, 0, text.n);
}

struct json *json_parse(struct str text, const char **why)
{
	json_error_t error;
	json_t *v;
	size_t keys = 0;

	*why = "it is nested too deep";
	if (depth_of(text) > DEPTH_THEIRS)
		return NULL;
	*why = "a text has a character that is not allowed";
	if (has_nul(text))
		return NULL;
	v = json_loadb(text.p, text.n, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY,
		       &error);
	*why = v ? check(v, &keys) : explain(&error);
	return *why ? NULL : wrap(v);
}

struct json *json_parse_own(struct str text)
{
	if (has_nul(text) || depth_of(text) > DEPTH_OURS)
		return NULL;
	return wrap(json_loadb(text.p, text.n, JSON_DECODE_ANY, NULL));
}

struct json *json_parse_file(struct str text)
{
	return json_parse_own(text);
}

enum json_kind json_kind(const struct json *v)
{
	if (!v)
		return JSON_NULL;
	switch (json_typeof(value(v))) {
	case JANSSON_OBJECT:
		return JSON_OBJECT;
	case JANSSON_ARRAY:
		return JSON_ARRAY;
	case JANSSON_STRING:
		return JSON_STRING;
	case JSON_INTEGER:
	case JSON_REAL:
		return JSON_NUMBER;
	case JSON_TRUE:
	case JSON_FALSE:
		return JSON_BOOL;
	case JANSSON_NULL:
		break;
	}
	return JSON_NULL;
}

struct str json_str(const struct json *v)
{
	if (json_kind(v) != JSON_STRING)
		return S("");
	return (struct str){ json_string_value(value(v)),
			     json_string_length(value(v)) };
}

bool json_true(const struct json *v)
{
	return v && json_typeof(value(v)) == JSON_TRUE;
}

static struct str number_text(const struct json *v)
{
	char text[64];
	size_t n = json_dumpb(value(v), text, sizeof(text), JSON_ENCODE_ANY);

	return n <= sizeof(text) ? (struct str){ alloc_copy(text, n), n }
				 : S("");
}

struct str json_scalar(const struct json *v)
{
	switch (json_kind(v)) {
	case JSON_STRING:
		return json_str(v);
	case JSON_NUMBER:
		return number_text(v);
	case JSON_BOOL:
		return json_true(v) ? S("true") : S("false");
	default:
		return S("");
	}
}

const struct json *json_get(const struct json *object, const char *key)
{
	if (json_kind(object) != JSON_OBJECT)
		return NULL;
	return wrap(json_object_get(value(object), key));
}

static const struct json *step(const struct json *v, struct str name)
{
	uint64_t i;

	if (json_kind(v) == JSON_OBJECT)
		return wrap(json_object_getn(value(v), name.p, name.n));
	if (json_kind(v) == JSON_ARRAY && str_u64(name, UINT32_MAX, &i))
		return json_at(v, i);
	return NULL;
}

const struct json *json_path(const struct json *v, struct str dotted)
{
	while (v && dotted.n)
		v = step(v, str_cut(&dotted, '.'));
	return v;
}

size_t json_len(const struct json *v)
{
	if (json_kind(v) == JSON_ARRAY)
		return json_array_size(value(v));
	if (json_kind(v) == JSON_OBJECT)
		return json_object_size(value(v));
	return 0;
}

const struct json *json_at(const struct json *array, size_t i)
{
	if (json_kind(array) != JSON_ARRAY)
		return NULL;
	return wrap(json_array_get(value(array), i));
}

void json_each(const struct json *object,
	       bool (*each)(struct str key, const struct json *v, void *ctx),
	       void *ctx)
{
	const char *key;
	json_t *v;

	if (json_kind(object) != JSON_OBJECT)
		return;
	json_object_foreach(value(object), key,
			    v) if (!each(str_of(key), wrap(v), ctx)) return;
}

struct writer {
	struct buf *b;
	bool more; /* than one member so far: a comma is due */
};

static bool write_member(struct str key, const struct json *v, void *ctx)
{
	struct writer *w = ctx;

	if (w->more)
		buf_char(w->b, ',');
	w->more = true;
	buf_json(w->b, key);
	buf_char(w->b, ':');
	json_write(w->b, v);
	return !w->b->full;
}

static void write_array(struct buf *b, const struct json *v)
{
	buf_char(b, '[');
	for (size_t i = 0; i < json_len(v); i++) {
		if (i)
			buf_char(b, ',');
		json_write(b, json_at(v, i));
	}
	buf_char(b, ']');
}

void json_write(struct buf *b, const struct json *v)
{
	switch (json_kind(v)) {
	case JSON_OBJECT:
		buf_char(b, '{');
		json_each(v, write_member, &(struct writer){ b, false });
		buf_char(b, '}');
		break;
	case JSON_ARRAY:
		write_array(b, v);
		break;
	case JSON_STRING:
		buf_json(b, json_str(v));
		break;
	case JSON_NULL:
		buf_add(b, S("null"));
		break;
	default:
		buf_add(b, json_scalar(v));
	}
}
