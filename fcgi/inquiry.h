/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * inquiry.h: new identity providers are asked what they are, by `sportello
 * hosts`: where their parts are and what their keys are (oidc.h). A stranger's
 * server may take its time, so no worker that people wait for does this.
 */
#ifndef SPORTELLO_INQUIRY_H
#define SPORTELLO_INQUIRY_H

#include "base.h"

/* One that waits, in turn by tenant. *more: there may be another. False: the
 * database is away. */
bool inquiry_turn(bool *more) MUST_CHECK;

#endif
