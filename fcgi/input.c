/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "input.h"

#include "arena.h"
#include "route.h"

/* A value before it is checked: absent, of the wrong kind, or text. */
struct found {
	bool present, wrong_kind;
	struct str text;
};

static struct found in_pairs(const struct pairs *p, const char *name)
{
	const struct str *v = pairs_get(p, name);

	return v ? (struct found){ .present = v->n > 0, .text = *v }
		 : (struct found){ 0 };
}

/* A value of any kind as it came; what may be in it is the statement's. */
static struct found whole(const struct json *v)
{
	struct buf b = buf_new(2 * REQUEST_BODY_MAX);

	json_write(&b, v);
	return (struct found){ .present = true,
			       .wrong_kind = b.full,
			       .text = buf_str(&b) };
}

static struct found in_body(const struct request *r,
			    const struct query_input *in)
{
	const struct json *v = json_get(r->json, in->name);
	enum json_kind want = in->type == TYPE_TEXT	 ? JSON_STRING
			      : in->type == TYPE_BOOLEAN ? JSON_BOOL
							 : JSON_NUMBER;

	if (json_kind(v) == JSON_NULL)
		return (struct found){ 0 };
	if (in->type == TYPE_JSONB)
		return whole(v);
	return (struct found){ .present = true,
			       .wrong_kind = json_kind(v) != want,
			       .text = json_scalar(v) };
}

/* chosen: one language; browser: those it asks for, by spaces. */
static struct found asked(const struct request *r, const char *name)
{
	const struct catalog *wanted[CATALOG_WANTED_MAX];
	struct buf tags = buf_new(CATALOG_WANTED_MAX * 20);
	size_t n = 0;

	if (strcmp(name, "chosen"))
		n = catalog_wanted(r->accept_language, ARRAY_LEN(wanted),
				   wanted);
	else if (r->lang)
		wanted[n++] = r->lang;
	for (size_t i = 0; i < n; i++) {
		buf_add(&tags, i ? S(" ") : S(""));
		buf_add(&tags, catalog_lang(wanted[i]));
	}
	return (struct found){ .present = n > 0, .text = buf_str(&tags) };
}

static struct found look_up(const struct request *r,
			    const struct query_input *in)
{
	struct str text;

	switch (in->source) {
	case SOURCE_PATH:
		text = route_param(r, in->name);
		return (struct found){ .present = text.n > 0, .text = text };
	case SOURCE_QUERY:
		return in_pairs(&r->query, in->name);
	case SOURCE_FORM:
		return in_pairs(&r->form, in->name);
	case SOURCE_BODY:
		return in_body(r, in);
	case SOURCE_ASKED:
		return asked(r, in->name);
	case SOURCE_KEY:
	case SOURCE_CLIENT:
	case SOURCE_BROWSER:
	case SOURCE_MADE:
	case SOURCE_JOB:
		break;
	}
	return (struct found){ 0 };
}

static bool is_cursor(struct str s)
{
	struct str id = s;
	struct str at = str_cut(&id, '_');
	uint64_t n;

	return str_u64(at, INT64_MAX / 2, &n) && str_u64(id, INT64_MAX, &n);
}

/* One of the words; '#' among them stands for any id. */
static bool is_word(const char *words, struct str s)
{
	struct str list = str_of(words);
	uint64_t n;

	while (list.n) {
		struct str word = str_cut(&list, '|');
		if (str_eq(word, s) ||
		    (str_eqz(word, "#") && str_u64(s, INT64_MAX, &n)))
			return true;
	}
	return false;
}

static bool is_blank(struct str s)
{
	return !str_trim(s).n;
}

/* NULL, or the code of what is wrong with it. */
static const char *text_fault(const struct query_input *in, struct str s)
{
	size_t n = in->bytes ? s.n : str_chars(s);

	if (!str_is_text(s))
		return "type";
	if (in->words)
		return is_word(in->words, s) ? NULL : "choice";
	if (in->min && is_blank(s))
		return "required";
	if (in->max && n > in->max)
		return "too_long";
	return n < in->min ? "too_short" : NULL;
}

