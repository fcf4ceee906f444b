/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "range.h"

/* The last n bytes. */
static enum range tail(uint64_t n, uint64_t size, uint64_t *first,
		       uint64_t *last)
{
	if (!n || !size)
		return RANGE_NONE;
	*first = n < size ? size - n : 0;
	*last = size - 1;
	return RANGE_PART;
}

enum range range_read(struct str header, uint64_t size, uint64_t *first,
		      uint64_t *last)
{
	struct str end = header;
	struct str unit = str_cut(&end, '=');
	bool has_dash = memchr(end.p, '-', end.n) != NULL;
	struct str begin = str_trim(str_cut(&end, '-'));
	uint64_t n;

	end = str_trim(end);
	if (unit.n != 5 || strncasecmp(unit.p, "bytes", 5) || !has_dash)
		return RANGE_WHOLE;
	if (!begin.n)
		return str_u64(end, UINT64_MAX, &n) ? tail(n, size, first, last)
						    : RANGE_WHOLE;
	if (!str_u64(begin, UINT64_MAX, first))
		return RANGE_WHOLE;
	*last = UINT64_MAX;
	if (end.n && (!str_u64(end, UINT64_MAX, last) || *last < *first))
		return RANGE_WHOLE;
	if (*first >= size)
		return RANGE_NONE;
	if (*last >= size)
		*last = size - 1;
	return RANGE_PART;
}

bool range_is_known(struct str list, struct str etag)
{
	while (list.n) {
		struct str tag = str_trim(str_cut(&list, ','));

		if (str_starts(tag, S("W/")))
			tag = str_from(tag, 2);
		if (str_eqz(tag, "*") || str_eq(tag, etag))
			return true;
	}
	return false;
}
