/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * fetch.h: asking other people's servers, whose addresses customers typed (with
 * smtp.c the only users of libcurl).
 *
 * https only, certificates checked, no redirect followed, no cookie kept, no
 * proxy, nothing decompressed. Every address is looked at when the connection
 * is opened, after the name was resolved: private, loopback and other special
 * networks are refused, and so are ports other than 443 and 8443. What
 * SPORTELLO_FETCH_ALLOW lists is let through on any port: an operator's own
 * identity provider, or this machine in tests.
 */
#ifndef SPORTELLO_FETCH_H
#define SPORTELLO_FETCH_H

#include "str.h"

#define FETCH_URL_MAX 2000

struct sockaddr;

struct fetch {
	struct str url;
	const char *type;	/* of the body; NULL: it is a GET */
	struct str body;	/* to POST */
	const char *accept;	/* a type; NULL: JSON */
	const char *headers[4]; /* "Name: value"; NULL: no more */
	const char *user;	/* and password, for Basic; NULL: neither */
	const char *password;
	uint64_t until; /* log_now() when there must be an answer */
	size_t max; /* bytes of the answer; 0: its status alone, whatever follows */
};

struct fetched {
	long status;
	bool too_long; /* for max */
	bool barred;   /* its address may not be reached */
	struct str body;
};

/* False: no whole answer; *why is the operator's sentence. */
bool fetch(const struct fetch *ask, struct fetched *answer,
	   const char **why) MUST_CHECK;

/* An https URL of a size we take, without user, password or fragment. */
bool fetch_is_url(struct str url);

/* Whether SPORTELLO_FETCH_ALLOW is a list of networks (10.1.2.0/24 fd00::/8). */
bool fetch_setup(const char **why) MUST_CHECK;

/* Whether this address and port may be connected to. */
bool fetch_may_reach(const struct sockaddr *address);

#endif
