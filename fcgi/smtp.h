/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * smtp.h: hands messages to the mail server (the only user of libcurl).
 *
 * One handle a process, so that a connection serves many messages. The
 * addresses are checked here once more, since libcurl 7.88 passes on CR and LF.
 *
 * Limits: 5 s to connect, to be greeted and to authenticate; 30 s until the
 * server wants the text; 10 minutes for each step from then on, since it may
 * have the message scanned and stored before it answers (RFC 5321 4.5.3.2.6).
 * smtp_send() is over after SMTP_LONGEST_SECONDS at the latest.
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

#define SMTP_EARLY_SECONDS 30
#define SMTP_TEXT_SECONDS 600
/* A connection that turns out to be dead, and another try with both limits. */
#define SMTP_LONGEST_SECONDS (2 * SMTP_EARLY_SECONDS + 2 * SMTP_TEXT_SECONDS)

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
 * came, be the connection lost or the time over. What the server says before
 * it knows the recipient is about us and our settings, so no message is given
 * up for it; from then on it may be about this message, which must not come
 * back for ever. */
enum smtp_fate smtp_judge(enum smtp_phase phase, long code);

/* Connects, and proves who we are where a user is set; sends nothing. False:
 * *why has the server's or the library's words. */
bool smtp_check(const char **why) MUST_CHECK;

void smtp_close(void);

#ifdef SPORTELLO_TEST
/* Other limits than the above: the connection's, the early steps', the
 * text's. Before smtp_setup(). */
void smtp_test_limits(long connect, long early, long text);
#endif

#endif
