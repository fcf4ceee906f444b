/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * ical.h: the holidays in a calendar feed (iCalendar, RFC 5545).
 *
 * Of its events those of whole days count: each day from DTSTART to DTEND (or by
 * DURATION), as often as RRULE says, with RDATE, without EXDATE. A day of it that
 * an event of the same UID stands for (RECURRENCE-ID) is where that event is: on
 * another day, or cancelled. An event with times of the day, or one that is
 * cancelled, closes no day. A rule that is not
 * understood is a fault, not a guess: half of the days would be a wrong promise.
 *
 * libical has more than that, and no bounds that its caller could set: its lists
 * are freed by recursion, and its iterator looks centuries ahead for a 30th of
 * February. Here what a feed can cost is known: a day of a rule is one test, of
 * which there is a number; days outside of the range are not kept; days within
 * it are at most ICAL_DAYS.
 */
#ifndef SPORTELLO_ICAL_H
#define SPORTELLO_ICAL_H

#include "str.h"

#define ICAL_BYTES (1024 * 1024)
#define ICAL_EVENTS 20000
#define ICAL_DAYS 2000
#define ICAL_STEPS 10000000 /* tests of a day, of all rules */

/* Days since 1970 of '2026-12-25'; false: there is no such day from 1900 to
 * 2199. */
bool ical_day(struct str iso, long *day) MUST_CHECK;

/* [{"day":"2026-12-25","name":"…"},…] of the days from `since` to before
 * `until`, in their order, each once. False: *why is a word, 'not_calendar',
 * 'rule' or 'too_many'. */
bool ical_holidays(struct str feed, long since, long until, struct str *json,
		   const char **why) MUST_CHECK;

#endif
