/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "handlers/live.h"

#include "door.h"
#include "reply.h"

/* The browser's connection is nginx's from here on, and no worker's. */
bool live_listen(struct request *r)
{
	struct db_step step = { .query = &Q_live_listen };
	struct buf path = buf_new(128);

	if (!door_run(r, &step, 1))
		return false;
	struct str channel =
		json_str(json_get(json_parse_own(step.out), "channel"));
	if (!channel.n)
		return problem(&r->problem, PROBLEM_NOT_FOUND);
	buf_addf(&path, "/.live/%.*s", STR_ARG(channel));
	reply_header(r, "X-Accel-Redirect", buf_str(&path));
	return reply(r, 200, NULL, S(""));
}
