/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * events.h: `sportello events`, what follows from events: who gets mail (jobs.h
 * sends it), what is to be sent to tenants' products (webhook.h does), and whose
 * open pages hear of it at once (hints.h).
 *
 * Looks for work every 100 ms; any number of instances may run. An event becomes
 * deliveries, one a recipient, in one transaction; live hints go out behind it.
 * A process of its own: it waits for no mail server, and for the live server a
 * second.
 */
#ifndef SPORTELLO_EVENTS_H
#define SPORTELLO_EVENTS_H

/* Runs until SIGTERM, which it heeds between two events. The exit status; 2:
 * it could not start, and has said why on standard error. */
int events_run(void);

#endif
