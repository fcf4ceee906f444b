/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * po.h: reading gettext's PO files.
 *
 * Comments, obsolete entries (#~) and references are passed over; a message
 * marked fuzzy is handed out as such. Texts lie on the arena.
 */
#ifndef SPORTELLO_PO_H
#define SPORTELLO_PO_H

#include "plural.h"
#include "str.h"

struct po_message {
	bool has_context, has_plural, fuzzy;
	struct str context, id, plural;
	struct str forms[PLURAL_FORMS_MAX]; /* msgstr, or msgstr[0] … */
	size_t n;
};

/* Calls each message, in the order of the file, until one is false with *why
 * set. False: *why is a sentence that begins with the line's number. */
bool po_parse(struct str text,
	      bool (*each)(const struct po_message *m, void *ctx,
			   const char **why),
	      void *ctx, const char **why) MUST_CHECK;

/* The value of a header's field, empty when there is none. */
struct str po_field(struct str header, const char *name);

#endif
