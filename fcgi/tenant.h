/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * tenant.h: `sportello tenant …`, the operator's command line.
 *
 * Logs in as sportello_operator, which has functions and no table
 * (sql/functions/operator.sql). Each command enters one tenant, in the trip
 * that does its work.
 */
#ifndef SPORTELLO_TENANT_H
#define SPORTELLO_TENANT_H

/* The words behind `sportello tenant`. The exit status: 0 done, 1 refused and
 * said why on standard error, 2 not understood. */
int tenant_run(int argc, char **argv);

#endif
