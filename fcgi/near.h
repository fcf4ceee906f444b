/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * near.h: tenants that make nearly as many requests as they may.
 *
 * nginx says so, a datagram a request that it slowed down (conf/site.conf.in),
 * to <certificates>/near.sock; what does not fit into that queue is lost, which
 * is as well. The tenant's administrators are told once a day
 * (jobs.near_limit()).
 */
#ifndef SPORTELLO_NEAR_H
#define SPORTELLO_NEAR_H

#include "str.h"

/* Without it nobody is told, and the log says why. */
void near_listen(void);

/* The last word of a datagram, "<190>Nov 22 17:05:00 near: t12": a tenant's mark,
 * or a host that has none; empty where it is neither. text has n bytes and room
 * for one more. */
struct str near_mark(char *text, size_t n);

/* What has come meanwhile. False: the database is away. */
bool near_tell(void) MUST_CHECK;

#endif
