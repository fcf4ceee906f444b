/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * plural.h: the Plural-Forms header of a catalogue.
 *
 * "nplurals=3; plural=(n==1 ? 0 : n%10>=2 && n%10<=4 ? 1 : 2);" is C's
 * expression grammar over n and whole numbers, as gettext defines it. Parsed
 * once, for the life of the process; asked for each text.
 */
#ifndef SPORTELLO_PLURAL_H
#define SPORTELLO_PLURAL_H

#include "str.h"

/* Arabic has most, six. */
enum { PLURAL_FORMS_MAX = 6 };

struct plural;

/* NULL: *why says what is wrong with the header's value. A rule is also
 * refused when a number up to 1000 asks for a form beyond nplurals, or
 * divides by zero. */
const struct plural *plural_parse(struct str header, const char **why);

size_t plural_forms(const struct plural *p);

/* Which form a count takes, below plural_forms(). */
size_t plural_form(const struct plural *p, uint64_t n);

#endif
