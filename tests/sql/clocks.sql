-- S4: clocks. In the tenant 18, made like the two of fixtures.sql: random histories
-- against an oracle that walks through minutes, what is kept against what is worked
-- out, what is told when something is due.
set search_path = pgtap, pg_catalog;
insert into app.tenants (tenant_id, slug, name) values (18, 'clocks', 'Clocks');
select fixture.fill(18, 'clocks') \g /dev/null
select * from no_plan();
set story.tenant = 18;
set story.slug = 'clocks';
\ir lib/story.sql

-- Once a transaction.
create function pg_temp.enter() returns void language plpgsql as $$
begin
  if auth.tenant_id() is null then
    perform auth.set_context(18, null, null, null, null, 0::smallint, '{}', false);
  end if;
end $$;

-- ---- what is promised ------------------------------------------------------------------

-- From a Monday on: two versions of the table, two plans, business time with a lunch
-- break and a holiday, another calendar from the second version on.
create temp table at_week as select date_trunc('week', now() - interval '6 weeks') as monday;
begin;
select auth.set_context(18, null, null, null, null, 0::smallint, '{}', false) \g /dev/null
delete from app.sla_versions where tenant_id = 18;
delete from app.account_plans where tenant_id = 18;
delete from app.ticket_clocks where tenant_id = 18;
insert into app.calendars (tenant_id, id, name) values (18, 11, 'Office'), (18, 12, 'Long days');
select app.add_version(11, 1, 'Europe/Rome', '[[[540,780],[840,1080]],[[540,780],[840,1080]],[[540,780],[840,1080]],[[540,780],[840,1080]],[[540,780],[840,1080]],[],[]]',
  jsonb_build_array(jsonb_build_object('day', to_char((select monday + interval '2 days' from at_week), 'YYYY-MM-DD'), 'name', 'Holiday')), '[]', null) \g /dev/null
select app.add_version(12, 1, 'Asia/Tokyo', '[[[0,1320]],[[0,1320]],[[0,1320]],[[0,1320]],[[0,1320]],[[600,720]],[]]', '[]', '[]', null) \g /dev/null
update app.calendar_versions set created_at = '2026-01-01' where tenant_id = 18;
insert into app.sla_versions (tenant_id, version, valid_from, body)
  select 18, v, monday - interval '1 day' + (v - 1) * interval '6 days', jsonb_build_object('shown', true, 'escalated_runs', v = 2, 'warn', 60, 'priorities', '{}'::jsonb, 'matrix', '{}'::jsonb,
    'plans', (select jsonb_agg(jsonb_build_object('key', p, 'names', '{"en": "x"}'::jsonb, 'targets', jsonb_build_object(
        'urgent', jsonb_build_object('first', 30 * v, 'next', 45, 'resolution', 240 * n, 'calendar', null),
        'high', jsonb_build_object('first', 90, 'next', 60, 'resolution', 700 * v, 'calendar', 11),
        'normal', jsonb_build_object('first', 240, 'next', 300 * n, 'resolution', 1500, 'calendar', 10 + v),
        'low', jsonb_build_object('first', 900, 'next', 30)))) from unnest('{standard,gold}'::text[]) with ordinality x (p, n)))
  from at_week, generate_series(1, 2) v;
insert into app.account_plans (tenant_id, account_id, since, plan) select 18, 10, monday + interval '3 days', 'gold' from at_week;
commit;

-- ---- random histories --------------------------------------------------------------------

-- Each at minutes of its own; statuses, priorities, replies in any order.
\set tickets 150
create temp table history as
  select 1000 + t as ticket, n, m as minute, (select monday from at_week) + m * interval '1 minute' as at,
    case when n = 1 then 'opened' else (array['status', 'status', 'status', 'priority', 'desk', 'customer', 'customer'])[1 + floor(random() * 7)] end as what,
    (array['new', 'in_progress', 'blocked', 'on_hold', 'solved', 'closed', 'closed_escalated'])[1 + floor(random() * 7)] as status,
    (array['low', 'normal', 'high', 'urgent'])[1 + floor(random() * 4)] as priority
  from generate_series(1, :tickets) t
  cross join lateral (select m, row_number() over (order by m) as n
    from (select distinct floor(random() * 14000)::int + t * 0 as m from generate_series(1, 2 + floor(random() * 10 + t * 0)::int)) x) y;
-- None is taken back within the hour: that is looked at by hand.
update history h set what = 'customer' where what = 'priority'
  and exists (select from history p where p.ticket = h.ticket and p.what = 'priority' and p.minute < h.minute and p.minute >= h.minute - 60);
create temp table held as
  select h.*, coalesce((select p.status from history p where p.ticket = h.ticket and p.what = 'status' and p.n <= h.n order by p.n desc limit 1), 'new') as status_then,
    coalesce((select p.priority from history p where p.ticket = h.ticket and p.what = 'priority' and p.n <= h.n order by p.n desc limit 1), null) as priority_then,
    coalesce((select p.n from history p where p.ticket = h.ticket and p.what = 'priority' and p.n <= h.n order by p.n desc limit 1), 0) as priority_at,
    (select max(m.minute) from history m where m.ticket = h.ticket) as last
  from history h;
begin;
select auth.set_context(18, null, null, null, null, 0::smallint, '{}', false) \g /dev/null
insert into app.tickets (tenant_id, id, portal_id, account_id, requester_id, title, status, priority, at_desk, created_at)
  select 18, h.ticket, 110, 10, 501, 'Random', app.status_number((array_agg(x.status_then order by x.n desc))[1]),
    app.priority_number((array_agg(x.priority_then order by x.n desc))[1]), true, min(h.at)
  from history h join held x using (ticket, n) group by h.ticket;
