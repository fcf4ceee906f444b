-- Business calendars (S2): laid out once, then asked by index.

-- ---- laid out ------------------------------------------------------------------------------

-- The days of a range that are holidays, those that come every year in each.
create or replace function app.closed_days(holidays jsonb, since date, until date) returns date[]
language sql immutable parallel safe
set search_path = pg_catalog, pg_temp as $$
  select coalesce(array_agg(distinct d.day), '{}') from jsonb_array_elements(holidays) h
  cross join lateral (
    select (h->>'day')::date as day where (h->'yearly') is distinct from 'true'
    union all
    select make_date(y, substr(h->>'day', 6, 2)::int, right(h->>'day', 2)::int)
      from generate_series(date_part('year', since)::int, date_part('year', until)::int) y
      where h->'yearly' = 'true' and (right(h->>'day', 5) <> '02-29' or y % 4 = 0 and (y % 100 <> 0 or y % 400 = 0))) d
  where d.day >= since and d.day < until
$$;

-- The moments at which the clocks of a zone are set, and how far they are ahead
-- of UTC from then on; the first row is the beginning. Clocks are looked at once a
-- day, and where two days differ minute by minute: they are set on whole minutes.
create or replace function app.clock_changes(zone text, since date, until date)
returns table (at timestamp, ahead interval)
language sql stable
set search_path = pg_catalog, pg_temp as $$
  with daily as materialized (
    select d as at, (d at time zone 'UTC' at time zone zone) - d as ahead
    from generate_series(since - interval '2 days', until + interval '2 days', interval '1 day') d),
  steps as (select d.at, d.ahead, lag(d.at) over (order by d.at) as last_at, lag(d.ahead) over (order by d.at) as was from daily d)
  select min(s.at), (array_agg(s.ahead order by s.at))[1] from steps s where s.last_at is null
  union all
  select m.at, m.ahead from steps s
  cross join lateral (select u as at, (u at time zone 'UTC' at time zone zone) - u as ahead
    from generate_series(s.last_at, s.at, interval '1 minute') u
    where (u at time zone 'UTC' at time zone zone) - u <> s.was order by u limit 1) m
  where s.ahead <> s.was
$$;

-- When it is open: whenever a clock on its wall shows a time within the hours of a
-- day that is no holiday. So an hour that comes twice as the clocks are set back
-- counts twice, and one that is left out does not count. Between two settings of
-- the clocks hours are moved by what they are ahead, and cut off at both.
create or replace function app.spans_of(zone text, hours jsonb, closed date[], since date, until date)
returns table (opens timestamptz, closes timestamptz)
language sql stable
set search_path = pg_catalog, pg_temp as $$
  with eras as materialized (
    select c.at as since, lead(c.at) over (order by c.at) as until, c.ahead from app.clock_changes(zone, since, until) c),
  days as materialized (
    select d.day from generate_series(since::timestamp, until - interval '1 day', interval '1 day') d (day)
    where not exists (select from unnest(closed) c where c = d.day::date)),
  week as materialized (
    select w.n::int as isodow, make_interval(mins => (x->>0)::int) as opens, make_interval(mins => (x->>1)::int) as closes
    from jsonb_array_elements(hours) with ordinality w (day, n) cross join lateral jsonb_array_elements(w.day) x)
  select greatest(d.day + w.opens - e.ahead, e.since) at time zone 'UTC', least(d.day + w.closes - e.ahead, e.until) at time zone 'UTC'
  from eras e
  join days d on d.day >= e.since - interval '2 days' and (e.until is null or d.day <= e.until + interval '2 days')
  join week w on w.isodow = date_part('isodow', d.day)
  where d.day + w.closes - e.ahead > e.since and (e.until is null or d.day + w.opens - e.ahead < e.until)
$$;

-- Lays a version out. False: it is never open.
create or replace function app.lay_out(v app.calendar_versions) returns boolean
language plpgsql volatile
set search_path = pg_catalog, pg_temp as $$
declare
  begins timestamptz := v.since::timestamp at time zone v.zone;
  ends timestamptz := v.until::timestamp at time zone v.zone;
  total bigint;
begin
  insert into app.calendar_spans (tenant_id, calendar_id, version, opens, closes, before)
    with found as (
      select s.opens, s.closes, s.opens > lag(s.closes) over (order by s.opens) as is_apart
      from app.spans_of(v.zone, v.hours, app.closed_days(v.holidays || v.feed_days, v.since, v.until), v.since, v.until) s),
    numbered as (select f.opens, f.closes, count(*) filter (where f.is_apart) over (order by f.opens) as run from found f),
    runs as (select min(n.opens) as opens, max(n.closes) as closes from numbered n group by n.run)
    select v.tenant_id, v.calendar_id, v.version, r.opens, r.closes,
      coalesce(sum(extract(epoch from r.closes - r.opens)) over (order by r.opens rows between unbounded preceding and 1 preceding), 0)
    from runs r;
  select max(s.before + extract(epoch from s.closes - s.opens)) into total from app.calendar_spans s
    where s.tenant_id = v.tenant_id and s.calendar_id = v.calendar_id and s.version = v.version;
  insert into app.calendar_spans (tenant_id, calendar_id, version, opens, closes, before) values
    (v.tenant_id, v.calendar_id, v.version, begins, begins, 0), (v.tenant_id, v.calendar_id, v.version, ends, null, coalesce(total, 0))
    on conflict do nothing;
  return total > 0;
