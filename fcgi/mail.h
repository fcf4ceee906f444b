/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * mail.h: writes one message (RFC 5322, 2045–2047): headers, and a text and
 * an HTML part of the same content.
 *
 * Names and subjects are strangers' text. A value that could end its line
 * (CR, LF, any control character) is refused, never repaired: libcurl 7.88
 * sends what it is given, and a repaired value is not what was checked. The
 * result is ASCII with CRLF line ends; no line of a body is over 76 columns.
 */
#ifndef SPORTELLO_MAIL_H
#define SPORTELLO_MAIL_H

#include "str.h"

/* The largest message we write, in bytes. */
#define MAIL_MAX (8 << 20)

struct mail {
	struct str from_name, from;
	struct str to_name, to; /* the name may be empty */
	struct str reply_to;	/* empty: no such header */
	struct str subject;
	struct str id;		/* Message-ID without <>: left@host */
	struct str thread;	/* the id that all mails of a ticket answer */
	struct str unsubscribe; /* an address, or empty: RFC 8058 */
	struct str lang;	/* "ja" */
	int64_t date;		/* seconds since 1970 */
	struct str text, html;
};

/*
 * A mailbox that may stand in an SMTP command and between <>: RFC 5321's
 * lengths (64, 255, 254 in all), one @, letters, digits and the harmless
 * marks before it (two dots in a row too: such mailboxes exist), a host name
 * behind it. No quotes, no comments, no literals, ASCII only.
 */
bool mail_is_address(struct str s);

/* The message. False: *why says which value is not fit, without showing it. */
bool mail_compose(const struct mail *m, struct str *message,
		  const char **why) MUST_CHECK;

#endif
