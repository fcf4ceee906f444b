-- I3: reports. In the tenant 27, made like the two of fixtures.sql: random histories
-- against an oracle that counts day by day; who may ask, and what is hidden.
set search_path = pgtap, pg_catalog;
insert into app.tenants (tenant_id, slug, name) values (27, 'reports', 'Reports');
select fixture.fill(27, 'reports') \g /dev/null
select * from no_plan();
set story.tenant = 27;
set story.slug = 'reports';
\ir lib/story.sql

-- ---- random histories --------------------------------------------------------------------

begin;
select auth.set_context(27, null, null, null, null, 0::smallint, '{}', false) \g /dev/null
delete from app.clock_results where tenant_id = 27;
delete from app.sla_versions where tenant_id = 27;
insert into app.sla_versions (tenant_id, version, valid_from, body) select 27, v, timestamptz '2026-01-01Z' + v * interval '1 day', jsonb_build_object('shown', v = 2, 'escalated_runs', false, 'warn', 60, 'priorities', '{}'::jsonb,
  'matrix', '{}'::jsonb, 'plans', '[{"key": "standard", "names": {"en": "Standard"}, "targets": {"high": {"first": 60}}}]'::jsonb) from generate_series(1, 2) v;
update app.people set time_zone = 'America/Sao_Paulo' where tenant_id = 27 and id in (507, 502);
-- Ten's tickets at two portals, Thirty's with its partner or at the desk; over a year, some a second from midnight.
insert into app.tickets (tenant_id, id, portal_id, account_id, requester_id, assignee_id, title, status, priority, type, at_desk, created_at, answered_at, done_at)
  select 27, 1000 + n, (array[110, 111, 130])[k], case when k < 3 then 10 else 30 end, 501, (array[507, 508, null])[1 + floor(random() * 3 + n * 0)], 'T ' || n,
    case when done < now() then 5 + floor(random() * 3)::int else 1 + floor(random() * 4)::int end, nullif(floor(random() * 5), 0)::int, null, k < 3 or random() < 0.5, born, a, case when done < now() then done end
  from generate_series(1, 1000) n
  cross join lateral (select 1 + floor(random() * 3 + n * 0)::int as k,
    case when n % 7 = 0 then (date '2026-10-01' + (n % 30))::timestamp at time zone 'America/Sao_Paulo' - (n % 2) * interval '1 microsecond'
      else now() - random() * interval '400 days' - n * interval '0' end as born) x
  cross join lateral (select born + random() * random() * interval '300 hours' as a, born + random() * random() * interval '200 days' as done) y;
update app.tickets set answered_at = null where tenant_id = 27 and id > 1000 and (answered_at > now() or id % 5 = 0);
-- Seen by the whole organisation, but for some that it was taken out of.
insert into app.ticket_access (tenant_id, ticket_id, principal, updated_at)
  select 27, t.id, p, t.created_at from app.tickets t, unnest(array[app.principal(t.requester_id, 0), case when t.id % 9 > 0 then app.principal(t.account_id, 2) end,
    case when t.account_id = 30 then app.principal(20, 3) end]) p where t.tenant_id = 27 and t.id > 1000 and p is not null;
insert into app.clock_results (tenant_id, ticket_id, kind, turn, met, at, used, target, due_at, ended_at, version, plan, priority)
  select 27, t.id, k, turn, random() < 0.7, t.created_at + random() * interval '5 days', floor(random() * 90000), 3600, t.created_at, case when t.id % 4 > 0 then t.created_at end, 1 + t.id % 2, 'standard', 1 + t.id % 4
  from app.tickets t, generate_series(1, 3) k, generate_series(1, 2) turn where t.tenant_id = 27 and t.id > 1000 and (turn = 1 or k = 2) and t.id % 3 > 0 and t.at_desk;
-- Long ago: nothing follows from these.
set local session_replication_role = replica;
insert into app.comments (tenant_id, ticket_id, id, author_id, is_internal, about, source, html, created_at)
  select 27, t.id, c, (array[507, 508, 501])[c], random() < 0.3, case when random() < 0.1 then 'priority' end, 'x', '<p>x</p>', t.created_at + random() * interval '3 days' from app.tickets t, generate_series(1, 3) c where t.tenant_id = 27 and t.id > 1000 and t.id % 2 = 0 and (t.at_desk or c = 3);
