/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * hints.h: what the live server is told (conf/live.conf.in). It holds the
 * browsers' connections, each listening to a channel, and is another nginx, so
 * that what goes wrong there is not the portal's.
 *
 * Over a Unix socket. Nothing waits for it: what it does not take is lost. While
 * it is away nobody listens either, and who listens again asks for everything;
 * one that hangs is left alone for seconds, and pages ask by themselves then, as
 * they do every few minutes whatever happens.
 */
#ifndef SPORTELLO_HINTS_H
#define SPORTELLO_HINTS_H

#include "json.h"
#include "str.h"

#define HINTS_MOST 20 /* channels that are told at once */

/* Tells channels (names of 32 hexadecimal digits, as in functions/live.sql) a
 * message. */
void hints_tell(const struct json *channels, struct str message);

/* Ends what listens to them. False: it did not say that it has. */
bool hints_close(const struct json *channels);

void hints_end(void);

#endif
