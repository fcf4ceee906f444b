/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "handlers/claims.h"

#include "door.h"
#include "host.h"
#include "input.h"
#include "serve.h"

bool claims_add(struct request *r)
{
	union q_hosts_add q;
	struct str host;

	if (!input(r, &Q_hosts_add, q.v))
		return false;
	const char *code = host_canonical(str_of(q.host), &host);
	if (code)
		return problem_field(&r->problem, S("host"), code);
	q.host = str_z(host);
	return serve_with(r, q.v);
}
