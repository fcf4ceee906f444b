/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "door.h"

#include "arena.h"
#include "input.h"
#include "log.h"
#include "secret.h"

/* What a page is made of is no page that somebody read. */
static bool is_part(struct str path)
{
	return str_starts(path, S("/theme/")) ||
	       str_starts(path, S("/picture/")) ||
	       str_starts(path, S("/api/photos/"));
}

/* The door, whose page it is, a plan of its own, a frame, the rank behind it. */
#define BEFORE 5

static const char *const ranks[] = { "0", "1", "2", "3" };

struct db_step door_step(const struct request *r, enum who who, bool writes)
{
	union q_door_enter *q = alloc(sizeof(*q));

	q->host = str_z(r->host);
	q->token = secret_token_bytea(r->token);
	q->who = ranks[who];
	q->writes = writes ? "t" : "f";
	q->tickets = r->route && r->route->tickets ? "t" : "f";
	/* Nor is what was refused; and one that takes many trips is one. */
	bool reads = r->problem.kind == PROBLEM_NONE && !r->trips &&
		     !is_part(r->path);
	q->page = reads ? str_z(r->path) : NULL;
	return (struct db_step){ .query = &Q_door_enter, .values = q->v };
}

static bool refused(struct request *r, const struct db_error *e)
{
	if (e->query == &Q_door_enter && !strcmp(e->state, "PT404"))
		return problem(&r->problem, PROBLEM_HOST);
	if (e->detail)
		return problem_errors(&r->problem, str_of(e->detail));
	problem_sql(&r->problem, e->state, e->constraint);
	/* Whoever came as support is told so, and not asked to sign in. */
	if (r->support && r->problem.kind == PROBLEM_SIGNED_OUT)
		problem(&r->problem, PROBLEM_SUPPORT_ENDED);
	return false;
}

/* A step that was given no values has no others than these. */
static void fill_in(const struct request *r, struct db_step *s)
{
	const char **values;

	if (s->values || !s->query->n_inputs)
		return;
	values = alloc(s->query->n_inputs * sizeof(*values));
	input_asked(r, s->query, values);
	s->values = values;
}

static bool ended(struct request *r, enum db_outcome o,
		  const struct db_error *error, uint64_t began)
{
	r->database += log_now() - began;
	r->trips++;
	switch (o) {
	case DB_DONE:
		return true;
	case DB_REFUSED:
		return refused(r, error);
	case DB_LOST:
	case DB_AWAY:
		break;
	}
	if (!r->reply.sent)
		buf_add(&r->reply.headers, S("Retry-After: 1\r\n"));
	return problem(&r->problem, PROBLEM_UNAVAILABLE);
}

bool door_trip(struct request *r, struct db_step *steps, size_t n)
{
	struct db_error error;
	uint64_t began = log_now();

	for (size_t i = 0; i < n; i++)
		fill_in(r, &steps[i]);
	enum db_outcome o = db_trip(steps, n, &error);
	return ended(r, o, &error, began);
}

/* The door for a route's rank, with its steps in `all`: how many. A page that
 * says whose it is is told first that somebody else has signed in meanwhile, and
 * not what is withheld from them. */
static size_t enter(const struct request *r, enum who who, bool writes,
		    struct db_step *all)
{
	if (!r->person.n) {
		all[0] = door_step(r, who, writes);
		return 1;
	}
	union q_door_need_person *q = alloc(sizeof(*q));

	q->reader = str_z(r->person);
	q->who = ranks[who];
	all[0] = door_step(r, ANYONE, writes);
	all[1] = (struct db_step){ .query = &Q_door_need_person,
				   .values = q->v };
	return 2;
}

/* The door with the steps behind it: how many. */
static size_t stream_steps(const struct request *r, struct db_step *steps,
			   size_t n, struct db_step *all)
{
	size_t before;

	for (size_t i = 0; i < n; i++)
		fill_in(r, &steps[i]);
	before = enter(r, r->route->who, steps[n - 1].query->writes, all);
	memcpy(&all[before], steps, n * sizeof(*steps));
	return before + n;
}

bool door_stream(struct request *r, struct db_step *steps, size_t n,
		 db_row *row, void *ctx)
{
	struct db_step all[DB_STEPS_MAX + BEFORE];
	struct db_error error;
	uint64_t began = log_now();
	size_t n_all = stream_steps(r, steps, n, all);
	enum db_outcome o = db_stream(all, n_all, row, ctx, &error);

	return ended(r, o, &error, began);
}

void door_ask(const struct request *r, struct db_step *steps, size_t n)
{
	struct db_step all[DB_STEPS_MAX + BEFORE];

	db_ask(all, stream_steps(r, steps, n, all));
}

bool door_answer(struct request *r, struct db_rows *rows)
{
	struct db_error error;
	uint64_t began = log_now();
	enum db_outcome o = db_answer(rows, &error);

	return ended(r, o, &error, began);
}

/* A filter that makes the general plan a bad one asks for its own. */
static bool wants_own_plan(const struct db_step *s)
{
	for (unsigned i = 0; i < s->query->n_inputs; i++)
		if ((s->query->plan_each >> i & 1) && s->values[i])
			return true;
	return false;
}

/* A page's frame comes before its staff are told from others, so that whoever is
 * refused reads it at the portal and in their language. */
static bool is_framed(const struct request *r, const struct db_step *steps)
{
	return r->route->who > CUSTOMER && steps[0].query == &Q_pages_shell;
}

static struct db_step rank_step(enum who who)
{
	union q_door_need_rank *q = alloc(sizeof(*q));

	q->who = ranks[who];
	return (struct db_step){ .query = &Q_door_need_rank, .values = q->v };
}

bool door_run(struct request *r, struct db_step *steps, size_t n)
{
	struct db_step all[DB_STEPS_MAX + BEFORE];
	bool writes = false, own_plan = false, framed = is_framed(r, steps);

	if (n > DB_STEPS_MAX)
		abort(); /* no request decides how many there are */
	for (size_t i = 0; i < n; i++) {
		writes |= steps[i].query->writes;
		own_plan |= wants_own_plan(&steps[i]);
	}
	size_t before =
		enter(r, framed ? CUSTOMER : r->route->who, writes, all);
	if (own_plan)
		all[before++] = (struct db_step){ .query = &Q_door_plan_each };
	struct db_step *frame = &all[before];
	if (framed) {
		all[before++] = steps[0];
		all[before++] = rank_step(r->route->who);
	}
	memcpy(&all[before], steps + framed, (n - framed) * sizeof(*steps));
	bool done = door_trip(r, all, before + n - framed);
	/* What came before a refusal is there. */
	steps[0] = *frame;
	memcpy(steps + framed, &all[before], (n - framed) * sizeof(*steps));
	if (!done)
		return false;
	for (size_t i = 0; i < n; i++)
		if (!steps[i].found && steps[i].query->kind != QUERY_VOID)
			return problem(&r->problem, PROBLEM_NOT_FOUND);
	return true;
}
