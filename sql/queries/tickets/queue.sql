-- The agents' queue: what is at the desk, newest change first.
-- => json
-- reads
-- :after query cursor?
-- :limit query int? 1..100
with page as (
  select t.*, row_number() over (order by t.desk_updated_at desc, t.id desc) as n
  from app.tickets t
  where t.tenant_id = (select auth.tenant_id()) and t.at_desk
    and (t.desk_updated_at, t.id) < ((select app.cursor_time(:'after')), (select app.cursor_id(:'after')))
  order by t.desk_updated_at desc, t.id desc
  limit least(coalesce(:'limit', 50), 100) + 1),
items as (
  select p.id as number, p.title, case when 'status' <> all (h.fields) then app.status_name(p.status) end as status,
    case when 'status' <> all (h.fields) then app.status_group(p.status) end as "group",
    case when 'priority' <> all (h.fields) then app.priority_name(p.priority) end as priority,
    p.requester_id as requester, p.assignee_id as assignee, p.account_id as account,
    p.created_at, p.updated_at, p.desk_updated_at
  from page p
  cross join lateral (select case when (select app.has_field_policies())
    then app.hidden_fields(p.portal_id, p.account_id) else '{}' end as fields offset 0) h
  where p.n <= least(coalesce(:'limit', 50), 100))
select json_build_object(
  'items', (select coalesce(json_agg(i order by i.desk_updated_at desc, i.number desc), '[]') from items i),
  'people', app.names((select array_agg(i.requester) || array_agg(i.assignee) from items i)),
  'accounts', (select coalesce(json_object_agg(a.id, json_build_object('name', app.account_name(a.id))), '{}')
    from (select distinct i.account as id from items i) a),
  'next', (select app.cursor(p.desk_updated_at, p.id) from page p
    where p.n = least(coalesce(:'limit', 50), 100) and exists (select from page q where q.n > p.n)))
