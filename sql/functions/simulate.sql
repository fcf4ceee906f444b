-- What would have changed (S5): the clocks of past tickets, worked out by the table
-- and the calendar as they are saved and as somebody is about to save them. Nothing is
-- written.

-- For how long the past is looked at in one request, by this and by rules that are tried.
create or replace function app.trial_time() returns interval language sql immutable parallel safe return interval '2 seconds';

-- A calendar that nobody has saved, laid out for the days of some tickets and for five
-- years from now, since a promise may reach that far.
create or replace function app.suppose_calendar(body jsonb, calendar bigint, zone text, hours jsonb, holidays jsonb, days int) returns app.what_if
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
declare
  w app.what_if;
  since date := (now() at time zone zone)::date - days - 2;
  until date := (now() at time zone zone)::date + 5 * 366;
begin
  w.body := body;
  w.calendar := calendar;
  w.version := 0;
  with found as (
    select s.opens, s.closes, s.opens > lag(s.closes) over (order by s.opens) as is_apart
    from app.spans_of(zone, hours, app.closed_days(holidays, since, until), since, until) s),
  numbered as (select f.opens, f.closes, count(*) filter (where f.is_apart) over (order by f.opens) as run from found f),
  runs as (select min(n.opens) as opens, max(n.closes) as closes from numbered n group by n.run),
  -- The beginning, each span, the end.
  ends as (
    select r.opens, r.closes from runs r
    union select e.at, case when e.is_first then e.at end from (values (since::timestamp at time zone zone, true), (until::timestamp at time zone zone, false)) e (at, is_first)
      where not exists (select from runs r where r.opens = e.at)),
  counted as (select e.opens, e.closes,
      coalesce(sum(extract(epoch from coalesce(e.closes, e.opens) - e.opens)) over (order by e.opens rows between unbounded preceding and 1 preceding), 0)::bigint as before from ends e)
  select array_agg(c.opens order by c.opens), array_agg(c.closes order by c.opens), array_agg(c.before order by c.opens) into w.opens, w.closes, w.before from counted c;
  if w.before[cardinality(w.before)] = 0 then
    raise exception using errcode = 'PT422', constraint = 'calendars_hours.never_open', message = 'open on no day of its range';
  end if;
  return w;
end $$;

-- What becomes of a ticket's promises: as results are, but for what runs and is over its
-- time now, which is broken; and of what runs on, when it is due.
create or replace function app.supposed_results(t app.tickets, w app.what_if) returns table (kind smallint, turn int, priority smallint, met boolean, due timestamptz)
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
declare
  f record := app.fold_clocks(t, false, w);
  c app.ticket_clocks;
  turns int := 0;
begin
  foreach c in array f.past || f.clocks loop
    continue when c.target is null;
    turns := turns + (c.kind = 2)::int;
    kind := c.kind;
    turn := case when c.kind = 2 then turns else 1 end;
    priority := c.priority;
    met := case when c.late or c.state = 1 and c.due_at <= now() then false when c.state = 4 or c.kind = 3 and c.state = 3 then true end;
    due := case when c.state = 1 and met is null then c.due_at end;
    return next;
  end loop;
end $$;

-- The newest tickets of some days, two thousand and for two seconds at most, each promise
-- before and after. A row without a kind for each that was looked at.
create or replace function app.simulated(days int, saved app.what_if, edited app.what_if)
returns table (ticket bigint, kind smallint, turn int, priority smallint, was boolean, becomes boolean, due timestamptz, new_due timestamptz)
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
declare
  t app.tickets;
begin
  for t in select x.* from app.tickets x where x.tenant_id = auth.tenant_id() and x.at_desk and x.created_at > now() - days * interval '1 day'
      order by x.created_at desc, x.id desc limit 2000 loop
    exit when clock_timestamp() > statement_timestamp() + app.trial_time();
    return query select t.id, null::smallint, null::int, null::smallint, null::boolean, null::boolean, null::timestamptz, null::timestamptz
      union all
      select t.id, coalesce(a.kind, b.kind), coalesce(a.turn, b.turn), coalesce(b.priority, a.priority), a.met, b.met, a.due, b.due
      from app.supposed_results(t, saved) a full join app.supposed_results(t, edited) b using (kind, turn);
  end loop;
