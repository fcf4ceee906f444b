-- S2: business calendars. In the tenant 16, made like the two of fixtures.sql.
set search_path = pgtap, pg_catalog;
insert into app.tenants (tenant_id, slug, name) values (16, 'hours', 'Hours');
select fixture.fill(16, 'hours') \g /dev/null
select * from no_plan();
set story.tenant = 16;
set story.slug = 'hours';
\ir lib/story.sql

-- ---- calendars to count in -------------------------------------------------------------------

-- The same hours twice: as rows for the oracle below, which walks through minutes,
-- and as the product takes them. days: of the week, Monday 1.
create temp table calendar (id int, what text, zone text, since date, until date);
insert into calendar values
  (101, 'Rome, office with lunch', 'Europe/Rome', '2025-01-01', '2029-01-01'),
  (102, 'Stockholm, office with lunch', 'Europe/Stockholm', '2023-01-01', '2029-01-01'),
  (103, 'São Paulo, late and early', 'America/Sao_Paulo', '2017-01-01', '2021-01-01'),
  (104, 'Tokyo, office', 'Asia/Tokyo', '2025-01-01', '2028-01-01'),
  (105, 'Tokyo, office, when clocks were set there', 'Asia/Tokyo', '1948-01-01', '1952-01-01'),
  (106, 'Rome, always', 'Europe/Rome', '2025-01-01', '2029-01-01'),
  (107, 'Rome, within the hour that is set', 'Europe/Rome', '2025-01-01', '2028-01-01'),
  (108, 'Dubai, week from Sunday to Thursday', 'Asia/Dubai', '2025-01-01', '2028-01-01'),
  (109, 'Rome, Saturdays and Sundays to midnight', 'Europe/Rome', '2025-01-01', '2028-01-01'),
  (110, 'Lord Howe, half an hour', 'Australia/Lord_Howe', '2025-01-01', '2028-01-01'),
  (111, 'Apia, a day that was left out', 'Pacific/Apia', '2010-01-01', '2013-01-01'),
  (112, 'Havana, midnight twice', 'America/Havana', '2025-01-01', '2028-01-01'),
  (113, 'São Paulo, clocks not set any more', 'America/Sao_Paulo', '2025-01-01', '2028-01-01'),
  (114, 'UTC', 'UTC', '2025-01-01', '2028-01-01'),
  (115, 'Rome, holidays of several days', 'Europe/Rome', '2025-01-01', '2029-01-01');
create temp table hour (id int, days int[], opens int, closes int);
insert into hour values
  (101, '{1,2,3,4,5}', 540, 780), (101, '{1,2,3,4,5}', 840, 1080),
  (102, '{1,2,3,4,5}', 480, 720), (102, '{1,2,3,4}', 780, 1020), (102, '{5}', 780, 930),
  (103, '{1,2,3,4,5,6,7}', 1320, 1440), (103, '{1,2,3,4,5,6,7}', 0, 360), (103, '{1,2,3,4,5}', 540, 1080),
  (104, '{1,2,3,4,5}', 600, 720), (104, '{1,2,3,4,5}', 780, 1140),
  (105, '{1,2,3,4,5,6}', 0, 90), (105, '{1,2,3,4,5,6,7}', 1380, 1440), (105, '{1,2,3,4,5,6,7}', 540, 1020),
  (106, '{1,2,3,4,5,6,7}', 0, 1440),
  (107, '{6,7}', 90, 130), (107, '{6,7}', 135, 165), (107, '{6,7}', 170, 250),
  (108, '{7,1,2,3,4}', 480, 960),
  (109, '{6,7}', 0, 1440),
  (110, '{1,2,3,4,5,6,7}', 100, 140), (110, '{1,2,3,4,5,6,7}', 60, 95),
  (111, '{1,2,3,4,5,6,7}', 540, 1020),
  (112, '{1,2,3,4,5,6,7}', 0, 45), (112, '{1,2,3,4,5,6,7}', 1410, 1440),
  (113, '{1,2,3,4,5}', 0, 60), (113, '{1,2,3,4,5}', 480, 1080),
  (114, '{1,2,3,4,5}', 480, 1080),
  (115, '{1,2,3,4,5,6,7}', 540, 1020);
-- As days, for the oracle; the product is told of yearly ones by one day.
create temp table holiday (id int, day date, yearly boolean default false);
insert into holiday values (101, '2026-04-06'), (102, '2024-05-01'), (102, '2024-05-09'), (102, '2026-05-01'), (104, '2026-05-04'), (104, '2026-05-05'),
  (104, '2026-05-06'), (103, '2018-11-15'), (103, '2018-11-02'), (108, '2026-03-20');
create temp table yearly (id int, day date, month int, of_month int);
insert into yearly values (101, '2020-12-25', 12, 25), (101, '2020-12-26', 12, 26), (101, '2020-01-01', 1, 1), (102, '2024-02-29', 2, 29), (109, '2030-11-01', 11, 1);
-- Several days in a row: for the product by the first and the last, for the oracle each.
create temp table range (id int, day date, last date, yearly boolean);
insert into range values (115, '2026-08-10', '2026-08-21', false), (115, '2020-12-24', '2021-01-06', true), (115, '2024-02-28', '2024-02-29', true), (115, '2028-06-01', '2028-06-01', false);
create temp table in_range (id int, day date);
insert into in_range select 115, d from generate_series('2026-08-10'::date, '2026-08-21', interval '1 day') d
  union all select 115, d from generate_series('2025-01-01'::date, '2029-01-01', interval '1 day') d
    where to_char(d, 'MM-DD') >= '12-24' or to_char(d, 'MM-DD') <= '01-06' or to_char(d, 'MM-DD') in ('02-28', '02-29')
  union all select 115, '2028-06-01';

