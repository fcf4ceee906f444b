-- Who sees and changes which field of a ticket (V3): by the roles that the
-- asker has where the ticket is.

-- Where no policy says otherwise. Customers see what a ticket is, how it stands
-- and how urgent it is, and say so by words; its staff sets it. What forms ask is
-- everybody's to answer.
create or replace function app.usual_access(field text, role text) returns smallint
language sql immutable parallel safe
return case when role in ('tenant_admin', 'agent') then 2
  when field in ('type', 'priority') then 1
  when field = 'status' then case role when 'partner' then 2 else 1 end
  else 2 end;

-- Somebody's roles with an account's tickets at a portal. Who was let in by somebody
-- and has none is like a member.
create or replace function app.roles_of(person bigint, portal bigint, account bigint) returns text[]
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
begin
  return (select coalesce(array_agg(distinct m.role), array['member']) from app.memberships m
    where m.tenant_id = auth.tenant_id() and m.person_id = roles_of.person
      and (m.account_id = roles_of.account and (m.portal_id is null or m.portal_id = roles_of.portal)
        or m.role = 'partner' and m.account_id = app.account_partner(roles_of.account)));
end $$;

-- The asker's.
create or replace function app.roles_with(portal bigint, account bigint) returns text[]
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
begin
  if auth.is_agent() then
    return array[case when auth.rank() >= 3 then 'tenant_admin' else 'agent' end];
  end if;
  return app.roles_of(auth.person_id(), portal, account);
end $$;

-- Is a field of a ticket shown to somebody else, whom a mail is for? A bare address
-- knows what all of the account's roles do.
create or replace function app.shows_to(person bigint, field text, portal bigint, account bigint) returns boolean
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
declare
  roles text[];
begin
  if not app.has_field_policies() then
    return true;
  elsif person is null then
    return not exists (select from unnest(array['account_admin', 'portal_admin', 'main_user', 'member', 'partner']) r
      where app.access_by(app.held_policies(array[r], account, portal), field, array[r]) = 0);
  end if;
  select case when p.rank >= 2 then array[case when p.rank >= 3 then 'tenant_admin' else 'agent' end]
      else app.roles_of(p.id, portal, account) end into roles
    from app.people p where p.tenant_id = auth.tenant_id() and p.id = person;
  return app.access_by(app.held_policies(roles, account, portal), field, roles) > 0;
end $$;

-- What holds for somebody with these roles of each field that a policy names
-- there: {"<field>": {"access": 0..2, "required": …}}. Of several roles the one
-- that may most counts, and of several places the nearest.
create or replace function app.held_policies(roles text[], account bigint, portal bigint) returns jsonb
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
declare
  near bigint[] := app.scopes(account, portal);
begin
  return (with named as (
      select distinct p.field from app.field_policies p
      where p.tenant_id = auth.tenant_id() and p.scope = any (near) and p.role = any (roles)),
    held as (
      select n.field, coalesce(p.access, app.usual_access(n.field, r.role)) as access, coalesce(p.required, false) as required
      from named n cross join unnest(roles) r (role)
      left join lateral (select p.access, p.required from unnest(near) with ordinality c (scope, turn)
        join app.field_policies p on p.tenant_id = auth.tenant_id() and p.scope = c.scope
          and p.field = n.field and p.role = r.role
        order by c.turn limit 1) p on true)
    select coalesce(jsonb_object_agg(h.field, jsonb_build_object('access', h.access, 'required', h.required)), '{}')
    from (select h.field, max(h.access) as access, bool_and(h.required) as required from held h group by 1) h);
end $$;

-- Of one field, where the policies that hold are known.
create or replace function app.access_by(held jsonb, field text, roles text[]) returns smallint
language sql immutable parallel safe
return coalesce((held->field->>'access')::smallint,
  (select max(app.usual_access(field, r)) from unnest(roles) r));

-- The asker's access to a field of what is at a portal.
create or replace function app.field_access(field text, portal bigint, account bigint) returns smallint
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
declare
  roles text[] := app.roles_with(portal, account);
begin
  return app.access_by(case when app.has_field_policies() then app.held_policies(roles, account, portal) else '{}' end,
    field, roles);
end $$;

-- Is it hidden from the asker? Queries ask only where the tenant has policies:
--   … not ((select app.has_field_policies()) and app.hides('status', …))
create or replace function app.hides(field text, portal bigint, account bigint) returns boolean
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
begin
  return app.field_access(field, portal, account) = 0;
end $$;

-- All that are hidden from the asker, a ticket's own columns among them: nothing
-- is where no policy says so. Lists ask once for each of the portals they show.
create or replace function app.hidden_fields(portal bigint, account bigint) returns text[]
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
begin
  return array(select h.key from jsonb_each(app.held_policies(app.roles_with(portal, account), account, portal)) h
    where h.value->>'access' = '0');
