-- The clocks of a ticket (S4): first response, next response, solution. Each is
-- worked out from the ticket's events, the versions of the service level, the plans of
-- its account and the versions of calendars, and from nothing else, so that it can be
-- worked out again and explained. What is kept (app.ticket_clocks) is made anew from all
-- of them whenever one of its events is worked out: what came late or in another order
-- leaves nothing wrong.
--
-- The first response runs from when the ticket is at the desk to the desk's first public
-- reply or until it is solved; the next one from a customer's reply that nobody has
-- answered to the desk's next one; the solution until the ticket is solved or closed.
-- They pause while it is blocked or on hold, stop when it is closed and go on, with what
-- was used, when it is opened again. What holds when a clock starts, or when the
-- priority changes, holds for it until the next such moment. A priority that is taken back
-- within the hour, with nothing in between, leaves a clock as it was: due when it was, too.

create or replace function app.clock_name(kind smallint) returns text
language sql immutable parallel safe
return (array['first', 'next', 'resolution'])[kind];

-- ---- what if ----------------------------------------------------------------------------

-- Open seconds before a moment, of a calendar as it is supposed; null: outside of it.
create or replace function app.supposed_by(w app.what_if, moment timestamptz) returns numeric
language plpgsql immutable parallel safe
set search_path = pg_catalog, pg_temp as $$
declare
  i int := width_bucket(moment, w.opens);
begin
  return case when i > 0 and (w.closes[i] is not null or w.opens[i] = moment)
    then w.before[i] + extract(epoch from least(moment, coalesce(w.closes[i], moment)) - w.opens[i]) end;
end $$;

-- When so many more have been counted of it.
create or replace function app.supposed_after(w app.what_if, a timestamptz, seconds bigint) returns timestamptz
language plpgsql immutable parallel safe
set search_path = pg_catalog, pg_temp as $$
declare
  wanted numeric := app.supposed_by(w, a) + greatest(seconds, 0);
  i int;
begin
  if wanted is null or seconds <= 0 then
    return case when wanted is not null then a end;
  end if;
  i := width_bucket(ceil(wanted)::bigint - 1, w.before);
  return case when w.closes[i] is not null then w.opens[i] + trunc((wanted - w.before[i]) * 1000000) * interval '1 microsecond' end;
end $$;

-- ---- one clock --------------------------------------------------------------------------

-- Seconds that count from a to b.
create or replace function app.counted_seconds(c app.ticket_clocks, a timestamptz, b timestamptz, w app.what_if default null) returns bigint
language plpgsql stable
set search_path = pg_catalog, pg_temp as $$
begin
  return coalesce(case when c.calendar is null then (floor(extract(epoch from b)) - floor(extract(epoch from a)))::bigint
    when c.calendar = w.calendar and w.opens is not null then floor(app.supposed_by(w, b)) - floor(app.supposed_by(w, a))
    else app.open_seconds(c.calendar, c.calendar_version, a, b) end, 0);
end $$;

-- When so many more have counted since a. Null: never, as far as anybody knows.
create or replace function app.counted_until(c app.ticket_clocks, a timestamptz, seconds bigint, w app.what_if default null) returns timestamptz
language plpgsql stable
set search_path = pg_catalog, pg_temp as $$
begin
  return case when c.calendar is null then a + seconds * interval '1 second'
    when c.calendar = w.calendar and w.opens is not null then app.supposed_after(w, a, seconds)
    else app.open_after(c.calendar, c.calendar_version, a, seconds) end;
end $$;

-- The newest version of a calendar at a time, or else its first.
create or replace function app.calendar_version_at(calendar bigint, at timestamptz) returns int
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
begin
  return coalesce((select max(v.version) from app.calendar_versions v
      where v.tenant_id = auth.tenant_id() and v.calendar_id = calendar and v.created_at <= at),
    (select min(v.version) from app.calendar_versions v where v.tenant_id = auth.tenant_id() and v.calendar_id = calendar));
end $$;

-- What is promised from a time on.
create or replace function app.clock_promised(c app.ticket_clocks, account bigint, priority smallint, at timestamptz, w app.what_if default null) returns app.ticket_clocks
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
declare
  v app.sla_versions;
  plan jsonb;
  held smallint := coalesce(priority, 2);
  target jsonb;