begin;
select auth.set_context(16, null, null, null, null, 0::smallint, '{}', false) \g /dev/null
insert into app.calendars (tenant_id, id, name) select 16, id, what from calendar;
select app.add_version(c.id, 1, c.zone,
    (select jsonb_agg(coalesce((select jsonb_agg(jsonb_build_array(h.opens, h.closes)) from hour h where h.id = c.id and d = any (h.days)), '[]') order by d)
      from generate_series(1, 7) d),
    (select coalesce(jsonb_agg(x), '[]') from (
      select jsonb_build_object('day', h.day, 'name', 'Holiday') as x from holiday h where h.id = c.id
      union all select jsonb_build_object('day', y.day, 'name', 'Every year', 'yearly', true) from yearly y where y.id = c.id
      union all select jsonb_build_object('day', r.day, 'to', r.last, 'name', 'Several', 'yearly', r.yearly) from range r where r.id = c.id) x),
    '[]', null, c.since, c.until) from calendar c \g /dev/null
commit;

-- ---- the oracle --------------------------------------------------------------------------------

-- Some days to look at, of each calendar: the clocks are set, a holiday, a leap day,
-- a weekend, the end of a year.
create temp table stretch (id int, label text, since timestamptz, until timestamptz);
insert into stretch values
  (101, 'Rome, spring 2026', '2026-03-26 20:00Z', '2026-04-08 12:00Z'),
  (101, 'Rome, autumn 2026', '2026-10-22 20:00Z', '2026-10-28 12:00Z'),
  (101, 'Rome, end of the year', '2026-12-22 20:00Z', '2027-01-05 12:00Z'),
  (102, 'Stockholm, spring 2024', '2024-03-28 20:00Z', '2024-04-02 12:00Z'),
  (102, 'Stockholm, autumn 2026', '2026-10-22 20:00Z', '2026-10-28 12:00Z'),
  (102, 'Stockholm, leap day that is a holiday', '2024-02-26 20:00Z', '2024-03-05 12:00Z'),
  (102, 'Stockholm, leap day 2028', '2028-02-26 20:00Z', '2028-03-03 12:00Z'),
  (103, 'São Paulo, spring 2018', '2018-11-01 12:00Z', '2018-11-07 12:00Z'),
  (103, 'São Paulo, autumn 2019', '2019-02-14 12:00Z', '2019-02-20 12:00Z'),
  (103, 'São Paulo, autumn 2018', '2018-02-15 12:00Z', '2018-02-20 12:00Z'),
  (104, 'Tokyo, spring 2026, holidays', '2026-05-01 00:00Z', '2026-05-09 12:00Z'),
  (104, 'Tokyo, autumn 2026', '2026-10-22 00:00Z', '2026-10-27 12:00Z'),
  (105, 'Tokyo, spring 1949', '1949-03-31 00:00Z', '1949-04-05 12:00Z'),
  (105, 'Tokyo, autumn 1950', '1950-09-07 00:00Z', '1950-09-12 12:00Z'),
  (106, 'always, spring 2026', '2026-03-27 20:00Z', '2026-03-31 12:00Z'),
  (106, 'always, autumn 2026', '2026-10-23 20:00Z', '2026-10-27 12:00Z'),
  (107, 'the hour that is left out', '2026-03-27 20:00Z', '2026-03-30 12:00Z'),
  (107, 'the hour that comes twice', '2026-10-23 20:00Z', '2026-10-26 12:00Z'),
  (108, 'Dubai, over a weekend', '2026-03-18 00:00Z', '2026-03-26 12:00Z'),
  (109, 'Rome, weekend of both midnights', '2026-10-30 12:00Z', '2026-11-03 12:00Z'),
  (110, 'Lord Howe, autumn 2026', '2026-04-03 00:00Z', '2026-04-06 12:00Z'),
  (110, 'Lord Howe, spring 2026', '2026-10-02 00:00Z', '2026-10-05 12:00Z'),
  (111, 'Apia, no 30th of December', '2011-12-28 00:00Z', '2012-01-02 12:00Z'),
  (112, 'Havana, spring 2026', '2026-03-06 12:00Z', '2026-03-09 12:00Z'),
  (112, 'Havana, autumn 2026', '2026-10-30 12:00Z', '2026-11-02 18:00Z'),
  (113, 'São Paulo, November 2026', '2026-10-30 12:00Z', '2026-11-03 12:00Z'),
  (115, 'closed in August', '2026-08-07 12:00Z', '2026-08-24 12:00Z'),
  (115, 'closed over the new year', '2026-12-21 12:00Z', '2027-01-09 12:00Z'),
  (115, 'closed in the range''s first days', '2025-01-02 12:00Z', '2025-01-09 12:00Z'),
  (115, 'closed to the end of February', '2027-02-25 12:00Z', '2027-03-04 12:00Z'),
  (115, 'closed to the end of February, with a day more', '2028-02-25 12:00Z', '2028-03-04 12:00Z'),
  (115, 'closed from a day to the same', '2028-05-30 12:00Z', '2028-06-03 12:00Z');