commit;

-- Of an account admin's, Thirty's and its partner's, and what a query wants of the rest.
create temp table seen (who text, portal text, person int, tickets bigint[]);
insert into seen
  select 'desk', 'desk', 507, array(select id from app.tickets where tenant_id = 27 and at_desk)
  union all select 'main', 'ten', 502, array(select t.id from app.tickets t where t.tenant_id = 27 and t.account_id = 10 and exists (select from app.ticket_access a where a.tenant_id = 27 and a.ticket_id = t.id and a.principal = app.principal(10, 2)))
  union all select 'partner', 'partner', 504, array(select t.id from app.tickets t where t.tenant_id = 27 and t.account_id in (20, 30) and exists (select from app.ticket_access a where a.tenant_id = 27 and a.ticket_id = t.id and a.principal = app.principal(20, 3)));
create function pg_temp.report(who text, w jsonb) returns jsonb language sql as $$
  select pg_temp.at(s.portal, s.person, format('select app.report(%L)', w))::jsonb from seen s where s.who = report.who $$;
-- Each in a transaction of its own.
create temp table asked (who text, w jsonb, r jsonb);
select format('insert into asked select %L, %L, pg_temp.report(%1$L, %2$L)', s.who, w) from seen s cross join unnest(array['{"since": "2026-09-20", "until": "2026-11-10"}', '{"since": "2026-01-15", "until": "2026-11-10", "by": "week"}', '{"since": "2025-10-01", "until": "2026-11-20", "by": "month", "priority": "high"}',
  '{"since": "2026-10-18", "until": "2026-10-18"}', '{"since": "2026-09-01", "until": "2026-10-31", "zone": "Asia/Tokyo"}']::jsonb[]) w \gexec
select is((select string_agg(who || w || r::text, E'\n') from asked where jsonb_typeof(r) is distinct from 'object'), null, 'each is answered');

-- The oracle: day by day, of the tickets that they see.
create temp table days as
  select a.who, a.w, a.r, d::date as day, (a.r->>'zone') as zone, (d.n - 1)::int as i,
    coalesce((lead(d) over (partition by a.who, a.w order by d))::date, (a.r->>'until')::date + 1) as ends
  from asked a cross join jsonb_array_elements_text(a.r->'days') with ordinality d (d, n);
create temp table mine as
  select a.who, a.w, (t.created_at at time zone (a.r->>'zone'))::date as opened, (t.done_at at time zone (a.r->>'zone'))::date as solved, (t.answered_at at time zone (a.r->>'zone'))::date as answered,
    t.created_at, t.done_at, t.answered_at, t.id, t.status, t.assignee_id
  from asked a join seen s using (who) join app.tickets t on t.tenant_id = 27 and t.id = any (s.tickets) and (a.w->>'priority' is null or t.priority = 3);
create function pg_temp.wrong(name text) returns text language sql as $$
  select string_agg(format('%s %s %s: %s, wanted %s', d.who, d.w, d.day, d.r->name->>d.i, x.n), E'\n') from (select * from days order by who, w, day) d
  cross join lateral (select count(*) filter (where case name when 'opened' then m.opened >= d.day and m.opened < d.ends when 'solved' then m.solved >= d.day and m.solved < d.ends
      else m.opened < d.ends and (m.solved is null or m.solved >= d.ends) end) as n from mine m where m.who = d.who and m.w = d.w) x
  where (d.r->name->>d.i)::bigint is distinct from x.n $$;
select is(pg_temp.wrong(name), null, name || ', each part of each report') from unnest('{opened,solved,backlog}'::text[]) name;
select cmp_ok((select sum((r->'totals'->>'opened')::int) from asked), '>', 500::bigint, 'of many tickets');
select is((select string_agg(who || w, ' ') from asked a where (r->'previous'->>'opened')::bigint <> (select count(*) from mine m where m.who = a.who and m.w = a.w
    and m.opened >= (r->'before'->>'since')::date and m.opened <= (r->'before'->>'until')::date)), null, 'and those of the period before');
