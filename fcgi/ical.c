/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "ical.h"

#include <limits.h>
#include <stdlib.h>
#include <strings.h>

#include "arena.h"

#define NAME_CHARS 80
#define SINGLE_MOST 500 /* of EXDATE or RDATE, an event */
#define RANGE_MOST (30 * 366L)

struct date {
	int year, month, day;
};

/* ---- days ---- */

/* https://howardhinnant.github.io/date_algorithms.html */
static long number_of(struct date d)
{
	long y = d.year - (d.month <= 2), era = y / 400, of_era = y - era * 400;
	long of_year =
		(153L * (d.month + (d.month > 2 ? -3 : 9)) + 2) / 5 + d.day - 1;

	return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 +
	       of_year - 719468;
}

static struct date date_of(long number)
{
	long z = number + 719468, era = z / 146097, of_era = z - era * 146097;
	long year =
		(of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) /
		365;
	long of_year = of_era - (365 * year + year / 4 - year / 100);
	long m = (5 * of_year + 2) / 153;
	struct date d = { .day = (int)(of_year - (153 * m + 2) / 5 + 1),
			  .month = (int)(m < 10 ? m + 3 : m - 9) };

	d.year = (int)(year + era * 400 + (d.month <= 2));
	return d;
}

static int days_in(int year, int month)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30,
				    31, 31, 30, 31, 30, 31 };
	bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

	return month == 2 && leap ? 29 : days[month - 1];
}

/* 0 is Monday. */
static int weekday_of(long number)
{
	return (int)((number % 7 + 7 + 3) % 7);
}

static bool read_digits(struct str s, size_t at, size_t n, int *out)
{
	uint64_t v;

	if (s.n < at + n || !str_u64((struct str){ s.p + at, n }, 9999, &v))
		return false;
	*out = (int)v;
	return true;
}

static bool is_date(struct date d)
{
	return d.year >= 1900 && d.year < 2200 && d.month >= 1 &&
	       d.month <= 12 && d.day >= 1 && d.day <= days_in(d.year, d.month);
}

bool ical_day(struct str iso, long *day)
{
	struct date d;

	if (iso.n != 10 || iso.p[4] != '-' || iso.p[7] != '-' ||
	    !read_digits(iso, 0, 4, &d.year) ||
	    !read_digits(iso, 5, 2, &d.month) ||
	    !read_digits(iso, 8, 2, &d.day) || !is_date(d))
		return false;
	*day = number_of(d);
	return true;
}

/* 20261225; of a moment of that day its date, if that is enough. */
static bool read_day(struct str s, bool of_moment, long *day)
{
	struct date d;

	if ((s.n != 8 && !(of_moment && s.n > 8 && s.p[8] == 'T')) ||
	    !read_digits(s, 0, 4, &d.year) || !read_digits(s, 4, 2, &d.month) ||
	    !read_digits(s, 6, 2, &d.day) || !is_date(d))
		return false;
	*day = number_of(d);
	return true;
}

/* ---- rules ---- */

enum often { ONCE, DAILY, WEEKLY, MONTHLY, YEARLY };

struct rule {
	enum often often;
	long every, count, until;	  /* count 0: no end */
	unsigned months, days, last_days; /* bits; last_days: from the end */
	unsigned weekdays;		  /* of every week */
	/* The n-th of its kind: from the beginning, from the end. */
	uint64_t nth[7], last_nth[7];
	bool has_nth;
	int week_begins;
};

static bool is(struct str s, const char *word)
{
	return s.n == strlen(word) && !strncasecmp(s.p, word, s.n);
}

static bool read_number(struct str s, int most, int *out)
{
	bool back = str_starts(s, S("-"));
	uint64_t v;

	if (back || str_starts(s, S("+")))
		s = str_from(s, 1);
	if (!str_u64(s, (uint64_t)most, &v) || !v)
		return false;
	*out = back ? -(int)v : (int)v;
	return true;
}

static int read_weekday(struct str s)
{
	static const char *const names[] = { "MO", "TU", "WE", "TH",
					     "FR", "SA", "SU" };

	for (int i = 0; i < 7; i++)
		if (is(s, names[i]))
			return i;
	return -1;
}

static bool read_months(struct str list, struct rule *r)
{
	int n;

	while (list.n) {
		if (!read_number(str_cut(&list, ','), 12, &n) || n < 0)
			return false;
		r->months |= 1u << n;
	}
	return r->months;
}