-- Each minute of them at which the clock on the wall shows a time within the hours.
create temp table minute as
  select s.id, s.label, m.at
  from stretch s join calendar c on c.id = s.id
  cross join lateral generate_series(s.since, s.until - interval '1 minute', interval '1 minute') m (at)
  cross join lateral (select m.at at time zone c.zone as shown) w
  where exists (select from hour h where h.id = s.id and date_part('isodow', w.shown) = any (h.days)
      and date_part('hour', w.shown) * 60 + date_part('minute', w.shown) >= h.opens
      and date_part('hour', w.shown) * 60 + date_part('minute', w.shown) < h.closes)
    and not exists (select from holiday h where h.id = s.id and h.day = w.shown::date)
    and not exists (select from in_range r where r.id = s.id and r.day = w.shown::date)
    and not exists (select from yearly y where y.id = s.id
      and y.month = date_part('month', w.shown) and y.of_month = date_part('day', w.shown));
create index on minute (label, at);
analyze minute;

-- Fourteen moments of each stretch, so that they lie before, in and after hours, breaks
-- and closing time: those that lie next to each other, and each with the first.
create temp table moment as
  select s.id, s.label, date_trunc('minute', s.since + n * ((s.until - s.since) / 13)) as at, n
  from stretch s cross join generate_series(0, 13) n;
begin;
select auth.set_context(16, null, null, null, null, 0::smallint, '{}', false) \g /dev/null
create temp table counted as
  select a.id, a.label, a.at as a, b.at as b, app.open_seconds(a.id, 1, a.at, b.at) as got,
    (select count(*) * 60 from minute m where m.label = a.label and m.at >= a.at and m.at < b.at) as wanted
  from moment a join moment b on b.label = a.label and (b.n = a.n + 1 or a.n = 0 and b.n > 1);
select is(got, wanted, format('%s: from %s to %s', label, a, b)) from counted order by label, a, b;
select cmp_ok(count(*), '>=', 600::bigint, 'cases of business time') from counted;
-- The way back: the first moment at which that much has gone by is the end of the last
-- open minute.
select is(app.open_after(c.id, 1, c.a, c.wanted), x.at, format('%s: %s seconds after %s', c.label, c.wanted, c.a))
  from counted c cross join lateral (select m.at + interval '1 minute' as at from minute m where m.label = c.label and m.at >= c.a
    order by m.at offset c.wanted / 60 - 1 limit 1) x
  where c.wanted > 0 order by c.label, c.a, c.b;
commit;

-- ---- by hand --------------------------------------------------------------------------------

create temp table told (id int, label text, a timestamptz, b timestamptz, seconds bigint);
insert into told values
  (101, 'a morning', '2026-03-24 09:00+01', '2026-03-24 13:00+01', 4 * 3600),
  (101, 'lunch', '2026-03-24 13:00+01', '2026-03-24 14:00+01', 0),
  (101, 'over lunch', '2026-03-24 12:30+01', '2026-03-24 14:30+01', 3600),
  (101, 'over closing time', '2026-03-24 17:30+01', '2026-03-25 09:30+01', 3600),
  (101, 'over the weekend on which clocks are set forward', '2026-03-27 17:00+01', '2026-03-30 10:00+02', 7200),
  (101, 'over the weekend on which they are set back', '2026-10-23 17:00+02', '2026-10-26 10:00+01', 7200),
  (101, 'over Easter Monday', '2026-04-03 17:00+02', '2026-04-07 10:00+02', 7200),
  (101, 'over Christmas, New Year and weekends', '2026-12-24 17:00+01', '2027-01-04 10:00+01', 3600 + 4 * 8 * 3600 + 3600),
  (101, 'a night', '2026-03-24 18:00+01', '2026-03-25 09:00+01', 0),
  (101, 'nothing', '2026-03-24 10:00+01', '2026-03-24 10:00+01', 0),
  (101, 'backwards', '2026-03-24 12:00+01', '2026-03-24 10:00+01', -7200),
  (101, 'seconds', '2026-03-24 10:00:07+01', '2026-03-24 10:00:49+01', 42),
  (101, 'to the second of closing', '2026-03-24 17:59:59+01', '2026-03-25 09:00:01+01', 2),
  (101, 'a week', '2026-03-23 00:00+01', '2026-03-30 00:00+02', 40 * 3600),
  (102, 'a short Friday', '2024-03-22 00:00+01', '2024-03-23 00:00+01', 4 * 3600 + 9000),
  (102, 'no leap day', '2024-02-29 00:00+01', '2024-03-01 00:00+01', 0),
  (102, 'nor the next one', '2028-02-29 00:00+01', '2028-03-01 00:00+01', 0),
  (101, 'a leap day that is a Tuesday', '2028-02-29 00:00+01', '2028-03-01 00:00+01', 8 * 3600),
  (102, 'a yearly 29th is not the 28th of other years', '2025-02-28 00:00+01', '2025-03-01 00:00+01', 4 * 3600 + 9000),
  (103, 'a night over midnight', '2018-10-31 22:00-03', '2018-11-01 06:00-03', 8 * 3600),
  (103, 'the night whose midnight is left out', '2018-11-03 22:00-03', '2018-11-04 06:00-02', 7 * 3600),
  (103, 'the night whose hour before midnight comes twice', '2019-02-16 22:00-02', '2019-02-17 06:00-03', 9 * 3600),
  (103, 'a holiday, from midnight to midnight', '2018-11-15 00:00-02', '2018-11-16 00:00-02', 0),
  (104, 'Tokyo when Rome sets its clocks', '2026-03-29 00:00+09', '2026-03-31 00:00+09', 8 * 3600),
  (104, 'Golden Week', '2026-05-01 19:00+09', '2026-05-07 10:00+09', 0),
  (106, 'a day of 23 hours', '2026-03-29 00:00+01', '2026-03-30 00:00+02', 23 * 3600),
  (106, 'a day of 25 hours', '2026-10-25 00:00+02', '2026-10-26 00:00+01', 25 * 3600),
  (106, 'a year', '2026-01-01 00:00+01', '2027-01-01 00:00+01', 365 * 86400),
  (106, 'a leap year', '2028-01-01 00:00+01', '2029-01-01 00:00+01', 366 * 86400),
  (107, '1:30 to 2:10 on the day without two o''clock', '2026-03-29 01:00+01', '2026-03-29 03:00+02', 1800),
  (107, '2:50 to 4:10 then', '2026-03-29 03:00+02', '2026-03-29 05:00+02', 4200),
  (107, '1:30 to 2:10, and two o''clock again', '2026-10-25 01:00+02', '2026-10-25 02:12+02', 2400),
  (107, 'all of the day with two o''clock twice', '2026-10-25 00:00+02', '2026-10-26 00:00+01', 2400 + 1800 + 600 + 600 + 1800 + 4800),
  (108, 'a weekend of Friday and Saturday', '2026-03-26 16:00+04', '2026-03-29 08:00+04', 0),
  (108, 'a Sunday', '2026-03-29 00:00+04', '2026-03-30 00:00+04', 8 * 3600),
  (109, 'a weekend', '2026-03-20 12:00+01', '2026-03-23 12:00+01', 48 * 3600),
  (109, 'one with the clocks set back', '2026-10-23 12:00+02', '2026-10-26 12:00+01', 49 * 3600),
  (109, 'one that begins with midnight and a yearly holiday', '2026-10-31 23:00+01', '2026-11-02 01:00+01', 3600),
  (111, 'from the 29th to the 31st, with no day between', '2011-12-29 00:00-10', '2012-01-01 00:00+14', 16 * 3600);
