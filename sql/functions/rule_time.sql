-- Rules of time: when they are to look at a ticket is worked out after each of its
-- events, so that nobody looks for it among all tickets.

-- The same of one clock, as it is or was.
create or replace function app.rule_clock_due(w jsonb, c app.ticket_clocks) returns timestamptz
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
begin
  return case when c.target is null or c.state > 2 then null
    when w ? 'after' then app.counted_until(c, c.due_at, (w->>'after')::bigint * 60)
    when c.state <> 1 or c.late then null
    when w ? 'used' then app.counted_until(c, c.running_since, greatest(ceil(c.target * (w->>'used')::int / 100.0)::bigint - c.used, 0))
    else app.counted_until(c, c.running_since, greatest(c.target - (w->>'before')::bigint * 60 - c.used, 0)) end;
end $$;

-- From which moment a rule counts for a ticket, and when its time has come. Null: not
-- before something else happens.
create or replace function app.rule_due(body jsonb, t app.tickets, out base timestamptz, out due timestamptz)
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
declare
  w jsonb := body->'when';
  c app.ticket_clocks;
begin
  if w->>'time' = 'due' then
    select x.* into c from app.ticket_clocks x where x.tenant_id = t.tenant_id and x.ticket_id = t.id and app.clock_name(x.kind) = w->>'clock' and x.state < 3;
    base := c.started_at;
    due := app.rule_clock_due(w, c);
    return;
  end if;
  base := case w->>'time'
    when 'status' then coalesce((select max(e.created_at) from app.events e where e.tenant_id = t.tenant_id and e.ticket_id = t.id and e.kind = 'ticket.changed' and e.data ? 'status'), t.created_at)
    when 'customer' then (select max(e.created_at) from app.events e where e.tenant_id = t.tenant_id and e.ticket_id = t.id
      and (e.kind = 'ticket.opened' or e.kind = 'ticket.replied' and e.data->>'by' in ('customer', 'partner')))
    else (select max(e.created_at) from app.events e where e.tenant_id = t.tenant_id and e.ticket_id = t.id and e.kind = 'ticket.replied' and e.data->>'by' = 'desk') end;
  due := app.rule_after(w, t.account_id, t.priority, base);
end $$;

-- So many minutes after a moment, counted as the rule says: by the open hours that the
-- service level has for the ticket; where it has none, all hours are.
create or replace function app.rule_after(w jsonb, account bigint, priority smallint, base timestamptz) returns timestamptz
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
declare
  calendar bigint;
begin
  if w->>'counted' = 'open' and app.has_service_level() then
    calendar := (app.plan_at(account, now(), (app.sla_at(now())).body)->'targets'->app.priority_name(coalesce(priority, 2::smallint))->>'calendar')::bigint;
  end if;
  return case when calendar is null then base + (w->>'minutes')::int * interval '1 minute'
    else app.open_after(calendar, app.calendar_version_at(calendar, now()), base, (w->>'minutes')::bigint * 60) end;
end $$;

-- Keeps one rule's alarm for a ticket, and says when that is (null: there is none). What was due
-- before the rule held is past. Whoever keeps some lets jobs know at the end, once, since the
-- tenant's turn is locked last of all.
create or replace function app.keep_alarm(r app.rules, t app.tickets) returns timestamptz
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  w record := app.rule_due(r.body, t);
begin
  if w.due is null or w.due < r.since and not r.past then
    update app.rule_alarms a set due_at = null where a.tenant_id = r.tenant_id and a.ticket_id = t.id and a.rule_id = r.id and a.due_at is not null;
    return null;
  end if;
  insert into app.rule_alarms as a (tenant_id, ticket_id, rule_id, base, due_at) values (r.tenant_id, t.id, r.id, w.base, w.due)
    on conflict on constraint rule_alarms_pkey do update set base = excluded.base, due_at = case when a.ran_for is distinct from excluded.base then excluded.due_at end;
  return w.due;