static bool read_month_days(struct str list, struct rule *r)
{
	int n;

	while (list.n) {
		if (!read_number(str_cut(&list, ','), 31, &n))
			return false;
		if (n > 0)
			r->days |= 1u << n;
		else
			r->last_days |= 1u << -n;
	}
	return r->days || r->last_days;
}

static bool read_weekdays(struct str list, struct rule *r)
{
	while (list.n) {
		struct str one = str_trim(str_cut(&list, ','));
		int n = 0, day;
		if (one.n < 2 ||
		    (day = read_weekday(str_from(one, one.n - 2))) < 0)
			return false;
		one.n -= 2;
		if (one.n && !read_number(one, 53, &n))
			return false;
		if (n > 0)
			r->nth[day] |= UINT64_C(1) << n;
		else if (n < 0)
			r->last_nth[day] |= UINT64_C(1) << -n;
		else
			r->weekdays |= 1u << day;
		r->has_nth |= n != 0;
	}
	return r->weekdays || r->has_nth;
}

static bool read_often(struct str word, struct rule *r)
{
	static const char *const words[] = {
		[DAILY] = "DAILY",
		[WEEKLY] = "WEEKLY",
		[MONTHLY] = "MONTHLY",
		[YEARLY] = "YEARLY",
	};

	for (size_t i = DAILY; i < ARRAY_LEN(words); i++)
		if (is(word, words[i]))
			r->often = (enum often)i;
	return r->often != ONCE;
}

static bool read_part(struct str name, struct str value, struct rule *r)
{
	uint64_t v;

	if (is(name, "FREQ"))
		return read_often(value, r);
	if (is(name, "INTERVAL") || is(name, "COUNT")) {
		if (!str_u64(value, 100000, &v) || !v)
			return false;
		*(is(name, "COUNT") ? &r->count : &r->every) = (long)v;
		return true;
	}
	if (is(name, "UNTIL"))
		return read_day(value, true, &r->until);
	if (is(name, "BYMONTH"))
		return read_months(value, r);
	if (is(name, "BYMONTHDAY"))
		return read_month_days(value, r);
	if (is(name, "BYDAY"))
		return read_weekdays(value, r);
	if (is(name, "WKST"))
		return (r->week_begins = read_weekday(value)) >= 0;
	return false;
}

static bool read_rule(struct str text, struct rule *r)
{
	*r = (struct rule){ .every = 1, .until = LONG_MAX };
	while (text.n) {
		struct str value = str_trim(str_cut(&text, ';'));
		struct str name = str_cut(&value, '=');
		if (!read_part(name, value, r))
			return false;
	}
	/* What RFC 5545 3.3.10 does not allow together. */
	return r->often != ONCE && !(r->has_nth && r->often < MONTHLY) &&
	       !((r->days || r->last_days) && r->often == WEEKLY);
}

/* The n-th weekday of its month, or of its year where the rule names none. */
static bool is_nth(const struct rule *r, struct date d, int weekday)
{
	int at = d.day, of = days_in(d.year, d.month);

	if (r->often == YEARLY && !r->months) {
		struct date first = { d.year, 1, 1 };
		at = (int)(number_of(d) - number_of(first)) + 1;
		of = 365 + (days_in(d.year, 2) == 29);
	}
	return (r->nth[weekday] >> ((at - 1) / 7 + 1) & 1) ||
	       (r->last_nth[weekday] >> ((of - at) / 7 + 1) & 1);
}

static bool is_its_turn(const struct rule *r, long day, long first,
			struct date d, struct date start)
{
	switch (r->often) {
	case DAILY:
		return (day - first) % r->every == 0;
	case WEEKLY: {
		int back = (weekday_of(first) - r->week_begins + 7) % 7;
		return (day - first + back) / 7 % r->every == 0;
	}
	case MONTHLY:
		return ((d.year - start.year) * 12L + d.month - start.month) %
			       r->every ==
		       0;
	case YEARLY:
		return (d.year - start.year) % r->every == 0;
	case ONCE:
		break;
	}
	return false;
}

