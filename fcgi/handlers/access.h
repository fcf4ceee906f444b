/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * access.h: passwords that people choose. The hash is made before the one trip,
 * for a right code and a wrong one alike.
 */
#ifndef SPORTELLO_HANDLERS_ACCESS_H
#define SPORTELLO_HANDLERS_ACCESS_H

#include "route.h"

bool access_reset(struct request *r);	 /* POST /reset, a form */
bool access_accept(struct request *r);	 /* POST /invite/:token, a form */
bool access_password(struct request *r); /* POST /api/me/password {old, new} */

#endif