-- Written in any order, numbered in that of what happened.
insert into app.events (tenant_id, id, kind, ticket_id, data, created_at) overriding system value
  select 18, 1000000 + row_number() over (order by h.ticket, h.n), case h.what when 'opened' then 'ticket.opened' when 'status' then 'ticket.changed' when 'priority' then 'ticket.changed' else 'ticket.replied' end,
    h.ticket, case h.what when 'status' then jsonb_build_object('status', jsonb_build_array(coalesce(b.status_then, 'new'), h.status))
      when 'priority' then jsonb_build_object('priority', jsonb_build_array(b.priority_then, h.priority))
      when 'opened' then '{"by": "customer"}' else jsonb_build_object('by', h.what) end, h.at
  from history h left join held b on b.ticket = h.ticket and b.n = h.n - 1 order by random();
commit;

-- The oracle. Which minutes count in which calendar (0: all), by the wall.
create temp table open_minute as
  select m, (extract(isodow from r) < 6 and (r::time >= '09:00' and r::time < '13:00' or r::time >= '14:00' and r::time < '18:00')
      and r::date <> ((select monday + interval '2 days' from at_week))::date) as office,
    (extract(isodow from j) < 6 and j::time < '22:00' or extract(isodow from j) = 6 and j::time >= '10:00' and j::time < '12:00') as long
  from generate_series(0, 40000) m
  cross join lateral (select (select monday from at_week) + m * interval '1 minute' as u) u
  cross join lateral (select u at time zone 'Europe/Rome' as r, u at time zone 'Asia/Tokyo' as j) z;
create unique index on open_minute (m);
-- Which version and plan hold from a minute on, and so which calendar and how many minutes.
create function pg_temp.version_at(minute int) returns int language sql as $$ select case when minute >= 5 * 1440 then 2 else 1 end $$;
create function pg_temp.calendar_at(priority text, minute int) returns int language sql as $$
  select case coalesce(priority, 'normal') when 'high' then 1 when 'normal' then pg_temp.version_at(minute) else 0 end $$;
create function pg_temp.minutes_at(kind int, priority text, minute int) returns int language sql as $$
  select case kind || coalesce(priority, 'normal')
    when '1urgent' then 30 * pg_temp.version_at(minute) when '2urgent' then 45 when '3urgent' then 240 * gold
    when '1high' then 90 when '2high' then 60 when '3high' then 700 * pg_temp.version_at(minute)
    when '1normal' then 240 when '2normal' then 300 * gold when '3normal' then 1500 when '1low' then 900 when '2low' then 30 end
  from (select case when minute >= 3 * 1440 then 2 else 1 end as gold) g $$;
-- When each clock lives: from when, till when (null: still), and so which of its
-- priorities hold from when on.
create temp table answers as select ticket, n, minute from history where what = 'desk' or what = 'status' and status = 'solved';
create temp table lives as
  select h.ticket, 1 as kind, min(h.minute) as since, (select min(a.minute) from answers a where a.ticket = h.ticket) as until from history h group by 1
  union all
  select h.ticket, 3, min(h.minute), null from history h group by 1
  union all
  -- The newest of those that nobody had answered before: the first after an answer.
  select ticket, 2, since, until from (
    select distinct on (q.ticket) q.ticket, q.minute as since, (select min(a.minute) from answers a where a.ticket = q.ticket and a.minute > q.minute) as until
    from (select c.ticket, min(c.minute) as minute from history c
      cross join lateral (select max(a.minute) as before from answers a where a.ticket = c.ticket and a.minute < c.minute) a
      where c.what = 'customer' and a.before is not null group by c.ticket, a.before) q
    order by q.ticket, q.minute desc) x;
-- Each stretch between two events: does it run, in which calendar?
create temp table stretch as
  select l.ticket, l.kind, h.n, h.minute as a, lead(h.minute, 1, h.last) over w as b, l.since, l.until,
    pg_temp.calendar_at(h.priority_then, g.since) as calendar, pg_temp.minutes_at(l.kind, h.priority_then, g.since) as target, g.since as target_since,
    h.status_then in ('new', 'in_progress') or h.status_then = 'closed_escalated' and l.kind = 3 and pg_temp.version_at(g.since) = 2 as runs
  from lives l join held h on h.ticket = l.ticket and h.minute >= l.since and (l.until is null or h.minute < l.until)
  cross join lateral (select greatest(l.since, coalesce((select p.minute from history p where p.ticket = l.ticket and p.n = h.priority_at), l.since)) as since) g
  window w as (partition by l.ticket, l.kind order by h.minute);
update stretch set b = least(b, until) where until is not null;
create temp table wanted as
  select l.ticket, l.kind, l.since, l.until, u.used, f.target, f.calendar, f.runs, f.target_since
  from lives l
  left join lateral (select * from stretch s where s.ticket = l.ticket and s.kind = l.kind order by s.a desc limit 1) f on true
  cross join lateral (select coalesce(sum(case s.calendar when 0 then s.b - s.a when 1 then o.office else o.long end), 0)::int as used
    from stretch s left join lateral (select count(*) filter (where m.office) as office, count(*) filter (where m.long) as long
      from open_minute m where m.m >= s.a and m.m < s.b) o on true
    where s.ticket = l.ticket and s.kind = l.kind and s.runs and s.target is not null) u;

create function pg_temp.clocks() returns setof app.ticket_clocks language plpgsql as $$
begin
  perform pg_temp.enter();
  return query select c.* from (select distinct ticket from history) h cross join lateral app.clocks_of(h.ticket) c;
end $$;
create temp table worked_out as select * from pg_temp.clocks();
-- Used up to the last event, in minutes.
create temp table got as
  select c.ticket_id as ticket, c.kind::int, extract(epoch from c.started_at - w.monday)::int / 60 as since, extract(epoch from c.ended_at - w.monday)::int / 60 as until, c.state,
    (c.used + case when c.state = 1 then case when c.calendar is null then extract(epoch from l.at - c.running_since)
      else app.open_seconds(c.calendar, c.calendar_version, c.running_since, l.at) end else 0 end) / 60.0 as used, c.target / 60 as target, coalesce(c.calendar - 10, 0) as calendar, c.due_at, c.late
  from worked_out c cross join at_week w
  cross join lateral (select max(h.at) as at, pg_temp.enter() from history h where h.ticket = c.ticket_id) l;