select is((select string_agg(who || w, ' ') from asked where (r->>'since')::date - (r->'before'->>'since')::date <> (r->>'until')::date - (r->>'since')::date + 1), null, 'which is as long');
-- How old what is open at the end is.
select is((select string_agg(format('%s %s: %s, wanted %s', a.who, a.w, a.r->'ages', x.want), E'\n') from asked a
  cross join lateral (select least(now(), ((a.r->>'until')::date + 1)::timestamp at time zone (a.r->>'zone')) as at) e
  cross join lateral (select jsonb_build_array(count(*) filter (where o < 1), count(*) filter (where o >= 1 and o < 3), count(*) filter (where o >= 3 and o < 7), count(*) filter (where o >= 7 and o < 30),
      count(*) filter (where o >= 30 and o < 90), count(*) filter (where o >= 90)) as want
    from (select extract(epoch from e.at - m.created_at) / 86400 as o from mine m where m.who = a.who and m.w = a.w and m.created_at < e.at and (m.done_at is null or m.done_at >= e.at)) m) x
  where a.w->>'until' < '2026-11-23' and a.r->'ages' <> x.want), null, 'ages');
-- Half within, nine in ten within: the value at that place in the order. Customers' clocks only where they are shown.
create temp table took as
  select m.who, m.w, k.kind, k.day, floor(case when r.used is not null then r.used else extract(epoch from k.at - m.created_at) end + case when r.used is null then 0.5 else 0 end)::bigint as seconds
  from mine m cross join lateral (values (1, 'first', m.answered, m.answered_at), (3, 'resolution', m.solved, m.done_at)) k (n, kind, day, at)
  left join app.clock_results r on r.tenant_id = 27 and r.ticket_id = m.id and r.kind = k.n and r.turn = 1 and r.ended_at is not null and (m.who = 'desk' or r.version = 2)
  where k.at is not null;
create function pg_temp.place(who text, w jsonb, kind text, a date, b date, part double precision) returns bigint language sql as $$
  select seconds from (select t.seconds, row_number() over (order by t.seconds) as n, count(*) over () as of from took t
    where t.who = place.who and t.w = place.w and t.kind = place.kind and t.day >= a and t.day < b) x where n = greatest(ceil(part::numeric * of), 1) $$;
select is((select string_agg(format('%s %s %s %s: %s %s', d.who, d.w, d.day, k, d.r->k->'p50'->>d.i, d.r->k->'p90'->>d.i), E'\n') from days d cross join unnest('{first,resolution}'::text[]) k
  where ((d.r->k->'p50'->>d.i)::bigint, (d.r->k->'p90'->>d.i)::bigint) is distinct from (pg_temp.place(d.who, d.w, k, d.day, d.ends, 0.5), pg_temp.place(d.who, d.w, k, d.day, d.ends, 0.9))), null, 'times, each part');
select is((select string_agg(format('%s %s %s', a.who, a.w, k), E'\n') from asked a cross join unnest('{first,resolution}'::text[]) k
  where ((a.r->'totals'->k->>'p50')::bigint, (a.r->'totals'->k->>'p90')::bigint) is distinct from (pg_temp.place(a.who, a.w, k, (a.r->>'since')::date, (a.r->>'until')::date + 1, 0.5), pg_temp.place(a.who, a.w, k, (a.r->>'since')::date, (a.r->>'until')::date + 1, 0.9))
    or (a.r->'previous'->k->>'p90')::bigint is distinct from pg_temp.place(a.who, a.w, k, (a.r->'before'->>'since')::date, (a.r->>'since')::date, 0.9)), null, 'and of the whole');
-- What was kept and broken: by month, priority, plan.
create temp table promises as
  select a.who, a.w, r.kind, r.met, r.priority, r.plan, greatest(date_trunc('month', r.at at time zone (a.r->>'zone'))::date, (a.r->>'since')::date) as month, (r.at at time zone (a.r->>'zone'))::date as day, a.r
  from asked a join mine m using (who, w) join app.clock_results r on r.tenant_id = 27 and r.ticket_id = m.id and (a.who = 'desk' or r.version = 2);
