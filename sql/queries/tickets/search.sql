-- Tickets I see that hold all words of a search (functions/search.sql), newest
-- change first, with where the words are; the newest two hundred.
-- => json
-- reads
-- :q query text 1..200
-- :after query cursor?
-- :limit query int? 1..50
with hits as materialized (select h.ids, h.whole from app.search_tickets(:'q', 201) h),
asked as materialized (
  select f.id, f.n from hits h cross join lateral unnest(h.ids) with ordinality f (id, n)),
found as materialized (
  select t.*, case when (select auth.is_agent()) then t.desk_updated_at else t.updated_at end as at
  from asked a join app.tickets t on t.tenant_id = (select auth.tenant_id()) and t.id = a.id
  where a.n <= 200),
page as materialized (
  select f.*, row_number() over (order by f.at desc, f.id desc) as n
  from found f
  where (f.at, f.id) < ((select app.cursor_time(:'after')), (select app.cursor_id(:'after')))
  order by f.at desc, f.id desc
  limit coalesce(:'limit', 20) + 1),
items as (
  select p.id as number, p.title, case when 'status' <> all (h.fields) then app.status_name(p.status) end as status,
    case when 'status' <> all (h.fields) then app.status_group(p.status) end as "group",
    case when 'priority' <> all (h.fields) then app.priority_name(p.priority) end as priority,
    p.requester_id as requester, p.assignee_id as assignee, p.account_id as account,
    p.created_at, p.updated_at, case when (select auth.is_agent()) then p.desk_updated_at end as desk_updated_at, p.at
  from page p
  cross join lateral (select case when (select app.has_field_policies())
    then app.hidden_fields(p.portal_id, p.account_id) else '{}' end as fields offset 0) h
  where p.n <= coalesce(:'limit', 20))
select json_build_object(
  'items', (select coalesce(json_agg(to_jsonb(i) - 'at' order by i.at desc, i.number desc), '[]') from items i),
  'excerpts', app.excerpts(:'q', (select array_agg(i.number) from items i)),
  'count', (select count(*) from found), 'more', (select not h.whole from hits h),
  'people', app.names((select array_agg(i.requester) || array_agg(i.assignee) from items i)),
  'accounts', (select coalesce(json_object_agg(a.id, json_build_object('name', app.account_name(a.id))), '{}')
    from (select distinct i.account as id from items i) a),
  'next', (select app.cursor(p.at, p.id) from page p
    where p.n = coalesce(:'limit', 20) and exists (select from page q where q.n > p.n)))
