/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * jobs.h: `sportello jobs`, sends the mail that events.h found to be due, and
 * does what is due by the clock: grants end, logins move, old rows go.
 *
 * Looks for work every 250 ms; any number of instances may run. A delivery is
 * taken for half an hour, sent, and its end written down with the mail server's own
 * words. Whoever dies in between leaves it to the next, so in the worst case
 * (killed between the server's 250 and our commit) a mail is sent again, under
 * the same Message-ID.
 *
 * One mail that can't be made or sent waits by itself (work_next_try()) and holds
 * up no other, but for a server that takes its time over the text (smtp.h). A mail server that can't be reached at all is asked by one mail
 * at a time, at most every 30 s, and no mail is given up for it.
 */
#ifndef SPORTELLO_JOBS_H
#define SPORTELLO_JOBS_H

/* Runs until SIGTERM, which it heeds between two mails. The exit status; 2:
 * it could not start, and has said why on standard error. */
int jobs_run(void);

#endif
