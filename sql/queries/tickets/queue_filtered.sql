-- The queue with filters or another order, planned for their values, so that
-- each uses the index made for it and the order's case folds away.
-- => json
-- reads
-- plan each: group assignee priority sort
-- :group query text? open|pending|done
-- :assignee query text? me|none|#
-- :priority query text? low|normal|high|urgent
-- :sort query text? updated|created
-- :after query cursor?
-- :limit query int? 1..100
with page as (
  select s.*, row_number() over (order by s.sorted_at desc, s.id desc) as n
  from (
    select t.*, case when :'sort' = 'created' then t.created_at else t.desk_updated_at end as sorted_at
    from app.tickets t
    where t.tenant_id = (select auth.tenant_id()) and t.at_desk
      and (case when :'sort' = 'created' then t.created_at else t.desk_updated_at end, t.id)
        < ((select app.cursor_time(:'after')), (select app.cursor_id(:'after')))
      and (:'group' is null or t.status = any (app.group_statuses(:'group'))
        and not ((select app.has_field_policies()) and app.hides('status', t.portal_id, t.account_id)))
      and (:'priority' is null or t.priority = app.priority_number(:'priority')
        and not ((select app.has_field_policies()) and app.hides('priority', t.portal_id, t.account_id)))
      and (:'assignee' is null or case :'assignee' when 'none' then t.assignee_id is null
        when 'me' then t.assignee_id = (select auth.person_id())
        else t.assignee_id = substring(:'assignee' from '^[0-9]{1,16}$')::bigint end)) s
  order by s.sorted_at desc, s.id desc
  limit least(coalesce(:'limit', 50), 100) + 1),
items as (
  select p.id as number, p.title, case when 'status' <> all (h.fields) then app.status_name(p.status) end as status,
    case when 'status' <> all (h.fields) then app.status_group(p.status) end as "group",
    case when 'priority' <> all (h.fields) then app.priority_name(p.priority) end as priority,
    p.requester_id as requester, p.assignee_id as assignee, p.account_id as account,
    p.created_at, p.updated_at, p.desk_updated_at, p.sorted_at
  from page p
  cross join lateral (select case when (select app.has_field_policies())
    then app.hidden_fields(p.portal_id, p.account_id) else '{}' end as fields offset 0) h
  where p.n <= least(coalesce(:'limit', 50), 100))
select json_build_object(
  'items', (select coalesce(json_agg(i order by i.sorted_at desc, i.number desc), '[]') from items i),
  'people', app.names((select array_agg(i.requester) || array_agg(i.assignee) from items i)),
  'accounts', (select coalesce(json_object_agg(a.id, json_build_object('name', app.account_name(a.id))), '{}')
    from (select distinct i.account as id from items i) a),
  'next', (select app.cursor(p.sorted_at, p.id) from page p
    where p.n = least(coalesce(:'limit', 50), 100) and exists (select from page q where q.n > p.n)))