static const char *number_fault(const struct query_input *in, struct str s,
				uint64_t max)
{
	uint64_t n;

	if (!str_u64(s, max, &n))
		return "type";
	return n < in->min || (in->max && n > in->max) ? "range" : NULL;
}

static const char *fault(const struct query_input *in, struct str s)
{
	switch (in->type) {
	case TYPE_TEXT:
		return text_fault(in, s);
	case TYPE_BIGINT:
		return number_fault(in, s, INT64_MAX);
	case TYPE_INT:
		return number_fault(in, s, INT32_MAX);
	case TYPE_SMALLINT:
		return number_fault(in, s, INT16_MAX);
	case TYPE_CURSOR:
		return is_cursor(s) ? NULL : "type";
	case TYPE_BOOLEAN:
		return is_word("true|false", s) ? NULL : "type";
	case TYPE_JSONB:
		return in->max && s.n > in->max ? "too_long" : NULL;
	case TYPE_BYTEA:
	case TYPE_INTERVAL:
		break; /* made by handlers, never read from a request */
	}
	return "type";
}

/* A path that names what can't exist is not found, not invalid. */
static void refuse(struct request *r, const struct query_input *in,
		   const char *code)
{
	if (in->source == SOURCE_PATH)
		problem(&r->problem, PROBLEM_NOT_FOUND);
	else
		problem_field(&r->problem, str_of(in->name), code);
}

static void take(struct request *r, const struct query_input *in,
		 const char **value)
{
	struct found f = look_up(r, in);
	const char *code = !f.present	  ? in->optional ? NULL : "required"
			   : f.wrong_kind ? "type"
					  : fault(in, f.text);

	if (code)
		refuse(r, in, code);
	else if (f.present)
		*value = str_z(f.text);
}

static bool is_key(struct str k)
{
	for (size_t i = 0; i < k.n; i++) {
		char c = k.p[i];
		if (!(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z') &&
		    !(c >= '0' && c <= '9') && c != '-' && c != '_')
			return false;
	}
	return k.n >= 8 && k.n <= 64;
}

void input_asked(const struct request *r, const struct query *q,
		 const char **values)
{
	for (unsigned i = 0; i < q->n_inputs; i++) {
		struct found f = look_up(r, &q->inputs[i]);

		if (q->inputs[i].source == SOURCE_ASKED && f.present)
			values[i] = str_z(f.text);
	}
}

struct declared {
	struct request *r;
	const struct query *q;
};

static bool must_be_declared(struct str key, const struct json *v, void *ctx)
{
	const struct declared *d = ctx;

	(void)v;
	for (unsigned i = 0; i < d->q->n_inputs; i++)
		if (d->q->inputs[i].source == SOURCE_BODY &&
		    str_eqz(key, d->q->inputs[i].name))
			return true;
	problem_field(&d->r->problem, key, "unknown");
	return true;
}

bool input(struct request *r, const struct query *q, const char **values)
{
	for (unsigned i = 0; i < q->n_inputs; i++) {
		const struct query_input *in = &q->inputs[i];
		values[i] = NULL;
		if (in->source == SOURCE_KEY) {
			if (!is_key(r->key))
				return problem(&r->problem,
					       PROBLEM_IDEMPOTENCY_KEY);
			values[i] = str_z(r->key);
		} else if (in->source == SOURCE_CLIENT) {
			values[i] = str_z(r->client);
		} else if (in->source == SOURCE_BROWSER) {
			values[i] = str_z(r->browser);
		} else if (in->source < SOURCE_KEY) {
			take(r, in, &values[i]);
		}
	}
	if (r->json)
		json_each(r->json, must_be_declared,
			  &(struct declared){ r, q });
	return r->problem.kind == PROBLEM_NONE;
}
