/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * steps.h: the step between a password and a session, where a second factor is
 * shown or made. In the pool `proof`. Who is at it says a cookie.
 *
 * Two trips: what to check it against, and what follows. A recovery code needs
 * one: the database checks it.
 */
#ifndef SPORTELLO_HANDLERS_STEPS_H
#define SPORTELLO_HANDLERS_STEPS_H

#include "route.h"

bool steps_page(struct request *r); /* GET /sign-in/step */
bool steps_pass(struct request *r); /* POST /sign-in/step, a form */
bool steps_ask(struct request *r);  /* POST /sign-in/step/ask */

#endif
