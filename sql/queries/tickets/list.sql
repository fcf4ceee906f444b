-- Tickets I may see, newest change first: the newest of each principal,
-- merged. It begins at ticket_access and walks one index a principal.
-- => json
-- reads
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
      order by x.updated_at desc, x.ticket_id desc
      limit least(coalesce(:'limit', 50), 100) + 1) a
    order by a.updated_at desc, a.ticket_id desc
    limit least(coalesce(:'limit', 50), 100) + 1) m),
hidden as materialized (
  select d.portal_id, app.hidden_fields(d.portal_id, d.account_id) as fields
  from (select distinct t.portal_id, t.account_id from page p
    join app.tickets t on t.tenant_id = (select auth.tenant_id()) and t.id = p.ticket_id
    where (select app.has_field_policies())) d),
items as (
  select t.id as number, t.title, case when h.fields is null or 'status' <> all (h.fields) then app.status_name(t.status) end as status,
    case when h.fields is null or 'status' <> all (h.fields) then app.status_group(t.status) end as "group",
    case when h.fields is null or 'priority' <> all (h.fields) then app.priority_name(t.priority) end as priority,
    t.requester_id as requester, t.assignee_id as assignee, t.account_id as account,
    case when t.updated_at > now() - interval '30 days' and t.updated_at > (select app.read_until()) and coalesce(t.changed_by, t.requester_id) <> (select auth.person_id())
      and not exists (select from app.seen s where s.tenant_id = t.tenant_id and s.person_id = (select auth.person_id())
        and s.ticket_id = t.id and s.seen_at >= t.updated_at) then true end as unread,
    t.created_at, t.updated_at
  from page p
  join app.tickets t on t.tenant_id = (select auth.tenant_id()) and t.id = p.ticket_id
  left join hidden h on h.portal_id = t.portal_id
  where p.n <= least(coalesce(:'limit', 50), 100))
select json_build_object(
  'items', (select coalesce(json_agg(i order by i.updated_at desc, i.number desc), '[]') from items i),
  'people', app.names((select array_agg(i.requester) || array_agg(i.assignee) from items i)),
  'accounts', (select coalesce(json_object_agg(a.id, json_build_object('name', app.account_name(a.id))), '{}')
    from (select distinct i.account as id from items i) a),
  'next', (select app.cursor(p.updated_at, p.ticket_id) from page p
    where p.n = least(coalesce(:'limit', 50), 100) and exists (select from page q where q.n > p.n)))