begin
  if w.body is null then
    v := app.sla_at(at);
  else
    v.body := w.body;
  end if;
  plan := app.plan_at(account, at, v.body);
  target := plan->'targets'->(array['low', 'normal', 'high', 'urgent'])[held];
  c.version := v.version;
  c.plan := plan->>'key';
  c.priority := held;
  c.target := (target->>app.clock_name(c.kind))::bigint * 60;
  c.calendar := case when c.target is not null then (target->>'calendar')::bigint end;
  c.calendar_version := case when c.calendar = w.calendar then w.version when c.calendar is not null then app.calendar_version_at(c.calendar, at) end;
  return c;
end $$;

-- How many seconds before its end it warns: of a short time, not before its half.
create or replace function app.clock_warning(c app.ticket_clocks, w app.what_if default null) returns bigint
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
begin
  if w.body is not null then
    return least((w.body->>'warn')::bigint * 60, c.target / 2);
  end if;
  return (select least((v.body->>'warn')::bigint * 60, c.target / 2) from app.sla_versions v
    where v.tenant_id = auth.tenant_id() and v.version = c.version);
end $$;

-- Runs from a time on. Who goes on within the warning's time was warned.
create or replace function app.clock_run(c app.ticket_clocks, at timestamptz, promised_anew boolean, w app.what_if default null) returns app.ticket_clocks
language plpgsql stable
set search_path = pg_catalog, pg_temp as $$
declare
  warned bigint;
begin
  c.state := 1;
  c.running_since := at;
  c.ended_at := null;
  if c.target is not null and not c.late then
    warned := c.target - app.clock_warning(c, w);
    c.due_at := app.counted_until(c, at, greatest(c.target - c.used, 0), w);
    c.warn_at := case when warned > c.used or promised_anew then app.counted_until(c, at, greatest(warned - c.used, 0), w) end;
  end if;
  return c;
end $$;

-- Runs no more, for now (2, 3) or for good (4).
create or replace function app.clock_halt(c app.ticket_clocks, at timestamptz, state smallint, w app.what_if default null) returns app.ticket_clocks
language plpgsql stable
set search_path = pg_catalog, pg_temp as $$
begin
  if c.state = 1 and c.target is not null then
    c.used := c.used + app.counted_seconds(c, c.running_since, at, w);
    c.late := c.late or coalesce(c.due_at <= at, false);
    c.due_at := case when c.late then c.due_at end;
    c.warn_at := null;
  end if;
  c.state := state;
  c.running_since := null;
  c.ended_at := case when state >= 3 then coalesce(c.ended_at, at) end;
  return c;
end $$;

-- The same clock with what is promised now; what was used stays used.
create or replace function app.clock_retarget(c app.ticket_clocks, account bigint, priority smallint, at timestamptz, w app.what_if default null) returns app.ticket_clocks
language plpgsql stable
set search_path = pg_catalog, pg_temp as $$
declare
  ran boolean := c.state = 1;
begin
  if ran then
    c := app.clock_halt(c, at, 2::smallint, w);
  end if;
  c := app.clock_promised(c, account, priority, at, w);
  c.late := coalesce(c.used >= c.target, false);
  c.due_at := case when c.late then at end;
  c.warn_at := null;
  return case when ran then app.clock_run(c, at, true, w) else c end;
end $$;

-- The clock as it was when it had that priority last: it is due as it was then. Null: something
-- else is promised now. was: what it was before each change of the last hour, the newest last.
create or replace function app.clock_restore(c app.ticket_clocks, was app.ticket_clocks[], account bigint, priority smallint, at timestamptz, w app.what_if default null) returns app.ticket_clocks
language plpgsql stable
set search_path = pg_catalog, pg_temp as $$
declare
  p app.ticket_clocks := app.clock_promised(c, account, priority, at, w);
  b app.ticket_clocks;
begin
  for i in reverse cardinality(was)..1 loop
    b := was[i];
    if b.kind = c.kind and b.started_at = c.started_at and b.priority = p.priority then
      return case when (b.version, b.plan, b.target, b.calendar, b.calendar_version) is not distinct from (p.version, p.plan, p.target, p.calendar, p.calendar_version) then b end;
    end if;
  end loop;
  return null;
