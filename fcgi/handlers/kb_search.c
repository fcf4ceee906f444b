/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "handlers/kb_search.h"

#include "arena.h"
#include "door.h"
#include "handlers/kb.h"
#include "input.h"
#include "page.h"
#include "reply.h"

#define URL_MAX 1024

/* The same search in a language that the portal has. */
static bool in_another(struct request *r, struct str lang, const char *q)
{
	struct buf to = buf_new(URL_MAX);

	buf_addf(&to, "/%.*s/search", STR_ARG(lang));
	if (q) {
		buf_add(&to, S("?q="));
		buf_percent(&to, str_of(q));
	}
	return reply_see_other(r, buf_str(&to));
}

bool kb_search(struct request *r)
{
	union q_kb_search q;
	/* Support under a grant writes nothing, not even what it looks for. */
	const struct query *query = r->support ? &Q_kb_look : &Q_kb_search;
	struct db_step steps[] = {
		{ .query = &Q_pages_shell },
		{ .query = query, .values = q.v },
	};

	if (!kb_language(r) || !input(r, query, q.v))
		return false;
	bool done = door_run(r, steps, ARRAY_LEN(steps));
	r->shell = steps[0].out;
	if (!done)
		return false;
	struct str lang = json_str(
		json_path(json_parse_own(steps[0].out), S("portal.lang")));
	if (!str_eq(lang, catalog_lang(r->lang)) && catalog_find(lang))
		return in_another(r, lang, q.q);
	return page_fill(r, 200, steps[0].out, steps[1].out);
}

bool kb_went(struct request *r)
{
	union q_kb_went q;
	struct db_step step = { .query = r->support ? &Q_kb_goes : &Q_kb_went,
				.values = q.v };

	return kb_language(r) && input(r, step.query, q.v) &&
	       door_run(r, &step, 1) && reply_see_other(r, step.out);
}
