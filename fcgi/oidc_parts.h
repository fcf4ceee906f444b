/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * oidc_parts.h: what lies behind oidc.h, for its own files only.
 *
 * oidc_about.c is what a provider says of itself, and is asked by a process that
 * nobody waits for; oidc.c is a sign-in, the workers'.
 */
#ifndef SPORTELLO_OIDC_PARTS_H
#define SPORTELLO_OIDC_PARTS_H

#include "fetch.h"
#include "json.h"

/* A JSON object, whatever else it says; NULL with *why set otherwise. */
const struct json *oidc_hear(const struct fetch *what, const char **why);

/* Is it in a list of words? */
bool oidc_names(const struct json *list, const char *word);

/* False, and why. */
bool oidc_no(const char *what, const char **why);

#endif
