/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <time.h>
#include <cmocka.h>

#include "arena.h"
#include "ical.h"

#define FEED(events)                                                           \
	"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n" events "END:VCALENDAR\r\n"
#define EVENT(lines) "BEGIN:VEVENT\r\n" lines "END:VEVENT\r\n"
#define DAY(day) "DTSTART;VALUE=DATE:" day "\r\n"

static long day(const char *iso)
{
	long n;

	assert_true(ical_day(str_of(iso), &n));
	return n;
}

/* The days from 2025 to 2029 with blanks between, '!' and a word for a fault. */
static const char *days_of(const char *feed)
{
	struct buf b = buf_new(100000);
	struct str json;
	const char *why, *at;

	if (!ical_holidays(str_of(feed), day("2025-01-01"), day("2030-01-01"),
			   &json, &why)) {
		buf_addf(&b, "!%s", why);
		return str_z(buf_str(&b));
	}
	at = str_z(json);
	while ((at = strstr(at, "\"day\":\""))) {
		at += 7;
		buf_addf(&b, "%s%.10s", b.n ? " " : "", at);
	}
	return str_z(buf_str(&b));
}

static const char *json_of(const char *feed)
{
	struct str json;
	const char *why;

	assert_true(ical_holidays(str_of(feed), day("2025-01-01"),
				  day("2030-01-01"), &json, &why));
	return str_z(json);
}

static int count_of(const char *feed)
{
	const char *days = days_of(feed);
	int n = *days ? 1 : 0;

	assert_int_not_equal(*days, '!');
	while ((days = strchr(days, ' ')))
		n++, days++;
	return n;
}

static void days(void **state)
{
	(void)state;
	long n;
	assert_int_equal(day("1970-01-01"), 0);
	assert_int_equal(day("2000-03-01"), 11017);
	assert_int_equal(day("1969-12-31"), -1);
	assert_int_equal(day("2024-02-29") + 1, day("2024-03-01"));
	assert_false(ical_day(S("2025-02-29"), &n));
	assert_false(ical_day(S("1900-02-29"), &n));
	assert_false(ical_day(S("2025-13-01"), &n));
	assert_false(ical_day(S("2025-00-01"), &n));
	assert_false(ical_day(S("20250101"), &n));
	assert_false(ical_day(S("2200-01-01"), &n));
	arena_reset();
}

static void events(void **state)
{
	(void)state;
	assert_string_equal(days_of(FEED(EVENT(DAY("20261225")))),
			    "2026-12-25");
	assert_string_equal(
		days_of(FEED(EVENT(DAY("20261224") "DTEND;VALUE=DATE:20261227"
						   "\r\n"))),
		"2026-12-24 2026-12-25 2026-12-26");
	assert_string_equal(days_of(FEED(EVENT(DAY("20261231") "DURATION:P2D"
							       "\r\n"))),
			    "2026-12-31 2027-01-01");
	/* Over both ends of the range. */
	assert_int_equal(
		count_of(FEED(EVENT(DAY("19990101") "DTEND:21000101\r\n"))),
		365 * 5 + 1);
	assert_string_equal(
		days_of(FEED(EVENT(DAY("20241231")) EVENT(DAY("20300101")))),
		"");
	/* Twice is once, by its first name. */
	assert_string_equal(
		json_of(FEED(EVENT(DAY("20260101") "SUMMARY:A\r\n")
				     EVENT(DAY("20260101") "SUMMARY:B\r\n"))),
		"[{\"day\":\"2026-01-01\",\"name\":\"A\"}]");
	/* Not whole days, not any more, or of something that it holds. */
	assert_string_equal(days_of(FEED(EVENT("DTSTART:20261225T090000Z\r\n"
					       "DTEND:20261225T170000Z\r\n"))),
			    "");
	assert_string_equal(days_of(FEED(EVENT("DTSTART:20261225T000000\r\n"
					       "DTEND:20261225T170000\r\n"))),
			    "");
	assert_string_equal(
		days_of(FEED(EVENT("DTSTART;TZID=Europe/Rome:20261225T000000"
				   "\r\nDTEND:20261226T000000\r\n"))),
		"2026-12-25");
	assert_string_equal(
		days_of(FEED(EVENT(DAY("20261225") "STATUS:CANCELLED\r\n"))),
		"");
	assert_string_equal(
		days_of(FEED(EVENT(DAY("20261225") "BEGIN:VALARM\r\n" DAY(
			"20261201") "END:VALARM\r\n"))),
		"2026-12-25");
	assert_string_equal(days_of(FEED("BEGIN:VTODO\r\n" DAY(
				    "20261225") "END:VTODO\r\n")),
			    "");
	assert_string_equal(days_of(FEED(EVENT("SUMMARY:No day\r\n"))), "");
	arena_reset();
}

