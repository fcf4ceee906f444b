/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * front.h: what nginx knows of hosts.
 *
 * At most every SPORTELLO_RELOAD_SECONDS the list of hosts with a certificate
 * is written for it (<certificates>/map), if it has changed, and it is told. A
 * file that is gone is asked for anew (jobs.certificate_lost()); hosts that are
 * not in the list any more are forgotten, but not most of all at once: a
 * database that was mixed up must not cost all certificates. Every tenth time
 * the hosts of tenants that have several are listed with their tenant's mark
 * (<certificates>/tenants): requests are limited a tenant, not a host.
 */
#ifndef SPORTELLO_FRONT_H
#define SPORTELLO_FRONT_H

#include "str.h"

/* What the database promises of a name, before it becomes a part of a path. */
bool front_takes(struct str host) MUST_CHECK;

/* busy: a host whose certificate is just being made, or "". False: the
 * database is away. */
bool front_update(const char *busy) MUST_CHECK;

/* A host whose files nobody needs, each once; NULL: none. */
const char *front_stale(void) MUST_CHECK;

/* A line about a host in the log. */
void front_log(const char *what, struct str host, struct str words);

#endif
