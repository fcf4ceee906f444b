-- Business calendars (S2): laid out once, then asked by index.

-- ---- laid out ------------------------------------------------------------------------------

-- The days of a range that are holidays, with their names; those that come every year in
-- each. A 29th of February is there in leap years alone; several days in a row that begin
-- or end on one begin on the 1st of March, or end on the 28th, in other years.
create or replace function app.holiday_days(holidays jsonb, since date, until date) returns table (day date, name text)
language sql immutable parallel safe
set search_path = pg_catalog, pg_temp as $$
  select d.day::date, r.name from (
    select (h->>'day')::date as first, coalesce(h->>'to', h->>'day')::date as last, h->>'name' as name
      from jsonb_array_elements(holidays) h where (h->'yearly') is distinct from 'true'
    union all
    select make_date(y, f.month, 1) + f.of_month - 1,
        least(make_date(y + l.year - f.year, l.month, 1) + l.of_month - 1, (make_date(y + l.year - f.year, l.month, 1) + interval '1 month')::date - 1), h->>'name'
      from jsonb_array_elements(holidays) h
      cross join lateral (select left(h->>'day', 4)::int as year, substr(h->>'day', 6, 2)::int as month, right(h->>'day', 2)::int as of_month) f
      cross join lateral (select left(x, 4)::int as year, substr(x, 6, 2)::int as month, right(x, 2)::int as of_month from coalesce(h->>'to', h->>'day') x) l
      cross join lateral generate_series(date_part('year', since)::int - 1, date_part('year', until)::int) y
      where h->'yearly' = 'true') r
  cross join lateral generate_series(greatest(r.first, since)::timestamp, least(r.last, until - 1)::timestamp, interval '1 day') d (day)
$$;
create or replace function app.closed_days(holidays jsonb, since date, until date) returns date[]
language sql immutable parallel safe
set search_path = pg_catalog, pg_temp as $$
  select coalesce(array_agg(distinct d.day), '{}') from app.holiday_days(holidays, since, until) d
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
  return coalesce(total, 0) > 0;
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

-- Raises what is wrong with them, by the field that has it. Eighty holidays are as many as one
-- request may bring; those of more years come every year, or from a feed.
create or replace function app.must_be_hours(zone text, hours jsonb, holidays jsonb) returns void
language plpgsql stable
set search_path = pg_catalog, pg_temp as $$
declare
  fault text := app.hours_fault(hours);
begin
  if not exists (select from pg_timezone_names z where z.name = zone and z.name !~ '^(posix|right)/|^(Factory|localtime|posixrules)$') then
    raise exception using errcode = 'PT422', constraint = 'calendars_zone.no_zone', message = 'no such time zone';
  elsif fault is not null then
    raise exception using errcode = 'PT422', constraint = 'calendars_hours.' || fault, message = 'hours that can not be';
  end if;
  fault := app.holidays_fault(holidays, 80);
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
  select coalesce(jsonb_agg(case when h->'yearly' = 'true' then h else h - 'yearly' end - case when h->>'to' = h->>'day' then 'to' else '' end order by h->>'day'), '[]') from jsonb_array_elements(holidays) h
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

-- ---- by the tenant's administrators -------------------------------------------------------------

create or replace function app.must_keep_calendars() returns void
language plpgsql stable as $$
begin
  if auth.account_id() is not null or auth.rank() < 3 or auth.grant_id() is not null then
    raise exception using errcode = 'PT403', message = 'the tenant''s administrators keep its calendars, at the desk';
  end if;
end $$;

-- When a calendar without a feed is laid out for another year, not all of them at once.
create or replace function app.next_year() returns timestamptz
language sql volatile
return make_date(date_part('year', now())::int + 1, 1, 1)::timestamp at time zone 'UTC' + random() * interval '20 days';

-- The version after that one. Each stays, so there is a limit.
create or replace function app.next_version(v app.calendar_versions, zone text, hours jsonb, holidays jsonb, feed_days jsonb, author bigint)
returns void language plpgsql volatile
set search_path = pg_catalog, pg_temp as $$
begin
  if v.version >= 200 then
    raise exception using errcode = 'PT422', constraint = 'calendars_hours.versions', message = 'two hundred versions: make another calendar';
  end if;
  perform app.add_version(v.calendar_id, v.version + 1, zone, hours, holidays, feed_days, author);
