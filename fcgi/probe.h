/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * probe.h: what a portal's visitors get to see of its certificate (with smtp.c
 * and fetch.c the only users of libcurl).
 */
#ifndef SPORTELLO_PROBE_H
#define SPORTELLO_PROBE_H

#include "str.h"

/* The days that the certificate shown at https://host:port/ is still good for,
 * below 0 when it is over. False: none was shown; *why. */
bool probe_certificate(struct str host, const char *port, long *days,
		       const char **why) MUST_CHECK;

#endif