begin;
select auth.set_context(16, null, null, null, null, 0::smallint, '{}', false) \g /dev/null
select is(app.open_seconds(id, 1, a, b), seconds, label) from told;

create temp table due (id int, label text, a timestamptz, seconds bigint, b timestamptz);
insert into due values
  (101, 'an hour in the morning', '2026-03-24 09:30+01', 3600, '2026-03-24 10:30+01'),
  (101, 'an hour before opening', '2026-03-24 05:00+01', 3600, '2026-03-24 10:00+01'),
  (101, 'an hour over lunch', '2026-03-24 12:30+01', 3600, '2026-03-24 14:30+01'),
  (101, 'what is over when it closes is not over when it opens', '2026-03-24 17:00+01', 3600, '2026-03-24 18:00+01'),
  (101, 'one second more', '2026-03-24 17:00+01', 3601, '2026-03-25 09:00:01+01'),
  (101, 'Friday afternoon, the clocks set forward', '2026-03-27 16:50+01', 8 * 3600, '2026-03-30 16:50+02'),
  (101, 'Friday afternoon, the clocks set back', '2026-10-23 16:50+02', 8 * 3600, '2026-10-26 16:50+01'),
  (101, 'Good Friday to Tuesday', '2026-04-03 16:50+02', 8 * 3600, '2026-04-07 16:50+02'),
  (101, 'nothing is over at once, closed or not', '2026-03-24 03:00+01', 0, '2026-03-24 03:00+01'),
  (101, 'less than nothing, too', '2026-03-24 03:00+01', -5, '2026-03-24 03:00+01'),
  (101, 'a part of a second is kept', '2026-03-24 10:00:00.25+01', 10, '2026-03-24 10:00:10.25+01'),
  (101, 'over lunch, too', '2026-03-24 12:59:59.25+01', 10, '2026-03-24 14:00:09.25+01'),
  (106, 'a day, clocks set forward', '2026-03-28 12:00+01', 86400, '2026-03-29 13:00+02'),
  (106, 'a day, clocks set back', '2026-10-24 12:00+02', 86400, '2026-10-25 11:00+01'),
  (101, 'beyond what is laid out', '2028-12-29 17:00+01', 40 * 3600, null),
  (101, 'a hundred years', '2026-03-24 09:00+01', 3155760000, null),
  (101, 'before it', '2024-12-31 23:00+01', 5, null);
select is(app.open_after(id, 1, a, seconds), b, label) from due;
select is(app.open_seconds(101, 1, '2024-12-31 22:59Z', '2025-02-01Z'), null, 'nobody knows what was before the range');
select is(app.open_seconds(101, 1, '2025-02-01Z', '2028-12-31 23:01Z'), null, 'nor what is after it');
select ok(app.open_seconds(101, 1, '2024-12-31 23:00Z', '2028-12-31 23:00Z') > 0, 'both ends are known');
select is(app.open_seconds(101, 2, '2026-03-24Z', '2026-03-25Z'), null, 'there is no such version');
select is(app.open_seconds(999, 1, '2026-03-24Z', '2026-03-25Z'), null, 'nor such a calendar');
select is((select count(*)::int from app.calendar_spans where tenant_id = 16 and calendar_id = 106), 2, 'always is one span, and the end');