end $$;

-- What there may be, told before it is tried.
create or replace function app.calendar_limits() returns json
language sql immutable parallel safe
return json_build_object('calendars', 50, 'spans', 6, 'holidays', 80, 'holiday_days', 100, 'feed_days', 2000, 'versions', 200);

-- Some days as they will be: how long open, which holiday, and by how many minutes
-- the clocks are set.
create or replace function app.calendar_days(zone text, hours jsonb, holidays jsonb, since date, days int) returns json
language sql stable
set search_path = pg_catalog, pg_temp as $$
  with open as (
    select (s.opens at time zone zone)::date as day, sum(extract(epoch from s.closes - s.opens))::int as seconds
    from app.spans_of(zone, hours, app.closed_days(holidays, since, since + days), since, since + days) s group by 1)
  select json_agg(json_build_object('day', d.day,
      'hours', case when h.name is null then hours->(date_part('isodow', d.day)::int - 1) else '[]' end,
      'seconds', coalesce(o.seconds, 0), 'holiday', h.name,
      'set', (select sum(extract(epoch from x.by))::int / 60 from (
        select c.at, c.ahead - lag(c.ahead) over (order by c.at) as by, c.at + lag(c.ahead) over (order by c.at) as shown
        from app.clock_changes(zone, since, since + days) c) x where x.shown::date = d.day)) order by d.day)
  from (select since + n as day from generate_series(0, days - 1) n) d
  left join open o on o.day = d.day
  left join lateral (select x.name from app.holiday_days(holidays, since, since + days) x where x.day = d.day limit 1) h on true
$$;

-- A fortnight of hours that nobody has saved, from a day on; with the feed's
-- holidays of a calendar.
create or replace function app.preview_calendar(calendar bigint, zone text, hours jsonb, holidays jsonb, since text) returns json
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
declare
  fed jsonb := '[]';
begin
  perform app.must_be_at_desk();
  perform app.must_be_hours(zone, hours, coalesce(holidays, '[]'));
  if app.holidays_fault(jsonb_build_array(jsonb_build_object('day', since, 'name', 'x')), 1) is not null and since is not null then
    raise exception using errcode = 'PT422', constraint = 'calendars_since.date', message = 'no such day';
  end if;
  select v.feed_days into fed from app.calendars c
    join app.calendar_versions v on v.tenant_id = c.tenant_id and v.calendar_id = c.id and v.version = c.version
    where c.tenant_id = auth.tenant_id() and c.id = calendar;
  return json_build_object('days', app.calendar_days(zone, hours, coalesce(holidays, '[]') || coalesce(fed, '[]'),
    coalesce(since::date, (now() at time zone zone)::date), 14));
end $$;

create or replace function app.calendar_feed(c app.calendars) returns json
language sql stable
return case when c.feed_url is not null then json_build_object('url', c.feed_url,
  'state', (array['waiting', 'read', 'failed'])[c.feed_state], 'fault', c.feed_fault,
  'asked_at', c.feed_asked_at, 'read_at', c.feed_read_at) end;

-- All of them; next_at: when it opens or closes next.
create or replace function app.list_calendars() returns json
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
begin
  perform app.must_be_at_desk();
  return json_build_object('limits', app.calendar_limits(), 'may_change', auth.rank() >= 3,
    'calendars', (select coalesce(json_agg(json_build_object('id', c.id, 'name', c.name, 'version', c.version, 'zone', v.zone,
        'hours', v.hours, 'holidays', jsonb_array_length(v.holidays), 'feed_days', jsonb_array_length(v.feed_days),
        'feed', app.calendar_feed(c), 'archived', c.archived_at is not null, 'is_open', now() < s.closes,
        'next_at', case when now() < s.closes then s.closes else (select n.opens from app.calendar_spans n
          where n.tenant_id = c.tenant_id and n.calendar_id = c.id and n.version = c.version and n.opens > now() and n.closes is not null
          order by n.opens limit 1) end) order by c.archived_at is not null, c.name, c.id), '[]')
      from (select x.* from app.calendars x where x.tenant_id = auth.tenant_id() order by x.archived_at is not null, x.name, x.id limit 200) c
      join app.calendar_versions v on v.tenant_id = c.tenant_id and v.calendar_id = c.id and v.version = c.version
      left join lateral (select l.opens, l.closes from app.calendar_spans l
        where l.tenant_id = c.tenant_id and l.calendar_id = c.id and l.version = c.version and l.opens <= now()
        order by l.opens desc limit 1) s on true));
