-- Support access: an account's administrators open it to the tenant's agents,
-- change it, end it; agents ask for it from a ticket. What must hold whoever
-- asks. What is shown of it: functions/access.sql; the door's part: door/support.sql.

-- The account one is at, if one is its administrator.
create or replace function app.admin_here() returns bigint
language plpgsql stable
set search_path = pg_catalog, pg_temp as $$
begin
  if auth.account_id() = any (app.administered_accounts()) then
    return auth.account_id();
  end if;
  raise exception using errcode = 'PT403', message = 'for the account''s administrators';
end $$;

create or replace function app.account_admins(account bigint) returns bigint[]
language plpgsql stable
set search_path = pg_catalog, pg_temp as $$
begin
  return (select coalesce(array_agg(distinct m.person_id), '{}') from app.memberships m
    where m.tenant_id = (select auth.tenant_id()) and m.account_id = account and m.role = 'account_admin');
end $$;

-- ---- what a person says --------------------------------------------------------

-- 'all' (null), 'top', or ids of the account's portals by spaces.
create or replace function app.scope_portals(account bigint, scope text) returns bigint[]
language plpgsql stable
set search_path = pg_catalog, pg_temp as $$
declare
  chosen bigint[];
begin
  if scope = 'all' then
    return null;
  elsif scope <> 'top' and scope !~ '^[0-9]{1,16}( [0-9]{1,16}){0,199}$' then
    raise exception using errcode = 'PT422', constraint = 'grants_scope_check', message = 'no such scope';
  end if;
  select array_agg(po.id order by po.parent_id is not null, po.name, po.id) into chosen from app.portals po
    where po.tenant_id = auth.tenant_id() and po.account_id = account
      and case when scope = 'top' then po.parent_id is null
        else po.id = any (string_to_array(scope, ' ')::bigint[]) end;
  if chosen is null or scope <> 'top' and cardinality(chosen) < (
      select count(distinct x) from unnest(string_to_array(scope, ' ')::bigint[]) x) then
    raise exception using errcode = 'PT422', constraint = 'grants_scope_check', message = 'not a portal of the account';
  end if;
  return chosen;
end $$;

-- A moment of RFC 3339, not past and not beyond what the tenant allows.
create or replace function app.grant_end(ends_at text, account bigint) returns timestamptz
language plpgsql stable
set search_path = pg_catalog, pg_temp as $$
declare
  most interval := make_interval(days => app.setting_at('grant_days_most', account, null)::int);
  moment timestamptz;
begin
  if ends_at ~ '^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:\d\d)$' then
    begin
      moment := ends_at::timestamptz;
    exception when datetime_field_overflow or invalid_datetime_format then
      null;
    end;
  end if;
  -- An hour more: that is what a change of the clocks makes of a day.
  if moment is null or moment <= now() or moment > now() + most + interval '1 hour' then
    raise exception using errcode = 'PT422', constraint = 'grants_ends_at_check', message = 'not an end it may have';
  end if;
  return moment;
end $$;

-- A ticket of the account that is not done yet, and stays so until the grant is
-- there to be ended with it.
create or replace function app.open_ticket_of(account bigint, ticket bigint) returns bigint
language plpgsql volatile
set search_path = pg_catalog, pg_temp as $$
begin
  perform from app.tickets t where t.tenant_id = auth.tenant_id() and t.id = ticket and t.account_id = account
    and (app.status_group(t.status) <> 'done' or app.has_field_policies() and app.hides('status', t.portal_id, t.account_id)) for share;
  if ticket is null or found then
    return ticket;
  end if;
  raise exception using errcode = 'PT422', constraint = 'grants_ticket_check', message = 'no open ticket of the account';
end $$;

-- ---- opening, changing, ending -------------------------------------------------