-- Of any three moments: parts add up, and what is due after so much has had so much.
create temp table thrown as
  select c.id, x.a, least(x.b, x.c) as b, greatest(x.b, x.c) as c from calendar c cross join generate_series(1, 60) n
  cross join lateral (select c.since + random() * interval '1 year' as a, c.since + interval '1 day' + random() * interval '2 years' as b,
    c.since + interval '1 day' + random() * interval '2 years' + n * interval '1 microsecond' as c) x;
select is((select count(*)::int from thrown t where app.open_seconds(t.id, 1, t.a, t.b) + app.open_seconds(t.id, 1, t.b, t.c)
  <> app.open_seconds(t.id, 1, t.a, t.c)), 0, 'parts add up to the whole');
select is((select count(*)::int from thrown t cross join lateral (select floor(random() * 400000)::bigint as s, n from generate_series(1, 2) n) x
  where app.open_seconds(t.id, 1, t.a, app.open_after(t.id, 1, t.a, x.s)) <> x.s), 0, 'what is due after so much has had so much');
select is((select count(*)::int from thrown t where app.open_after(t.id, 1, app.open_after(t.id, 1, t.a, 5000), 7000)
  <> app.open_after(t.id, 1, t.a, 12000)), 0, 'one wait after another is one wait');
select is((select count(*)::int from (select s.opens, lag(s.closes) over w as was, s.before, lag(s.before + extract(epoch from s.closes - s.opens)) over w as sum
    from app.calendar_spans s where s.tenant_id = 16 window w as (partition by s.calendar_id order by s.opens)) x
  where x.opens < x.was or x.before <> x.sum), 0, 'spans follow one another, and so do their sums');
commit;

-- ---- what can not be ---------------------------------------------------------------------------

select is(app.hours_fault(h::jsonb), fault, label) from (values
  ('[[[480,720],[780,1020]],[],[],[],[],[],[]]', null, 'a lunch break'),
  ('[[[780,1020],[480,720]],[],[],[],[],[],[]]', null, 'in any order'),
  ('[[[480,720],[720,1020]],[],[],[],[],[],[]]', null, 'one ends as the next begins'),
  ('[[[0,1440]],[],[],[],[],[],[]]', null, 'a whole day'),
  ('[[[480,720],[700,1020]],[],[],[],[],[],[]]', 'overlap', 'a minute in two'),
  ('[[[480,720],[480,720]],[],[],[],[],[],[]]', 'overlap', 'twice the same'),
  ('[[[720,480]],[],[],[],[],[],[]]', 'reversed', 'closes before it opens'),
  ('[[[480,480]],[],[],[],[],[],[]]', 'reversed', 'closes as it opens'),
  ('[[[480,1441]],[],[],[],[],[],[]]', 'range', 'a minute too many'),
  ('[[[-5,480]],[],[],[],[],[],[]]', 'type', 'less than none'),
  ('[[[480.5,490]],[],[],[],[],[],[]]', 'type', 'half a minute'),
  ('[[["8","9"]],[],[],[],[],[],[]]', 'type', 'words'),
  ('[[[480]],[],[],[],[],[],[]]', 'type', 'no end'),
  ('[[480,720],[],[],[],[],[],[]]', 'type', 'no spans'),
  ('[[],[],[],[],[],[]]', 'type', 'six days'), ('{}', 'type', 'no days'), ('null', 'type', 'null'), (null, 'type', 'nothing'),
  ('[[],[],[],[],[],[],[]]', 'never_open', 'never open'),
  ('[[[0,1],[2,3],[4,5],[6,7],[8,9],[10,11],[12,13]],[],[],[],[],[],[]]', 'too_many', 'seven a day')) v (h, fault, label);
select is(app.holidays_fault(h::jsonb, 3), fault, label) from (values
  ('[]', null, 'none'), ('[{"day": "2028-02-29", "name": "Leap"}]', null, 'a leap day'), ('[{"day": "2026-02-01", "name": "x", "yearly": true}]', null, 'every year'),
  ('[{"day": "2026-02-29", "name": "x"}]', 'date', 'none such that year'), ('[{"day": "2026-13-01", "name": "x"}]', 'date', 'no such month'),
  ('[{"day": "tomorrow", "name": "x"}]', 'date', 'a word'), ('[{"name": "x"}]', 'date', 'no day'), ('[{"day": "0026-01-01", "name": "x"}]', 'date', 'long ago'),
  ('[{"day": "2026-01-01"}]', 'type', 'no name'), ('[{"day": "2026-01-01", "name": ""}]', 'holiday_name', 'an empty name'),
  ('[{"day": "2026-01-01", "name": "x", "yearly": "no"}]', 'type', 'a word for yes'), ('[{"day": "2026-01-01", "name": "x", "more": 1}]', 'type', 'more'),
  ('[{"day": "2026-01-01", "to": "2026-01-01", "name": "x"}]', null, 'to the same day'), ('[{"day": "2026-01-01", "to": "2026-04-10", "name": "x"}]', null, 'a hundred days'),
  ('[{"day": "2026-01-01", "to": "2026-04-11", "name": "x"}]', 'range_long', 'a day more'), ('[{"day": "2026-01-02", "to": "2026-01-01", "name": "x"}]', 'last_day', 'backwards'),
  ('[{"day": "2026-01-02", "to": "2026-02-30", "name": "x"}]', 'date', 'to a day that there is not'), ('[{"day": "2026-01-02", "to": 5, "name": "x"}]', 'date', 'to a number'), ('[{"day": "2026-01-02", "to": null, "name": "x"}]', 'date', 'to nothing'),
  ('[1]', 'type', 'numbers'), ('{}', 'type', 'no list'),
  ('[{"day": "2026-01-01", "name": "x"}, {"day": "2026-01-01", "name": "y"}]', 'twice', 'a day twice'),
  ('[{"day": "2026-01-01", "name": "x"}, {"day": "2026-01-02", "name": "y"}, {"day": "2026-01-03", "name": "y"}, {"day": "2026-01-04", "name": "y"}]', 'too_many', 'four of three')) v (h, fault, label);

