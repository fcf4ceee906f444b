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