end $$;

-- Which telling of which clock that was.
create or replace function app.clock_told(c app.ticket_clocks, what text, due timestamptz) returns text
language sql immutable parallel safe
return concat_ws(' ', what, c.kind, extract(epoch from c.started_at), extract(epoch from due));

-- As a ticket's status wants it. Being solved is an answer; being closed is not.
create or replace function app.clock_follow(c app.ticket_clocks, status smallint, at timestamptz, w app.what_if default null) returns app.ticket_clocks
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
declare
  wants smallint := case when status <= 2 then 1 when status <= 4 then 2 when status = 5 and c.kind < 3 then 4
    when status = 7 and c.kind = 3 and coalesce((w.body->>'escalated_runs')::boolean, (select (v.body->>'escalated_runs')::boolean from app.sla_versions v
      where v.tenant_id = auth.tenant_id() and v.version = c.version)) then 1 else 3 end;
begin
  return case when c.state is null or c.state = 4 or c.state = wants then c
    when wants = 1 then app.clock_run(c, at, false, w) else app.clock_halt(c, at, wants, w) end;
end $$;

-- A new one. What is asked while a ticket is solved waits till it is opened again.
create or replace function app.clock_begin(t app.tickets, kind smallint, priority smallint, status smallint, at timestamptz, w app.what_if default null) returns app.ticket_clocks
language plpgsql stable
set search_path = pg_catalog, pg_temp as $$
declare
  c app.ticket_clocks;
begin
  c.tenant_id := t.tenant_id;
  c.ticket_id := t.id;
  c.kind := kind;
  c.state := 3;
  c.started_at := at;
  c.used := 0;
  c.late := false;
  c.is_next := false;
  c := app.clock_promised(c, t.account_id, priority, at, w);
  return case when status = 5 then c else app.clock_follow(c, status, at, w) end;
end $$;

-- ---- all of a ticket ----------------------------------------------------------------------

-- When it is to be told that one is late, or soon will be; null: never, or it was.
create or replace function app.clock_alarm(c app.ticket_clocks) returns timestamptz
language sql immutable parallel safe
return case when c.state > 2 or c.due_at is null or c.late_for is not distinct from c.due_at then null
  when c.warned_for is not distinct from c.due_at then c.due_at else least(c.warn_at, c.due_at) end;

-- What an event did to a clock, as it is shown: with what was used till then.
create or replace function app.clock_line(c app.ticket_clocks, at timestamptz, what text, data jsonb) returns jsonb
language plpgsql stable
set search_path = pg_catalog, pg_temp as $$
begin
  return jsonb_strip_nulls(jsonb_build_object('clock', c.kind, 'at', at, 'what', what, 'data', data, 'state', c.state,
    'used', c.used + case when c.state = 1 and c.target is not null then app.counted_seconds(c, c.running_since, at) else 0 end,
    'target', c.target, 'version', c.version, 'plan', c.plan, 'priority', (array['low', 'normal', 'high', 'urgent'])[c.priority],
    'calendar', c.calendar, 'calendar_version', c.calendar_version, 'due', c.due_at, 'late', c.late));
end $$;

-- Its clocks as its events say (those that have not begun are null), the next
-- responses that were over before the one there is, and, where they are to be
-- explained, what each event did to which.
create or replace function app.fold_clocks(t app.tickets, explained boolean, w app.what_if default null, out clocks app.ticket_clocks[], out past app.ticket_clocks[], out lines jsonb)
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
declare
  c app.ticket_clocks[] := array_fill(null::app.ticket_clocks, array[3]);
  before app.ticket_clocks[];
  first record;
  e record;
  k int;
  at timestamptz;
  status smallint;
  priority smallint;
  at_desk boolean;
  answered boolean := false;
  what text;
  -- As they were before each change of the priority, while nothing else happens; and when.
  was app.ticket_clocks[] := '{}';
  was_at timestamptz[] := '{}';
  told text[] := '{}';
  back app.ticket_clocks;
