/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * totp.h: codes of authenticator apps, RFC 6238 (the only user of liboath).
 *
 * What every app understands and nothing else: SHA-1, six digits, thirty
 * seconds. The code of the step before and of the one after is taken too, for
 * clocks and slow fingers.
 *
 * A code may be used once. This file only finds the step it belongs to;
 * whoever calls must refuse a step that is not later than the last one taken
 * (the database does, in the statement that lets the person in).
 */
#ifndef SPORTELLO_TOTP_H
#define SPORTELLO_TOTP_H

#include "str.h"

#define TOTP_SECRET_BYTES 20 /* RFC 4226, section 4: as long as the hash */

/* The step of this code at `now` (seconds since 1970); blanks in it, as apps
 * show them, do not count. False: not a code of this secret now. */
bool totp_check(struct str secret, struct str code, uint64_t now,
		uint64_t *step) MUST_CHECK;

/* The secret as it is typed by hand: base32 in groups of four. */
struct str totp_spelled(struct str secret);

/* otpauth:// for the QR code; issuer and account are shown by the app. */
struct str totp_uri(struct str secret, struct str issuer, struct str account);

#endif