select cmp_ok((select count(*) from got), '>', :tickets * 2::bigint, 'clocks of random histories');
select cmp_ok((select count(*) from got where state = s), '>', 5::bigint, 'some in the state ' || s) from generate_series(1, 4) s;
create function pg_temp.wrong() returns text language sql as $$
  select string_agg(format('%s/%s: %s %s %s %s, wanted %s %s %s %s', coalesce(g.ticket, w.ticket), coalesce(g.kind, w.kind), g.since, g.used, g.target, g.calendar, w.since, w.used, w.target, w.calendar), E'\n')
  from (select * from got g full join (select * from wanted w where w.target is not null) w using (ticket, kind)
    where (g.since, round(g.used), g.target, g.calendar) is distinct from (w.since, w.used, w.target, w.calendar) limit 6) x (ticket, kind)
  left join got g using (ticket, kind) left join wanted w using (ticket, kind) $$;
select is(pg_temp.wrong(), null, 'each used as many minutes as the oracle counted');
select is((select string_agg(format('%s/%s', g.ticket, g.kind), ' ') from got g join wanted w using (ticket, kind) where (g.state = 1) <> coalesce(w.runs and (w.until is null), false)), null, 'and runs where it says');
-- Due: the minute at which what is left has been counted.
select is((select string_agg(format('%s/%s %s %s', g.ticket, g.kind, g.due_at, d.due), E'\n') from got g
    join wanted w using (ticket, kind)
    cross join lateral (select (select monday from at_week) + (m.m + 1) * interval '1 minute' as due from (
      select o.m, count(*) over (order by o.m) as n from open_minute o
      where o.m >= (select max(h.minute) from history h where h.ticket = g.ticket) and (g.calendar = 0 or g.calendar = 1 and o.office or g.calendar = 2 and o.long)) m
      where m.n = g.target - w.used) d
    where g.state = 1 and not g.late and g.due_at > (select max(h.at) from history h where h.ticket = g.ticket) and g.due_at is distinct from d.due), null, 'each is due when the oracle says');
select cmp_ok((select count(*) from got where state = 1 and not late), '>', 20::bigint, 'of many that run');

-- ---- kept ---------------------------------------------------------------------------------

-- Worked out again after any of the events, in any order: the same.
create function pg_temp.keep_all() returns void language plpgsql as $$
begin
  perform pg_temp.enter();
  perform app.follow_clocks(e.id) from (select x.id from app.events x where x.tenant_id = 18 and x.ticket_id > 1000 order by random()) e;
end $$;
select pg_temp.keep_all() \g /dev/null
create function pg_temp.unlike() returns bigint language sql as $$
  select count(*) from ((select * from pg_temp.clocks() except select * from app.ticket_clocks where tenant_id = 18)
    union all (select * from app.ticket_clocks where tenant_id = 18 and ticket_id > 1000 except select * from pg_temp.clocks())) x $$;
select is(pg_temp.unlike(), 0::bigint, 'what is kept is what is worked out');
create function pg_temp.results() returns setof app.clock_results language plpgsql as $$
begin
  perform pg_temp.enter();
  return query select r.* from app.tickets t cross join lateral app.fold_clocks(t, false) f cross join lateral app.results_of(f.past || f.clocks) r where t.tenant_id = 18 and t.id > 1000;
end $$;
create function pg_temp.other_results() returns bigint language sql as $$
  select count(*) from ((select * from pg_temp.results() except select * from app.clock_results where tenant_id = 18)
    union all (select * from app.clock_results where tenant_id = 18 and ticket_id > 1000 except select * from pg_temp.results())) x $$;
select is(pg_temp.other_results(), 0::bigint, 'so are results');
select cmp_ok((select count(*) from app.clock_results where tenant_id = 18 and ticket_id > 1000 and met = m), '>', 20::bigint, 'some of promises ' || m) from unnest(array[true, false]) m;
-- Those of the oracle: over, and in time or not.
select is((select string_agg(format('%s/%s', w.ticket, w.kind), ' ') from wanted w join app.clock_results r on r.tenant_id = 18 and r.ticket_id = w.ticket and r.kind = w.kind and w.kind < 3
    and r.ended_at = (select monday from at_week) + w.until * interval '1 minute' where w.until is not null and w.target is not null and w.used <> w.target
    and r.met <> (w.used < w.target) and not exists (select from app.events e where e.tenant_id = 18 and e.ticket_id = w.ticket and e.data ? 'priority')), null, 'kept where the oracle used no more than was promised');
-- One that was written between others comes late.
begin;
select auth.set_context(18, null, null, null, null, 0::smallint, '{}', false) \g /dev/null
delete from app.events where tenant_id = 18 and id in (select id from app.events where tenant_id = 18 and ticket_id = 1007 and kind <> 'ticket.opened' order by random() limit 1);
select app.keep_clocks(1007) \g /dev/null
select is(pg_temp.unlike(), 0::bigint, 'without one of them');
select is(pg_temp.other_results(), 0::bigint, 'results too');
rollback;
select pg_temp.keep_all() \g /dev/null
select is(pg_temp.unlike(), 0::bigint, 'and with it again');
select is((select count(*) from (select ticket_id from app.ticket_clocks where tenant_id = 18 and is_next group by 1 having count(*) > 1) x), 0::bigint, 'one of a ticket is the next');

-- ---- by hand: what a person can follow -----------------------------------------------------------

-- Opened on a Monday at 12:30 in Rome: half an hour till lunch, then from two on.
create function pg_temp.said(w text) returns text language plpgsql as $$
begin
  perform pg_temp.enter();
  return (select string_agg(format('%s %s %s%s', k, c.state, c.used / 60, coalesce(' ' || to_char(c.due_at at time zone 'Europe/Rome', 'DY HH24:MI'), '')), ', ' order by k)
    from app.clocks_of(2001) c cross join lateral (select (array['first', 'next', 'solution'])[c.kind] as k) x where position(k in w) > 0);
