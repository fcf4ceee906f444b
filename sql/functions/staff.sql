-- What follows when one of the tenant's staff is none any more.

-- Nobody has their open tickets then, each by an event of its own, and no team has them. Five hundred
-- at a time: true says that there are more, and that the event which tells of
-- their end comes again for them, after what others wait for.
create or replace function app.free_tickets(event bigint) returns boolean
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  most constant int := 500;
  who bigint := (select p.id from app.events e
    join app.people p on p.tenant_id = e.tenant_id and p.id = (e.data->>'person')::bigint and p.rank < 2
    where e.tenant_id = auth.tenant_id() and e.id = event and e.kind = 'staff.ended');
  n bigint;
begin
  if who is null then
    return false;
  end if;
  update app.tickets t set assignee_id = null
    where t.tenant_id = auth.tenant_id() and t.assignee_id = who and t.id = any (array(
      select o.id from app.tickets o
      where o.tenant_id = auth.tenant_id() and o.assignee_id = who and o.at_desk and o.status <= 4
      order by o.desk_updated_at desc, o.id desc limit most));
  get diagnostics n = row_count;
  delete from app.team_members m where m.tenant_id = auth.tenant_id() and m.person_id = who;
  delete from app.absences a where a.tenant_id = auth.tenant_id() and a.person_id = who;
  update app.absences a set stand_in = null where a.tenant_id = auth.tenant_id() and a.stand_in = who;
  if n = most then
    insert into app.event_queue (tenant_id, event_id, not_before)
      values (auth.tenant_id(), event, now() + interval '1 second');
  end if;
  return n = most;
end $$;
