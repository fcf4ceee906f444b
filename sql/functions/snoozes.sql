-- Put aside (W1): a ticket leaves the desk's lists until a time, or until its customer
-- answers. Of the desk alone: no date, hint or unread mark of a customer's moves.

-- An agent puts it aside, or (null) brings it back; a year at most.
create or replace function app.snooze(ticket bigint, until timestamptz) returns json
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  t app.tickets := app.held_ticket(ticket);
begin
  if not auth.is_agent() or not t.at_desk then
    raise exception using errcode = 'PT403', message = 'the desk''s';
  elsif until is null then
    perform app.wake(t.id, 'hand');
    return json_build_object('until', null);
  elsif until <= now() or until > now() + interval '1 year' then
    raise exception using errcode = 'PT422', constraint = 'snoozes_until.range', message = 'from now on, a year at most';
  elsif t.status >= 5 then
    raise exception using errcode = 'PT422', constraint = 'snoozes_until.done', message = 'it is solved or closed';
  end if;
  insert into app.snoozes as z (tenant_id, ticket_id, person_id, until_at) values (t.tenant_id, t.id, auth.person_id(), until)
    on conflict (tenant_id, ticket_id) do update set person_id = excluded.person_id, until_at = excluded.until_at;
  perform app.record('ticket.snoozed', t.id, null, jsonb_build_object('until', until));
  return json_build_object('until', until);
end $$;

-- Until when the desk has put one aside; null: it has not.
create or replace function app.snoozed_until(ticket bigint) returns timestamptz
language plpgsql stable
set search_path = pg_catalog, pg_temp as $$
begin
  return (select z.until_at from app.snoozes z
    where z.tenant_id = (select auth.tenant_id()) and z.ticket_id = snoozed_until.ticket and z.until_at > now());
end $$;

-- It is back, if it was away: because of the time, an answer, its end or by hand. What
-- comes back by itself is new to everybody at the desk. False: it was not away, or, by
-- the time, somebody holds the ticket; it comes again then.
create or replace function app.wake(ticket bigint, why text) returns boolean
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
begin
  -- The ticket before what is kept of it, as whoever answers does.
  if why = 'time' then
    perform from app.tickets t where t.tenant_id = auth.tenant_id() and t.id = wake.ticket for no key update skip locked;
    if not found then
      return false;
    end if;
  end if;
  delete from app.snoozes z where z.tenant_id = auth.tenant_id() and z.ticket_id = wake.ticket and (why <> 'time' or z.until_at <= now());
  if not found then
    return false;
  end if;
  if why = 'time' then
    update app.tickets t set desk_updated_at = greatest(clock_timestamp(), t.desk_updated_at + interval '1 microsecond')
      where t.tenant_id = auth.tenant_id() and t.id = wake.ticket;
  end if;
  perform app.record('ticket.woken', wake.ticket, null, jsonb_build_object('why', why));
  return true;
end $$;

-- Brings back what is due, of a tenant whose turn it is: fifty at most. How many.
create or replace function jobs.wake_tickets() returns bigint
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  turn record;
  whose bigint;
  one bigint;
  n bigint := 0;
begin
  for turn in select * from jobs.turns('snooze') loop
    select d.tenant_id into whose
      from (select o.tenant_id from app.snoozes o where o.until_at <= now()
        and (select t.suspended_at from app.tenants t where t.tenant_id = o.tenant_id) is null order by o.until_at limit 500) d
      where d.tenant_id >= turn.lowest and d.tenant_id < turn.below
      order by d.tenant_id limit 1;
    exit when found;
  end loop;
  if whose is null then
    return 0;
  end if;
  perform jobs.had_turn('snooze', whose);
  perform jobs.enter(whose);
  for one in select d.ticket_id from (select o.ticket_id from app.snoozes o where o.until_at <= now() and o.tenant_id = whose
      order by o.until_at limit 50) d order by d.ticket_id loop
    begin
      n := n + app.wake(one, 'time')::int;
    exception when query_canceled or others then
      -- The others do not wait for it.
      update app.snoozes o set until_at = now() + interval '1 minute' where o.tenant_id = whose and o.ticket_id = one;
    end;
  end loop;
  return n;
end $$;