/* `first` is DTSTART, and counts whatever the rule says. */
static bool falls_on(const struct rule *r, long day, long first)
{
	struct date d = date_of(day), start = date_of(first);
	bool by_date = r->days || r->last_days;
	bool by_weekday = r->weekdays || r->has_nth;
	int weekday = weekday_of(day);

	if (day == first)
		return true;
	if (!is_its_turn(r, day, first, d, start) ||
	    (r->months && !(r->months >> d.month & 1)))
		return false;
	if (by_date && !(r->days >> d.day & 1) &&
	    !(r->last_days >> (days_in(d.year, d.month) - d.day + 1) & 1))
		return false;
	if (by_weekday && !(r->weekdays >> weekday & 1) &&
	    !(r->has_nth && is_nth(r, d, weekday)))
		return false;
	if (by_date || by_weekday)
		return true;
	/* What is not said is as it was the first time. */
	if (r->often == WEEKLY)
		return weekday == weekday_of(first);
	return r->often == DAILY ||
	       (d.day == start.day &&
		(r->often != YEARLY || r->months || d.month == start.month));
}

/* ---- what is found ---- */

struct event {
	struct str name, rule, uid, instead;
	long first, last; /* the day behind it; 0: not said */
	long length;	  /* by DURATION; 0: not said */
	bool has_first, has_last, is_moment, is_cancelled, is_odd;
	long single[SINGLE_MOST], except[SINGLE_MOST];
	size_t n_single, n_except;
};

/* A day of a recurrence for which another event of its UID stands: moved, or
 * cancelled. */
struct moved {
	struct str uid;
	long day; /* NO_DAY: a moment, which no whole day can be */
};
#define NO_DAY LONG_MIN

struct found {
	struct moved *moved; /* in order, once all of the feed has been read */
	size_t n_moved;
	struct str *names; /* by day of the range */
	long since, until;
	long steps;
	size_t events;
	const char *why;
};

static bool fails(struct found *f, const char *why)
{
	f->why = why;
	return false;
}

static int by_uid_and_day(const void *a, const void *b)
{
	const struct moved *x = a, *y = b;
	size_t n = x->uid.n < y->uid.n ? x->uid.n : y->uid.n;
	int order = n ? memcmp(x->uid.p, y->uid.p, n) : 0;

	if (order)
		return order;
	if (x->uid.n != y->uid.n)
		return x->uid.n < y->uid.n ? -1 : 1;
	return (x->day > y->day) - (x->day < y->day);
}

/* What stands for a day of a recurrence itself has no days moved. */
static bool is_moved(const struct found *f, const struct event *e, long day)
{
	struct moved m = { e->uid, day };

	return !e->instead.n && f->n_moved &&
	       bsearch(&m, f->moved, f->n_moved, sizeof(m), by_uid_and_day);
}

static bool is_excepted(const struct found *f, const struct event *e, long day)
{
	for (size_t i = 0; i < e->n_except; i++)
		if (e->except[i] == day)
			return true;
	return is_moved(f, e, day);
}

static void close_days(struct found *f, const struct event *e, long day,
		       long length)
{
	long from = day > f->since ? day : f->since;
	long to = day + length < f->until ? day + length : f->until;

	if (is_excepted(f, e, day))
		return;
	for (long d = from; d < to; d++, f->steps--)
		if (!f->names[d - f->since].n)
			f->names[d - f->since] = e->name;
}

static bool repeat(struct found *f, const struct event *e, long length)
{
	struct rule r;
	long from = e->first, n = 0;

	if (!read_rule(e->rule, &r))
		return fails(f, "rule");
	/* What is counted is counted from the first one. */
	if (!r.count && from < f->since - length)
		from = f->since - length;
	for (long day = from; day < f->until && day <= r.until; day++) {
		if (--f->steps < 0)
			return fails(f, "too_many");
		if (!falls_on(&r, day, e->first))
			continue;
		close_days(f, e, day, length);
		if (r.count && ++n == r.count)
			break;
	}
	return true;
}

/* Which days other events stand for; these may come before what they change. */
static bool note_moved(struct found *f, struct event *e)
{
	struct moved *m;

	if (++f->events > ICAL_EVENTS)
		return fails(f, "too_many");
	if (!e->instead.n)
		return true;
	m = &f->moved[f->n_moved++];
	m->uid = e->uid;
	if (!read_day(e->instead, str_ends(e->instead, S("T000000")), &m->day))
		m->day = NO_DAY;
	return true;
}

