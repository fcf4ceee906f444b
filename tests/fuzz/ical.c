/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A stranger's calendar: whatever it says, its days are in the range, in their
 * order, each once, no more than there may be, and their names are a line. */
#include <assert.h>

#include "arena.h"
#include "ical.h"
#include "json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str in = { (const char *)data, size }, out;
	const char *why = NULL;
	long last = 20089; /* the day before 2025-01-02 */

	json_setup();
	if (ical_holidays(in, last + 1, last + 4749, &out, &why)) {
		const struct json *days = json_parse_own(out);
		assert(json_len(days) <= ICAL_DAYS);
		for (size_t i = 0; i < json_len(days); i++) {
			const struct json *d = json_at(days, i);
			struct str name = json_str(json_get(d, "name"));
			long day = 0;
			assert(ical_day(json_str(json_get(d, "day")), &day));
			assert(day > last && day < 20089 + 4749);
			last = day;
			assert(name.n && str_is_text(name) &&
			       str_chars(name) <= 80);
			for (size_t c = 0; c < name.n; c++)
				assert((unsigned char)name.p[c] >= ' ');
		}
	} else {
		assert(*why);
	}
	arena_reset();
	return 0;
}