-- ---- by administrators ---------------------------------------------------------------------------

set story.week = '[[[480,720],[780,1020]],[],[],[],[],[],[]]';
create function pg_temp.make(person int, key text, name text, zone text default 'Europe/Rome', hours text default current_setting('story.week'), days text default '[]', feed text default null)
returns text language sql as $$ select pg_temp.at('desk', person, format('select app.create_calendar(%L, %L, %L, %L, %L, %L)->>''id''', name, zone, hours, days, feed, key)) $$;
create function pg_temp.change(calendar text, args text, person int default 508) returns text
language sql as $$ select pg_temp.at('desk', person, format('select concat_ws('' '', a->>''version'', a->>''name'', a->>''archived'') from app.change_calendar(%s, %s) a', calendar, args)) $$;
select matches(pg_temp.make(508, 'calendar-1', 'Weekdays'), '^\d+$', 'a calendar');
select id::text as made from app.calendars where tenant_id = 16 and name = 'Weekdays' \gset
select is(pg_temp.make(508, 'calendar-1', 'Weekdays'), :'made', 'sent twice, made once');
select is(pg_temp.make(508, 'calendar-2', 'Weekdays'), 'PT422 calendars_name.taken', 'its name is taken');
select is(pg_temp.make(507, 'calendar-3', 'Mine'), 'PT403', 'an agent makes none');
select is(pg_temp.at('ten', 509, $$select app.create_calendar('x', 'UTC', '[]', '[]', null, 'calendar-4')$$), 'PT403', 'nor an account''s administrator');
select is(pg_temp.at('ten', 509, 'select app.list_calendars()'), 'PT403', 'who lists none, either');
select is(pg_temp.at('ten', 501, format('select app.get_calendar(%s)', :'made')), 'PT403', 'nor does a member look at one');
select format('select is(pg_temp.make(508, %L, %L, zone => %L), %L, %L)', 'calendar-5', 'x', z, 'PT422 calendars_zone.no_zone', 'zone: ' || z)
  from unnest('{Europe/Atlantis,europe/rome,posix/Europe/Rome,localtime,+01,""}'::text[]) z \gexec
select is(pg_temp.make(508, 'calendar-6', 'x', hours => '[[],[],[],[],[],[],[]]'), 'PT422 calendars_hours.never_open', 'never open');
select is(pg_temp.make(508, 'calendar-7', 'x', hours => '[[[0,60],[30,90]],[],[],[],[],[],[]]'), 'PT422 calendars_hours.overlap', 'overlapping');
select is(pg_temp.make(508, 'calendar-8', 'x', days => '[{"day": "2026-02-30", "name": "x"}]'), 'PT422 calendars_holidays.date', 'no such day');
select is(pg_temp.make(508, 'calendar-9', 'x', feed => 'http://x.example'), 'PT422 calendars_feed_url.https', 'a feed that anybody on the way can change');
select is(pg_temp.make(508, 'calendar-10', ' '), '23514 calendars_name_check', 'no name');
select is(pg_temp.make(508, 'calendar-11', 'x', days => (select jsonb_agg(jsonb_build_object('day', d::date, 'name', 'x'))::text
  from generate_series(timestamp '2025-01-01', timestamp '2026-06-01', interval '1 day') d)), 'PT422 calendars_holidays.too_many', 'more holidays than one may name');

select is((select v.since || ' ' || v.until from app.calendar_versions v where v.tenant_id = 16 and v.calendar_id = :made),
  concat_ws(' ', make_date(date_part('year', now())::int - 1, 1, 1), make_date(date_part('year', now())::int + 12, 1, 1)), 'from last year to the eleventh from now');
select is(pg_temp.change(:'made', 'null, null, null, null, null, null, null'), '1 Weekdays false', 'nothing changes nothing');
select is(pg_temp.change(:'made', format('null, null, %L, null, null, null, null', '[[[780,1020],[480,720]],[],[],[],[],[],[]]')), '1 Weekdays false', 'nor do the same hours in another order');
select is(pg_temp.change(:'made', $$'Week', null, null, null, null, null, null$$), '1 Week false', 'another name is no version');
select is(pg_temp.change(:'made', $$null, null, '[[[480,720]],[],[],[],[],[],[]]', null, null, null, 1$$), '2 Week false', 'other hours are one');
select is(pg_temp.change(:'made', $$null, null, '[[[480,721]],[],[],[],[],[],[]]', null, null, null, 1$$), 'PT409 conflict', 'what somebody else changed meanwhile stays');
select is(pg_temp.change(:'made', $$null, 'Asia/Tokyo', null, '[{"day": "2026-12-25", "name": "x", "yearly": true}]', null, null, 2$$), '3 Week false', 'another zone and a holiday');
select is(pg_temp.change(:'made', $$null, null, null, null, null, null, null$$, 507), 'PT403', 'an agent changes none');
select is(pg_temp.change('999', $$null, null, null, null, null, null, null$$), '', 'nor one that there is not');
select is(pg_temp.at('desk', 507, format('select concat_ws('' '', app.open_seconds(%s, 1, %L, %L), app.open_seconds(%1$s, 2, %2$L, %3$L), app.open_seconds(%1$s, 3, %2$L, %3$L))', :'made', '2026-03-23 00:00+01', '2026-03-24 00:00+01')),
  '28800 14400 14400', 'each version counts as it did');
