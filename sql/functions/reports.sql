-- Reports (I3): how many tickets are opened and solved, what is open and how old
-- it is, how long answers and solutions take, what was promised and kept, and who has
-- how much. Each is counted when it is asked, over the tickets that the asker sees: the
-- desk's, or those that the organisation's list shows whoever may see all of it.
--
--   since, until  days where the asker is, or in zone; the last thirty, unless they are given
--   by            day, week, month; else as the period wants it
--   account, priority, type; team: the desk's
--
-- A ticket is solved when it ended and has not been opened again. A response, and a
-- solution, take as long as the service level counted where it promised one; else as
-- the clock on the wall says. Where the status of a ticket is hidden from the asker, it
-- counts as opened and nothing else; where its priority is, nothing that was promised
-- of it counts, and no filter by it finds it.

-- ---- which days, which tickets -----------------------------------------------------

create or replace function app.report_fault(field text, code text) returns void
language plpgsql immutable as $$
begin
  raise exception using errcode = 'PT422', constraint = format('reports_%s.%s', field, code), message = 'not a report';
end $$;

-- The days of a period and when each of its parts begins: days and edges are as many,
-- and one edge more ends it. The first edge begins the period before, which is as long.
create or replace function app.report_period(w jsonb, out zone text, out first date, out last date, out earlier date, out step text,
  out days date[], out edges timestamptz[], out months date[], out month_edges timestamptz[])
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
declare
  field text;
  today date;
begin
  zone := coalesce(w->>'zone', (select p.time_zone from app.people p where p.tenant_id = auth.tenant_id() and p.id = auth.person_id()), 'UTC');
  begin
    if zone !~ '^[A-Za-z]+(/[A-Za-z0-9_+-]+)*$' then
      raise invalid_parameter_value;
    end if;
    today := (now() at time zone zone)::date;
  exception when invalid_parameter_value then
    if w->>'zone' is not null then
      perform app.report_fault('zone', 'no_zone');
    end if;
    zone := 'UTC';
    today := (now() at time zone zone)::date;
  end;
  foreach field in array array['since', 'until'] loop
    if w->>field is not null and not app.is_date(w->>field) then
      perform app.report_fault(field, 'date');
    end if;
  end loop;
  last := least(coalesce((w->>'until')::date, today), greatest(today, (w->>'since')::date));
  first := coalesce((w->>'since')::date, last - 29);
  if coalesce((w->>'until')::date, last) < first then
    perform app.report_fault('since', 'after');
  elsif last - first >= 732 or first < date '1970-01-02' or coalesce((w->>'until')::date, last) - first >= 732 then
    perform app.report_fault('since', 'two_years');
  end if;
  step := coalesce(w->>'by', case when last - first < 92 then 'day' when last - first < 366 then 'week' else 'month' end);
  if step = 'day' and last - first >= 400 then
    perform app.report_fault('by', 'four_hundred');
  end if;
  earlier := first - (last - first + 1);
  days := array(select greatest(d::date, first) from generate_series(date_trunc(step, first::timestamp), last::timestamp, ('1 ' || step)::interval) d order by d);
  months := array(select greatest(d::date, first) from generate_series(date_trunc('month', first::timestamp), last::timestamp, interval '1 month') d order by d);
  edges := array(select d::timestamp at time zone zone from unnest(earlier || days || (last + 1)) with ordinality x (d, n) order by n);
  month_edges := array(select d::timestamp at time zone zone from unnest(months || (last + 1)) with ordinality x (d, n) order by n);
end $$;

-- The accounts of which somebody who does not work at the desk may see all.
create or replace function app.report_accounts() returns bigint[]
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
begin
  return app.partner_accounts() || array(select distinct m.account_id from app.memberships m where m.tenant_id = auth.tenant_id()
    and m.person_id = auth.person_id() and m.role in ('account_admin', 'main_user', 'partner'));
end $$;

-- The tickets of a report, as SQL; $1 is the tenant. Those where a field is hidden from the
-- asker have no dates, or are not looked at.
create or replace function app.report_tickets(w jsonb) returns text
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
declare
  desk boolean := auth.account_id() is null and auth.is_agent();
  whose bigint[] := case when desk then '{}' else app.list_principals('organisation') end;
  seen text;
  hidden jsonb := '{}';
  shows text := 'x.portal_id <> all (%L::bigint[])';
