/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "handlers/rules.h"

#include "input.h"
#include "json.h"
#include "markup.h"
#include "queries.h"
#include "serve.h"

/* Texts of 64 KB, as Markdown and as canonical text. */
#define SAID_MAX (1024 * 1024)

struct saying {
	struct buf *b;
	bool any, fits;
};

/* A text in a language; of every language: "". Whether it may be one, the
 * database says. */
static bool add_text(struct str lang, const struct json *text, void *ctx)
{
	struct saying *s = ctx;
	struct str source = json_str(text), html;

	if (!markup_from_markdown(source, &html)) {
		s->fits = false;
		return false;
	}
	buf_char(s->b, s->any ? ',' : '{');
	buf_json(s->b, lang);
	buf_add(s->b, S(":{\"source\":"));
	buf_json(s->b, source);
	buf_add(s->b, S(",\"html\":"));
	buf_json(s->b, html);
	buf_char(s->b, '}');
	s->any = true;
	return true;
}

/* What its actions say: [null, {"en": {"source", "html"}}, …]. */
static bool say(struct request *r, const char *rule, const char **said)
{
	struct buf b = buf_new(SAID_MAX);
	const struct json *actions =
		json_get(json_parse_own(str_of(rule)), "do");
	struct saying s = { .b = &b, .fits = true };

	buf_char(&b, '[');
	for (size_t i = 0; i < json_len(actions) && s.fits; i++) {
		const struct json *action = json_at(actions, i);
		const struct json *note = json_get(action, "note");

		if (i)
			buf_char(&b, ',');
		s.any = false;
		if (note)
			add_text(S(""), note, &s);
		else
			json_each(json_get(action, "reply"), add_text, &s);
		buf_add(&b, s.any ? S("}") : S("null"));
	}
	buf_char(&b, ']');
	if (b.full || !s.fits)
		return problem_field(&r->problem, S("do"), "too_long");
	*said = str_z(buf_str(&b));
	return true;
}

bool rules_create(struct request *r)
{
	union q_rules_create q;

	return input(r, &Q_rules_create, q.v) && say(r, q.rule, &q.said) &&
	       serve_with(r, q.v);
}

bool rules_change(struct request *r)
{
	union q_rules_change q;

	return input(r, &Q_rules_change, q.v) && say(r, q.rule, &q.said) &&
	       serve_with(r, q.v);
}