-- Which plans promise by it: of the table that holds, and of one that will; not of those that were.
delete from app.sla_versions where tenant_id = 16;
insert into app.sla_versions (tenant_id, version, valid_from, body)
  select 16, v.n, now() + v.due, jsonb_build_object('shown', true, 'escalated_runs', false, 'warn', 10, 'priorities', '{}'::jsonb, 'matrix', '{}'::jsonb, 'plans',
    (select jsonb_agg(jsonb_build_object('key', k, 'names', jsonb_build_object('en', k || v.n), 'targets', jsonb_build_object('normal', jsonb_build_object('first', 60, 'calendar', case when k = any (v.keys) then :made::bigint end)))) from unnest('{a,b,c,d}'::text[]) k))
  from (values (1, interval '-2 days', '{a,b}'::text[]), (2, '-1 day', '{b}'), (3, '1 day', '{b,c}')) v (n, due, keys);
select is(pg_temp.at('desk', 507, format('select string_agg(p->>''key'' || (p #>> ''{names,en}''), '' '') from json_array_elements(app.get_calendar(%s)->''plans'') p', :'made')), 'bb3 cc3', 'plans that promise by it');
delete from app.sla_versions where tenant_id = 16;
select is(pg_temp.at('desk', 507, format('select app.get_calendar(%s)->>''plans''', :'made')), '[]', 'none without a table');
select is(pg_temp.change(:'made', $$null, null, null, null, null, true, null$$), '3 Week true', 'archived');
select matches(pg_temp.make(508, 'calendar-13', 'Week'), '^\d+$', 'its name is free');
select is(pg_temp.change(:'made', $$null, null, null, null, null, false, null$$), 'PT422 calendars_name.taken', 'until it is used again');
select is(pg_temp.change(:'made', $$'Week 2', null, null, null, null, false, null$$), '3 Week 2 false', 'by another name');
select is(pg_temp.at('desk', 507, format('select concat_ws('' '', a->>''version'', a->>''newest'', a->>''zone'', a->>''may_change'') from app.get_calendar(%s, 1) a', :'made')), '1 3 Europe/Rome false', 'agents look at older ones');
select is(pg_temp.at('desk', 507, format('select string_agg(concat(v->>''version'', v->>''by''), '' '') from json_array_elements(app.get_calendar(%s)->''versions'') v', :'made')),
  (select format('3%1$s 2%1$s 1%1$s', name) from app.people where tenant_id = 16 and id = 508), 'and at who made them');
select is(pg_temp.at('desk', 507, $$select string_agg(d->>'day' || ' ' || (d->>'seconds')::int / 3600 || coalesce(' ' || (d->>'holiday'), '') || coalesce(' set ' || (d->>'set'), ''), ', ')
  from json_array_elements(app.preview_calendar(null, 'Europe/Rome', '[[[0,1440]],[],[],[],[],[[0,1440]],[[0,1440]]]', '[{"day": "2020-04-05", "name": "Closed", "yearly": true}]', '2026-03-28')->'days') d
  where d->>'seconds' <> '0' or d->>'holiday' is not null$$),
  '2026-03-28 24, 2026-03-29 23 set 60, 2026-03-30 24, 2026-04-04 24, 2026-04-05 0 Closed, 2026-04-06 24', 'a fortnight before it is saved, with the day on which clocks are set');
select is(pg_temp.at('desk', 507, $$select d->>'set' from json_array_elements(app.preview_calendar(null, 'America/Sao_Paulo', '[[[0,1440]],[],[],[],[],[],[]]', '[]', '2019-02-16')->'days') d where d->>'set' is not null$$),
  '-60', 'set back at midnight, of the day before');
select is(pg_temp.at('desk', 507, $$select app.preview_calendar(null, 'Europe/Rome', '[[[0,1440]],[],[],[],[],[],[]]', '[]', '2026-02-30')$$), 'PT422 calendars_since.date', 'from a day that there is not');
insert into app.calendars (tenant_id, name) select 16, 'Filler ' || n from generate_series(1, 50 - (select count(*)::int from app.calendars where tenant_id = 16 and archived_at is null)) n;
select is(pg_temp.make(508, 'calendar-14', 'One more'), 'PT422 calendars_name.too_many', 'fifty are enough');
delete from app.calendars where tenant_id = 16 and name like 'Filler %';
insert into app.calendar_versions (tenant_id, calendar_id, version, zone, hours, since, until)
  select tenant_id, calendar_id, 200, zone, hours, since, until from app.calendar_versions where tenant_id = 16 and calendar_id = :made and version = 3;
update app.calendars set version = 200 where tenant_id = 16 and id = :made;
select is(pg_temp.change(:'made', $$null, 'UTC', null, null, null, null, null$$), 'PT422 calendars_hours.versions', 'and two hundred versions');

