/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * doctor.h: `sportello doctor`, a look at everything an installation needs.
 *
 * A line a check, 'ok', 'warn' or 'fail', and below it what to do. It changes
 * nothing, so it may run at any time, from a monitor too.
 */
#ifndef SPORTELLO_DOCTOR_H
#define SPORTELLO_DOCTOR_H

/* The exit status: 0 nothing fails (there may be warnings), 1 something does. */
int doctor_run(void);

#endif
