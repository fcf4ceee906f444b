/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * master.h: `sportello master`, the supervisor.
 *
 * Makes the listening sockets $SPORTELLO_RUN/{api,login}.sock, starts the
 * pools of sportello-worker (found beside this program; the socket is its fd
 * 0, SPORTELLO_POOL names the pool), one `sportello jobs` and one `sportello
 * hosts`, and replaces what dies: at once, or after a growing wait when it dies
 * young. It never talks to the database, keeps no pid files and serves no
 * request.
 *
 * SIGTERM, SIGINT: SIGTERM to all, and after 30 s SIGKILL; then 0.
 * SIGHUP: a rolling restart for new code or templates. One process at a time
 *   gets its successor first and SIGTERM when that one has lived a moment; a
 *   successor that dies at once ends the restart, and the old ones stay.
 * Children get SIGTERM from the kernel if the master dies.
 */
#ifndef SPORTELLO_MASTER_H
#define SPORTELLO_MASTER_H

/* Runs until it is told to stop. The exit status; 1: it could not start, and
 * has said why on standard error. */
int master_run(void);

#endif
