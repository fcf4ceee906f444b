/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * hosts.h: `sportello hosts`, what customers' own hosts need beside a database.
 *
 * Proofs: names that are due (jobs.take_hosts()) are looked up, several at
 * once, and what was found is written down; who gets a name is decided there.
 *
 * Certificates: for one host after the other SPORTELLO_CERTIFICATE_PROGRAM
 * (conf/certificate) is run. Without SPORTELLO_ACME_URL there are none: they
 * are the operator's own business then.
 *
 * Other people's servers are asked what they say: identity providers
 * (inquiry.h), and calendars' feeds (holidays.h).
 *
 * The front: front.h. Hosts that are not in its list any more are forgotten.
 *
 * A process of its own, since it runs programs and waits for strangers' name
 * servers: mail does not. One a machine with nginx; two share the work.
 */
#ifndef SPORTELLO_HOSTS_H
#define SPORTELLO_HOSTS_H

/* Runs until SIGTERM. The exit status; 2: it could not start, and has said why
 * on standard error. */
int hosts_run(void);

#endif
