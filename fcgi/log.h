/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * log.h: JSON lines on standard error, one write each.
 *
 * Never bodies, tokens, or addresses in clear: what is logged is made of ids,
 * names of routes, numbers, and our own sentences.
 */
#ifndef SPORTELLO_LOG_H
#define SPORTELLO_LOG_H

#include "str.h"

/* Microseconds of a clock that only goes forward. */
uint64_t log_now(void);

/* Begins a line with the time and the kind ("request", "mail", "error"). */
struct buf log_line(const char *kind);
void log_str(struct buf *line, const char *key, struct str value);
void log_num(struct buf *line, const char *key, double value);
void log_end(struct buf *line);

/* A line of kind "error": what failed, and the library's or the server's own
 * words for the operator. */
void log_error(const char *what, const char *words);

#endif
