/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * resolve.h: TXT records (the only user of c-ares).
 *
 * For `sportello hosts` alone: a request never waits for somebody's name
 * server. Several names are asked for at once and all answers are there after
 * RESOLVE_SECONDS at the latest.
 *
 * Why c-ares: glibc's res_nquery() does one name at a time, its limits are a
 * server's and not the whole's, and it leaves the packet to its caller;
 * libunbound brings a resolver of its own beside the operator's. c-ares takes
 * servers with their ports, goes over to TCP by itself and reads the packets.
 *
 * What a name server says is believed as far as the operator's resolver
 * believes it: with DNSSEC if that one validates.
 */
#ifndef SPORTELLO_RESOLVE_H
#define SPORTELLO_RESOLVE_H

#include "str.h"

#define RESOLVE_SECONDS 5
#define RESOLVE_MOST 16	 /* names at once */
#define RESOLVE_TEXTS 32 /* of a name; more are not looked at */
#define RESOLVE_TEXT 512 /* bytes of a text; a longer one is not given */

enum resolve_fate {
	RESOLVE_FAILED, /* nobody knows: no answer, or a server that fails */
	RESOLVE_NONE,	/* the name has no such record */
	RESOLVE_FOUND,
};

struct resolve_lookup {
	struct str name;
	enum resolve_fate fate;
	struct str texts[RESOLVE_TEXTS]; /* on the arena */
	size_t n_texts;
	const char *why; /* of RESOLVE_FAILED, for the operator */
};

/* Whether the setting names servers. False: *why is a sentence for the
 * operator. */
bool resolve_setup(const char **why) MUST_CHECK;

/* Looks up the TXT records of n names, RESOLVE_MOST at most, as they are: no
 * search domains. */
void resolve_txt(struct resolve_lookup *lookups, size_t n);

#ifdef SPORTELLO_TEST
/* Another limit than RESOLVE_SECONDS. */
void resolve_test_limit(unsigned ms);
#endif

#endif