end $$;

-- Which plans promise by it, in the table that holds now or in one that will.
create or replace function app.calendar_plans(calendar bigint) returns json
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
begin
  return (select coalesce(json_agg(json_build_object('key', x.key, 'names', x.names) order by x.key), '[]') from (
    select p->>'key' as key, (array_agg(p->'names' order by v.version desc))[1] as names
    from app.sla_versions v cross join lateral jsonb_array_elements(v.body->'plans') p
    where v.tenant_id = auth.tenant_id() and v.version >= coalesce((app.sla_at(now())).version, 0)
      and exists (select from jsonb_each(p->'targets') t where t.value->>'calendar' = calendar::text)
    group by 1 order by 1 limit 100) x);
end $$;

-- One, with its holidays, the fortnight from today on, and which versions there were; of an older
-- version, if that is asked for. Null: there is none.
create or replace function app.get_calendar(calendar bigint, version int default null) returns json
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
begin
  perform app.must_be_at_desk();
  return (select json_build_object('id', c.id, 'name', c.name, 'version', v.version, 'newest', c.version, 'zone', v.zone, 'hours', v.hours,
      'holidays', v.holidays, 'feed_days', v.feed_days, 'feed', app.calendar_feed(c), 'archived', c.archived_at is not null,
      'since', v.since, 'until', v.until, 'limits', app.calendar_limits(), 'may_change', auth.rank() >= 3, 'plans', app.calendar_plans(c.id),
      'days', app.calendar_days(v.zone, v.hours, v.holidays || v.feed_days, (now() at time zone v.zone)::date, 14),
      'versions', (select json_agg(json_build_object('version', o.version, 'at', o.created_at, 'by', p.name) order by o.version desc)
        from (select x.* from app.calendar_versions x where x.tenant_id = c.tenant_id and x.calendar_id = c.id order by x.version desc limit 20) o
        left join app.people p on p.tenant_id = o.tenant_id and p.id = o.created_by))
    from app.calendars c
    join app.calendar_versions v on v.tenant_id = c.tenant_id and v.calendar_id = c.id and v.version = coalesce(get_calendar.version, c.version)
    where c.tenant_id = auth.tenant_id() and c.id = calendar);
end $$;

-- Locks the tenant's calendars, so that two at once are not one too many, and says what
-- can not be.
create or replace function app.must_be_calendar(calendar bigint, name text, feed_url text) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp as $$
begin
  perform pg_advisory_xact_lock(hashtextextended('calendars/' || auth.tenant_id(), 0));
  if (select count(*) from app.calendars c where c.tenant_id = auth.tenant_id() and c.archived_at is null and c.id is distinct from calendar) >= 50
      or calendar is null and (select count(*) from app.calendars c where c.tenant_id = auth.tenant_id()) >= 200 then
    raise exception using errcode = 'PT422', constraint = 'calendars_name.too_many', message = 'fifty in use, two hundred in all';
  elsif exists (select from app.calendars c where c.tenant_id = auth.tenant_id() and c.archived_at is null
      and c.name = must_be_calendar.name and c.id is distinct from calendar) then
    raise exception using errcode = 'PT422', constraint = 'calendars_name.taken', message = 'a calendar in use has that name';
  elsif feed_url <> '' and feed_url !~ '^https://[^/?#@[:space:]]+([/?][^#[:space:]]*)?$' then
    raise exception using errcode = 'PT422', constraint = 'calendars_feed_url.https', message = 'feeds are read by https alone';
  end if;
end $$;

create or replace function app.create_calendar(name text, zone text, hours jsonb, holidays jsonb, feed_url text, key text) returns json
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  sent app.sent := app.sent('calendars', key, concat_ws(E'\n', name, zone, hours, holidays, feed_url));
  made bigint;