end $$;
create table pg_temp.story_id as select 3000000::bigint as id;
create function pg_temp.happens(at text, kind text, data jsonb) returns void language plpgsql as $$
declare n bigint;
begin
  perform pg_temp.enter();
  update story_id set id = id + 1 returning id into n;
  insert into app.events (tenant_id, id, kind, ticket_id, data, created_at) overriding system value
    select 18, n, kind, 2001, data, (date_trunc('day', monday) + split_part(at, ' ', 1)::int * interval '1 day' + split_part(at, ' ', 2)::interval)::timestamp at time zone 'Europe/Rome' from at_week;
end $$;
insert into app.tickets (tenant_id, id, portal_id, account_id, requester_id, title, priority, at_desk) values (18, 2001, 110, 10, 501, 'By hand', 3, true);
select pg_temp.happens('0 12:30', 'ticket.opened', '{"by": "customer"}') \g /dev/null
select is(pg_temp.said('first solution'), 'first 1 0 MON 15:00, solution 1 0 TUE 17:10', 'over lunch and a night');
select pg_temp.happens('0 12:45', 'ticket.changed', '{"status": ["new", "blocked"]}') \g /dev/null
select is(pg_temp.said('first solution'), 'first 2 15, solution 2 15', 'paused with a quarter of an hour used');
-- Over Tuesday, and Wednesday, which is a holiday.
select pg_temp.happens('2 08:00', 'ticket.replied', '{"by": "customer"}') \g /dev/null
select pg_temp.happens('2 08:00', 'ticket.changed', '{"status": ["blocked", "in_progress"]}') \g /dev/null
select is(pg_temp.said('first next solution'), 'first 1 15 THU 10:15, solution 1 15 FRI 12:25', 'goes on after the holiday; no second clock while nobody has answered');
select pg_temp.happens('3 10:00', 'ticket.replied', '{"by": "desk"}') \g /dev/null
select is(pg_temp.said('first next'), 'first 4 75', 'answered in time');
-- From Thursday on the account has the better plan, and nothing changes until the priority does.
select pg_temp.happens('3 11:00', 'ticket.replied', '{"by": "customer"}') \g /dev/null
select pg_temp.happens('3 11:10', 'ticket.replied', '{"by": "customer"}') \g /dev/null
select is(pg_temp.said('next'), 'next 1 0 THU 12:00', 'the next answer runs from the first of two questions');
select pg_temp.happens('3 12:00', 'ticket.changed', '{"priority": ["high", "urgent"]}') \g /dev/null
select is(pg_temp.said('next solution'), 'next 1 60 THU 12:00, solution 1 195 THU 16:45', 'more urgent: late at once, or due in all hours, with what was used');
select pg_temp.happens('3 13:00', 'ticket.changed', '{"status": ["in_progress", "solved"]}') \g /dev/null
select is(pg_temp.said('next solution'), 'next 4 120 THU 12:00, solution 3 255', 'solved: an answer, and the end');
select pg_temp.happens('4 13:00', 'ticket.changed', '{"status": ["solved", "in_progress"]}') \g /dev/null
select pg_temp.happens('4 13:00', 'ticket.replied', '{"by": "customer"}') \g /dev/null
select is(pg_temp.said('next solution'), 'next 1 0 FRI 13:45, solution 1 255 FRI 16:45', 'opened again: what was used stays used, and a new answer is owed');
select pg_temp.happens('4 14:00', 'ticket.changed', '{"status": ["in_progress", "closed_escalated"]}') \g /dev/null
select is(pg_temp.said('solution'), 'solution 3 315', 'escalated: stopped, by the version that holds');
select pg_temp.happens('4 14:00', 'ticket.replied', '{"by": "desk"}') \g /dev/null
create function pg_temp.became() returns text language plpgsql as $$
begin
  perform pg_temp.enter();
  return (select string_agg(format('%s %s %s', app.clock_name(r.kind), r.turn, case when r.met then 'kept' else 'broken' end), ', ' order by r.kind, r.turn)
    from app.tickets t cross join lateral app.fold_clocks(t, false) f cross join lateral app.results_of(f.past || f.clocks) r where t.tenant_id = 18 and t.id = 2001);
end $$;
select is(pg_temp.became(), 'first 1 kept, next 1 broken, next 2 broken, resolution 1 kept', 'what became of each promise, the two next responses apart');
-- The second version, which lets it run, holds from Saturday on for what changes then.
select pg_temp.happens('6 10:00', 'ticket.changed', '{"priority": ["urgent", "high"]}') \g /dev/null
select pg_temp.happens('7 09:00', 'ticket.changed', '{"status": ["closed_escalated", "in_progress"]}') \g /dev/null
select pg_temp.happens('7 10:00', 'ticket.changed', '{"status": ["in_progress", "closed_escalated"]}') \g /dev/null
select is(pg_temp.said('solution'), 'solution 1 315 WED 11:05', 'after that it runs on');
select is(pg_temp.at('desk', 507, $$select string_agg(l->>'what', ' ') from json_array_elements(app.explain_clocks(2001)->'lines') l where l->>'clock' = '3'$$),
  'opened status status priority status status status priority', 'each line is told');
select is(pg_temp.at('ten', 501, 'select app.explain_clocks(1)'), 'PT403', 'not to customers');

-- ---- due ----------------------------------------------------------------------------------