static bool take_event(struct found *f, struct event *e)
{
	long length = e->has_last ? e->last - e->first : e->length;

	if (++f->events > ICAL_EVENTS || f->steps < 0)
		return fails(f, "too_many");
	/* Whose day is changed, and which, must be known; a day repeats nothing. */
	if (e->is_odd || (e->instead.n && (!e->uid.n || e->rule.n)))
		return fails(f, "rule");
	/* From midnight to midnight it is whole days, too. */
	if (!e->has_first || e->is_cancelled || (e->is_moment && length < 1))
		return true;
	if ((e->rule.n || e->n_single) && is_moved(f, e, NO_DAY))
		return fails(f, "rule");
	if (!e->name.n)
		e->name = S("–");
	if (length < 1)
		length = 1;
	for (size_t i = 0; i < e->n_single; i++)
		close_days(f, e, e->single[i], length);
	if (e->rule.n)
		return repeat(f, e, length);
	close_days(f, e, e->first, length);
	return true;
}

/* ---- lines ---- */

/* A line that goes on in the next one becomes one (3.1). */
static struct str unfold(struct str in)
{
	char *out = alloc(in.n + 1);
	size_t n = 0;

	if (str_starts(in, S("\xef\xbb\xbf")))
		in = str_from(in, 3);
	for (size_t i = 0; i < in.n; i++) {
		size_t skip =
			in.p[i] == '\r' && i + 1 < in.n && in.p[i + 1] == '\n'
				? 2
				: in.p[i] == '\n';
		if (skip && i + skip < in.n &&
		    (in.p[i + skip] == ' ' || in.p[i + skip] == '\t')) {
			i += skip;
			continue;
		}
		out[n++] = in.p[i];
	}
	return (struct str){ out, n };
}

/* What is before the value: the colon that no quotation marks hold. */
static struct str cut_head(struct str *line)
{
	bool quoted = false;
	struct str head = *line;

	for (size_t i = 0; i < line->n; i++) {
		quoted ^= line->p[i] == '"';
		if (line->p[i] == ':' && !quoted) {
			head.n = i;
			break;
		}
	}
	*line = str_from(*line, head.n < line->n ? head.n + 1 : line->n);
	return head;
}

/* The length of a character that a name may not have, at p; 0: it may. */
static size_t unfit(struct str s, size_t i)
{
	const unsigned char *p = (const unsigned char *)s.p + i;

	if (*p < ' ' || *p == 0x7f)
		return 1;
	if (*p == 0xc2 && i + 1 < s.n && p[1] < 0xa0)
		return 2;
	if (*p == 0xe2 && i + 2 < s.n && p[1] == 0x80 &&
	    (p[2] == 0xa8 || p[2] == 0xa9))
		return 3;
	return 0;
}

/* One line of eighty characters, without the feed's backslashes. */
static struct str read_name(struct str s)
{
	struct buf b = buf_new(4 * NAME_CHARS + 1);
	size_t chars = 0, skip;

	if (!str_is_text(s))
		return S("");
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];
		/* The bytes behind the first belong to the same one. */
		bool begins = ((unsigned char)c & 0xc0) != 0x80;
		if (begins && chars++ == NAME_CHARS)
			break;
		if (c == '\\' && i + 1 < s.n && strchr("\\;,nN", s.p[i + 1])) {
			c = s.p[++i];
			buf_char(&b, c == 'n' || c == 'N' ? ' ' : c);
		} else if ((skip = unfit(s, i))) {
			buf_char(&b, ' ');
			i += skip - 1;
		} else {
			buf_char(&b, c);
		}
	}
	return str_trim(buf_str(&b));
}

/* P3D or P2W; with hours it is no whole day. */
static long read_duration(struct str s)
{
	uint64_t v;
	bool weeks = str_ends(s, S("W"));

	if (!str_starts(s, S("P")) || (!weeks && !str_ends(s, S("D"))))
		return 0;
	s = (struct str){ s.p + 1, s.n - 2 };
	return str_u64(s, 10000, &v) ? (long)v * (weeks ? 7 : 1) : 0;
}

static void read_days(struct str list, long *days, size_t *n, bool *odd)
{
	while (list.n) {
		long day;
		if (!read_day(str_trim(str_cut(&list, ',')), true, &day))
			continue;
		if (*n == SINGLE_MOST)
			*odd = true;
		else
			days[(*n)++] = day;
	}
}

