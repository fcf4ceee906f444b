/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "catalog_time.h"

#include <time.h>
#include <unistd.h>

#include "arena.h"

#define ZONES "/usr/share/zoneinfo/"

bool catalog_time_is_pattern(struct str pattern)
{
	while (pattern.n) {
		str_cut(&pattern, '%');
		if (!pattern.n)
			return true;
		if (!strchr("dDmYBHM%", pattern.p[0]))
			return false;
		pattern = str_from(pattern, 1);
	}
	return true;
}

static bool take_digits(struct str *s, size_t n, int *out)
{
	uint64_t v;

	if (s->n < n || !str_u64((struct str){ s->p, n }, 9999, &v))
		return false;
	*s = str_from(*s, n);
	*out = (int)v;
	return true;
}

static bool take_char(struct str *s, char c)
{
	if (!s->n || s->p[0] != c)
		return false;
	*s = str_from(*s, 1);
	return true;
}

/* 2026-11-22T05:58:30.123456Z, and what PostgreSQL writes for it: +00:00. */
static bool parse_instant(struct str s, time_t *t)
{
	struct tm tm = { .tm_isdst = 0 };

	if (!take_digits(&s, 4, &tm.tm_year) || !take_char(&s, '-') ||
	    !take_digits(&s, 2, &tm.tm_mon) || !take_char(&s, '-') ||
	    !take_digits(&s, 2, &tm.tm_mday) || !take_char(&s, 'T') ||
	    !take_digits(&s, 2, &tm.tm_hour) || !take_char(&s, ':') ||
	    !take_digits(&s, 2, &tm.tm_min) || !take_char(&s, ':') ||
	    !take_digits(&s, 2, &tm.tm_sec))
		return false;
	if (take_char(&s, '.'))
		while (s.n && s.p[0] >= '0' && s.p[0] <= '9')
			s = str_from(s, 1);
	if (!str_eqz(s, "Z") && !str_eqz(s, "+00:00"))
		return false;
	if (tm.tm_mon < 1 || tm.tm_mon > 12 || tm.tm_mday < 1 ||
	    tm.tm_mday > 31 || tm.tm_hour > 23 || tm.tm_min > 59 ||
	    tm.tm_sec > 60)
		return false;
	tm.tm_year -= 1900;
	tm.tm_mon -= 1;
	*t = timegm(&tm);
	return true;
}

/* A name out of the zone files and nothing else: TZ may also hold a path. */
static bool is_zone(struct str zone)
{
	struct buf path = buf_new(128);

	if (!zone.n || zone.p[0] == '/' || !str_is_text(zone))
		return false;
	for (size_t i = 0; i < zone.n; i++)
		if (zone.p[i] == '.' || zone.p[i] == ':')
			return false;
	buf_addf(&path, ZONES "%.*s", STR_ARG(zone));
	return !path.full && access(str_z(buf_str(&path)), R_OK) == 0;
}

/* libc keeps one zone a process; ours serves one request at a time. */
static void set_zone(struct str zone)
{
	static char now[128];

	if (str_eqz(zone, now))
		return;
	if (!is_zone(zone))
		zone = S("UTC");
	snprintf(now, sizeof(now), "%.*s", STR_ARG(zone));
	setenv("TZ", now, 1);
	tzset();
}

static void add_date_part(struct buf *b, const struct str *months, char part,
			  const struct tm *tm)
{
	switch (part) {
	case 'd':
		buf_addf(b, "%d", tm->tm_mday);
		break;
	case 'D':
		buf_addf(b, "%02d", tm->tm_mday);
		break;
	case 'm':
		buf_addf(b, "%02d", tm->tm_mon + 1);
		break;
	case 'Y':
		buf_addf(b, "%d", tm->tm_year + 1900);
		break;
	case 'H':
		buf_addf(b, "%02d", tm->tm_hour);
		break;
	case 'M':
		buf_addf(b, "%02d", tm->tm_min);
		break;
	case 'B':
		buf_add(b, months ? months[tm->tm_mon] : S(""));
		break;
	default:
		buf_char(b, part);
	}
}

struct str catalog_time_write(struct str pattern, const struct str *months,
			      struct str iso8601, struct str time_zone)
{
	struct buf b = buf_new(1024);
	struct tm tm;
	time_t t;

	if (!parse_instant(iso8601, &t))
		return iso8601;
	set_zone(time_zone);
	if (!localtime_r(&t, &tm))
		return iso8601;
	while (pattern.n) {
		buf_add(&b, str_cut(&pattern, '%'));
		if (pattern.n)
			add_date_part(&b, months, pattern.p[0], &tm);
		pattern = str_from(pattern, 1);
	}
	return buf_str(&b);
}
