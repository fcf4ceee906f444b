/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * letter.h: one mail, about a ticket or a notice, in its reader's language.
 *
 * Made of what jobs.take_mail() answers, the texts mail.* of the catalogues
 * and the templates mail/comment and mail/notice: a text and an HTML part that say the same in
 * the same order (www/templates/DATA.md). mail.h writes them as a message.
 */
#ifndef SPORTELLO_LETTER_H
#define SPORTELLO_LETTER_H

#include "json.h"
#include "str.h"

/* The message, on the arena. False: *why says which part could not be made. */
bool letter_write(const struct json *data, struct str *message,
		  const char **why) MUST_CHECK;

#endif