-- What is told of it: mail to the account's other administrators, and to the
-- webhook which one it was.
create or replace function app.record_grant(g app.grants, what text) returns void
language sql volatile
set search_path = pg_catalog, pg_temp as $$
  select app.record_account('grant.' || what, g.account_id, jsonb_build_object(
    'grant', g.id, 'until', g.ends_at,
    'people', to_jsonb(array_remove(app.account_admins(g.account_id), auth.person_id())),
    'path', '/admin/access',
    'args', jsonb_build_object(
      'account', (select a.name from app.accounts a where a.tenant_id = g.tenant_id and a.id = g.account_id),
      'tenant', (select t.name from app.tenants t where t.tenant_id = g.tenant_id),
      'until', to_char(g.ends_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI "UTC"'))), g.ticket_id)
$$;

-- At most 20 at a time live in an account: locked, so that two administrators
-- at once don't make 21.
create or replace function app.new_grant(account bigint, portals bigint[], reason text, ticket bigint, ends_at timestamptz)
returns app.grants language plpgsql
set search_path = pg_catalog, pg_temp as $$
declare
  g app.grants;
begin
  perform from app.accounts a where a.tenant_id = auth.tenant_id() and a.id = account for no key update;
  if (select count(*) from app.grants x where x.tenant_id = auth.tenant_id() and x.account_id = account
      and x.ended_at is null and x.ends_at > now()) >= 20 then
    raise exception using errcode = 'PT422', constraint = 'grants_scope_check', message = 'as many as there may be are open';
  end if;
  insert into app.grants (tenant_id, account_id, portals, reason, ticket_id, granted_by, ends_at)
    values (auth.tenant_id(), account, portals, reason, ticket, auth.person_id(), ends_at)
    returning * into g;
  perform app.record_grant(g, 'opened');
  return g;
end $$;

create or replace function app.open_grant(scope text, ends_at text, reason text, ticket bigint, key text)
returns json language plpgsql security definer
set search_path = pg_catalog, pg_temp as $$
declare
  account bigint := app.admin_here();
  sent app.sent := app.sent('grants', key, concat_ws(E'\n', scope, ends_at, coalesce(ticket, 0), reason));
begin
  if sent.answer is not null then
    return sent.answer;
  end if;
  return app.remember(sent, app.grant_json(app.new_grant(account,
    app.scope_portals(account, scope), reason, app.open_ticket_of(account, ticket), app.grant_end(ends_at, account))));
end $$;

-- One of the accounts' that one administers, for a change.
create or replace function app.own_grant(grant_id bigint) returns app.grants
language plpgsql
set search_path = pg_catalog, pg_temp as $$
declare
  g app.grants;
begin
  select x.* into g from app.grants x where x.tenant_id = auth.tenant_id() and x.id = grant_id
    and x.account_id = any (app.administered_accounts()) for update;
  if not found then
    raise exception using errcode = 'PT404', message = 'no such grant';
  end if;
  return g;
end $$;

-- Another scope or end, each only when it is given.
create or replace function app.change_grant(grant_id bigint, scope text, ends_at text)
returns json language plpgsql security definer
set search_path = pg_catalog, pg_temp as $$
declare
  g app.grants := app.own_grant(grant_id);
begin
  if g.ended_at is not null or g.ends_at <= now() then
    raise exception using errcode = '23505', message = 'it has ended';
  elsif scope is null and ends_at is null then
    raise exception using errcode = 'PT422', constraint = 'grants_scope_check', message = 'nothing to change';
  end if;
  update app.grants x set
      portals = case when scope is null then x.portals else app.scope_portals(g.account_id, scope) end,
      ends_at = case when change_grant.ends_at is null then x.ends_at
        else app.grant_end(change_grant.ends_at, g.account_id) end
    where x.tenant_id = g.tenant_id and x.id = g.id
    returning * into g;
  perform app.record_grant(g, 'changed');
  perform app.stop_fallen_moves(g.account_id, null);
  return app.grant_json(g);
end $$;

-- In force for the next request of everybody: the door looks. Ending what has
-- ended is no mistake.
create or replace function app.end_grant(grant_id bigint) returns void
language plpgsql security definer
set search_path = pg_catalog, pg_temp as $$
declare
  g app.grants := app.own_grant(grant_id);
begin
  if g.ended_at is null then
    update app.grants x set ended_at = now(), ended_by = auth.person_id()
      where x.tenant_id = g.tenant_id and x.id = g.id returning * into g;
    perform app.record_grant(g, 'ended');
    perform app.stop_fallen_moves(g.account_id, null);
  end if;
end $$;

-- With its ticket a grant ends, and what was asked for lapses.
create or replace function app.ticket_done() returns trigger
language plpgsql security definer
set search_path = pg_catalog, pg_temp as $$
declare
  g app.grants;
begin
  for g in update app.grants x set ended_at = now(), ended_by = auth.person_id()
      where x.tenant_id = new.tenant_id and x.ticket_id = new.id and x.ended_at is null returning * loop
    perform app.record_grant(g, 'ended');
    perform app.stop_fallen_moves(g.account_id, null);
  end loop;
  update app.grant_requests r set state = 4, decided_at = now()
    where r.tenant_id = new.tenant_id and r.ticket_id = new.id and r.state = 1;
  perform app.wake(new.id, 'done');
  return null;
end $$;

-- ---- asking --------------------------------------------------------------------

-- Five of a ticket in a day, so that a refusal is one.
create or replace function app.ask_access(ticket bigint, scope text, reason text, days int, key text)
returns json language plpgsql security definer
set search_path = pg_catalog, pg_temp as $$
declare
  route text := 'access-requests/' || ticket;
  sent app.sent := app.sent(route, key, concat_ws(E'\n', scope, days, reason));
  r app.grant_requests;
  account bigint;
  portal bigint;
begin
  if sent.answer is not null then
    return sent.answer;
  end if;
  select t.account_id, t.portal_id into account, portal from app.tickets t
    where t.tenant_id = auth.tenant_id() and t.id = ticket and t.at_desk and auth.is_agent()
    for no key update;
  if not found then
    raise exception using errcode = 'PT404', message = 'no such ticket';
  elsif scope not in ('all', 'top', portal::text) then
    -- Of the account's other portals an agent knows nothing yet.
    raise exception using errcode = 'PT422', constraint = 'grants_scope_check', message = 'not the ticket''s portal';
  elsif days > app.setting_at('grant_days_most', account, null)::int then
    raise exception using errcode = 'PT422', constraint = 'grants_days_check', message = 'longer than the tenant allows';
  elsif (select count(*) from app.grant_requests x where x.tenant_id = auth.tenant_id()
      and x.ticket_id = ticket and x.created_at > now() - interval '1 day') >= 5 then
    raise exception using errcode = 'PT422', constraint = 'grants_reason_check', message = 'asked too often today';
  end if;
  perform app.open_ticket_of(account, ticket);
  insert into app.grant_requests (tenant_id, account_id, ticket_id, portals, reason, days, asked_by)
    values (auth.tenant_id(), account, ticket, app.scope_portals(account, scope), ask_access.reason,
      ask_access.days, auth.person_id())
    returning * into r;
  perform app.record_account('grant.requested', account, jsonb_build_object(
    'people', to_jsonb(app.account_admins(account)), 'path', '/admin/access',
    'args', jsonb_build_object('number', ticket,
      'tenant', (select t.name from app.tenants t where t.tenant_id = auth.tenant_id()))), ticket);
  return app.remember(sent, app.asked_json(r));
end $$;

-- An open one of the accounts that one administers. Two at once: the second
-- is told that it is decided.
create or replace function app.own_request(request_id bigint) returns app.grant_requests
language plpgsql
set search_path = pg_catalog, pg_temp as $$
declare
  r app.grant_requests;
begin
  select x.* into r from app.grant_requests x where x.tenant_id = auth.tenant_id() and x.id = request_id
    and x.account_id = any (app.administered_accounts()) for update;
  if not found then
    raise exception using errcode = 'PT404', message = 'no such request';
  elsif r.state <> 1 then
    raise exception using errcode = '23505', message = 'it is decided';
  end if;
  return r;
end $$;

create or replace function app.record_decision(r app.grant_requests, what text) returns void
language sql volatile
set search_path = pg_catalog, pg_temp as $$
  select app.record_account('grant.' || what, r.account_id, jsonb_build_object(
    'people', jsonb_build_array(r.asked_by), 'path', '/agent/t/' || r.ticket_id,
    'args', jsonb_build_object('number', r.ticket_id,
      'account', (select a.name from app.accounts a where a.tenant_id = r.tenant_id and a.id = r.account_id))), r.ticket_id)
$$;

-- As it was asked for, or narrower, as the administrator says.
create or replace function app.approve_request(request_id bigint, scope text, ends_at text)
returns json language plpgsql security definer
set search_path = pg_catalog, pg_temp as $$
declare
  r app.grant_requests := app.own_request(request_id);
  g app.grants := app.new_grant(r.account_id, app.scope_portals(r.account_id, scope), r.reason,
    app.open_ticket_of(r.account_id, r.ticket_id), app.grant_end(ends_at, r.account_id));
begin
  update app.grant_requests x set state = 2, decided_by = auth.person_id(), decided_at = now(), grant_id = g.id
    where x.tenant_id = r.tenant_id and x.id = r.id;
  perform app.record_decision(r, 'approved');
  return app.grant_json(g);
end $$;

create or replace function app.refuse_request(request_id bigint) returns void
language plpgsql security definer
set search_path = pg_catalog, pg_temp as $$
declare
  r app.grant_requests := app.own_request(request_id);
begin
  update app.grant_requests x set state = 3, decided_by = auth.person_id(), decided_at = now()
    where x.tenant_id = r.tenant_id and x.id = r.id;
  perform app.record_decision(r, 'refused');
end $$;

-- By whoever asked.
create or replace function app.withdraw_request(request_id bigint) returns void
language plpgsql security definer
set search_path = pg_catalog, pg_temp as $$
declare
  r app.grant_requests;
begin
  update app.grant_requests x set state = 4, decided_by = auth.person_id(), decided_at = now()
    where x.tenant_id = auth.tenant_id() and x.id = request_id and x.asked_by = auth.person_id()
      and x.state = 1 and auth.is_agent()
    returning * into r;
  if not found then
    raise exception using errcode = 'PT404', message = 'no such request';
  end if;
  perform app.record_account('grant.withdrawn', r.account_id, '{}', r.ticket_id);
end $$;