begin;
select auth.set_context(18, null, null, null, null, 0::smallint, '{}', false) \g /dev/null
update app.ticket_clocks set alarm_at = null where tenant_id = 18;
delete from app.event_queue where tenant_id = 18;
insert into app.comments (tenant_id, ticket_id, id, author_id, source, html) values (18, 2001, 1, 501, 'x', '<p>x</p>');
insert into app.tickets (tenant_id, id, portal_id, account_id, requester_id, title, priority, at_desk, created_at) values (18, 2002, 110, 10, 501, 'Due', 4, true, now() - interval '30 minutes');
insert into app.comments (tenant_id, ticket_id, id, author_id, source, html, created_at) values (18, 2002, 1, 501, 'x', '<p>x</p>', now() - interval '30 minutes');
insert into app.ticket_access (tenant_id, ticket_id, principal, updated_at) values (18, 2002, app.principal(501, 0), now());
select app.keep_clocks(2002) \g /dev/null
commit;
create function pg_temp.told() returns text language sql as $$
  select string_agg(concat_ws(' ', kind, data->>'clock'), ', ' order by id) from app.events where tenant_id = 18 and ticket_id = 2002 $$;
select is(pg_temp.as_role('sportello_jobs', null, 'select jobs.sound_alarms()'), '1', 'one is told');
select is(pg_temp.told(), 'ticket.warned 1', 'a warning, half of a short time before its end');
select is(pg_temp.as_role('sportello_jobs', null, 'select jobs.sound_alarms()'), '0', 'once');
select is(pg_temp.job($$select string_agg(r.email || ' ' || r.reason, ', ' order by r.email) from jobs.ticket_recipients((select max(e.id) from app.events e where e.ticket_id = 2002)) r$$),
  'admin@x.example desk, agent@x.example desk, only@clocks.example desk', 'to the desk, when nobody has it');
begin;
select pg_temp.enter() \g /dev/null
update app.tickets set assignee_id = 507 where tenant_id = 18 and id = 2002;
commit;
select is(pg_temp.job($$select string_agg(r.email || ' ' || r.reason, ', ' order by r.email) from jobs.ticket_recipients((select max(e.id) from app.events e where e.ticket_id = 2002 and e.kind = 'ticket.warned')) r$$),
  'agent@x.example desk', 'else to whoever has it');
select is(pg_temp.job($$select app.is_desks_alone('ticket.late', '{}', 10, 110)$$), 'true', 'and to nobody else');
begin;
select auth.set_context(18, null, null, null, null, 0::smallint, '{}', false) \g /dev/null
update app.tickets set created_at = created_at - interval '45 minutes' where tenant_id = 18 and id = 2002;
select app.keep_clocks(2002) \g /dev/null
commit;
select is(pg_temp.as_role('sportello_jobs', null, 'select jobs.sound_alarms()'), '1', 'its time is over');
select is(pg_temp.told(), 'ticket.warned 1, ticket.changed, ticket.late 1', 'late, with no second warning');
select is(pg_temp.as_role('sportello_jobs', null, 'select jobs.sound_alarms()'), '0', 'once');
begin;
select auth.set_context(18, null, null, null, null, 0::smallint, '{}', false) \g /dev/null
select app.keep_clocks(2002) \g /dev/null
commit;
select is(pg_temp.as_role('sportello_jobs', null, 'select jobs.sound_alarms()'), '0', 'however often it is worked out');
select is((pg_temp.at('desk', 507, 'select app.clocks_shown(2002, 110, 10)'))::json->'clocks'->0->>'late', 'false', 'an agent sees it run');
select isnt((pg_temp.at('ten', 501, 'select app.clocks_shown(2002, 110, 10)'))::json->'promised'->>'due', null, 'who opened it until when the next is promised');
select is((pg_temp.at('ten', 501, 'select app.clocks_shown(2002, 110, 10)'))::json->>'clocks', null, 'and no clocks');
select is((pg_temp.at('ten', 502, 'select app.clocks_shown(2002, 110, 10)')), null, 'who does not see it nothing');
insert into app.field_policies (tenant_id, scope, field, role, access) values (18, 0, 'priority', 'member', 0);
select is((pg_temp.at('ten', 501, 'select app.clocks_shown(2002, 110, 10)')), null, 'nor whom priorities are hidden from');

-- ---- a priority that is taken back ------------------------------------------------------------------

-- Opened on a Friday at 15:21 in Rome; high counts in opening hours, which end at six, urgent all hours.
insert into app.tickets (tenant_id, id, portal_id, account_id, requester_id, title, at_desk) select 18, n, 110, 10, 501, 'Flipped', true from unnest('{2003,2004}'::bigint[]) n;
create function pg_temp.flips(t bigint, at timestamptz, kind text, data jsonb) returns void language sql as $$
  select pg_temp.enter();
  update story_id set id = id + 1;
  insert into app.events (tenant_id, id, kind, ticket_id, data, created_at) overriding system value select 18, (select id from story_id), kind, t, data, at $$;
create function pg_temp.at_wall(clock text) returns timestamptz language sql as $$
  select (monday + interval '4 days')::date + clock::interval + interval '0' from at_week $$;
create function pg_temp.firsts(t bigint) returns text language plpgsql as $$
begin
  perform pg_temp.enter();
  return (select concat_ws(' ', c.due_at, c.used, c.priority, c.late, c.alarm_at, c.running_since) from app.clocks_of(t) c where c.kind = 1);
end $$;
begin;
select pg_temp.flips(2003, pg_temp.at_wall('21:21:00.9'), 'ticket.opened', '{"by": "customer"}') \g /dev/null
select pg_temp.firsts(2003) as before \gset
select pg_temp.flips(2003, pg_temp.at_wall('21:23:00.1'), 'ticket.changed', '{"priority": [null, "high"]}') \g /dev/null
select pg_temp.flips(2003, pg_temp.at_wall('21:25:00.1'), 'ticket.changed', '{"priority": ["high", "urgent"]}') \g /dev/null
select isnt(pg_temp.firsts(2003), :'before', 'another priority: due at another time');
select pg_temp.flips(2003, pg_temp.at_wall('21:26:00.2'), 'ticket.changed', '{"priority": ["urgent", "high"]}') \g /dev/null
select pg_temp.flips(2003, pg_temp.at_wall('21:27:00.2'), 'ticket.changed', '{"priority": ["high", null]}') \g /dev/null
select is(pg_temp.firsts(2003), :'before', 'taken back: due when it was, to the microsecond');
select is(pg_temp.firsts(2003), :'before', 'and so whenever it is worked out');
select pg_temp.flips(2003, pg_temp.at_wall('21:28:00'), 'ticket.changed', '{"priority": [null, "high"]}') \g /dev/null
select pg_temp.flips(2003, pg_temp.at_wall('22:28:00'), 'ticket.changed', '{"priority": ["high", null]}') \g /dev/null
select isnt(pg_temp.firsts(2003), :'before', 'an hour later it is another change: what was used stays used');
rollback;
-- Late at once, four times: told once.
begin;
select auth.set_context(18, null, null, null, null, 0::smallint, '{}', false) \g /dev/null
update app.ticket_clocks set alarm_at = null where tenant_id = 18;
create function pg_temp.flip(after interval, was text, becomes text) returns text language plpgsql as $$
declare
  n bigint;
