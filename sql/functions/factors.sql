-- What the door asks of the tables' owner about second factors.

-- Writes an act of security down and tells the person by mail, from this
-- portal. They may not be signed in yet.
create or replace function app.tell(kind text, person bigint, args jsonb default '{}')
returns void language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
begin
  with e as (
    insert into app.events (tenant_id, kind, actor_id, data)
    values (auth.tenant_id(), tell.kind, person, jsonb_build_object('people', jsonb_build_array(person),
      'portal', auth.portal_id(),
      'path', case when auth.account_id() is null then '/agent/security' else '/me/security' end, 'args', tell.args))
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