begin
  past := '{}';
  lines := '[]';
  -- Where it began: as the first change of each says, or else as it is.
  select min(x.created_at) filter (where x.kind in ('ticket.opened', 'ticket.split_off')) as opened,
      (array_agg(x.data->'status'->>0 order by x.id) filter (where x.kind = 'ticket.changed' and x.data ? 'status'))[1] as status,
      (array_agg(x.data->'priority' order by x.id) filter (where x.kind = 'ticket.changed' and x.data ? 'priority'))[1] as priority,
      coalesce(bool_or(x.kind = 'ticket.escalated'), false) as handed
    into first
    from app.events x where x.tenant_id = t.tenant_id and x.ticket_id = t.id
      and x.kind in ('ticket.opened', 'ticket.split_off', 'ticket.changed', 'ticket.escalated');
  at := coalesce(first.opened, t.created_at);
  status := coalesce(app.status_number(first.status), t.status);
  priority := case when first.priority is null then t.priority else app.priority_number(first.priority->>0) end;
  at_desk := t.at_desk and not first.handed;
  for e in
    select 0 as id, 'ticket.opened' as kind, at as created_at, jsonb '{}' as data, null::smallint as rank
    union all
    select x.id, x.kind, x.created_at, x.data, p.rank from app.events x
    left join app.people p on p.tenant_id = x.tenant_id and p.id = x.actor_id
    where x.tenant_id = t.tenant_id and x.ticket_id = t.id
      and x.kind in ('ticket.changed', 'ticket.replied', 'ticket.escalated', 'ticket.warned', 'ticket.late')
    order by 1
  loop
    -- What waited for another's end has the time of its own beginning.
    at := greatest(at, e.created_at);
    before := c;
    what := null;
    case e.kind
    when 'ticket.opened', 'ticket.escalated' then
      if e.kind = 'ticket.escalated' then
        at_desk := t.at_desk;
      end if;
      if at_desk then
        what := case e.kind when 'ticket.opened' then 'opened' else 'handed' end;
        foreach k in array array[1, 3] loop
          if c[k].kind is null then
            c[k] := app.clock_begin(t, k::smallint, priority, status, at, w);
          end if;
        end loop;
      end if;
    when 'ticket.changed' then
      if e.data ? 'priority' then
        what := 'priority';
        priority := app.priority_number(e.data->'priority'->>1);
        while was_at[1] <= at - interval '1 hour' loop
          was := was[2:];
          was_at := was_at[2:];
        end loop;
        for k in 1..3 loop
          if c[k].state < 4 then
            back := app.clock_restore(c[k], was, t.account_id, priority, at, w);
            was := was || c[k];
            was_at := was_at || at;
            if back.kind is not null then
              c[k] := back;
            else
              c[k] := app.clock_retarget(c[k], t.account_id, priority, at, w);
              -- Another version may let it run on.
              if status = 7 then
                c[k] := app.clock_follow(c[k], status, at, w);
              end if;
            end if;
            -- Who was told is not told again: of the same due time, or of a clock that was late
            -- before and is so at once.
            if c[k].due_at is not null and (app.clock_told(c[k], 'late', c[k].due_at) = any (told)
                or c[k].due_at <= at and app.clock_told(c[k], 'late', null) = any (told)) then
              c[k].late_for := c[k].due_at;
            end if;
            if app.clock_told(c[k], 'warned', c[k].due_at) = any (told) then
              c[k].warned_for := c[k].due_at;
            end if;
          end if;
        end loop;
      end if;
      if e.data ? 'status' then
        was := '{}';
        was_at := '{}';
        what := coalesce(what, 'status');
        status := app.status_number(e.data->'status'->>1);
        answered := answered or status = 5;
        for k in 1..3 loop
          c[k] := app.clock_follow(c[k], status, at, w);
        end loop;
      end if;
    when 'ticket.replied' then
      was := '{}';
      was_at := '{}';
      if at_desk and coalesce(e.data->>'by', case when e.rank >= 2 then 'desk' else 'customer' end) = 'desk' then
        what := 'answered';
        answered := true;
        for k in 1..2 loop
          if c[k].state < 4 then
            c[k] := app.clock_halt(c[k], at, 4::smallint, w);
          end if;
        end loop;
      -- What a rule says is neither.
      elsif at_desk and e.data->>'by' is distinct from 'rule' then
        what := 'asked';
        if answered and coalesce(c[2].state, 4) = 4 then
          if c[2].target is not null then
            past := past || c[2];
          end if;
          c[2] := app.clock_begin(t, 2::smallint, priority, status, at, w);
        end if;
      end if;
    else
      k := (e.data->>'clock')::int;
      if c[k].kind is not null then
        if e.kind = 'ticket.warned' then
          what := 'warned';
          c[k].warned_for := (e.data->>'due')::timestamptz;
          told := told || app.clock_told(c[k], 'warned', c[k].warned_for);
        else
          what := 'late';
          c[k].late_for := (e.data->>'due')::timestamptz;
          told := told || app.clock_told(c[k], 'late', c[k].late_for) || app.clock_told(c[k], 'late', null);
        end if;
      end if;
    end case;
    if explained and what is not null then
      for k in 1..3 loop
        if c[k] is distinct from before[k] then
          lines := lines || app.clock_line(c[k], at, what, e.data);
        end if;
      end loop;
    end if;
  end loop;
  clocks := c;