begin
  if sent.answer is not null then
    return sent.answer;
  end if;
  perform app.must_keep_calendars();
  perform app.must_be_calendar(null, name, feed_url);
  perform app.must_be_hours(zone, hours, coalesce(holidays, '[]'));
  insert into app.calendars (tenant_id, name, feed_url, feed_state, due_at)
    values (auth.tenant_id(), create_calendar.name, nullif(create_calendar.feed_url, ''),
      case when create_calendar.feed_url <> '' then 1 end, case when create_calendar.feed_url <> '' then now() else app.next_year() end)
    returning id into made;
  perform app.add_version(made, 1, zone, hours, coalesce(holidays, '[]'), '[]', auth.person_id());
  perform app.record_account('calendar.created', null, jsonb_build_object('calendar', made, 'name', name));
  return app.remember(sent, json_build_object('id', made));
end $$;

-- What is given of it. Other hours make a version, other names and addresses do not.
-- seen: the version that was changed; if there is a newer one by now, it is refused.
create or replace function app.change_calendar(calendar bigint, name text, zone text, hours jsonb, holidays jsonb, feed_url text,
  archived boolean, seen int) returns json
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  c app.calendars;
  v app.calendar_versions;
  fed jsonb;
begin
  perform app.must_keep_calendars();
  select x.* into c from app.calendars x where x.tenant_id = auth.tenant_id() and x.id = calendar;
  if not found then
    return null;
  end if;
  if archived is distinct from true then
    perform app.must_be_calendar(calendar, coalesce(name, c.name), feed_url);
  end if;
  select x.* into c from app.calendars x where x.tenant_id = auth.tenant_id() and x.id = calendar for update;
  select x.* into v from app.calendar_versions x
    where x.tenant_id = c.tenant_id and x.calendar_id = c.id and x.version = c.version;
  if seen <> c.version then
    raise exception using errcode = 'PT409', constraint = 'conflict', message = 'somebody else changed it meanwhile';
  end if;
  -- Without a feed its holidays go, too; another one's come when it has been read.
  fed := case when feed_url = '' then '[]' else v.feed_days end;
  perform app.must_be_hours(coalesce(zone, v.zone), coalesce(hours, v.hours), coalesce(holidays, v.holidays));
  if (coalesce(zone, v.zone), app.hours_in_order(coalesce(hours, v.hours)), app.holidays_in_order(coalesce(holidays, v.holidays)), fed)
      is distinct from (v.zone, v.hours, v.holidays, v.feed_days) then
    perform app.next_version(v, coalesce(zone, v.zone), coalesce(hours, v.hours), coalesce(holidays, v.holidays), fed, auth.person_id());
  end if;
  c.name := coalesce(name, c.name);
  c.archived_at := case when archived then coalesce(c.archived_at, now()) when not archived then null else c.archived_at end;
  if feed_url is not null or archived is not null then
    c.feed_url := case when feed_url is null then c.feed_url else nullif(feed_url, '') end;
    c.feed_state := case when c.feed_url is not null then 1 end;
    c.feed_fault := null;
    c.feed_read_at := case when c.feed_url is not null then c.feed_read_at end;
    c.due_at := case when c.archived_at is not null then null when c.feed_url is not null then now() else app.next_year() end;
  end if;
  update app.calendars x set name = c.name, archived_at = c.archived_at, feed_url = c.feed_url, feed_state = c.feed_state,
      feed_fault = c.feed_fault, feed_read_at = c.feed_read_at, due_at = c.due_at
    where x.tenant_id = c.tenant_id and x.id = c.id;
  perform app.record_account('calendar.changed', null, jsonb_strip_nulls(jsonb_build_object('calendar', c.id, 'name', c.name,
    'version', nullif((select x.version from app.calendars x where x.tenant_id = c.tenant_id and x.id = c.id), v.version), 'archived', archived)));
  return app.get_calendar(calendar);
end $$;