begin
  perform pg_temp.flips(2004, now() - interval '10 minutes' + after, 'ticket.changed', jsonb_build_object('priority', jsonb_build_array(was, becomes)));
  perform app.keep_clocks(2004);
  perform app.sound_alarm(c.ticket_id, c.kind) from app.ticket_clocks c where c.tenant_id = 18 and c.ticket_id = 2004 and c.alarm_at <= now();
  perform app.keep_clocks(2004);
  return (select concat_ws(' ', count(*) filter (where e.kind = 'ticket.late'), (select c.late from app.ticket_clocks c where c.tenant_id = 18 and c.ticket_id = 2004 and c.kind = 1))
    from app.events e where e.tenant_id = 18 and e.ticket_id = 2004 and e.data->>'clock' = '1');
end $$;
update app.tickets set created_at = now() - interval '100 minutes' where tenant_id = 18 and id = 2004;
insert into app.comments (tenant_id, ticket_id, id, author_id, source, html, created_at) values (18, 2004, 1, 501, 'x', '<p>x</p>', now() - interval '100 minutes');
select pg_temp.flips(2004, now() - interval '100 minutes', 'ticket.opened', '{"by": "customer"}') \g /dev/null
update app.sla_versions set body = jsonb_set(body, '{plans,0,targets,normal}', '{"first": 900}') where tenant_id = 18;
update app.sla_versions set body = jsonb_set(body, '{plans,1,targets,normal}', '{"first": 900}') where tenant_id = 18;
select is(pg_temp.flip('1 minute', null, 'urgent'), '1 t', 'more urgent, and late at once: the desk is told');
select is(pg_temp.flip('2 minutes', 'urgent', null), '1 f', 'taken back');
select is(pg_temp.flip('3 minutes', null, 'urgent'), '1 t', 'again: it is not told again');
select is(pg_temp.flip('4 minutes', 'urgent', null), '1 f', 'and again');
select is(pg_temp.flip('5 minutes', null, 'urgent'), '1 t', 'and again');
-- While it may be taken back nothing is told.
insert into app.held_tellings (tenant_id, ticket_id, what, person_id, told, out_at) values (18, 2002, 'priority', 507, 1, now() + interval '10 seconds');
update app.tickets set created_at = created_at - interval '1 minute' where tenant_id = 18 and id = 2002;
select app.keep_clocks(2002) \g /dev/null
select is((select min(c.alarm_at) >= now() + interval '10 seconds' from app.ticket_clocks c where c.tenant_id = 18 and c.ticket_id = 2002 and c.alarm_at is not null), true, 'no alarm before it is certain');
rollback;

-- ---- S5: what would have changed -------------------------------------------------------------------

-- A calendar in memory counts as one that is laid out.
create function pg_temp.supposed(h jsonb, days jsonb) returns app.what_if language sql as $$ select app.suppose_calendar('{}', 11, 'Europe/Rome', h, days, 90) $$;
create function pg_temp.otherwise() returns bigint language plpgsql as $$
declare
  v app.calendar_versions;
  w app.what_if;
begin
  perform pg_temp.enter();
  select x.* into v from app.calendar_versions x where x.tenant_id = 18 and x.calendar_id = 11 and x.version = 1;
  w := pg_temp.supposed(v.hours, v.holidays);
  return (select count(*) from (select now() - interval '80 days' + n * interval '7919 seconds' as a, now() - interval '80 days' + n * interval '13331 seconds' as b, n * 977 as s from generate_series(1, 800) n) x
    where app.counted_seconds(c, x.a, x.b) <> app.counted_seconds(c, x.a, x.b, w) or app.counted_until(c, x.a, x.s) is distinct from app.counted_until(c, x.a, x.s, w))
    from (select (null::app.ticket_clocks).*) e cross join lateral (select jsonb_populate_record(null::app.ticket_clocks, '{"calendar": 11, "calendar_version": 1}') as c) y;
end $$;
select is(pg_temp.otherwise(), 0::bigint, 'S5: a calendar that is not saved counts as one that is');
-- What is tried is what would be: the same table, or hours, really put in place of the others.
create temp table trial as select jsonb_build_object('shown', true, 'escalated_runs', true, 'warn', 5, 'priorities', '{}'::jsonb, 'matrix', '{}'::jsonb, 'plans', jsonb_build_array(jsonb_build_object('key', 'standard', 'names', '{"en": "x"}'::jsonb,
    'targets', '{"urgent": {"first": 10, "next": 500, "resolution": 90}, "high": {"first": 300, "next": 5, "resolution": 100, "calendar": 11}, "normal": {"first": 60, "next": 70, "resolution": 3000, "calendar": 12}, "low": {"first": 900}}'::jsonb))) as body,
  jsonb '[[[600,700]],[[0,1440]],[],[[540,1080]],[[540,780],[840,1080]],[],[]]' as hours;
create function pg_temp.tried(of app.what_if) returns setof record language plpgsql as $$
begin
  return query select t.id, r.* from app.tickets t cross join lateral app.supposed_results(t, of) r where t.tenant_id = 18 and t.id between 1001 and 1150;
