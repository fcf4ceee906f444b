-- What else there is of who opened a ticket, for the desk's page beside it: their account's plan, their
-- five newest other tickets, and the five newest open ones of others of their account. Nothing of
-- themselves, which needs a grant (G2). Of tickets the desk's alone; one whose
-- status is hidden from the asker is in no list of open ones.
create or replace function app.requester_of(ticket bigint) returns json
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
declare
  t app.tickets := app.seen_ticket(ticket);
  v app.sla_versions := app.sla_at(now());
begin
  if not auth.is_agent() or auth.grant_id() is not null then
    raise exception using errcode = 'PT403', message = 'the desk''s to know';
  end if;
  return (
    with own as materialized (
      select x.* from (select o.* from app.tickets o
        where o.tenant_id = t.tenant_id and o.requester_id = t.requester_id and o.id <> t.id order by o.id desc limit 200) x
      where x.at_desk order by x.id desc limit 6),
    account as materialized (
      select x.* from (select o.* from app.tickets o
        where o.tenant_id = t.tenant_id and o.account_id = t.account_id and o.status <= 4 order by o.updated_at desc, o.id desc limit 200) x
      where x.at_desk and x.id <> t.id and x.requester_id <> t.requester_id),
    hidden as materialized (
      select d.portal_id, app.hidden_fields(d.portal_id, d.account_id) as fields
      from (select o.portal_id, o.account_id from own o union select a.portal_id, a.account_id from account a) d where app.has_field_policies()),
    others as materialized (
      select a.* from account a where not exists (select from hidden h where h.portal_id = a.portal_id and 'status' = any (h.fields)))
    select json_build_object(
      'plan', case when v.version is not null then app.plan_at(t.account_id, now(), v.body)->'names' end,
      'tickets', (select coalesce(json_agg(json_build_object('number', o.id, 'title', o.title, 'created_at', o.created_at,
          'status', case when not exists (select from hidden h where h.portal_id = o.portal_id and 'status' = any (h.fields)) then app.status_name(o.status) end)
          order by o.id desc), '[]') from (select * from own order by id desc limit 5) o),
      'more', (select count(*) > 5 from own),
      'others', (select coalesce(json_agg(json_build_object('number', o.id, 'title', o.title, 'created_at', o.created_at, 'status', app.status_name(o.status))
          order by o.updated_at desc, o.id desc), '[]') from (select * from others order by updated_at desc, id desc limit 5) o),
      'count', (select least(count(*), 100) from others)));
end $$;