begin
  if auth.grant_id() is not null or not desk and (whose = '{}' or auth.account_id() is null) then
    raise exception using errcode = 'PT403', message = 'of whoever sees all of an account';
  elsif w->>'account' is not null and not (case when desk
      then exists (select from app.accounts a where a.tenant_id = auth.tenant_id() and a.id = (w->>'account')::bigint)
      else (w->>'account')::bigint = any (app.report_accounts()) end) then
    perform app.report_fault('account', 'choice');
  elsif w->>'team' is not null and not (desk and exists (select from app.teams g where g.tenant_id = auth.tenant_id() and g.id = (w->>'team')::bigint)) then
    perform app.report_fault('team', 'choice');
  end if;
  seen := case when desk then 'x.at_desk' else format('x.id in (select a.ticket_id from app.ticket_access a where a.tenant_id = $1 and a.principal = any (%L::bigint[]))
      and x.account_id = any (%L::bigint[])', whose, app.report_accounts()) end;
  if app.perhaps_hidden('{status,priority,type}') <> '{}' then
    execute format('select coalesce(jsonb_object_agg(g.field, g.portals), ''{}'') from (
        select h.field, array_agg(d.portal_id)::text as portals from (select distinct x.portal_id, x.account_id from app.tickets x where x.tenant_id = $1 and %s) d
        cross join lateral unnest(app.hidden_fields(d.portal_id, d.account_id)) h (field) group by 1) g', seen) into hidden using auth.tenant_id();
  end if;
  return format('select x.id, x.created_at, x.status, x.assignee_id, s.told, s.promised,
      case when s.told then x.done_at end as done_at, case when s.told then x.answered_at end as answered_at
    from app.tickets x cross join lateral (select %s as told, %s as promised) s where x.tenant_id = $1 and %s',
    case when hidden ? 'status' then format(shows, hidden->>'status') else 'true' end,
    case when hidden ? 'priority' then format(shows, hidden->>'priority') else 'true' end,
    concat_ws(' and ', seen,
      case when w->>'account' is not null then format('x.account_id = %L::bigint', w->>'account') end,
      case when w->>'team' is not null then format('x.team_id = %L::bigint', w->>'team') end,
      case when w->>'priority' is not null then format('x.priority = %s', app.priority_number(w->>'priority')) end,
      case when w->>'priority' is not null and hidden ? 'priority' then format(shows, hidden->>'priority') end,
      case when w->>'type' is not null then format('x.type = %L', w->>'type') end,
      case when w->>'type' is not null and hidden ? 'type' then format(shows, hidden->>'type') end));
end $$;

-- ---- what is told -------------------------------------------------------------------

-- Before how many days what is open was opened: the last has no end.
create or replace function app.report_ages() returns int[]
language sql immutable parallel safe
return '{1,3,7,30,90}'::int[];

-- From when on each age is, the oldest first.
create or replace function app.report_age_edges(at timestamptz) returns timestamptz[]
language sql immutable parallel safe
return array(select at - d * interval '24 hours' from unnest(app.report_ages()) d order by d desc);

-- All of it. What is counted stays within a few hundred numbers a kind.
create or replace function app.report(w jsonb) returns json
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
declare
  desk boolean := auth.account_id() is null and auth.is_agent();
  p record;
  n int;
  at timestamptz;
  shown int[];
  whole boolean;
  tickets text;
  was text[] := array[current_setting('enable_nestloop'), current_setting('work_mem')];
  counted jsonb;
begin
  w := jsonb_strip_nulls(w);
  perform app.begin_work();
  tickets := app.report_tickets(w);
  p := app.report_period(w);
  n := cardinality(p.days);
  at := least(now(), p.edges[n + 2]);
  -- What customers are not shown of the service level is not told of its clocks.
  shown := array(select v.version from app.sla_versions v where v.tenant_id = auth.tenant_id() and (desk or (v.body->>'shown')::boolean));
  -- All of the desk's: what only it has needs not be looked up among them.
  whole := desk and not w ?| '{account,priority,type,team}' and app.perhaps_hidden('{status,priority,type}') = '{}';
  -- How many there are in a period the planner does not know: each is joined in one go.
  -- For this statement alone, since functions keep the plans that they make.
  perform set_config('enable_nestloop', 'off', true), set_config('work_mem', '48MB', true);
  execute format($q$
    with t as materialized (%s),
    -- 0: before, 1: the period before, 2 and so on: the parts of this one.
    placed as (select width_bucket(t.created_at, $2) as o, width_bucket(t.done_at, $2) as d, t.told from t),
    volume as materialized (select p.o, p.d, count(*) as n, count(*) filter (where p.told) as told from placed p group by grouping sets ((p.o), (p.d))),
    parts as materialized (
      select k, coalesce(o.n, 0) as opened, coalesce(d.n, 0) as solved, sum(coalesce(o.told, 0) - coalesce(d.n, 0)) over (order by k) as backlog
      from generate_series(0, $3 + 1) k left join volume o on o.o = k left join volume d on d.d = k),
    spent as materialized (
      select 1 as kind, width_bucket(t.answered_at, $2) as b, coalesce(r.used, greatest(extract(epoch from t.answered_at - t.created_at), 0)::bigint) as seconds
      from t left join app.clock_results r on r.tenant_id = $1 and r.ticket_id = t.id and r.kind = 1 and r.turn = 1 and r.ended_at is not null and t.promised and r.version = any ($4)
      where t.answered_at >= $2[1] and t.answered_at < $2[$3 + 2]
      union all
      select 3, width_bucket(t.done_at, $2), coalesce(r.used, greatest(extract(epoch from t.done_at - t.created_at), 0)::bigint)
      from t left join app.clock_results r on r.tenant_id = $1 and r.ticket_id = t.id and r.kind = 3 and r.turn = 1 and r.ended_at is not null and t.promised and r.version = any ($4)
      where t.done_at >= $2[1] and t.done_at < $2[$3 + 2]),
    times as materialized (
      select s.kind, s.b, s.b > 1 as now, grouping(s.b) = 1 as whole, percentile_disc(array[0.5, 0.9]) within group (order by s.seconds) as p, count(*) as n
      from spent s group by grouping sets ((s.kind, s.b), (s.kind, s.b > 1))),
    kept as materialized (
      select r.kind, r.met, r.priority, r.plan, width_bucket(r.at, $5) as month, count(*) as n
      from app.clock_results r %s
      where r.tenant_id = $1 and r.version = any ($4) and r.at >= $2[1] and r.at < $2[$3 + 2] group by 1, 2, 3, 4, 5),
    ages as (
      select width_bucket(t.created_at, app.report_age_edges($6)) as a, count(*) as n from t
      where t.told and t.created_at < $6 and (t.done_at is null or t.done_at >= $6) group by 1)
    select jsonb_build_object(
      'opened', (select jsonb_agg(k.opened order by k.k) from parts k where k.k > 1),
      'solved', (select jsonb_agg(k.solved order by k.k) from parts k where k.k > 1),
      'backlog', (select jsonb_agg(k.backlog order by k.k) from parts k where k.k > 1),
      'before', (select jsonb_build_object('opened', k.opened, 'solved', k.solved, 'backlog', k.backlog) from parts k where k.k = 1),
      'times', (select jsonb_agg(jsonb_build_array(x.kind, case when not x.whole then x.b - 2 end, x.now, x.p[1], x.p[2], x.n) order by x.kind, x.b) from times x where x.whole or x.b > 1),
      'kept', (select jsonb_agg(jsonb_build_array(x.kind, x.met, x.priority, x.plan, x.month - 1, x.n)) from kept x),
      'ages', (select jsonb_agg(coalesce(x.n, 0) order by a desc) from generate_series(0, cardinality(app.report_ages())) a left join ages x using (a)),
      'had', case when $7 then (select jsonb_object_agg(coalesce(x.assignee_id, 0), jsonb_build_array(x.open, x.solved)) from (
        select t.assignee_id, count(*) filter (where t.told and t.status < 5) as open, count(*) filter (where t.done_at >= $2[2] and t.done_at < $2[$3 + 2]) as solved
        from t group by 1) x where x.open + x.solved > 0) end,
      'untold', (select coalesce(jsonb_build_object('status', bool_or(not t.told), 'priority', bool_or(not t.promised)), '{}') from t where not (t.told and t.promised))) $q$,
    tickets, case when not whole then 'join t on t.id = r.ticket_id and t.told and t.promised' else '' end)
    into counted using auth.tenant_id(), p.edges, n, shown, p.month_edges, at, desk;
  perform set_config('enable_nestloop', was[1], true), set_config('work_mem', was[2], true);
  return app.report_json(w, p.first, p.last, p.earlier, p.step, p.zone, p.days, p.months, counted,
    case when desk then app.report_replies(case when not whole then tickets end, p.edges[2], p.edges[n + 2]) end);
end $$;

-- How many answers each agent gave: to some tickets, or (null) to any.
create or replace function app.report_replies(tickets text, since timestamptz, until timestamptz) returns jsonb
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
declare
  counted jsonb;
begin
  execute format($q$
    with staff as materialized (select p.id from app.people p where p.tenant_id = $1 and p.rank >= 2 order by p.id limit 500)
    select jsonb_object_agg(x.id, x.n) from (
      select s.id, count(*) as n from staff s join app.comments c on c.tenant_id = $1 and c.author_id = s.id and c.created_at >= $2 and c.created_at < $3
        and not c.is_internal and c.about is null
      %s group by 1) x $q$, 'where c.ticket_id in (select t.id from (' || tickets || ') t)') into counted using auth.tenant_id(), since, until;
  return coalesce(counted, '{}');
end $$;

-- Met and broken of some results: kept is what app.report() counted of them.
create or replace function app.report_kept(kept jsonb, at int, what text) returns jsonb
language sql immutable parallel safe
set search_path = pg_catalog, pg_temp as $$
  select coalesce(jsonb_agg(jsonb_build_object(what, x.of, 'kind', app.clock_name(x.kind), 'met', x.met, 'missed', x.missed) order by x.of, x.kind), '[]')
  from (select k->at as of, (k->>0)::smallint as kind,
      sum((k->>5)::bigint) filter (where k->>1 = 'true') as met, sum((k->>5)::bigint) filter (where k->>1 = 'false') as missed
    from jsonb_array_elements(kept) k where (k->>4)::int >= 0 group by 1, 2) x
$$;

create or replace function app.report_json(w jsonb, first date, last date, earlier date, step text, zone text, days date[], months date[],
  counted jsonb, replies jsonb) returns json
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
declare
  desk boolean := replies is not null;
  kept jsonb := coalesce(nullif(counted->'kept', 'null'), '[]');
  times jsonb := coalesce(nullif(counted->'times', 'null'), '[]');
  had jsonb := coalesce(nullif(counted->'had', 'null'), '{}');
  n int := cardinality(days);
  v app.sla_versions := app.sla_at(now());
begin
  return (with named as (
      select x.kind, x.name,
        jsonb_build_object('p50', (select jsonb_agg(s.t->3 order by i) from generate_series(0, n - 1) i left join lateral (select t from jsonb_array_elements(times) t where t->0 = to_jsonb(x.kind) and t->1 = to_jsonb(i)) s on true),
          'p90', (select jsonb_agg(s.t->4 order by i) from generate_series(0, n - 1) i left join lateral (select t from jsonb_array_elements(times) t where t->0 = to_jsonb(x.kind) and t->1 = to_jsonb(i)) s on true)) as series
      from (values (1, 'first'), (3, 'resolution')) x (kind, name)),
    totals as (
      select is_now, jsonb_object_agg(x.name, coalesce((select jsonb_build_object('p50', t->3, 'p90', t->4, 'n', t->5) from jsonb_array_elements(times) t
          where t->0 = to_jsonb(x.kind) and t->1 = 'null' and t->2 = to_jsonb(is_now)), '{"n": 0}')) || jsonb_build_object(
          'met', (select coalesce(sum((k->>5)::bigint), 0) from jsonb_array_elements(kept) k where k->1 = 'true' and ((k->>4)::int >= 0) = is_now),
          'missed', (select coalesce(sum((k->>5)::bigint), 0) from jsonb_array_elements(kept) k where k->1 = 'false' and ((k->>4)::int >= 0) = is_now)) as said
      from unnest(array[true, false]) is_now cross join (values (1, 'first'), (3, 'resolution')) x (kind, name) group by 1)
    select json_build_object('since', first, 'until', last, 'by', step, 'zone', zone, 'desk', desk,
      'before', json_build_object('since', earlier, 'until', first - 1),
      'days', to_json(days), 'opened', counted->'opened', 'solved', counted->'solved', 'backlog', counted->'backlog',
      'first', (select x.series from named x where x.kind = 1), 'resolution', (select x.series from named x where x.kind = 3),
      'totals', (select x.said from totals x where x.is_now) || jsonb_build_object('opened', (select sum(x::bigint) from jsonb_array_elements_text(counted->'opened') x),
        'solved', (select sum(x::bigint) from jsonb_array_elements_text(counted->'solved') x), 'backlog', counted->'backlog'->(n - 1)),
      'previous', (select x.said from totals x where not x.is_now) || (counted->'before'),
      'age_days', to_json(app.report_ages()), 'ages', counted->'ages',
      'attainment', json_build_object(
        'months', (select coalesce(json_agg(k || jsonb_build_object('month', months[(k->>'month')::int + 1]) order by k->'month', k->>'kind'), '[]') from jsonb_array_elements(app.report_kept(kept, 4, 'month')) k),
        'priorities', (select coalesce(json_agg(k || jsonb_build_object('priority', app.priority_name((k->>'priority')::smallint)) order by k->'priority' desc, k->>'kind'), '[]')
          from jsonb_array_elements(app.report_kept(kept, 2, 'priority')) k),
        'plans', case when desk then app.report_kept(kept, 3, 'plan') end),
      'plans', case when desk then (select coalesce(json_object_agg(y->>'key', y->'names'), '{}') from jsonb_array_elements(v.body->'plans') y) end,
      'agents', case when desk then (select coalesce(json_agg(json_build_object('id', nullif(g.id, 0), 'name', g.name, 'open', g.open, 'solved', g.solved, 'replies', g.replies)
          order by g.id = 0, g.open desc, g.replies desc, g.name), '[]')
        from (select i.id, q.name, coalesce((had->i.id::text->>0)::bigint, 0) as open, coalesce((had->i.id::text->>1)::bigint, 0) as solved, coalesce((replies->>i.id::text)::bigint, 0) as replies
          from (select k::bigint as id from jsonb_object_keys(had) k union select k::bigint from jsonb_object_keys(replies) k) i
          left join app.people q on q.tenant_id = auth.tenant_id() and q.id = i.id
          order by 3 desc, 5 desc limit 200) g) end,
      'untold', jsonb_strip_nulls(coalesce(counted->'untold', '{}')),
      'accounts', (select coalesce(json_agg(json_build_object('id', a.id, 'name', a.name) order by a.name, a.id), '[]')
        from (select x.id, x.name from app.accounts x where x.tenant_id = auth.tenant_id() and (desk or x.id = any (app.report_accounts())) order by x.name, x.id limit 1000) a),
      'teams', case when desk then (select coalesce(json_agg(json_build_object('id', g.id, 'name', g.name) order by g.name), '[]')
        from (select x.* from app.teams x where x.tenant_id = auth.tenant_id() order by x.name limit 200) g) end,
      -- Customers: what their lists offer.
      'types', case when not desk then app.list_filters('all')->'types'
        else (select coalesce(json_agg(json_build_object('key', y.key, 'labels', y.labels) order by y.position, y.key), '[]')
          from (select x.* from app.ticket_types x where x.tenant_id = auth.tenant_id() and app.perhaps_hidden('{type}') = '{}' order by x.position, x.key limit 100) y) end));
end $$;

-- ---- CSV ------------------------------------------------------------------------------

-- A part of a report as CSV, as its table shows it. Times are seconds.
create or replace function app.report_csv(w jsonb, part text, lang text) returns setof text
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
declare
  key text := U&'\001E';
  r jsonb := app.report(w);
  ages jsonb := r->'age_days';
begin
  if part = 'agents' and not (r->>'desk')::boolean then
    raise exception using errcode = 'PT403', message = 'the desk''s to know';
  end if;
  return next app.csv_row(variadic array(select key || c from unnest(case part
    when 'volume' then '{day,opened,solved,backlog}' when 'times' then '{day,first_half,first_most,resolution_half,resolution_most}'
    when 'ages' then '{age_from,age_to,tickets}' when 'agents' then '{assignee,open,solved,replies}'
    else '{month,clock,met,missed}' end::text[]) c));
  return query select case part
      when 'volume' then app.csv_row(d.day, r->'opened'->>i, r->'solved'->>i, r->'backlog'->>i)
      else app.csv_row(d.day, coalesce(r->'first'->'p50'->>i, ''), coalesce(r->'first'->'p90'->>i, ''), coalesce(r->'resolution'->'p50'->>i, ''), coalesce(r->'resolution'->'p90'->>i, '')) end
    from jsonb_array_elements_text(r->'days') with ordinality d (day, n) cross join lateral (select (d.n - 1)::int as i) x
    where part in ('volume', 'times') order by d.n;
  return query select app.csv_row(coalesce(ages->>(a.n - 2)::int, '0'), coalesce(ages->>(a.n - 1)::int, ''), a.tickets)
    from jsonb_array_elements_text(r->'ages') with ordinality a (tickets, n) where part = 'ages' order by a.n;
  return query select app.csv_row(coalesce(a->>'name', ''), a->>'open', a->>'solved', a->>'replies')
    from jsonb_array_elements(r->'agents') with ordinality x (a, n) where part = 'agents' order by n;
  return query select app.csv_row(left(a->>'month', 7), key || 'levels.kind.' || (a->>'kind'), coalesce(a->>'met', '0'), coalesce(a->>'missed', '0'))
    from jsonb_array_elements(r->'attainment'->'months') with ordinality x (a, n) where part = 'attainment' order by n;
end $$;