end $$;
create temp table outcome (what text, ticket bigint, kind smallint, turn int, priority smallint, met boolean, due timestamptz);
begin;
select pg_temp.enter() \g /dev/null
insert into outcome select 'table', x.* from trial, pg_temp.tried(jsonb_populate_record(null::app.what_if, jsonb_build_object('body', body))) x (a bigint, b smallint, c int, d smallint, e boolean, f timestamptz);
insert into outcome select 'hours', x.* from trial, app.sla_at(now()) v, pg_temp.tried(app.suppose_calendar(v.body, 11, 'Europe/Rome', trial.hours, '[]', 90)) x (a bigint, b smallint, c int, d smallint, e boolean, f timestamptz);
commit;
begin;
select pg_temp.enter() \g /dev/null
update app.sla_versions set body = trial.body from trial where tenant_id = 18;
select is((select count(*) from ((select ticket, kind, turn, priority, met, due from outcome where what = 'table') except all (select * from pg_temp.tried(null) x (a bigint, b smallint, c int, d smallint, e boolean, f timestamptz))) x), 0::bigint, 'a table that is tried does what it would do');
rollback;
begin;
select pg_temp.enter() \g /dev/null
update app.sla_versions x set body = v.body from app.sla_at(now()) v where x.tenant_id = 18;
delete from app.calendar_spans where tenant_id = 18 and calendar_id = 11;
delete from app.calendar_versions where tenant_id = 18 and calendar_id = 11;
select app.add_version(11, 1, 'Europe/Rome', hours, '[]', '[]', null) from trial \g /dev/null
select is((select count(*) from ((select ticket, kind, turn, priority, met, due from outcome where what = 'hours') except all (select * from pg_temp.tried(null) x (a bigint, b smallint, c int, d smallint, e boolean, f timestamptz))) x), 0::bigint, 'and so do hours');
rollback;
select cmp_ok((select count(*) from outcome where met = m), '>', 20::bigint, 'of many promises ' || m) from unnest(array[true, false]) m;
-- Asked: nothing is written, and what is not changed changes nothing. However slow the machine is.
select pg_get_functiondef('app.trial_time()'::regprocedure) as trial_time \gset
create or replace function app.trial_time() returns interval language sql immutable parallel safe return interval '1 minute';
create function pg_temp.simulated(w text) returns jsonb language sql as $$
  select pg_temp.as_role('sportello_api', $q$select auth.enter('desk.clocks.test', '18/508', 3::smallint, false)$q$, 'select app.simulate(' || w || ')')::jsonb $$;
create temp table same as select pg_temp.simulated((select format('%L, null, null, null, null, 90', body) from app.sla_versions where tenant_id = 18 order by version desc limit 1)) as r;
select is((select (r->>'better')::int + (r->>'worse')::int + (r->>'moved')::int from same), 0, 'the same again changes nothing');
select cmp_ok((select (r->>'looked')::int from same), '>=', 150, 'of all tickets');
-- Of random ones some change, nobody knows how many. Of these it is known: opened at nine and
-- answered after twenty minutes, where sixty were promised and ten would be; or after two
-- hours, where it were five instead of one and a half.
begin;
select pg_temp.enter() \g /dev/null
insert into app.tickets (tenant_id, id, portal_id, account_id, requester_id, title, status, priority, at_desk, created_at)
  select 18, 1200 + n, 110, 10, 501, 'Known', 2, case when n <= 10 then 4 else 3 end, true, (monday::date + 1 + time '09:00') at time zone 'Europe/Rome' from at_week, generate_series(1, 20) n;
insert into app.events (tenant_id, id, kind, ticket_id, data, created_at) overriding system value
  select 18, 2000000 + t.id * 2 + x.n, x.kind, t.id, x.data, t.created_at + case when x.n = 0 then '0' when t.priority = 4 then interval '20 minutes' else '2 hours' end
  from app.tickets t, (values (0, 'ticket.opened', '{"by": "customer"}'::jsonb), (1, 'ticket.replied', '{"by": "desk"}')) x (n, kind, data) where t.tenant_id = 18 and t.title = 'Known';
commit;
create temp table other as select pg_temp.simulated((select format('%L, null, null, null, null, 90', body) from trial)) as r;
select is((select (r->>'looked')::int - (r->>'tickets')::int from other), 0, 'all were looked at in its time');
select is((select string_agg(concat_ws(' ', c->>'number', c->>'kind', c->>'met'), ', ' order by c->>'number') from other cross join jsonb_array_elements(r->'changed') c where (c->>'number')::int between 1201 and 1220),
  (select string_agg(format('%s first %s', 1200 + n, case when n <= 10 then 'false' else 'true' end), ', ' order by n) from generate_series(1, 20) n), 'shorter times are broken more, and longer ones kept');
select is((select (r->>'better')::int >= 10 and (r->>'worse')::int >= 10 from other), true, 'and are counted so');
select is((select sum((k->>'new_met')::int) from other cross join jsonb_array_elements(r->'kinds') k)
  - (select sum((k->>'met')::int) from other cross join jsonb_array_elements(r->'kinds') k) is not null, true, 'and counted');
select cmp_ok((select jsonb_array_length(r->'changed') from other), '<=', 50, 'fifty are named');
select is(pg_temp.at('desk', 508, $$select app.simulate('{"plans": []}', null, null, null, null, 30)$$), 'PT422', 'what is no table');
select is(pg_temp.at('desk', 508, $$select app.simulate(null, 11, 'Europe/Rome', '[[],[],[],[],[],[],[]]', '[]', 30)$$), 'PT422 calendars_hours.never_open', 'hours that are none');
select is(pg_temp.at('desk', 508, $$select app.simulate(null, 99, 'Europe/Rome', '[[[1,2]],[],[],[],[],[],[]]', '[]', 30)$$), 'PT404', 'a calendar that is not there');
select is(pg_temp.at('desk', 508, $$select app.simulate(null, null, null, null, null, 30)$$), 'PT422', 'nothing to try');
select is(pg_temp.at('desk', 507, $$select app.simulate('{}', null, null, null, null, 30)$$), 'PT403', 'an agent keeps no table');
-- Its time is what it was.
:trial_time;
select is(app.trial_time() < interval '10 seconds', true, 'nobody waits for long');