end $$;

-- ---- asked ----------------------------------------------------------------------------------

-- Open seconds of a version's range before a moment; null: outside of the range.
create or replace function app.opened_by(calendar bigint, version int, moment timestamptz) returns numeric
language plpgsql stable as $$
begin
  return (select case when s.closes is not null or s.opens = moment
      then s.before + extract(epoch from least(moment, s.closes) - s.opens) end
    from app.calendar_spans s
    where s.tenant_id = (select auth.tenant_id()) and s.calendar_id = calendar and s.version = opened_by.version and s.opens <= moment
    order by s.opens desc limit 1);
end $$;

-- The open seconds from a to b, negative where b comes first; null: no such version
-- here, or one of the two is outside of what is laid out. Whole seconds of the
-- calendar's own count, so that parts add up to the whole wherever it is divided.
create or replace function app.open_seconds(calendar bigint, version int, a timestamptz, b timestamptz) returns bigint
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
begin
  return floor(app.opened_by(calendar, version, b)) - floor(app.opened_by(calendar, version, a));
end $$;

-- The first moment at which it has been open for so many seconds since a: the end
-- of a span, not the beginning of the next. With none to wait for that is a. Null:
-- beyond what is laid out.
create or replace function app.open_after(calendar bigint, version int, a timestamptz, seconds bigint) returns timestamptz
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
declare
  wanted numeric := app.opened_by(calendar, version, a) + greatest(seconds, 0);
begin
  if wanted is null or seconds <= 0 then
    return case when wanted is not null then a end;
  end if;
  return (select case when s.closes is not null then s.opens + trunc((wanted - s.before) * 1000000) * interval '1 microsecond' end
    from app.calendar_spans s
    where s.tenant_id = (select auth.tenant_id()) and s.calendar_id = calendar and s.version = open_after.version
      and s.before < ceil(wanted)::bigint
    order by s.before desc, s.opens desc limit 1);
end $$;

-- ---- versions --------------------------------------------------------------------------------

-- Raises what is wrong with them, by the field that has it.
create or replace function app.must_be_hours(zone text, hours jsonb, holidays jsonb) returns void
language plpgsql stable
set search_path = pg_catalog, pg_temp as $$
declare
  fault text := app.hours_fault(hours);
begin
  if not exists (select from pg_timezone_names z where z.name = zone) then
    raise exception using errcode = 'PT422', constraint = 'calendars_zone.no_zone', message = 'no such time zone';
  elsif fault is not null then
    raise exception using errcode = 'PT422', constraint = 'calendars_hours.' || fault, message = 'hours that can not be';
  end if;
  fault := app.holidays_fault(holidays, 500);
  if fault is not null then
    raise exception using errcode = 'PT422', constraint = 'calendars_holidays.' || fault, message = 'holidays that can not be';
  end if;
end $$;

-- Hours and holidays as they are kept: in their order, and nothing said that goes without saying.
create or replace function app.hours_in_order(hours jsonb) returns jsonb
language sql immutable parallel safe
set search_path = pg_catalog, pg_temp as $$
  select jsonb_agg((select coalesce(jsonb_agg(x order by x->0), '[]') from jsonb_array_elements(w.day) x) order by w.n)
  from jsonb_array_elements(hours) with ordinality w (day, n)
$$;
create or replace function app.holidays_in_order(holidays jsonb) returns jsonb
language sql immutable parallel safe
set search_path = pg_catalog, pg_temp as $$
  select coalesce(jsonb_agg(case when h->'yearly' = 'true' then h else h - 'yearly' end order by h->>'day'), '[]') from jsonb_array_elements(holidays) h
$$;

-- A version of a calendar, laid out from the first of January of last year,
-- so that a change can be tried on a year of tickets, to the end of the eleventh
-- year from this one: the longest promise is ten years, and one made on the last
-- day of this year still ends within.
create or replace function app.add_version(calendar bigint, number int, zone text, hours jsonb, holidays jsonb, feed_days jsonb,
  author bigint, since date default null, until date default null) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp as $$
declare
  year int := date_part('year', now() at time zone zone);
  v app.calendar_versions;
begin
  insert into app.calendar_versions (tenant_id, calendar_id, version, zone, hours, holidays, feed_days, since, until, created_by)
    values (auth.tenant_id(), calendar, number, zone, app.hours_in_order(hours), app.holidays_in_order(holidays), app.holidays_in_order(feed_days),
      coalesce(since, make_date(year - 1, 1, 1)), coalesce(until, make_date(year + 12, 1, 1)), author)
    returning * into v;
  if not app.lay_out(v) then
    raise exception using errcode = 'PT422', constraint = 'calendars_hours.never_open', message = 'open on no day of its range';
  end if;
  update app.calendars c set version = number where c.tenant_id = v.tenant_id and c.id = calendar;
end $$;
