/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * catalog_time.h: an instant as a person reads it, for catalog.c only.
 */
#ifndef SPORTELLO_CATALOG_TIME_H
#define SPORTELLO_CATALOG_TIME_H

#include "str.h"

/* Whether all of a pattern's conversions are known: %d %D %m %B %Y %H %M %%
 * (catalog.h says what they mean). */
bool catalog_time_is_pattern(struct str pattern);

/* An ISO 8601 instant in UTC by a pattern; months are twelve names, or NULL.
 * What is not an instant comes back as it is; an unknown zone is UTC. */
struct str catalog_time_write(struct str pattern, const struct str *months,
			      struct str iso8601, struct str time_zone);

#endif