end $$;

-- The same as rows: of those for which something is promised.
create or replace function app.clock_rows(all_of app.ticket_clocks[]) returns setof app.ticket_clocks
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
declare
  c app.ticket_clocks;
  soonest int;
begin
  select x.kind into soonest from unnest(all_of) x where x.state = 1 and x.due_at is not null order by x.due_at, x.kind limit 1;
  foreach c in array all_of loop
    if c.target is not null then
      c.is_next := c.kind is not distinct from soonest;
      c.alarm_at := app.clock_alarm(c);
      return next c;
    end if;
  end loop;
end $$;

create or replace function app.clocks_of(ticket bigint) returns setof app.ticket_clocks
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
begin
  return query select c.* from app.tickets t cross join lateral app.fold_clocks(t, false) f cross join lateral app.clock_rows(f.clocks) c
    where t.tenant_id = auth.tenant_id() and t.id = ticket;
end $$;

-- What became of each promise: kept when it was over in time, broken as soon as it
-- was late. What was closed unanswered is neither.
create or replace function app.results_of(clocks app.ticket_clocks[]) returns setof app.clock_results
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
declare
  c app.ticket_clocks;
  r app.clock_results;
  turns int := 0;
begin
  foreach c in array clocks loop
    continue when c.target is null;
    r.met := not (c.late or c.late_for is not null and c.late_for is not distinct from c.due_at);
    turns := turns + (c.kind = 2)::int;
    if not r.met or c.state = 4 or c.kind = 3 and c.state = 3 and c.ended_at is not null then
      r.tenant_id := c.tenant_id;
      r.ticket_id := c.ticket_id;
      r.kind := c.kind;
      r.turn := case when c.kind = 2 then turns else 1 end;
      r.at := case when r.met then c.ended_at else coalesce(c.due_at, c.ended_at) end;
      r.used := c.used;
      r.target := c.target;
      r.due_at := c.due_at;
      r.ended_at := c.ended_at;
      r.version := c.version;
      r.plan := c.plan;
      r.priority := c.priority;
      return next r;
    end if;
  end loop;
end $$;

-- Keeps them. One at a time: whoever comes second reads what the first has read, and more.
create or replace function app.keep_clocks(ticket bigint) returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  t app.tickets;
  f record;
