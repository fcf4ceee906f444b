/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * host.h: names of hosts as people type them (the only user of libidn2).
 *
 * One name has one form here, the one that browsers send and nginx gives us:
 * lower case, punycode for letters beyond ASCII (UTS 46, not transitional), no
 * dot behind. What it may mean is the database's business (app.host_fault()).
 */
#ifndef SPORTELLO_HOST_H
#define SPORTELLO_HOST_H

#include "str.h"

/* The canonical form, on the arena. Otherwise the code of what is wrong, for
 * the person who typed it: "url" for an address with more than a host,
 * "port", "too_long", "host" for what can't be one. */
const char *host_canonical(struct str typed, struct str *host) MUST_CHECK;

#endif