-- ---- feeds, as jobs tell of them ------------------------------------------------------------------

select matches(pg_temp.make(508, 'calendar-20', 'Fed', feed => 'https://days.example/it'), '^\d+$', 'one with a feed');
select id::text as fed from app.calendars where tenant_id = 16 and name = 'Fed' \gset
update app.calendars set due_at = null where tenant_id <> 16 or id <> :fed;
create function pg_temp.takes() returns text language sql as $$
  select pg_temp.as_role('sportello_jobs', null, 'select concat_ws('' '', c->>''tenant'', c->>''calendar'', c->>''url'') from jobs.take_calendar(''1 minute'') c') $$;
create function pg_temp.feeds(days text, fault text default null, url text default 'https://days.example/it') returns text language plpgsql as $$
begin
  perform pg_temp.as_role('sportello_jobs', null, format('select jobs.calendar_fed(16, %s, %L, %L, %L)', (select id from app.calendars where tenant_id = 16 and name = 'Fed'), url, days, fault));
  return (select concat_ws(' ', c.version, c.feed_state, c.feed_fault, jsonb_array_length(v.feed_days), c.feed_read_at is not null, date_trunc('hour', c.due_at - now()))
  from app.calendars c join app.calendar_versions v on v.tenant_id = c.tenant_id and v.calendar_id = c.id and v.version = c.version where c.tenant_id = 16 and c.name = 'Fed');
end $$;
update app.tenants set suspended_at = now() where tenant_id = 16;
select is(pg_temp.takes(), '', 'a suspended tenant''s has no turn');
update app.tenants set suspended_at = null where tenant_id = 16;
select is(pg_temp.takes(), '16 ' || :'fed' || ' https://days.example/it', 'its turn comes at once');
select is(pg_temp.takes(), '', 'once');
select is(pg_temp.at('desk', 508, format('select app.refresh_calendar(%s)->>''wait''', :'fed')), '60', 'it was just asked');
select is(pg_temp.feeds('[{"day": "2026-12-25", "name": "Natale"}]'), '2 2 1 t 1 day', 'days that are new make a version, and it is read again tomorrow');
select is(pg_temp.feeds('[{"day": "2026-12-25", "name": "Jul"}]'), '2 2 1 t 1 day', 'the same ones by other names do not');
select is(pg_temp.feeds('[{"day": "2026-12-26", "name": "Jul"}, {"day": "2026-12-25", "name": "Jul"}]'), '3 2 2 t 1 day', 'one more does');
select is(pg_temp.feeds(null, 'unreachable'), '3 3 unreachable 2 t 04:00:00', 'of one that does not answer the days stay');
select is(pg_temp.feeds('[]', null, 'https://other.example'), '3 3 unreachable 2 t 04:00:00', 'what was asked of another address is nobody''s any more');
select is(pg_temp.feeds((select jsonb_agg(jsonb_build_object('day', d::date, 'name', 'x'))::text from generate_series(timestamp '2020-01-06', timestamp '2058-01-01', interval '7 days') d)),
  '3 3 never_open 2 t 04:00:00', 'nor is what leaves no day open taken');
select is(pg_temp.feeds((select jsonb_agg(jsonb_build_object('day', d::date, 'name', 'x'))::text from generate_series(timestamp '2026-01-01', timestamp '2032-01-01', interval '1 day') d)),
  '3 3 unfit 2 t 04:00:00', 'nor more days than there may be');
select is(pg_temp.feeds('[]'), '4 2 0 t 1 day', 'none any more');
select is(pg_temp.feeds('[{"day": "2026-12-25", "name": "Natale"}]'), '5 2 1 t 1 day', 'and one again');
update app.calendars set feed_asked_at = now() - interval '2 minutes', due_at = null where tenant_id = 16 and id = :fed;
select is(pg_temp.at('desk', 507, format('select app.refresh_calendar(%s)', :'fed')), 'PT403', 'an agent has it read no sooner');
select is(pg_temp.at('desk', 508, format('select app.refresh_calendar(%s)->''feed''->>''state''', :'fed')), 'waiting', 'an administrator does');
select is(pg_temp.takes(), '16 ' || :'fed' || ' https://days.example/it', 'and it is');
select is(pg_temp.change(:'fed', $$null, null, null, null, 'https://days.example/se', null, null$$), '5 Fed false', 'another address: its days come when it was read');
select is(pg_temp.change(:'fed', $$null, null, null, null, '', null, null$$), '6 Fed false', 'no feed, none of its days');
select is((select concat_ws(' ', feed_url, feed_state, due_at > now() + interval '1 day' or date_part('month', now()) = 12) from app.calendars where tenant_id = 16 and id = :fed), 't', 'and nothing to read before next year');
-- As if it were last year's: laid out for another year when its time comes.
update app.calendar_versions set until = until - 365 where tenant_id = 16 and calendar_id = :fed and version = 6;
update app.calendars set due_at = now() where tenant_id = 16 and id = :fed;
select is(pg_temp.takes(), '16 ' || :'fed', 'its time comes');
select is(pg_temp.as_role('sportello_jobs', null, format('select jobs.calendar_fed(16, %s, null, null, null)', :'fed')), '', 'without a feed');
select is((select version from app.calendars where tenant_id = 16 and id = :fed), 7, 'a version for another year');
select is(pg_temp.at('desk', 508, $$select jobs.take_calendar('1 minute')$$), '42501', 'no worker does that');
select * from finish();
