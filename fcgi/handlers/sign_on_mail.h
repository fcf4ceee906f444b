/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * sign_on_mail.h: the mail between a provider's word and a session, where that
 * word alone is too little (auth.sign_on_needs_mail()). Its link opens something
 * in the browser that began the sign-in alone, which keeps a secret meanwhile:
 * so nobody can have it followed for them by whoever gets the mail.
 */
#ifndef SPORTELLO_HANDLERS_SIGN_ON_MAIL_H
#define SPORTELLO_HANDLERS_SIGN_ON_MAIL_H

#include "route.h"

bool sign_on_sent(struct request *r);	/* GET /sign-in/mail */
bool sign_on_mailed(struct request *r); /* GET /sign-in/mail/:token */

/* This browser's secret: the one it has, or a new one. */
struct str sign_on_mail_secret(const struct request *r);

/* To the page that says that a mail is on its way. */
bool sign_on_wait(struct request *r, struct str secret, struct str email,
		  struct str to);

#endif