select is((select count(*) from (
    (select who, w, month::text, app.clock_name(kind) as kind, nullif(count(*) filter (where met), 0) as met, nullif(count(*) filter (where not met), 0) as missed from promises
      where day >= (r->>'since')::date and day <= (r->>'until')::date group by 1, 2, 3, 4)
    except (select who, w, m->>'month', m->>'kind', (m->>'met')::bigint, (m->>'missed')::bigint from asked cross join jsonb_array_elements(r->'attainment'->'months') m)) x), 0::bigint, 'promises by month');
select is((select count(*) from (
    (select who, w, m->>'priority', m->>'kind', coalesce((m->>'met')::bigint, 0), coalesce((m->>'missed')::bigint, 0) from asked cross join jsonb_array_elements(r->'attainment'->'priorities') m)
    except (select who, w, app.priority_name(priority), app.clock_name(kind), count(*) filter (where met), count(*) filter (where not met) from promises
      where day >= (r->>'since')::date and day <= (r->>'until')::date group by 1, 2, 3, 4)) x), 0::bigint, 'by priority');
select cmp_ok((select count(*) from asked cross join jsonb_array_elements(r->'attainment'->'priorities') where who = 'main'), '>', 20::bigint, 'of many');
select is((select string_agg(who || w, ' ') from asked a where ((r->'totals'->>'met')::bigint, (r->'totals'->>'missed')::bigint) <> (select count(*) filter (where p.met), count(*) filter (where not p.met) from promises p
    where p.who = a.who and p.w = a.w and p.day >= (r->>'since')::date and p.day <= (r->>'until')::date)), null, 'and in all');
-- Who has how much.
select is((select string_agg(format('%s %s', a.w, g), E'\n') from asked a cross join jsonb_array_elements(a.r->'agents') g
  where a.who = 'desk' and ((g->>'open')::bigint, (g->>'solved')::bigint, (g->>'replies')::bigint) <> (
    select count(*) filter (where m.status < 5), count(*) filter (where m.solved between (a.r->>'since')::date and (a.r->>'until')::date),
      (select count(*) from app.comments c join mine n on n.id = c.ticket_id and n.who = 'desk' and n.w = a.w where c.tenant_id = 27 and c.author_id = (g->>'id')::bigint and not c.is_internal and c.about is null
        and (c.created_at at time zone (a.r->>'zone'))::date between (a.r->>'since')::date and (a.r->>'until')::date)
    from mine m where m.who = 'desk' and m.w = a.w and m.assignee_id is not distinct from (g->>'id')::bigint)), null, 'agents');
select is((select min(jsonb_array_length(r->'agents')) from asked where who = 'desk' and w ? 'by'), 3, 'two agents, and nobody');

-- ---- who may ask, and what is not told ------------------------------------------------------