end $$;

create or replace function app.set_alarms(ticket bigint) returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  r app.rules;
  t app.tickets;
  next timestamptz;
begin
  select x.* into t from app.tickets x where x.tenant_id = auth.tenant_id() and x.id = ticket and x.at_desk;
  if not found then
    return;
  end if;
  for r in select x.* from app.rules x where x.tenant_id = t.tenant_id and x.is_on and x.body->'when' ? 'time' order by x.id loop
    next := least(next, app.keep_alarm(r, t));
  end loop;
  if next is not null then
    insert into app.rule_turns as n (tenant_id, next_at) values (t.tenant_id, next)
      on conflict on constraint rule_turns_pkey do update set next_at = excluded.next_at where n.next_at is null or n.next_at > excluded.next_at;
  end if;
end $$;

-- Of a rule that is to hold for what was there before, alarms for two hundred tickets more:
-- of several the one that is furthest behind.
create or replace function app.reach_back() returns boolean
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  most constant int := 200;
  r app.rules;
  t app.tickets;
  n int := 0;
begin
  select x.* into r from app.rules x where x.tenant_id = auth.tenant_id() and x.is_on and x.past_after is not null order by x.past_after, x.position limit 1 for no key update;
  if not found then
    return false;
  end if;
  for t in select x.* from app.tickets x where x.tenant_id = r.tenant_id and x.id > r.past_after order by x.id limit most loop
    n := n + 1;
    r.past_after := t.id;
    if t.at_desk then
      perform app.keep_alarm(r, t);
    end if;
  end loop;
  update app.rules x set past_after = case when n = most then r.past_after end where x.tenant_id = r.tenant_id and x.id = r.id;
  return true;
end $$;

-- Whose time has come, in the tenant in the context: each rule's first, then each rule's
-- second, and so on to ten, so that a rule with two hundred thousand waiting keeps no
-- other's back. Rules that have alarms are found by steps through an index; that there are
-- ten at most is said where the planner reads it, or it would sort them all.
create or replace function app.alarms_due() returns setof app.rule_alarms
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
begin
  return query with recursive of as (
    (select a.rule_id from app.rule_alarms a where a.tenant_id = (select auth.tenant_id()) and a.due_at is not null order by a.rule_id limit 1)
    union all
    select (select a.rule_id from app.rule_alarms a where a.tenant_id = (select auth.tenant_id()) and a.due_at is not null and a.rule_id > of.rule_id order by a.rule_id limit 1)
      from of where of.rule_id is not null),
  due as (
    select x.ticket_id, x.rule_id, x.due_at, row_number() over (partition by x.rule_id order by x.due_at) as n
    from of cross join lateral (select a.ticket_id, a.rule_id, a.due_at from app.rule_alarms a
      where a.tenant_id = (select auth.tenant_id()) and a.rule_id = of.rule_id and a.due_at <= now() order by a.due_at limit 10) x),
  chosen as (select d.* from due d order by d.n, d.due_at limit greatest(10, (select count(distinct d.rule_id) from due d)))
  select a.* from chosen c join app.rule_alarms a on a.tenant_id = (select auth.tenant_id()) and a.ticket_id = c.ticket_id and a.rule_id = c.rule_id
  order by c.n, c.due_at;
end $$;

-- Looks at ten tickets whose time has come, at least one a rule; a ticket that somebody
-- holds comes again. Says when to come next: after ten of them in two seconds, so that a
-- rule that is true of everything takes three hundred a minute.
create or replace function app.sound_rules() returns int
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  most constant int := 10;
  chosen app.rule_alarms;
  a app.rule_alarms;
  r app.rules;
  t app.tickets;
  w record;
  none app.events;
  n int := 0;
  back boolean;