static void names(void **state)
{
	(void)state;
	/* A line that goes on, lines of LF alone, escapes, no name. */
	assert_string_equal(
		json_of("\xef\xbb\xbf"
			"begin:vcalendar\nBEGIN:VEVENT\nDTSTART;X=\"a:b;c\";"
			"VALUE=DATE:2026\n 0101\nSUMMARY;LANGUAGE=de:Neu\n\tjahr"
			"\\, frei\\; a\\\\b\\nc\nEND:VEVENT\nEND:VCALENDAR\n"),
		"[{\"day\":\"2026-01-01\",\"name\":\"Neujahr, frei; a\\\\b c\"}"
		"]");
	assert_string_equal(json_of(FEED(EVENT(DAY("20260101")))),
			    "[{\"day\":\"2026-01-01\",\"name\":\"–\"}]");
	assert_string_equal(json_of(FEED(EVENT(DAY("20260101") "SUMMARY: a\x01"
							       "b\xc2\x85"
							       "c\xe2\x80\xa8"
							       "d \r\n"))),
			    "[{\"day\":\"2026-01-01\",\"name\":\"–\"}]");
	assert_string_equal(
		json_of(FEED(EVENT(DAY("20260101") "SUMMARY:b\xc2\x85"
						   "c\xe2\x80\xa8"
						   "d \r\n"))),
		"[{\"day\":\"2026-01-01\",\"name\":\"b c d\"}]");
	struct buf b = buf_new(4096);
	buf_add(&b, S("BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20260101\n"
		      "SUMMARY:"));
	for (int i = 0; i < 200; i++)
		buf_add(&b, S("祝"));
	buf_add(&b, S("\nEND:VEVENT\nEND:VCALENDAR\n"));
	const char *json = json_of(str_z(buf_str(&b)));
	assert_int_equal(
		strlen(json),
		strlen("[{\"day\":\"2026-01-01\",\"name\":\"\"}]") + 80 * 3);
	arena_reset();
}

#define RULE(first, rule) FEED(EVENT(DAY(first) "RRULE:" rule "\r\n"))