-- Its feed is read again now: jobs see to it, at most once a minute.
create or replace function app.refresh_calendar(calendar bigint) returns json
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  c app.calendars;
begin
  perform app.must_keep_calendars();
  select x.* into c from app.calendars x where x.tenant_id = auth.tenant_id() and x.id = calendar for update;
  if not found then
    return null;
  elsif c.feed_url is null or c.archived_at is not null then
    raise exception using errcode = 'PT409', constraint = 'conflict', message = 'no feed that is read';
  elsif c.feed_asked_at > now() - interval '1 minute' then
    return json_build_object('wait', ceil(extract(epoch from c.feed_asked_at + interval '1 minute' - now()))::int);
  end if;
  update app.calendars x set feed_state = 1, due_at = now() where x.tenant_id = c.tenant_id and x.id = c.id;
  return app.get_calendar(calendar);
end $$;

-- ---- by jobs -------------------------------------------------------------------------------------

-- A calendar whose feed is to be read or that is to be laid out for another year, of
-- the tenant whose turn it is. since, until: the days that are asked for. Null: none.
create or replace function jobs.take_calendar(lease interval) returns json
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  c record;
  turn record;
begin
  for turn in select * from jobs.turns('calendar') loop
    with due as materialized (
      select o.tenant_id, o.id from app.calendars o
      where o.due_at <= now() and o.tenant_id >= turn.lowest and o.tenant_id < turn.below
        and (select t.suspended_at from app.tenants t where t.tenant_id = o.tenant_id) is null
      order by o.tenant_id, o.due_at limit 1 for update skip locked)
    update app.calendars x set due_at = now() + lease, feed_asked_at = case when x.feed_url is not null then now() end
      from due where x.tenant_id = due.tenant_id and x.id = due.id
      returning x.tenant_id, x.id, x.feed_url into c;
    exit when found;
  end loop;
  if c.id is not null then
    perform jobs.had_turn('calendar', c.tenant_id);
  end if;
  return case when c.id is not null then json_build_object('tenant', c.tenant_id, 'calendar', c.id, 'url', c.feed_url,
    'since', make_date(date_part('year', now())::int - 1, 1, 1), 'until', make_date(date_part('year', now())::int + 12, 1, 1)) end;
end $$;

-- What a feed said, as holidays, or (fault) why it said nothing. Its days alone are compared:
-- of another name for the same ones nothing follows.
create or replace function app.calendar_fed(calendar bigint, url text, days jsonb, fault text) returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  c app.calendars;
  v app.calendar_versions;
  said text := fault;
begin
  select x.* into c from app.calendars x where x.tenant_id = auth.tenant_id() and x.id = calendar
    and x.feed_url is not distinct from url and x.archived_at is null for update;
  if not found then
    return;
  end if;
  select x.* into v from app.calendar_versions x
    where x.tenant_id = c.tenant_id and x.calendar_id = c.id and x.version = c.version;
  if said is null and (v.until < make_date(date_part('year', now() at time zone v.zone)::int + 12, 1, 1)
      or array(select d->>'day' from jsonb_array_elements(coalesce(days, v.feed_days)) d order by 1)
        <> array(select d->>'day' from jsonb_array_elements(v.feed_days) d order by 1)) then
    begin
      perform app.next_version(v, v.zone, v.hours, v.holidays, coalesce(days, v.feed_days), null);
    exception when sqlstate 'PT422' or check_violation then
      -- It leaves no day open, or there are too many versions.
      get stacked diagnostics said = constraint_name;
      said := coalesce(nullif(split_part(said, '.', 2), ''), 'unfit');
    end;
  end if;
  update app.calendars x set feed_state = case when url is not null then case when said is null then 2 else 3 end end,
      feed_fault = case when url is not null then said end, feed_read_at = case when said is null and url is not null then now() else x.feed_read_at end,
      -- Not everybody's at the same hour.
      due_at = case when url is null then app.next_year() when said is null then now() + interval '1 day' else now() + interval '4 hours' end
        + random() * interval '1 hour'
    where x.tenant_id = c.tenant_id and x.id = c.id;
end $$;

create or replace function jobs.calendar_fed(tenant bigint, calendar bigint, url text, days jsonb, fault text) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp as $$
begin
  perform jobs.enter(tenant);
  perform app.calendar_fed(calendar, url, days, fault);
end $$;