begin
  -- Teams before tickets and alarms, as whoever gives them one does.
  perform g.id from app.teams g where g.tenant_id = auth.tenant_id() and g.turns > 0 and g.id in (
      select (d->>'team')::bigint from app.rules x cross join jsonb_array_elements(x.body->'do') d
      where x.tenant_id = g.tenant_id and x.is_on and x.body->'when' ? 'time' and d->>'team' is not null)
    order by g.id for no key update;
  back := app.reach_back();
  for chosen in select * from app.alarms_due() loop
    n := n + 1;
    select x.* into a from app.rule_alarms x where x.tenant_id = chosen.tenant_id and x.ticket_id = chosen.ticket_id and x.rule_id = chosen.rule_id
      and x.due_at <= now() for update skip locked;
    continue when not found;
    select x.* into r from app.rules x where x.tenant_id = a.tenant_id and x.id = a.rule_id and x.is_on and x.body->'when' ? 'time';
    select x.* into t from app.tickets x where x.tenant_id = a.tenant_id and x.id = a.ticket_id and x.at_desk for no key update skip locked;
    if r.id is not null and t.id is null and exists (select from app.tickets x where x.tenant_id = a.tenant_id and x.id = a.ticket_id and x.at_desk) then
      update app.rule_alarms x set due_at = now() + interval '5 seconds' where x.tenant_id = a.tenant_id and x.ticket_id = a.ticket_id and x.rule_id = a.rule_id;
      continue;
    end if;
    if r.id is not null and t.id is not null then
      -- What happened since may not be worked out yet: somebody answered just now.
      w := app.rule_due(r.body, t);
      if w.due is null or w.due > now() or w.base is distinct from a.base then
        perform app.keep_alarm(r, t);
        continue;
      end if;
    end if;
    update app.rule_alarms x set due_at = null where x.tenant_id = a.tenant_id and x.ticket_id = a.ticket_id and x.rule_id = a.rule_id;
    if r.id is not null and t.id is not null then
      perform app.try_rule(r, t, none);
      -- Once for each moment that it is counted from.
      update app.rule_alarms x set ran_for = a.base where x.tenant_id = a.tenant_id and x.ticket_id = a.ticket_id and x.rule_id = a.rule_id
        and exists (select from app.rule_runs l where l.tenant_id = a.tenant_id and l.ticket_id = a.ticket_id and l.rule_id = a.rule_id and l.created_at = now());
    end if;
  end loop;
  -- Whoever keeps an alarm has the turn as the last thing: what is there then is all there is.
  perform from app.rule_turns x where x.tenant_id = auth.tenant_id() for no key update;
  update app.rule_turns x set next_at = case when n >= most or back then now() + interval '2 seconds'
      else (select min(y.due_at) from app.rule_alarms y where y.tenant_id = auth.tenant_id() and y.due_at is not null) end
    where x.tenant_id = auth.tenant_id();
  return n + back::int;
exception when query_canceled or others then
  -- The others' rules do not wait for this tenant's.
  update app.rule_turns x set next_at = now() + case when sqlstate like '40%' or sqlstate = '55P03' then interval '2 seconds' else interval '1 minute' end
    where x.tenant_id = auth.tenant_id();
  return 0;
end $$;

-- Some of the tenant whose alarms wait for longest. How many; none: nothing is due.
create or replace function jobs.sound_rules() returns bigint
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  whose bigint;
begin
  -- Who is at work on a tenant's says so without the row, which is locked last.
  for whose in select o.tenant_id from app.rule_turns o where o.next_at <= now()
      and (select t.suspended_at from app.tenants t where t.tenant_id = o.tenant_id) is null
    order by o.next_at limit 20 loop
    continue when not pg_try_advisory_xact_lock(hashtextextended('rule turn/' || whose, 0));
    -- Somebody had it just now.
    continue when not exists (select from app.rule_turns x where x.tenant_id = whose and x.next_at <= now());
    perform jobs.enter(whose);
    return app.sound_rules();
  end loop;
  return 0;
end $$;