static void rules(void **state)
{
	(void)state;
	static const char *const cases[][2] = {
		{ RULE("20201225", "FREQ=YEARLY"),
		  "2025-12-25 2026-12-25 2027-12-25 2028-12-25 2029-12-25" },
		{ RULE("20200229", "FREQ=YEARLY"), "2028-02-29" },
		{ RULE("20211225", "FREQ=YEARLY;INTERVAL=2"),
		  "2025-12-25 2027-12-25 2029-12-25" },
		/* A century of them, and four in all. */
		{ RULE("19501225", "FREQ=YEARLY;COUNT=100"),
		  "2025-12-25 2026-12-25 2027-12-25 2028-12-25 2029-12-25" },
		{ RULE("20231225", "FREQ=YEARLY;COUNT=4"),
		  "2025-12-25 2026-12-25" },
		{ RULE("20201225", "FREQ=YEARLY;UNTIL=20261225T000000Z"),
		  "2025-12-25 2026-12-25" },
		/* The fourth Thursday of November; the last Monday of May. */
		{ RULE("20201126", "FREQ=YEARLY;BYMONTH=11;BYDAY=4TH"),
		  "2025-11-27 2026-11-26 2027-11-25 2028-11-23 2029-11-22" },
		{ RULE("20200525", "FREQ=YEARLY;BYDAY=-1MO;BYMONTH=5"),
		  "2025-05-26 2026-05-25 2027-05-31 2028-05-29 2029-05-28" },
		/* Midsummer's eve: the Friday from the 19th to the 25th. */
		{ RULE("20200619", "FREQ=YEARLY;BYMONTH=6;BYDAY=FR;BYMONTHDAY="
				   "19,20,21,22,23,24,25"),
		  "2025-06-20 2026-06-19 2027-06-25 2028-06-23 2029-06-22" },
		{ RULE("20200101", "FREQ=YEARLY;BYMONTH=1,12;COUNT=14"),
		  "2025-01-01 2025-12-01 2026-01-01 2026-12-01" },
		{ RULE("20200101", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=-1"),
		  "2025-02-28 2026-02-28 2027-02-28 2028-02-29 2029-02-28" },
		{ RULE("20200106", "FREQ=YEARLY;BYDAY=1MO"),
		  "2025-01-06 2026-01-05 2027-01-04 2028-01-03 2029-01-01" },
		{ RULE("20200106", "FREQ=YEARLY;BYDAY=-1FR;INTERVAL=5"),
		  "2025-12-26" },
		{ RULE("20291101", "FREQ=MONTHLY"), "2029-11-01 2029-12-01" },
		{ RULE("20290831", "FREQ=MONTHLY"),
		  "2029-08-31 2029-10-31 2029-12-31" },
		{ RULE("20291001", "FREQ=MONTHLY;BYDAY=2TU,-1SU"),
		  "2029-10-01 2029-10-09 2029-10-28 2029-11-13 2029-11-25 "
		  "2029-12-11 2029-12-30" },
		{ RULE("20291203", "FREQ=WEEKLY;BYDAY=MO,WE;INTERVAL=2"),
		  "2029-12-03 2029-12-05 2029-12-17 2029-12-19 2029-12-31" },
		/* RFC 5545: where a week begins makes a difference. */
		{ RULE("20291127", "FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;"
				   "WKST=MO"),
		  "2029-11-27 2029-12-02 2029-12-11 2029-12-16" },
		{ RULE("20291127", "FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;"
				   "WKST=SU"),
		  "2029-11-27 2029-12-09 2029-12-11 2029-12-23" },
		{ RULE("20291225", "FREQ=DAILY;INTERVAL=3"),
		  "2029-12-25 2029-12-28 2029-12-31" },
		{ FEED(EVENT(DAY("20201225") "RRULE:FREQ=YEARLY\r\nEXDATE;"
					     "VALUE=DATE:20251225,20271225\r\n"
					     "RDATE;VALUE=DATE:20260105\r\n")),
		  "2026-01-05 2026-12-25 2028-12-25 2029-12-25" },
		/* Days that begin before the range reach into it. */
		{ FEED(EVENT(DAY("20201230") "DURATION:P4D\r\nRRULE:FREQ=YEARLY"
					     ";UNTIL=20241231\r\n")),
		  "2025-01-01 2025-01-02" },
		{ RULE("20200230", "FREQ=YEARLY"), "" },
		{ RULE("20200101", "FREQ=HOURLY"), "!rule" },
		{ RULE("20200101", "FREQ=YEARLY;BYSETPOS=1"), "!rule" },
		{ RULE("20200101", "FREQ=YEARLY;BYWEEKNO=20"), "!rule" },
		{ RULE("20200101", "FREQ=WEEKLY;BYMONTHDAY=1"), "!rule" },
		{ RULE("20200101", "FREQ=DAILY;BYDAY=1MO"), "!rule" },
		{ RULE("20200101", "FREQ=YEARLY;BYDAY=54MO"), "!rule" },
		{ RULE("20200101", "FREQ=YEARLY;BYDAY=0MO"), "!rule" },
		{ RULE("20200101", "FREQ=YEARLY;INTERVAL=0"), "!rule" },
		{ RULE("20200101", "INTERVAL=1"), "!rule" },
		{ FEED(EVENT(DAY("20200101") "RRULE:FREQ=YEARLY\r\nRRULE:FREQ="
					     "DAILY\r\n")),
		  "!rule" },
		{ FEED(EVENT(DAY("20200101") "EXRULE:FREQ=YEARLY\r\n")),
		  "!rule" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		assert_string_equal(days_of(cases[i][0]), cases[i][1]);
		arena_reset();
	}
}

#define UID(uid) "UID:" uid "\r\n"
#define INSTEAD(day) "RECURRENCE-ID;VALUE=DATE:" day "\r\n"
#define CHRISTMAS                                                              \
	EVENT(UID("a") DAY("20201225") "RRULE:FREQ=YEARLY;UNTIL=20271225\r\n")

/* One day of a recurrence that is another day, or none. */
static void moved(void **state)
{
	(void)state;
	static const char *const cases[][2] = {
		{ FEED(CHRISTMAS EVENT(UID("a") DAY("20261228")
					       INSTEAD("20261225"))),
		  "2025-12-25 2026-12-28 2027-12-25" },
		/* Before what it changes, and longer than that. */
		{ FEED(EVENT(UID("a") DAY(
			  "20261227") "DURATION:P2D\r\n" INSTEAD("20261225"))
			       CHRISTMAS),
		  "2025-12-25 2026-12-27 2026-12-28 2027-12-25" },
		{ FEED(CHRISTMAS EVENT(UID("a") DAY("20261225") INSTEAD(
			  "20261225") "STATUS:CANCELLED\r\n")),
		  "2025-12-25 2027-12-25" },
		/* Of another series; of a day that is none of its days. */
		{ FEED(CHRISTMAS EVENT(UID("b") DAY("20261228")
					       INSTEAD("20261225"))),
		  "2025-12-25 2026-12-25 2026-12-28 2027-12-25" },
		{ FEED(CHRISTMAS EVENT(UID("a") DAY("20261228")
					       INSTEAD("20261224"))),
		  "2025-12-25 2026-12-25 2026-12-28 2027-12-25" },
		/* It becomes some hours: no whole day. */
		{ FEED(CHRISTMAS EVENT(
			  UID("a") "DTSTART:20261225T090000Z\r\n"
				   "DTEND:20261225T120000Z\r\n" INSTEAD(
					   "20261225"))),
		  "2025-12-25 2027-12-25" },
		/* What was moved counts as one of four. */
		{ FEED(EVENT(UID("a") DAY(
			  "20231225") "RRULE:FREQ=YEARLY;COUNT=4\r\n")
			       EVENT(UID("a") DAY("20250107")
					     INSTEAD("20251225"))),
		  "2025-01-07 2026-12-25" },
		/* From midnight to midnight, and a day by RDATE. */
		{ FEED(EVENT(UID("a") "DTSTART;TZID=Europe/Rome:20251225T000000"
				      "\r\nDURATION:P1D\r\n"
				      "RDATE:20260601T000000\r\n")
			       EVENT(UID("a") DAY(
				       "20260602") "RECURRENCE-ID;TZID=Europe/Rome:"
						   "20260601T000000\r\n")),
		  "2025-12-25 2026-06-02" },
		/* A meeting's day that is moved is no holiday's matter. */
		{ FEED(EVENT(UID("m") "DTSTART:20260101T090000Z\r\n"
				      "RRULE:FREQ=WEEKLY\r\n")
			       EVENT(UID("m") "DTSTART:20260109T090000Z\r\n"
					      "RECURRENCE-ID:20260108T090000Z"
					      "\r\n")),
		  "" },
		/* Not understood: a whole day by a moment, all that follow,
		 * nobody's, a day that repeats. */
		{ FEED(CHRISTMAS EVENT(UID("a") DAY(
			  "20261228") "RECURRENCE-ID:20261224T230000Z\r\n")),
		  "!rule" },
		{ FEED(CHRISTMAS EVENT(UID("a") DAY(
			  "20261228") "RECURRENCE-ID;RANGE=THISANDFUTURE;"
				      "VALUE=DATE:20261225\r\n")),
		  "!rule" },
		{ FEED(CHRISTMAS EVENT(DAY("20261228") INSTEAD("20261225"))),
		  "!rule" },
		{ FEED(CHRISTMAS EVENT(UID("a") DAY("20261228") INSTEAD(
			  "20261225") "RRULE:FREQ=DAILY\r\n")),
		  "!rule" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		assert_string_equal(days_of(cases[i][0]), cases[i][1]);
		arena_reset();
	}
}

static unsigned drawn = 1;

static int draw(int below)
{
	drawn = drawn * 1103515245 + 12345;
	return (int)(drawn >> 16) % below;
}

/* Random series of a day every few weeks, some of whose days are moved or
 * cancelled, in any order: against a list of days that are crossed out. */
static void moved_at_random(void **state)
{
	(void)state;
	const long since = day("2025-01-01"), until = day("2030-01-01");
	char iso[16];

	for (int round = 0; round < 200; round++) {
		char wanted[365 * 5 + 1] = { 0 };
		struct buf feed = buf_new(100000), days = buf_new(40000);
		buf_add(&feed, S("BEGIN:VCALENDAR\n"));
		for (int series = 0; series < 3; series++) {
			long first = since + draw(300) + 1;
			int weeks = 1 + draw(9), n = 1 + draw(20);
			bool behind = draw(2);
			struct buf others = buf_new(20000);
			for (int i = 0; i < n; i++) {
				long at = first + i * 7L * weeks, to = at;
				int what = draw(4); /* 0: moved, 1: none */
				if (at >= until)
					break;
				if (what == 0)
					to += draw(40);
				if (what != 1 && to < until)
					wanted[to - since] = 1;
				if (what > 1)
					continue;
				buf_addf(&others, "BEGIN:VEVENT\nUID:%d\n%s",
					 series,
					 what ? "STATUS:CANCELLED\n" : "");
				strftime(iso, sizeof(iso), "%Y%m%d",
					 gmtime(&(time_t){ to * 86400 }));
				buf_addf(&others, "DTSTART:%s\n", iso);
				strftime(iso, sizeof(iso), "%Y%m%d",
					 gmtime(&(time_t){ at * 86400 }));
				buf_addf(&others,
					 "RECURRENCE-ID:%s\nEND:VEVENT\n", iso);
			}
			if (!behind)
				buf_add(&feed, buf_str(&others));
			strftime(iso, sizeof(iso), "%Y%m%d",
				 gmtime(&(time_t){ first * 86400 }));
			buf_addf(&feed,
				 "BEGIN:VEVENT\nDTSTART:%s\nUID:%d\nRRULE:FREQ="
				 "WEEKLY;INTERVAL=%d;COUNT=%d\nEND:VEVENT\n",
				 iso, series, weeks, n);
			if (behind)
				buf_add(&feed, buf_str(&others));
		}
		buf_add(&feed, S("END:VCALENDAR\n"));
		for (long d = since; d < until; d++) {
			if (!wanted[d - since])
				continue;
			strftime(iso, sizeof(iso), "%Y-%m-%d",
				 gmtime(&(time_t){ d * 86400 }));
			buf_addf(&days, "%s%s", days.n ? " " : "", iso);
		}
		assert_string_equal(days_of(str_z(buf_str(&feed))),
				    str_z(buf_str(&days)));
		arena_reset();
	}
}

static void not_feeds(void **state)
{
	(void)state;
	static const char *const cases[] = {
		"",
		"\n\n",
		"<html><body>Not here</body></html>",
		"BEGIN:VEVENT\nDTSTART:20260101\nEND:VEVENT\n",
		/* Cut off. */
		"BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20260101\n",
		"BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20260101\nEND:VEVENT\n",
		"BEGIN:VCALENDAR\nEND:VCALENDAR\nMORE:1\n",
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		assert_string_equal(days_of(cases[i]), "!not_calendar");
	assert_string_equal(days_of(FEED("")), "");
	arena_reset();
}

static struct str many(const char *event, size_t n)
{
	struct buf b = buf_new(4 * ICAL_BYTES);

	buf_add(&b, S("BEGIN:VCALENDAR\n"));
	for (size_t i = 0; i < n; i++)
		buf_add(&b, str_of(event));
	buf_add(&b, S("END:VCALENDAR\n"));
	return buf_str(&b);
}

static const char *fault_of(struct str feed, const char *since,
			    const char *until)
{
	struct str json;
	const char *why = NULL;

	return ical_holidays(feed, day(since), day(until), &json, &why) ? "none"
									: why;
}

static void bounds(void **state)
{
	(void)state;
	const char *since = "2025-01-01", *until = "2038-01-01";
	/* Every day, which is more than may be closed; every other one, too. */
	assert_string_equal(
		fault_of(str_of(RULE("20200101", "FREQ=DAILY")), since, until),
		"too_many");
	assert_string_equal(
		fault_of(str_of(RULE("20200101", "FREQ=DAILY;INTERVAL=3")),
			 since, until),
		"none");
	/* A megabyte of rules that look far. */
	assert_string_equal(
		fault_of(many("BEGIN:VEVENT\nDTSTART:19000101\nRRULE:FREQ="
			      "YEARLY;COUNT=9999\nEND:VEVENT\n",
			      14000),
			 since, until),
		"too_many");
	assert_string_equal(
		fault_of(many("BEGIN:VEVENT\nEND:VEVENT\n", ICAL_EVENTS + 1),
			 since, until),
		"too_many");
	assert_string_equal(fault_of(many("BEGIN:X\n", 100000), since, until),
			    "not_calendar");
	assert_string_equal(
		fault_of(many("X:1\n", ICAL_BYTES / 4), since, until),
		"too_many");
	assert_string_equal(fault_of(str_of(FEED("")), until, since),
			    "too_many");
	arena_reset();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(days),	     cmocka_unit_test(events),
		cmocka_unit_test(names),     cmocka_unit_test(rules),
		cmocka_unit_test(moved),     cmocka_unit_test(moved_at_random),
		cmocka_unit_test(not_feeds), cmocka_unit_test(bounds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
