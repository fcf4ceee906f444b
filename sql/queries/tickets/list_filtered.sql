-- The same with filters, planned for their values: tickets I may see, newest
-- change first, of one status group or of my own making.
-- => json
-- reads
-- plan each: group requester
-- :group query text? open|pending|done
-- :requester query text? me|
-- :after query cursor?
-- :limit query int? 1..100
with page as (
  select m.updated_at, m.ticket_id,
    row_number() over (order by m.updated_at desc, m.ticket_id desc) as n
  from (
    select distinct a.updated_at, a.ticket_id
    from unnest((select auth.principals())) p (principal)
    cross join lateral (
      select x.updated_at, x.ticket_id
      from app.ticket_access x
      where x.tenant_id = (select auth.tenant_id()) and x.principal = p.principal
        and (x.updated_at, x.ticket_id) < ((select app.cursor_time(:'after')), (select app.cursor_id(:'after')))
        and exists (select from app.tickets f
          where f.tenant_id = x.tenant_id and f.id = x.ticket_id
            and (:'group' is null or f.status = any (app.group_statuses(:'group'))
              and not ((select app.has_field_policies()) and app.hides('status', f.portal_id, f.account_id)))
            and (:'requester' is null or f.requester_id = (select auth.person_id())))
      order by x.updated_at desc, x.ticket_id desc
      limit least(coalesce(:'limit', 50), 100) + 1) a
    order by a.updated_at desc, a.ticket_id desc
    limit least(coalesce(:'limit', 50), 100) + 1) m),
items as (
  select t.id as number, t.title, case when 'status' <> all (h.fields) then app.status_name(t.status) end as status,
    case when 'status' <> all (h.fields) then app.status_group(t.status) end as "group",
    case when 'priority' <> all (h.fields) then app.priority_name(t.priority) end as priority,
    t.requester_id as requester, t.assignee_id as assignee, t.account_id as account,
    t.created_at, t.updated_at
  from page p
  join app.tickets t on t.tenant_id = (select auth.tenant_id()) and t.id = p.ticket_id
  cross join lateral (select case when (select app.has_field_policies())
    then app.hidden_fields(t.portal_id, t.account_id) else '{}' end as fields offset 0) h
  where p.n <= least(coalesce(:'limit', 50), 100))
select json_build_object(
  'items', (select coalesce(json_agg(i order by i.updated_at desc, i.number desc), '[]') from items i),
  'people', app.names((select array_agg(i.requester) || array_agg(i.assignee) from items i)),
  'accounts', (select coalesce(json_object_agg(a.id, json_build_object('name', app.account_name(a.id))), '{}')
    from (select distinct i.account as id from items i) a),
  'next', (select app.cursor(p.updated_at, p.ticket_id) from page p
    where p.n = least(coalesce(:'limit', 50), 100) and exists (select from page q where q.n > p.n)))