/* From that day on: as good as another rule. */
static bool is_of_more(struct str parameters)
{
	while (parameters.n) {
		struct str one = str_cut(&parameters, ';');
		if (is(str_cut(&one, '='), "RANGE"))
			return true;
	}
	return false;
}

static void read_property(struct event *e, struct str name,
			  struct str parameters, struct str value)
{
	bool midnight = value.n == 15 && str_ends(value, S("T000000"));

	if (is(name, "DTSTART")) {
		e->has_first = read_day(value, midnight, &e->first);
		e->is_moment = midnight;
	} else if (is(name, "DTEND"))
		e->has_last = read_day(value, midnight, &e->last);
	else if (is(name, "DURATION"))
		e->length = read_duration(value);
	else if (is(name, "SUMMARY"))
		e->name = read_name(value);
	else if (is(name, "STATUS"))
		e->is_cancelled = is(value, "CANCELLED");
	else if (is(name, "RDATE"))
		read_days(value, e->single, &e->n_single, &e->is_odd);
	else if (is(name, "EXDATE"))
		read_days(value, e->except, &e->n_except, &e->is_odd);
	else if (is(name, "UID"))
		e->uid = value;
	else if (is(name, "RECURRENCE-ID")) {
		e->instead = value;
		e->is_odd |= is_of_more(parameters);
	} else if (is(name, "EXRULE") || (is(name, "RRULE") && e->rule.n))
		e->is_odd = true;
	else if (is(name, "RRULE"))
		e->rule = value;
}

/* What stands in an event is its own; what it holds, an alarm, is not. */
static bool read_lines(struct str text, struct found *f,
		       bool (*take)(struct found *, struct event *))
{
	struct event *e = alloc(sizeof(*e));
	unsigned depth = 0, event_at = 0;
	bool whole = false;

	while (text.n) {
		struct str value = str_trim(str_cut(&text, '\n'));
		struct str head = cut_head(&value), name = str_cut(&head, ';');
		if (!name.n)
			continue;
		if (!depth && !(is(name, "BEGIN") && is(value, "VCALENDAR")))
			return fails(f, "not_calendar");
		if (is(name, "BEGIN")) {
			whole = false;
			if (++depth == 2 && is(value, "VEVENT")) {
				*e = (struct event){ .first = 0 };
				event_at = depth;
			}
		} else if (is(name, "END")) {
			if (depth == event_at && !take(f, e))
				return false;
			if (depth == event_at)
				event_at = 0;
			whole = !--depth;
		} else if (depth == event_at) {
			read_property(e, name, head, value);
		}
	}
	return whole || fails(f, "not_calendar");
}

/* Twice: what changes a day of a recurrence may stand before or behind it. */
static bool read_feed(struct str text, struct found *f)
{
	f->moved = alloc(ICAL_EVENTS * sizeof(*f->moved));
	if (!read_lines(text, f, note_moved))
		return false;
	qsort(f->moved, f->n_moved, sizeof(*f->moved), by_uid_and_day);
	f->events = 0;
	return read_lines(text, f, take_event);
}

static bool write_days(const struct found *f, struct str *json)
{
	struct buf b = buf_new(ICAL_DAYS * 400 + 16);
	size_t n = 0;

	buf_char(&b, '[');
	for (long day = f->since; day < f->until; day++) {
		struct str name = f->names[day - f->since];
		struct date d = date_of(day);
		if (!name.n)
			continue;
		if (n++ == ICAL_DAYS)
			return false;
		buf_addf(&b, "%s{\"day\":\"%04d-%02d-%02d\",\"name\":",
			 n > 1 ? "," : "", d.year, d.month, d.day);
		buf_json(&b, name);
		buf_char(&b, '}');
	}
	buf_char(&b, ']');
	*json = buf_str(&b);
	return !b.full;
}

bool ical_holidays(struct str feed, long since, long until, struct str *json,
		   const char **why)
{
	struct found f = { .since = since,
			   .until = until,
			   .steps = ICAL_STEPS,
			   .why = "too_many" };
	bool ok = feed.n <= ICAL_BYTES && since < until &&
		  until - since <= RANGE_MOST;

	if (ok) {
		f.names = alloc((size_t)(until - since) * sizeof(*f.names));
		ok = read_feed(unfold(feed), &f) && write_days(&f, json);
	}
	*why = f.why;
	return ok;
}