select is(pg_temp.at('ten', 501, $$select app.report('{}')$$), 'PT403', 'a member has no report');
select is(pg_temp.at('sub', 503, $$select app.report('{}')$$), 'PT403', 'nor one of a sub-portal');
select is(pg_temp.as_role('sportello_api', $$select auth.enter('ten.reports.test', '27/support', 1::smallint, false, '/')$$, $$select app.report('{}')$$), 'PT403', 'nor support under a grant');
select is((select string_agg(distinct k, ' ') from asked cross join jsonb_object_keys(r) k where who <> 'desk' and k in ('agents', 'plans') and r->k <> 'null'), null, 'no agents in what customers read');
select ok(not exists (select from asked where who <> 'desk' and r::text ~ 'Agent |Admin '), 'nor their names');
select is(pg_temp.at('ten', 502, $$select app.report('{"account": 30}')$$), 'PT422 reports_account.choice', 'another account is none of theirs');
select is(pg_temp.at('partner', 504, $$select app.report('{"account": 30, "since": "2026-01-15"}')->>'desk'$$), 'false', 'a partner''s are those it looks after');
select is(pg_temp.at('desk', 507, $$select app.report('{"account": 99}')$$), 'PT422 reports_account.choice', 'an account that is not there');
select is(pg_temp.at('desk', 507, $$select app.report('{"since": "2026-11-02", "until": "2026-11-01"}')$$), 'PT422 reports_since.after', 'backwards');
select is(pg_temp.at('desk', 507, $$select app.report('{"since": "2023-11-02", "until": "2026-11-01"}')$$), 'PT422 reports_since.two_years', 'three years');
select is(pg_temp.at('desk', 507, $$select app.report('{"since": "2026-02-30"}')$$), 'PT422 reports_since.date', 'no such day');
select format($$select is(pg_temp.at('desk', 507, 'select app.report(''%s'')'), 'PT422 reports_zone.no_zone', %L)$$, jsonb_build_object('zone', z), 'no zone: ' || z) from unnest(array['Europe/Atlantis', 'x; drop table', '../../etc/passwd', 'UTC+99']) z \gexec
select is(pg_temp.at('desk', 507, $$select app.report('{"since": "2025-01-01", "until": "2026-11-01", "by": "day"}')$$), 'PT422 reports_by.four_hundred', 'too many days for one line');
select is(pg_temp.at('desk', 507, $$select json_array_length(app.report('{"since": "2025-11-01", "until": "2026-11-22", "by": "day"}')->'days')$$), '387', 'more than a year of days');
select is(pg_temp.at('desk', 507, $$select json_array_length(app.report('{"since": "2024-11-25", "until": "2026-11-22"}')->'days')$$), '25', 'two years, by month');
select is(pg_temp.at('desk', 507, $$select json_array_length(app.report('{"since": "2030-01-01", "until": "2030-01-03"}')->'days')$$), '1', 'days to come are left out');

-- By team: the desk's alone.
begin;
select auth.set_context(27, null, null, null, null, 0::smallint, '{}', false) \g /dev/null
insert into app.teams (tenant_id, id, name) values (27, 77, 'Counted');
set local session_replication_role = replica;
update app.tickets set team_id = 77 where tenant_id = 27 and id > 1000 and id % 4 = 0;
commit;
select is((pg_temp.report('desk', '{"since": "2026-01-15", "until": "2026-11-10", "team": 77}')->'totals'->>'opened')::bigint,
  (select count(*) from mine where who = 'desk' and w->>'by' = 'week' and opened between '2026-01-15' and '2026-11-10' and id > 1000 and id % 4 = 0), 'a team''s');
select is(pg_temp.at('desk', 507, $$select app.report('{"team": 99}')$$), 'PT422 reports_team.choice', 'a team that is not there');
select is(pg_temp.at('ten', 502, $$select app.report('{"team": 77}')$$), 'PT422 reports_team.choice', 'teams are not for customers');

-- The status hidden from main users at one portal: there tickets are opened, and nothing else.
begin;
select auth.set_context(27, null, null, null, null, 0::smallint, '{}', false) \g /dev/null
insert into app.field_policies (tenant_id, scope, field, role, access, required, account_id, portal_id) values (27, 111 * 2 + 1, 'status', 'main_user', 0, false, null, 111), (27, 111 * 2 + 1, 'priority', 'main_user', 0, false, null, 111);
commit;
create function pg_temp.of_ten(w text) returns jsonb language sql as $$ select pg_temp.report('main', w::jsonb) $$;
create temp table hid as select pg_temp.of_ten('{"since": "2026-01-15", "until": "2026-11-10", "by": "month"}') as r;
select is((select (r->'totals'->>'opened')::bigint from hid), (select count(*) from mine where who = 'main' and w->>'by' = 'week' and opened between '2026-01-15' and '2026-11-10'), 'hidden: all are opened');
select is((select (r->'totals'->>'solved')::bigint from hid), (select count(*) from mine m join app.tickets t on t.tenant_id = 27 and t.id = m.id where who = 'main' and w->>'by' = 'week' and solved between '2026-01-15' and '2026-11-10' and t.portal_id = 110), 'and solved where the status is shown');
select is((select (r->'totals'->>'met')::bigint + (r->'totals'->>'missed')::bigint from hid), (select count(*) from app.clock_results c join mine m on m.id = c.ticket_id and m.who = 'main' and m.w->>'by' = 'week' join app.tickets t on t.tenant_id = 27 and t.id = m.id
  where c.tenant_id = 27 and t.portal_id = 110 and c.version = 2 and (c.at at time zone 'America/Sao_Paulo')::date between '2026-01-15' and '2026-11-10'), 'promises of the others');
