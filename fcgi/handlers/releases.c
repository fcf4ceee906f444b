/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "handlers/releases.h"

#include <ctype.h>

#include "catalog.h"
#include "input.h"
#include "markup.h"
#include "queries.h"
#include "serve.h"

/* Notes in every language, as Markdown and as canonical text. */
#define SAID_MAX (4 * 1024 * 1024)

/* A name is what it is, not Markdown. */
static struct str plainly(struct str name)
{
	struct buf b = buf_new(2 * name.n);

	for (size_t i = 0; i < name.n; i++) {
		if (ispunct((unsigned char)name.p[i]))
			buf_char(&b, '\\');
		buf_char(&b, name.p[i]);
	}
	return buf_str(&b);
}

/* The notes in a language, or else in English, or in the first there is. */
static bool first(struct str key, const struct json *v, void *ctx)
{
	(void)key;
	*(const struct json **)ctx = v;
	return false;
}

static struct str notes_in(const struct json *notes, struct str lang)
{
	const struct json *found = json_get(notes, str_z(lang));

	if (!found)
		found = json_get(notes, "en");
	if (!found)
		json_each(notes, first, &found);
	return json_str(found);
}

static bool add_language(struct request *r, struct buf *b,
			 const struct catalog *c, struct str name,
			 const struct json *notes)
{
	const struct catalog_arg arg = { "name", plainly(name) };
	struct str note = notes_in(notes, catalog_lang(c)), html;
	struct buf source = buf_new(note.n + 4096);

	buf_add(&source, catalog_text(c, S("release.said"), 1, &arg));
	if (note.n)
		buf_addf(&source, "\n\n%.*s", STR_ARG(note));
	if (!markup_from_markdown(buf_str(&source), &html))
		return problem_field(&r->problem, S("notes"), "too_long");
	buf_char(b, b->n ? ',' : '{');
	buf_json(b, catalog_lang(c));
	buf_add(b, S(":{\"source\":"));
	buf_json(b, buf_str(&source));
	buf_add(b, S(",\"html\":"));
	buf_json(b, html);
	buf_char(b, '}');
	return true;
}

/* What its tickets are told, by language: {"en": {"source", "html"}}. */
static bool say(struct request *r, const char *name, const char *notes,
		const char **said)
{
	struct buf b = buf_new(SAID_MAX);
	const struct json *in = json_parse_own(str_of(notes));
	const struct catalog *c;

	if (json_kind(in) != JSON_OBJECT)
		return problem_field(&r->problem, S("notes"), "type");
	for (size_t i = 0; (c = catalog_at(i)); i++)
		if (!add_language(r, &b, c, str_of(name), in))
			return false;
	buf_char(&b, '}');
	if (b.full)
		return problem_field(&r->problem, S("notes"), "too_long");
	*said = str_z(buf_str(&b));
	return true;
}

bool releases_create(struct request *r)
{
	union q_releases_create q;

	return input(r, &Q_releases_create, q.v) &&
	       say(r, q.name, q.notes, &q.said) && serve_with(r, q.v);
}

bool releases_change(struct request *r)
{
	union q_releases_change q;

	return input(r, &Q_releases_change, q.v) &&
	       say(r, q.name, q.notes, &q.said) && serve_with(r, q.v);
}

bool releases_answer(struct request *r)
{
	union q_tickets_fixed q;
	struct str html;

	if (!input(r, &Q_tickets_fixed, q.v))
		return false;
	if (!markup_from_markdown(str_of(q.body ? q.body : ""), &html))
		return problem_field(&r->problem, S("body"), "too_long");
	q.html = str_z(html);
	return serve_with(r, q.v);
}