begin
  if not app.has_service_level() then
    return;
  end if;
  perform pg_advisory_xact_lock(hashtextextended('clocks/' || auth.tenant_id() || '/' || ticket, 0));
  select x.* into t from app.tickets x where x.tenant_id = auth.tenant_id() and x.id = ticket;
  if not found then
    return;
  end if;
  f := app.fold_clocks(t, false);
  with now_are as materialized (select * from app.results_of(f.past || f.clocks)),
  gone as (
    delete from app.clock_results r where r.tenant_id = auth.tenant_id() and r.ticket_id = ticket
      and (r.kind, r.turn) not in (select n.kind, n.turn from now_are n))
  insert into app.clock_results as r select n.* from now_are n
    on conflict (tenant_id, ticket_id, kind, turn) do update set met = excluded.met, at = excluded.at, used = excluded.used, target = excluded.target,
      due_at = excluded.due_at, ended_at = excluded.ended_at, version = excluded.version, plan = excluded.plan, priority = excluded.priority
    where r.* is distinct from excluded.*;
  with now_are as materialized (select * from app.clock_rows(f.clocks)),
  gone as (
    delete from app.ticket_clocks c where c.tenant_id = auth.tenant_id() and c.ticket_id = ticket
      and c.kind not in (select n.kind from now_are n))
  insert into app.ticket_clocks as c select n.* from now_are n
    on conflict (tenant_id, ticket_id, kind) do update set state = excluded.state, started_at = excluded.started_at,
      running_since = excluded.running_since, used = excluded.used, ended_at = excluded.ended_at, target = excluded.target,
      version = excluded.version, plan = excluded.plan, priority = excluded.priority, calendar = excluded.calendar,
      calendar_version = excluded.calendar_version, due_at = excluded.due_at, warn_at = excluded.warn_at, late = excluded.late,
      warned_for = excluded.warned_for, late_for = excluded.late_for, alarm_at = excluded.alarm_at, is_next = excluded.is_next
    where c.* is distinct from excluded.*;
  -- A priority that may be taken back yet tells the desk no sooner than customers.
  update app.ticket_clocks c set alarm_at = h.out_at from app.held_tellings h
    where h.tenant_id = auth.tenant_id() and h.ticket_id = ticket and h.what = 'priority'
      and c.tenant_id = h.tenant_id and c.ticket_id = h.ticket_id and c.alarm_at < h.out_at;
end $$;

-- After an event that may move them.
create or replace function app.follow_clocks(event bigint) returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  of_ticket bigint := (select e.ticket_id from app.events e where e.tenant_id = auth.tenant_id() and e.id = event
    and e.kind in ('ticket.opened', 'ticket.split_off', 'ticket.changed', 'ticket.replied', 'ticket.escalated', 'ticket.warned', 'ticket.late'));
begin
  if of_ticket is not null then
    perform app.keep_clocks(of_ticket);
  end if;
end $$;

-- Whom a rule has written of a clock that is late, or soon will be, needs no mail of that, too.
create or replace function app.tell_once(event bigint) returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  e app.events;
begin
  select x.* into e from app.events x where x.tenant_id = auth.tenant_id() and x.id = event;
  if e.kind in ('ticket.warned', 'ticket.late') then
    delete from app.deliveries d using app.events m
      where m.tenant_id = e.tenant_id and m.ticket_id = e.ticket_id and m.id > e.id and m.kind = 'rule.mailed' and m.data->>'root' = e.id::text
        and d.tenant_id = e.tenant_id and d.event_id = e.id and d.state = 1 and m.data->'people' @> to_jsonb(d.person_id);
  end if;
end $$;

-- ---- what is due --------------------------------------------------------------------------

-- Tells of a clock, once a due time: it is late, or will be soon.
create or replace function app.sound_alarm(ticket bigint, of_kind smallint) returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  c app.ticket_clocks;
begin
  select x.* into c from app.ticket_clocks x where x.tenant_id = auth.tenant_id() and x.ticket_id = ticket and x.kind = of_kind;
  if c.due_at <= now() then
    c.late_for := c.due_at;
  else
    c.warned_for := c.due_at;
  end if;
  perform app.record(case when c.due_at <= now() then 'ticket.late' else 'ticket.warned' end, ticket, app.newest_reply(ticket),
    jsonb_build_object('by', 'clock', 'clock', c.kind, 'due', c.due_at));
  update app.ticket_clocks x set warned_for = c.warned_for, late_for = c.late_for, alarm_at = app.clock_alarm(c)
    where x.tenant_id = c.tenant_id and x.ticket_id = ticket and x.kind = of_kind;
end $$;

-- Of the five hundred that are due for longest some of one tenant's, whose turn it is:
-- fifty at most. How many; none: nothing is due.
create or replace function jobs.sound_alarms() returns bigint
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  turn record;
  whose bigint;
  c record;
  n bigint := 0;