-- ---- S4: as people make it --------------------------------------------------------------------

-- Random histories by the product's own ways, with the jobs that follow: answers, notes,
-- statuses and priorities, while the table, an account's plan and a calendar's hours change
-- under tickets that are open. After each step what is kept is what all events say.
delete from app.field_policies where tenant_id = 18;
delete from app.event_queue where tenant_id = 18;
create function pg_temp.astray(t bigint[]) returns bigint language plpgsql as $$
begin
  perform pg_temp.enter();
  return (select count(*) from unnest(t) x (id) join app.tickets k on k.tenant_id = 18 and k.id = x.id
    cross join lateral app.fold_clocks(k, false) f cross join lateral (
      select 1 from ((select * from app.clocks_of(x.id) except select c.* from app.ticket_clocks c where c.tenant_id = 18 and c.ticket_id = x.id)
        union all (select c.* from app.ticket_clocks c where c.tenant_id = 18 and c.ticket_id = x.id except select * from app.clocks_of(x.id))) y
      union all
      select 1 from ((select * from app.results_of(f.past || f.clocks) except select r.* from app.clock_results r where r.tenant_id = 18 and r.ticket_id = x.id)
        union all (select r.* from app.clock_results r where r.tenant_id = 18 and r.ticket_id = x.id except select * from app.results_of(f.past || f.clocks))) z) w);
end $$;
-- A table of random times, in two plans.
create function pg_temp.random_table(n int) returns jsonb language sql as $$
  select jsonb_build_object('shown', true, 'escalated_runs', n % 2 = 0, 'warn', 1 + n, 'priorities', '{}'::jsonb, 'matrix', '{}'::jsonb,
    'plans', jsonb_agg(jsonb_build_object('key', p, 'names', '{"en": "x"}'::jsonb, 'targets', (
      select jsonb_object_agg(q, jsonb_build_object('first', 1 + floor(random() * 90), 'next', 5 + n, 'resolution', 60 + floor(random() * 900), 'calendar', (array[null, 11, 12])[1 + floor(random() * 3)]))
      from unnest('{low,normal,high,urgent}'::text[]) q))))
  from unnest('{standard,gold}'::text[]) p $$;
create temp table step (n int, what text, answer text, astray bigint);
create procedure pg_temp.live(steps int) language plpgsql as $$
declare
  t bigint[] := '{}';
  which bigint;
  what text;
  answer text;
  worked int;
begin
  for i in 1..steps loop
    what := case when i <= 4 then 'open' else (array['asked', 'asked', 'answered', 'answered', 'noted', 'status', 'status', 'status', 'priority', 'priority', 'table', 'plan', 'hours'])[1 + floor(random() * 13)] end;
    which := t[1 + floor(random() * cardinality(t))];
    case what
      when 'open' then answer := pg_temp.at('ten', 501, 'select app.open_ticket(''Lived'', ''x'', ''<p>x</p>'', ''clocks-'' || app.new_id())->>''number''');
        t := t || answer::bigint;
      when 'asked', 'answered', 'noted' then answer := pg_temp.at(case what when 'asked' then 'ten' else 'desk' end, case what when 'asked' then 501 else 507 end,
        format('select app.add_comment(%s, %L, ''x'', ''<p>x</p>'', ''clocks-'' || app.new_id(), null) is not null', which, what = 'noted'));
      when 'status' then answer := pg_temp.at('desk', 507, format('select app.change_ticket(%s, %L) is not null', which,
        jsonb_build_object('status', (array['in_progress', 'blocked', 'on_hold', 'solved', 'closed'])[1 + floor(random() * 5)])));
      when 'priority' then answer := pg_temp.at('desk', 507, format('select app.change_ticket(%s, %L) is not null', which,
        jsonb_build_object('priority', (array['low', 'normal', 'high', 'urgent'])[1 + floor(random() * 4)])));
      when 'table' then answer := pg_temp.at('desk', 508, format('select app.save_service_level(%L, %s) is not null', pg_temp.random_table(i),
        (select max(v.version) from app.sla_versions v where v.tenant_id = 18)));
      when 'plan' then answer := pg_temp.at('desk', 508, format('select app.set_account_plan(10, %L) is not null', (array['standard', 'gold'])[1 + floor(random() * 2)]));
      else answer := pg_temp.at('desk', 508, format('select app.change_calendar(11, null, null, %L, null, null, null, null) is not null',
        format('[[[0,%s]],[[0,1440]],[[0,1440]],[[60,1440]],[[0,1440]],[[0,1440]],[[%s,1440]]]', 700 + i, i)));
    end case;
    commit;
    worked := 0;
    while exists (select from app.event_queue where tenant_id = 18 and not_before <= now()) and worked < 2000 loop
      perform set_config('jobs.turn_event', '25', false);
      perform pg_temp.as_role('sportello_jobs', null, 'select jobs.fan_out()');
      commit;
      worked := worked + 1;
    end loop;
    insert into step select i, what, answer, pg_temp.astray(t);
    commit;
  end loop;
end $$;
call pg_temp.live(90);
select is((select string_agg(format('%s %s: %s', n, what, astray), ', ' order by n) from step where astray > 0), null, 'after each of them what is kept is what is worked out');
select is((select count(*) from app.event_queue where tenant_id = 18), 0::bigint, 'with nothing left to work out');
select cmp_ok((select count(*) from step where answer in ('true', 't') and what = any (w)), '>', 0::bigint, 'some: ' || w::text)
  from (values ('{asked}'::text[]), ('{answered}'), ('{noted}'), ('{status}'), ('{priority}'), ('{table,plan,hours}')) v (w);
select * from finish();
