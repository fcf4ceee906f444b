-- The home page: what waits for the person, what else is theirs, whom to ask.
-- => json
-- reads
with mine as (
  select t.id as number, t.title, app.status_name(t.status) as status, t.updated_at,
    json_build_object(app.status_name(t.status), true) as "is", '/t/' || t.id as url
  from (
    select a.ticket_id from app.ticket_access a
    where a.tenant_id = (select auth.tenant_id())
      and a.principal = app.principal((select auth.person_id()), 0)
    order by a.updated_at desc, a.ticket_id desc limit 20) newest
  join app.tickets t on t.tenant_id = (select auth.tenant_id()) and t.id = newest.ticket_id)
select json_build_object(
  'waiting', (select coalesce(json_agg(w order by w.updated_at desc), '[]')
    from mine w where w.status = 'blocked'),
  'recent', (select coalesce(json_agg(r order by r.updated_at desc), '[]')
    from (select * from mine m where m.status <> 'blocked'
      order by m.updated_at desc limit 5) r),
  'contacts', (select coalesce(json_agg(c order by c.email), '[]')
    from (select s.email from app.support_contacts s
      where s.tenant_id = (select auth.tenant_id()) and s.account_id = (select auth.account_id())
      order by s.email limit 10) c))
