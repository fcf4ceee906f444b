/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * scan.h: `sportello scans`, files through a virus scanner.
 *
 * With SPORTELLO_CLAMD set a file that has come waits until clamd has seen all
 * of it (INSTREAM, a chunk at a time); nobody gets it before. Clean, it is there;
 * refused, its content goes and its owner is told. While clamd is away files
 * wait, however long: it is asked again at growing intervals, and that is logged
 * once. What clamd will not look at (larger than its StreamMaxLength) or says
 * nothing of within SPORTELLO_SCAN_SECONDS waits, too, longer each time.
 *
 * A process of its own, so that a large file holds up no mail. The master starts
 * it where there is a scanner.
 */
#ifndef SPORTELLO_SCAN_H
#define SPORTELLO_SCAN_H

#include "base.h"

/* Runs until SIGTERM; a file that it is at then is looked at again. The exit
 * status; 2: it could not start, and has said why on standard error. */
int scans_run(void);

/* Does clamd answer? False: *why says what is wrong. */
bool scan_ping(const char **why) MUST_CHECK;

#endif
