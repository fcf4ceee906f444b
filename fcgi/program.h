/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * program.h: another program, run beside our own work, one at a time.
 *
 * It begins with an empty environment, no input and no descriptor of ours, in a
 * process group of its own, which ends when its time is over or we end.
 */
#ifndef SPORTELLO_PROGRAM_H
#define SPORTELLO_PROGRAM_H

#include "str.h"

#define PROGRAM_WORDS_MAX 8
#define PROGRAM_SAID_MAX 300

struct program_end {
	bool ok;	 /* exit status 0 */
	struct str out;	 /* its last line of output; both on the arena */
	struct str said; /* its last line of errors, printable ASCII */
};

/* Starts it; the first word is its path. False: that failed, and is logged. */
bool program_start(const char *const *words, unsigned seconds) MUST_CHECK;

bool program_runs(void);

/* Whether the one that was started has ended: true once, and it is gone. */
bool program_ended(struct program_end *end) MUST_CHECK;

/* Runs it to its end. False: that failed; end->said, if it was started. */
bool program_run(const char *const *words, unsigned seconds,
		 struct program_end *end) MUST_CHECK;

/* Ends it now, if there is one. */
void program_stop(void);

#endif