select is((select r->'untold' from hid), '{"status": true, "priority": true}', 'and it says so');
select is((pg_temp.of_ten('{"since": "2026-01-15", "until": "2026-11-10", "priority": "high"}')->'totals'->>'opened')::bigint,
  (select count(*) from mine m join app.tickets t on t.tenant_id = 27 and t.id = m.id where who = 'main' and w->>'by' = 'week' and opened between '2026-01-15' and '2026-11-10' and t.portal_id = 110 and t.priority = 3), 'a hidden priority is found by no filter');
select is((pg_temp.report('desk', '{"since": "2026-01-15", "until": "2026-11-10", "by": "week"}')) - 'teams', (select r - 'teams' from asked where who = 'desk' and w->>'by' = 'week'), 'the desk''s is as it was');

-- ---- as it happens ------------------------------------------------------------------------------

-- Answered, solved, opened again: the columns that reports go by.
select pg_temp.at('desk', 507, $$select app.add_comment(1, false, 'x', '<p>x</p>', 'reports-1', null)$$) \g /dev/null
select ok((select answered_at > now() - interval '1 minute' from app.tickets where tenant_id = 27 and id = 1), 'an agent''s reply is an answer');
select pg_temp.at('desk', 507, $$select app.change_ticket(2, '{"status": "solved"}')$$) \g /dev/null
select ok((select answered_at > now() - interval '1 minute' and done_at is not null from app.tickets where tenant_id = 27 and id = 2), 'so is solving it');
select is(pg_temp.at('partner', 504, $$select app.add_comment(3, false, 'x', '<p>x</p>', 'reports-2', null)->'comment'->>'internal'$$), 'false', 'a partner answers');
select ok((select answered_at is not null from app.tickets where tenant_id = 27 and id = 3), 'what is a partner''s, its reply answers');
select pg_temp.at('desk', 507, $$select app.add_comment(4, true, 'x', '<p>x</p>', 'reports-3', null)$$) \g /dev/null
select ok((select answered_at is null from app.tickets where tenant_id = 27 and id = 4), 'a note does not');
-- CSV: the names of columns, then a row a part.
select is(pg_temp.as_role('sportello_bulk', $$select auth.enter('desk.reports.test', '27/507', 1::smallint, false)$$,
  format('select string_agg(l, E''\n'') from app.report_csv(%L, ''volume'', ''en'') l', '{"since": "2026-10-18", "until": "2026-10-18"}')),
  (select U&'\001Eday\001F\001Eopened\001F\001Esolved\001F\001Ebacklog' || E'\n' || concat_ws(U&'\001F', '2026-10-18', r->'opened'->>0, r->'solved'->>0, r->'backlog'->>0) from asked where who = 'desk' and w->>'until' = '2026-10-18'), 'CSV says what the chart says');
select is(pg_temp.as_role('sportello_bulk', $$select auth.enter('ten.reports.test', '27/502', 1::smallint, false)$$, $$select count(*) from app.report_csv('{}', 'agents', 'en')$$), 'PT403', 'agents'' is the desk''s');
select is(pg_temp.as_role('sportello_bulk', $$select auth.enter('desk.reports.test', '27/507', 1::smallint, false)$$, format('select bool_and(n > 1) from unnest(%L::text[]) p cross join lateral (select count(*) as n from app.report_csv(%L, p, ''en'')) x', '{volume,times,ages,attainment,agents}', '{"since": "2026-01-15"}')), 'true', 'each part');
select * from finish();
