/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * base.h: what every file sees (force-included by the Makefile).
 *
 * Attributes, array length, and functions we do not use, turned into compile
 * errors: each has a bounded or checked replacement in arena.h or str.h.
 */
#ifndef SPORTELLO_BASE_H
#define SPORTELLO_BASE_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE 1
#endif

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MUST_CHECK __attribute__((warn_unused_result))
#define PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))
#define NORETURN __attribute__((noreturn))
#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))

#pragma GCC poison strcpy strcat sprintf vsprintf gets strtok atoi atol atof
/* What libpq and libxml2 have and we do not use (PQexec, PQescapeLiteral,
 * xmlNodeDump …) is refused by tests/lint: a poison here would already stop
 * the libraries' own headers. */

#endif
