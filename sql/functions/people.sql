-- Keeping people's rank, principals and doors true.

create or replace function app.refresh_standing(person bigint) returns void
language plpgsql security definer
set search_path = pg_catalog, pg_temp as $$
begin
  update app.people p set
    rank = s.rank, principals = s.principals, doors = s.doors
  from (
    select coalesce(max(case m.role when 'tenant_admin' then 3 when 'agent' then 2 else 1 end), 0)::smallint as rank,
      array[app.principal(person, 0)]
        || coalesce(array_agg(distinct app.principal(m.account_id, 1)) filter (where m.account_id is not null), '{}')
        || coalesce(array_agg(distinct app.principal(m.account_id, 2)) filter (where m.role in ('main_user', 'account_admin')), '{}')
        || coalesce(array_agg(distinct app.principal(m.account_id, 3)) filter (where m.role = 'partner'), '{}')
        as principals,
      coalesce(array_agg(distinct coalesce(m.portal_id * 2 + 1, m.account_id * 2)) filter (where m.account_id is not null), '{}') as doors
    from app.memberships m
    where m.tenant_id = auth.tenant_id() and m.person_id = person) s
  where p.tenant_id = auth.tenant_id() and p.id = person;
end $$;

create or replace function app.membership_changed() returns trigger
language plpgsql security definer
set search_path = pg_catalog, pg_temp as $$
begin
  if tg_op <> 'INSERT' then perform app.refresh_standing(old.person_id); end if;
  if tg_op <> 'DELETE' then perform app.refresh_standing(new.person_id); end if;
  return null;
end $$;

-- ---- what one looks after ------------------------------------------------------

-- Lists for policies, each asked for once a statement. Support under a grant
-- looks after nothing.

-- The accounts one is account_admin of.
create or replace function app.administered_accounts() returns bigint[]
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
begin
  return (select coalesce(array_agg(m.account_id), '{}') from app.memberships m
    where m.tenant_id = (select auth.tenant_id()) and m.person_id = (select auth.person_id())
      and m.role = 'account_admin' and auth.grant_id() is null);
end $$;

-- The portals one administers: one's own, and all of such an account.
create or replace function app.administered_portals() returns bigint[]
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
begin
  return (select coalesce(array_agg(po.id), '{}') from app.portals po
    where po.tenant_id = (select auth.tenant_id()) and auth.grant_id() is null
      and (po.account_id = any ((select app.administered_accounts())::bigint[])
        or po.id in (select m.portal_id from app.memberships m
          where m.tenant_id = (select auth.tenant_id()) and m.person_id = (select auth.person_id())
            and m.role = 'portal_admin')));
end $$;

-- The accounts that one's partner accounts look after.
create or replace function app.partner_accounts() returns bigint[]
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
begin
  return (select coalesce(array_agg(a.id), '{}') from app.accounts a
    where a.tenant_id = (select auth.tenant_id()) and auth.grant_id() is null
      and a.partner_id in (select m.account_id from app.memberships m
        where m.tenant_id = (select auth.tenant_id()) and m.person_id = (select auth.person_id())
          and m.role = 'partner'));
end $$;

