-- The teams of :tenant: one with turns, one without, and whose tickets they are.
begin;
select auth.set_context(t.tenant_id, null, null, min(p.id), null, 3::smallint, '{}', false)
  from app.tenants t join app.people p on p.tenant_id = t.tenant_id and p.rank = 3
  where t.slug = :'tenant' group by t.tenant_id \g /dev/null
do $$
declare
  everybody jsonb := (select jsonb_agg(p.id) from app.people p where p.tenant_id = auth.tenant_id() and p.rank >= 2);
begin
  perform app.save_team(null, 'First line', 'turn', '[]', false, everybody, false), app.save_team(null, 'Specialists', 'off', '[]', false, everybody - 0, false);
end $$;
-- As if it had always been so: nothing is told of it.
set local session_replication_role = replica;
update app.tickets t set team_id = g.id from app.teams g
  where t.tenant_id = auth.tenant_id() and g.tenant_id = t.tenant_id and t.at_desk and t.status <= 4 and g.name = case when t.id % 3 = 0 then 'Specialists' when t.id % 3 = 1 then 'First line' end;
commit;
