/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * smtp.h: hands messages to the mail server (the only user of libcurl).
 *
 * One handle a process, so that a connection serves many messages. 5 s to
 * connect, 30 s for one message. The addresses are checked here once more,
 * since libcurl 7.88 passes on CR and LF.
 *
 * TLS: "never"; "try" takes it when it is offered, and checks the certificate
 * only if there is an authority to check it with; "always" refuses to go on
 * without a certificate that is right. With a user, "try" is "always": a
 * password is not sent where anybody may have taken STARTTLS out.
 */
#ifndef SPORTELLO_SMTP_H
#define SPORTELLO_SMTP_H

#include "str.h"

enum smtp_fate {
	SMTP_SENT,    /* the server has it */
	SMTP_LATER,   /* not now: this message again later */
	SMTP_REFUSED, /* never: this message, or its recipient */
	SMTP_DOWN,    /* nothing can be sent: the server, TLS or the user */
};

/* How far a message came. */
enum smtp_phase {
	SMTP_HELLO, /* connection, TLS, authentication */
	SMTP_MAIL,
	SMTP_RCPT,
	SMTP_DATA,
};

/* Reads the settings. False: *why is a sentence for the operator. */
bool smtp_setup(const char **why) MUST_CHECK;

/*
 * Sends one message. *answer (on the arena) is the server's last line, or what
 * stopped us before it had one: printable ASCII, at most 400 bytes. It may
 * hold an address: for the database, not for the log.
 */
enum smtp_fate smtp_send(struct str from, struct str to, struct str message,
			 struct str *answer);

/* What follows from a failure in that phase with that reply code; 0: none
 * came. What the server says before it knows the recipient is about us and
 * our settings, so no message is given up for it. */
enum smtp_fate smtp_judge(enum smtp_phase phase, long code);

void smtp_close(void);

#endif
