-- Addresses that are confirmed before support is used, and who may use it.

-- ---- is the address read by who signs in with it --------------------------------

create or replace function app.confirm_address(person bigint, email text)
returns void language sql volatile security definer
set search_path = pg_catalog, pg_temp as $$
  insert into app.confirmations (tenant_id, person_id, portal_id, email)
    values (auth.tenant_id(), person, auth.portal_id(), email) on conflict do nothing
$$;

-- The link for it, by mail to the address that is to be proven.
create or replace function app.ask_confirmation(client text)
returns json language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  me app.people := (select p from app.people p
    where p.tenant_id = auth.tenant_id() and p.id = auth.person_id());
begin
  if not auth.may_ask('confirmation', me.email, client) then
    return json_build_object('wait', 600);
  end if;
  perform app.record('address.confirming', null, null, jsonb_build_object('path', '/confirm/',
    'portal', auth.portal_id(), 'one_time', auth.make_secret('confirmation', auth.portal_id(),
      me.id, me.email, null, interval '2 days')));
  return json_build_object('asked', true, 'email', me.email);
end $$;

-- ---- who may use support -------------------------------------------------------

-- May whoever has these roles? Administrators of the account always.
create or replace function app.roles_allow(roles text[], setting text) returns boolean
language sql immutable parallel safe
return roles && string_to_array('account_admin ' || setting, ' ');

-- 'ok', or why not: 'support-not-allowed', 'confirm-address'. Staff at the desk
-- answer to their own rules.
create or replace function app.support_state() returns text
language plpgsql stable as $$
begin
  return case when auth.account_id() is null or auth.grant_id() is not null then 'ok'
    when not app.roles_allow(app.roles_here(), app.setting('support_users')) then 'support-not-allowed'
    when not app.is_confirmed() then 'confirm-address' else 'ok' end;
end $$;

-- Raises what stands against it.
create or replace function app.must_use_support() returns void
language plpgsql stable as $$
declare
  state text := app.support_state();
begin
  if state <> 'ok' then
    raise exception using errcode = 'PT403', constraint = state, message = state;
  end if;
end $$;

-- Whom a person here may turn to: {can: …} who may use support, {admins: …}.
create or replace function app.support_people() returns json
language sql stable security definer
set search_path = pg_catalog, pg_temp as $$
  with here as (
    select p.id, p.name, p.email, array_agg(m.role) || case when bool_or(m.is_support)
        then array['support_user'] else '{}' end as roles
    from app.memberships m
    join app.people p on p.tenant_id = m.tenant_id and p.id = m.person_id
    where m.tenant_id = (select auth.tenant_id()) and m.account_id = (select auth.account_id())
      and (m.portal_id is null or m.portal_id = (select auth.portal_id()))
      and (select auth.person_id()) is not null
    group by p.id, p.name, p.email)
  select json_build_object(
    'can', (select coalesce(json_agg(c), '[]') from (
      select h.name, h.email from here h where app.roles_allow(h.roles, app.setting('support_users'))
      order by 'account_admin' = any (h.roles), h.name limit 20) c),
    'admins', (select coalesce(json_agg(a), '[]') from (
      select h.name, h.email from here h where 'account_admin' = any (h.roles)
      order by h.name limit 10) a))
$$;

-- Whom somebody without a login asks at this portal: the names, and nothing else,
-- of those whom its administrators appointed to deal with support. Anybody may
-- open this page, and the place where they are appointed says so.
create or replace function app.support_names() returns json
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
begin
  if auth.account_id() is null then
    raise exception using errcode = 'PT404', message = 'at the desk there is nobody to ask';
  end if;
  return json_build_object('people', (select coalesce(json_agg(json_build_object('name', x.name)), '[]') from (
    select distinct p.id, p.name from app.memberships m
    join app.people p on p.tenant_id = m.tenant_id and p.id = m.person_id
    where m.tenant_id = auth.tenant_id() and m.account_id = auth.account_id() and m.is_support
      and (m.portal_id is null or m.portal_id = auth.portal_id())
      and app.roles_allow(array[m.role, 'support_user'], app.setting('support_users'))
    order by p.name, p.id limit 20) x));
end $$;
