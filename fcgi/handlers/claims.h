/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* claims.h: hosts of customers' own. */
#ifndef SPORTELLO_HANDLERS_CLAIMS_H
#define SPORTELLO_HANDLERS_CLAIMS_H

#include "request.h"

/* Whatever was typed, the claim is for its canonical form. */
bool claims_add(struct request *r);

#endif
