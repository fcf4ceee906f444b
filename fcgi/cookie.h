/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * cookie.h: reading a Cookie header, writing Set-Cookie.
 */
#ifndef SPORTELLO_COOKIE_H
#define SPORTELLO_COOKIE_H

#include "str.h"

/* The value of the first cookie of that name; empty when there is none. */
struct str cookie_get(struct str header, struct str name);

/* The session's cookie: __Host-sid over https, sid over plain http (where a
 * browser would refuse the prefix). */
struct str cookie_session_name(bool secure);

/* A Set-Cookie value for the session, or (token empty) one that removes it. */
struct str cookie_session(bool secure, struct str token, uint64_t seconds);

/* The same for a session of support under a grant: a cookie of its own, so
 * that entering and leaving does not touch whoever is signed in there. */
struct str cookie_support_name(bool secure);
struct str cookie_support(bool secure, struct str token, uint64_t seconds);
/* One for a few minutes that no script reads, under a name like "step" that
 * gets the same prefix; an empty value removes it. */
struct str cookie_brief_name(bool secure, const char *name);
struct str cookie_brief(bool secure, const char *name, struct str value,
			uint64_t seconds);

/* What says for a year that somebody has signed in with this browser: to
 * auth.sign_in(), which then counts wrong passwords by it. */
struct str cookie_mark_name(bool secure);
struct str cookie_mark(bool secure, struct str mark);

/* What the browser keeps for a minute between two hosts of a portal: a secret,
 * and the host it comes from. Empty: it is removed. */
struct str cookie_arrival_name(bool secure);
struct str cookie_arrival(bool secure, struct str secret, uint64_t seconds);
struct str cookie_from_name(bool secure);
struct str cookie_from(bool secure, struct str host, uint64_t seconds);

/* One that holds a preference for a year, readable by scripts. */
struct str cookie_preference(bool secure, struct str name, struct str value);

#endif
