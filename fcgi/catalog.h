/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * catalog.h: texts in the person's language, from lang/xx.po.
 *
 * msgctxt is the key (ticket.send_to), msgid the English text. The header
 * holds Language (as the file's name), Plural-Forms, X-Language-Name,
 * X-Direction (ltr, rtl), X-Fallback (another catalogue; else en), and
 * X-Date-Time, of %d (day: 5), %D (05), %m %Y %H %M %% and %B, a name of
 * X-Months, which are twelve with '|' between; X-Date the same without the
 * time (else X-Date-Time). All catalogues are read once,
 * when the process starts; a malformed one stops the start with a sentence.
 */
#ifndef SPORTELLO_CATALOG_H
#define SPORTELLO_CATALOG_H

#include "str.h"

struct catalog;

/* Reads every *.po of dir, instead of what was read before. False: *why says
 * which file and line, and why. */
bool catalog_load(const char *dir, const char **why) MUST_CHECK;

/* The catalogue of a tag such as "it"; NULL when there is none. */
const struct catalog *catalog_find(struct str lang);

#define CATALOG_WANTED_MAX 16

/* Those that an Accept-Language header names, n at most, the dearest first;
 * says how many. */
size_t catalog_wanted(struct str accept_language, size_t n,
		      const struct catalog **best);

/* The best of them, or NULL. */
const struct catalog *catalog_negotiate(struct str accept_language);

/* Every catalogue in order of its tag: i from 0, NULL ends. */
const struct catalog *catalog_at(size_t i);

struct str catalog_lang(const struct catalog *c); /* "it" */
struct str catalog_name(const struct catalog *c); /* "Italiano" */
struct str catalog_dir(const struct catalog *c);  /* "ltr" or "rtl" */

/* A named value for a {placeholder}. */
struct catalog_arg {
	const char *name;
	struct str value;
};

/* The text of a key, placeholders filled; falls back along X-Fallback and at
 * last to English; a key unknown everywhere comes back as itself. */
struct str catalog_text(const struct catalog *c, struct str key, size_t n,
			const struct catalog_arg *args);

/* The same with the plural form for a count, which also fills {n}. */
struct str catalog_plural(const struct catalog *c, struct str key,
			  uint64_t count, size_t n,
			  const struct catalog_arg *args);

/* An ISO 8601 instant (…Z) as a date and time of the language, in a time zone
 * of the system's zone files; the text itself when it is not one. */
struct str catalog_time(const struct catalog *c, struct str iso8601,
			struct str time_zone);

/* The same of what began then: on the same day the time alone. */
struct str catalog_time_until(const struct catalog *c, struct str iso8601,
			      struct str since, struct str time_zone);

/* The same without the time of day. */
struct str catalog_date(const struct catalog *c, struct str iso8601,
			struct str time_zone);

#ifdef SPORTELLO_TEST
/* One catalogue from memory; and none any more. */
bool catalog_add(struct str lang, struct str po, const char **why);
void catalog_forget(void);
#endif

#endif
