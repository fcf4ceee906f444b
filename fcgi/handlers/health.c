/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "handlers/health.h"

#include "door.h"
#include "reply.h"

bool health_alive(struct request *r)
{
	return reply(r, 200, "text/plain", S("alive\n"));
}

bool health_ready(struct request *r)
{
	struct db_step ready = { .query = &Q_health_ready };

	return door_trip(r, &ready, 1) &&
	       reply(r, 200, "text/plain", S("ready\n"));
}
