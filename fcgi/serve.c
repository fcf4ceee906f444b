/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "serve.h"

#include "arena.h"
#include "door.h"
#include "input.h"
#include "reply.h"

bool serve_with(struct request *r, const char *const *values)
{
	struct db_step step = { .query = route_query(r), .values = values };

	if (!door_run(r, &step, 1))
		return false;
	if (reply_must_wait(r, step.out))
		return false;
	if (step.query->kind == QUERY_VOID)
		return reply(r, 204, NULL, S(""));
	return reply_json(r, r->method == POST ? 201 : 200, step.out);
}

bool serve(struct request *r)
{
	const struct query *q = route_query(r);
	const char **values = alloc((q->n_inputs + 1) * sizeof(*values));

	return input(r, q, values) && serve_with(r, values);
}
