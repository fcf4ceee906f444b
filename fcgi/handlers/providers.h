/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * providers.h: identity providers as administrators set them up. In the pool
 * `proof`: a new one is asked what it is before it is stored.
 */
#ifndef SPORTELLO_HANDLERS_PROVIDERS_H
#define SPORTELLO_HANDLERS_PROVIDERS_H

#include "oidc.h"
#include "route.h"

bool providers_create(struct request *r); /* POST /api/providers */

/* One as the database tells it. False: its secret does not open any more. */
bool providers_read(const struct json *v, struct oidc_provider *p) MUST_CHECK;

#endif