begin
  for turn in select * from jobs.turns('alarm') loop
    select d.tenant_id into whose
      from (select o.tenant_id from app.ticket_clocks o where o.alarm_at <= now()
        and (select t.suspended_at from app.tenants t where t.tenant_id = o.tenant_id) is null order by o.alarm_at limit 500) d
      where d.tenant_id >= turn.lowest and d.tenant_id < turn.below
      order by d.tenant_id limit 1;
    exit when found;
  end loop;
  if whose is null then
    return 0;
  end if;
  perform jobs.had_turn('alarm', whose);
  perform jobs.enter(whose);
  for c in
    with f as materialized (
      select o.ticket_id, o.kind, o.tenant_id from app.ticket_clocks o where o.alarm_at <= now() and o.tenant_id = whose
      order by o.alarm_at limit 50 for update skip locked)
    select f.ticket_id, f.kind from f
  loop
    begin
      perform app.sound_alarm(c.ticket_id, c.kind);
    exception when query_canceled or others then
      -- The others do not wait for it.
      update app.ticket_clocks x set alarm_at = now() + interval '5 seconds' where x.tenant_id = whose and x.ticket_id = c.ticket_id and x.kind = c.kind;
    end;
    n := n + 1;
  end loop;
  return n;
end $$;

-- ---- who sees them ------------------------------------------------------------------------

-- What the service level says of a ticket: its clocks to agents, to others, where it
-- is shown, until when the next thing is promised. Null: nothing.
create or replace function app.clocks_shown(t_id bigint, portal bigint, account bigint) returns json
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
begin
  if not app.sees(t_id) or app.has_field_policies() and app.hides('priority', portal, account) then
    return null;
  elsif auth.is_agent() and auth.grant_id() is null then
    return json_build_object('clocks', (select json_agg(json_build_object('kind', app.clock_name(c.kind), 'state', c.state, 'due', c.due_at,
        'warn', c.warn_at, 'late', c.late, 'left', case when c.state in (2, 3) then greatest(c.target - c.used, 0) end) order by c.kind)
      from app.ticket_clocks c where c.tenant_id = auth.tenant_id() and c.ticket_id = t_id and c.state < 4));
  end if;
  return (select json_build_object('promised', json_build_object('kind', app.clock_name(c.kind), 'due', c.due_at))
    from app.ticket_clocks c
    join app.sla_versions v on v.tenant_id = c.tenant_id and v.version = c.version and (v.body->>'shown')::boolean
    where c.tenant_id = auth.tenant_id() and c.ticket_id = t_id and c.state = 1 and c.due_at > now()
    order by c.due_at limit 1);
end $$;

-- What is due next of some tickets, for the desk's lists.
create or replace function app.next_dues(wanted bigint[]) returns table (ticket bigint, due json)
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
begin
  if auth.is_agent() and auth.grant_id() is null and app.has_service_level() then
    return query select c.ticket_id, json_build_object('kind', app.clock_name(c.kind), 'due', c.due_at, 'warn', c.warn_at)
      from unnest(wanted) w (id) cross join lateral (select x.* from app.ticket_clocks x
        where x.tenant_id = auth.tenant_id() and x.ticket_id = w.id and x.is_next offset 0) c;
  end if;
end $$;

-- Each clock line by line, for who works at the desk.
create or replace function app.explain_clocks(ticket bigint) returns json
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
declare
  t app.tickets := app.seen_ticket(ticket);
  folded record;
begin
  if not auth.is_agent() or auth.grant_id() is not null or app.has_field_policies() and app.hides('priority', t.portal_id, t.account_id) then
    raise exception using errcode = 'PT403', message = 'the desk''s to know';
  end if;
  folded := app.fold_clocks(t, true);
  return json_build_object('lines', folded.lines,
    'clocks', (select coalesce(json_agg(app.clock_line(x, coalesce(x.running_since, x.ended_at, x.started_at), 'now', null) || jsonb_build_object(
        'left', case when x.state = 1 then x.target - x.used - app.counted_seconds(x, x.running_since, now()) else x.target - x.used end) order by x.kind), '[]')
      from unnest(folded.clocks) x where x.target is not null),
    'calendars', (select coalesce(json_object_agg(k.id, k.name), '{}') from app.calendars k where k.tenant_id = t.tenant_id
      and k.id in (select (l->>'calendar')::bigint from jsonb_array_elements(folded.lines) l)));
end $$;