end $$;

-- A table, or a calendar's zone, hours and holidays, as they are about to be saved.
create or replace function app.simulate(body jsonb, calendar bigint, zone text, hours jsonb, holidays jsonb, days int) returns json
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
declare
  last app.sla_versions := app.sla_at(now());
  c app.calendars;
  fed jsonb;
  saved app.what_if;
  edited app.what_if;
  faults jsonb := case when body is not null then app.sla_faults(body) else '[]' end;
begin
  perform app.must_keep_service_level();
  if faults <> '[]' then
    raise exception using errcode = 'PT422', message = 'not a table', detail = (select jsonb_agg(f) from (select f from jsonb_array_elements(faults) f limit 50) x)::text;
  elsif body is null and (calendar is null or zone is null or hours is null) then
    raise exception using errcode = 'PT422', message = 'nothing to try', detail = jsonb_build_array(app.sla_fault('table', 'required'))::text;
  end if;
  perform app.begin_work();
  saved.body := coalesce(last.body, '{"escalated_runs": false, "warn": 0, "plans": [{"key": "none", "targets": {}}]}');
  edited.body := coalesce(body, saved.body);
  if body is null then
    perform app.must_be_hours(zone, hours, coalesce(holidays, '[]'));
    select x.* into c from app.calendars x where x.tenant_id = auth.tenant_id() and x.id = calendar;
    if not found then
      raise exception using errcode = 'PT404', message = 'no such calendar';
    end if;
    fed := (select v.feed_days from app.calendar_versions v where v.tenant_id = c.tenant_id and v.calendar_id = c.id and v.version = c.version);
    saved.calendar := c.id;
    saved.version := c.version;
    edited := app.suppose_calendar(edited.body, c.id, zone, app.hours_in_order(hours), coalesce(holidays, '[]') || coalesce(fed, '[]'), days);
  end if;
  return (with found as materialized (select s.* from app.simulated(days, saved, edited) s),
    changed as (select f.*, f.becomes and not f.was as better from found f where f.kind is not null and f.was <> f.becomes),
    moved as (select f.* from found f where f.kind is not null and (f.due is not null or f.new_due is not null) and f.due is distinct from f.new_due)
    select json_build_object('days', days,
      'looked', (select count(*) from found f where f.kind is null),
      'tickets', (select count(*) from (select from app.tickets x where x.tenant_id = auth.tenant_id() and x.at_desk and x.created_at > now() - days * interval '1 day' limit 2001) x),
      'kinds', (select coalesce(json_agg(json_build_object('kind', app.clock_name(k.kind), 'priority', (app.priority_names())[5 - k.priority], 'met', k.met, 'missed', k.missed, 'new_met', k.new_met, 'new_missed', k.new_missed)
          order by k.kind, k.priority desc), '[]')
        from (select f.kind, f.priority, count(*) filter (where f.was) as met, count(*) filter (where not f.was) as missed,
          count(*) filter (where f.becomes) as new_met, count(*) filter (where not f.becomes) as new_missed from found f where f.kind is not null group by 1, 2) k
        where k.met + k.missed + k.new_met + k.new_missed > 0),
      'better', (select count(*) from changed x where x.better), 'worse', (select count(*) from changed x where not x.better), 'moved', (select count(*) from moved),
      'changed', (select coalesce(json_agg(json_build_object('number', x.ticket, 'title', (select t.title from app.tickets t where t.tenant_id = auth.tenant_id() and t.id = x.ticket), 'kind', app.clock_name(x.kind), 'met', x.becomes)
          order by x.becomes, x.ticket desc), '[]') from (select * from changed order by becomes, changed.ticket desc limit 50) x),
      'dues', (select coalesce(json_agg(json_build_object('number', x.ticket, 'title', (select t.title from app.tickets t where t.tenant_id = auth.tenant_id() and t.id = x.ticket), 'kind', app.clock_name(x.kind), 'due', x.due, 'new_due', x.new_due)
          order by x.ticket desc), '[]') from (select * from moved order by moved.ticket desc limit 50) x)));
end $$;