end $$;

-- Those of some fields that a policy hides from a role that the asker has
-- anywhere: only then need anybody look where.
create or replace function app.perhaps_hidden(fields text[]) returns text[]
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
begin
  if not app.has_field_policies() then
    return '{}';
  end if;
  return array(select distinct p.field from app.field_policies p
    where p.tenant_id = auth.tenant_id() and p.access = 0 and p.field = any (fields)
      and (auth.is_agent() and p.role in ('agent', 'tenant_admin') or p.role = 'member' and not auth.is_agent()
        or p.role in (select m.role from app.memberships m where m.tenant_id = auth.tenant_id() and m.person_id = auth.person_id())));
end $$;

-- The same of an answer in a ticket.
create or replace function app.reads_field(ticket bigint, field text) returns boolean
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
begin
  return (select not app.hides(field, t.portal_id, t.account_id) from app.tickets t
    where t.tenant_id = auth.tenant_id() and t.id = ticket);
end $$;

-- Refuses who may not edit these of a ticket that they see.
create or replace function app.must_edit_fields(ticket bigint, fields text[]) returns void
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
declare
  faults json := (select json_agg(json_build_object('field', f, 'code', 'read_only'))
    from app.tickets t cross join unnest(fields) f
    where t.tenant_id = auth.tenant_id() and t.id = ticket and app.sees(t.id)
      and app.field_access(f, t.portal_id, t.account_id) < 2);
begin
  if faults is not null then
    raise exception using errcode = 'PT422', message = 'not theirs to change', detail = faults::text;
  end if;
end $$;

-- Is it shown to each of a customer's roles? What is hidden from one does not move
-- the dates that customers see, since these are everybody's, and would tell that one
-- when it changed. A partner's counts where there is one.
create or replace function app.customers_see(field text, account bigint, portal bigint) returns boolean
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
begin
  return not app.has_field_policies() or not exists (
    select from unnest(array['account_admin', 'portal_admin', 'main_user', 'member'] || array(
      select 'partner' from app.accounts a
      where a.tenant_id = auth.tenant_id() and a.id = account and (a.is_partner or a.partner_id is not null))) r
    where app.access_by(app.held_policies(array[r], account, portal), field, array[r]) = 0);
end $$;

-- ---- by the tenant's administrators ----------------------------------------------

-- Sets what a role may do with a field, for the tenant, an account or a portal;
-- without an access what is above holds again. It is the tenant's word what shows
-- of its tickets, so an account's administrators don't change it. Whoever keeps
-- the forms sees all fields, and a ticket's status is the staff's to set.
create or replace function app.set_field_policy(field text, role text, access text, required boolean,
  account bigint, portal bigint) returns json
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  level smallint := array_position(array['hidden', 'view', 'edit'], access) - 1;
  owner bigint := account;
begin
  perform app.must_keep_forms();
  if field not in ('status', 'type', 'priority') and not exists (select from app.fields f
      where f.tenant_id = auth.tenant_id() and f.key = set_field_policy.field) then
    raise exception using errcode = 'PT422', constraint = 'policies_field.choice', message = 'no such field';
  elsif role = 'tenant_admin' then
    raise exception using errcode = 'PT422', constraint = 'policies_role.choice', message = 'administrators see what they keep';
  elsif level = 2 and field = 'status' and role not in ('agent', 'partner')
      or role = 'partner' and field = 'status' and level < 2 then
    raise exception using errcode = 'PT422', constraint = 'policies_access.staff', message = 'a status is set by who works on it, and by nobody else';
  elsif required and level is distinct from 2 then
    raise exception using errcode = 'PT422', constraint = 'policies_required.edit', message = 'who must answer may';
  end if;
  if portal is not null then
    select po.account_id into owner from app.portals po
      where po.tenant_id = auth.tenant_id() and po.id = portal and po.account_id is not null;
    if not found or account is not null then
      raise exception using errcode = 'PT404', message = 'no such portal of an account';
    end if;
  elsif account is not null and not exists (select from app.accounts a
      where a.tenant_id = auth.tenant_id() and a.id = account) then
    raise exception using errcode = 'PT404', message = 'no such account';
  end if;
  delete from app.field_policies p where p.tenant_id = auth.tenant_id()
    and p.scope = coalesce(portal * 2 + 1, account * 2, 0)
    and p.field = set_field_policy.field and p.role = set_field_policy.role;
  if level is not null then
    insert into app.field_policies (tenant_id, scope, field, role, access, required, account_id, portal_id)
      values (auth.tenant_id(), coalesce(portal * 2 + 1, account * 2, 0), field, role, level, coalesce(required, false), account, portal);
  end if;
  perform app.record_account('policy.changed', owner, jsonb_build_object(
    'portal', portal, 'field', field, 'role', role, 'access', access, 'required', coalesce(required, false)));
  return app.list_forms();
end $$;
