/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "handlers/tickets.h"

#include "door.h"
#include "input.h"
#include "markup.h"
#include "reply.h"
#include "serve.h"

static bool render(struct request *r, const char *source, const char *field,
		   const char **html)
{
	struct str out;

	if (!markup_from_markdown(str_of(source), &out))
		return problem_field(&r->problem, str_of(field), "too_long");
	*html = str_z(out);
	return true;
}

/* The number is told in the Location as well. */
static void add_location(struct request *r)
{
	struct str number =
		json_scalar(json_get(json_parse_own(r->reply.body), "number"));

	buf_addf(&r->reply.headers, "Location: /api/tickets/%.*s\r\n",
		 STR_ARG(number));
}

bool tickets_open(struct request *r)
{
	union q_tickets_open q;

	if (!input(r, &Q_tickets_open, q.v) ||
	    !render(r, q.description, "description", &q.html) ||
	    !serve_with(r, q.v))
		return false;
	add_location(r);
	return true;
}

bool comments_reply(struct request *r)
{
	union q_comments_reply q;

	return input(r, &Q_comments_reply, q.v) &&
	       render(r, q.body, "body", &q.html) && serve_with(r, q.v);
}

bool comments_note(struct request *r)
{
	union q_comments_note q;

	return input(r, &Q_comments_note, q.v) &&
	       render(r, q.body, "body", &q.html) && serve_with(r, q.v);
}

/* One member of a change as the database takes it: a word or null, and for
 * the assignee an id as well; for the item and the team an id or null, for
 * tags what is added and removed, for what was there what each was, and how
 * many seconds nobody is told of it. */
#define CHANGE_MAX 16384
#define HOLD_MAX 30

struct change {
	struct request *r;
	struct buf out;
};

static bool add_change(struct str key, const struct json *v, void *ctx)
{
	struct change *c = ctx;
	enum json_kind kind = json_kind(v);
	bool assignee = str_eqz(key, "assignee");
	bool item = str_eqz(key, "item") || str_eqz(key, "team");
	bool object = str_eqz(key, "tags") || str_eqz(key, "was");
	bool hold = str_eqz(key, "hold");
	uint64_t id;

	if (!assignee && !item && !object && !hold && !str_eqz(key, "status") &&
	    !str_eqz(key, "priority") && !str_eqz(key, "reason"))
		return problem_field(&c->r->problem, key, "unknown"), true;
	if (hold &&
	    (kind != JSON_NUMBER || !str_u64(json_scalar(v), HOLD_MAX, &id)))
		return problem_field(&c->r->problem, key,
				     kind == JSON_NUMBER ? "range" : "type"),
		       true;
	if (object ? kind != JSON_OBJECT
		   : !hold && kind != JSON_NULL &&
			     (kind != JSON_STRING || item) &&
			     !((assignee || item) && kind == JSON_NUMBER &&
			       str_u64(json_scalar(v), INT64_MAX, &id)))
		return problem_field(&c->r->problem, key, "type"), true;
	if (assignee && kind == JSON_STRING && !str_eqz(json_str(v), "me"))
		return problem_field(&c->r->problem, key, "choice"), true;
	buf_char(&c->out, c->out.n ? ',' : '{');
	buf_json(&c->out, key);
	buf_char(&c->out, ':');
	if (object)
		json_write(&c->out, v);
	else if (kind == JSON_STRING)
		buf_json(&c->out, json_str(v));
	else
		buf_add(&c->out,
			kind == JSON_NULL ? S("null") : json_scalar(v));
	return true;
}

bool tickets_change(struct request *r)
{
	union q_tickets_change q;
	struct change c = { .r = r, .out = buf_new(CHANGE_MAX) };
	struct json *body = r->json;

	r->json = NULL; /* its members are not the query's inputs */
	if (!input(r, &Q_tickets_change, q.v))
		return false;
	json_each(body, add_change, &c);
	if (r->problem.kind != PROBLEM_NONE)
		return false;
	if (!c.out.n)
		return problem_say(&r->problem, PROBLEM_INVALID,
				   "Name at least one of status, priority, "
				   "assignee, item, team and tags, in at most "
				   "16 kB.");
	buf_char(&c.out, '}');
	if (c.out.full)
		return problem_say(&r->problem, PROBLEM_TOO_LARGE,
				   "Send a change of at most 16 kB.");
	q.change = str_z(buf_str(&c.out));
	return serve_with(r, q.v);
}

bool preview_make(struct request *r)
{
	union q_preview_make q;
	struct db_step door = { .query = &Q_preview_make, .values = q.v };
	const char *html;
	struct buf b = buf_new(4 * MARKUP_HTML_MAX);

	if (!input(r, &Q_preview_make, q.v) ||
	    !render(r, q.body, "body", &html) || !door_run(r, &door, 1))
		return false;
	buf_add(&b, S("{\"html\":"));
	buf_json(&b, str_of(html));
	buf_char(&b, '}');
	return reply_json(r, 200, buf_str(&b));
}
