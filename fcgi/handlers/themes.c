/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "handlers/themes.h"

#include "door.h"
#include "reply.h"

bool themes_get(struct request *r)
{
	struct db_step theme = { .query = &Q_themes_get };

	if (!door_run(r, &theme, 1))
		return false;
	reply_header(r, "Cache-Control",
		     S("public, max-age=31536000, immutable"));
	return reply(r, 200, "text/css; charset=utf-8", theme.out);
}
