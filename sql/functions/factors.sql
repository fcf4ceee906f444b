-- What the door asks of the tables' owner about second factors.

-- Writes an act of security down and tells the person by mail, from this
-- portal. They may not be signed in yet.
create or replace function app.tell(kind text, person bigint, args jsonb default '{}', words jsonb default '{}')
returns void language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
begin
  with e as (
    insert into app.events (tenant_id, kind, actor_id, data)
    values (auth.tenant_id(), tell.kind, person, jsonb_build_object('people', jsonb_build_array(person),
      'portal', auth.portal_id(),
      'path', case when auth.account_id() is null then '/agent/security' else '/me/security' end, 'args', tell.args, 'words', tell.words))
    returning tenant_id, id)
  insert into app.event_queue (tenant_id, event_id) select e.tenant_id, e.id from e;
end $$;

-- Where roles now want a second factor, those of them who have none sign in
-- again, and are led to one. A nearer setting may have excused somebody: signing
-- in is all it costs them.
create or replace function app.setting_changed() returns trigger
language plpgsql security definer
set search_path = pg_catalog, pg_temp as $$
begin
  delete from app.sessions s
    where s.tenant_id = new.tenant_id and s.grant_id is null
      and s.person_id in (
        select m.person_id from app.memberships m
        left join app.portals po on po.tenant_id = m.tenant_id and po.id = new.portal_id
        where m.tenant_id = new.tenant_id and m.role = any (string_to_array(new.value, ' '))
          and (new.scope = 0 or m.account_id = coalesce(new.account_id, po.account_id)
            and (new.portal_id is null or m.portal_id is null or m.portal_id = new.portal_id)))
      and not exists (select from app.totps t where t.tenant_id = s.tenant_id
        and t.person_id = s.person_id and t.confirmed_at is not null)
      and not exists (select from app.passkeys k where k.tenant_id = s.tenant_id
        and k.person_id = s.person_id);
  return null;
end $$;

-- So does whoever gets such a role while signed in without one.
create or replace function app.role_wants_factor() returns trigger
language plpgsql security definer
set search_path = pg_catalog, pg_temp as $$
begin
  if auth.factor_due(new.person_id) = 'make' then
    delete from app.sessions s
      where s.tenant_id = new.tenant_id and s.person_id = new.person_id and s.grant_id is null;
  end if;
  return null;
end $$;

-- ---- for whoever has lost theirs -------------------------------------------------

-- Those of these people that the asker administers and who have any.
create or replace function app.with_factors(people bigint[]) returns bigint[]
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
begin
  return array(select p.id from app.people p where p.tenant_id = auth.tenant_id() and p.id = any (people)
    and app.may_reset_factors(p) and auth.has_factor(p.id));
end $$;

-- The desk's administrators may for the tenant's staff; an account's, for
-- people who are in no account but theirs: nobody loses here what protects them
-- elsewhere.
create or replace function app.may_reset_factors(p app.people) returns boolean
language plpgsql stable
set search_path = pg_catalog, pg_temp as $$
begin
  return p.id <> auth.person_id() and case
    when auth.account_id() is null then auth.rank() >= 3 and p.rank >= 2
    else p.rank = 1 and not exists (select from app.memberships m
      where m.tenant_id = p.tenant_id and m.person_id = p.id
        and (m.account_id = any (app.administered_accounts())) is not true) end;
end $$;

create or replace function app.reset_factors(person bigint) returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
begin
  if not exists (select from app.people p where p.tenant_id = auth.tenant_id() and p.id = person
      and app.may_reset_factors(p)) then
    raise exception using errcode = 'PT404', message = 'nobody they administer';
  end if;
  perform auth.need_proof();
  perform app.forget_factors(person);
end $$;

-- All of them end, and every session: who it was must sign in anew, by what is
-- left, and hears of it.
create or replace function app.forget_factors(person bigint) returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
begin
  if not auth.has_factor(person) then
    return;
  end if;
  delete from app.totps t where t.tenant_id = auth.tenant_id() and t.person_id = person;
  delete from app.passkeys k where k.tenant_id = auth.tenant_id() and k.person_id = person;
  delete from app.recovery_codes r where r.tenant_id = auth.tenant_id() and r.person_id = person;
  delete from app.sessions s where s.tenant_id = auth.tenant_id() and s.person_id = person;
  perform app.record_account('security.factors_reset', auth.account_id(), jsonb_build_object(
    'people', jsonb_build_array(person), 'portal', auth.portal_id(),
    'path', (select case when p.rank >= 2 then '/agent/security' else '/me/security' end from app.people p
      where p.tenant_id = auth.tenant_id() and p.id = person)));
end $$;
