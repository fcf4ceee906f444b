/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * range.h: which part of something a Range header asks for (RFC 9110, 14).
 *
 * One part: several are answered with the whole, as is what can't be read.
 */
#ifndef SPORTELLO_RANGE_H
#define SPORTELLO_RANGE_H

#include "str.h"

enum range {
	RANGE_WHOLE,
	RANGE_PART, /* first..last, both within it */
	RANGE_NONE, /* it has no such part */
};

enum range range_read(struct str header, uint64_t size, uint64_t *first,
		      uint64_t *last);

/* Does an If-None-Match name this tag? */
bool range_is_known(struct str list, struct str etag);

#endif
