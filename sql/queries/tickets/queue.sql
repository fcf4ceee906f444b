-- The agents' queue: what is at the desk and not put aside, newest change first.
-- => json
-- reads
-- :after query cursor?
-- :limit query int? 1..100
with page as (
  select t.id, t.title, t.status, t.priority, t.requester_id, t.assignee_id, t.team_id, t.account_id, t.portal_id, t.created_at, t.updated_at,
    t.desk_updated_at, t.desk_changed_by, row_number() over (order by t.desk_updated_at desc, t.id desc) as n
  from app.tickets t
  where t.tenant_id = (select auth.tenant_id()) and t.at_desk
    and not exists (select from app.snoozes z where z.tenant_id = (select auth.tenant_id()) and z.ticket_id = t.id and z.until_at > now() offset 0)
    and (t.desk_updated_at, t.id) < ((select app.cursor_time(:'after')), (select app.cursor_id(:'after')))
  order by t.desk_updated_at desc, t.id desc
  limit least(coalesce(:'limit', 50), 100) + 1),
hidden as materialized (
  select d.portal_id, app.hidden_fields(d.portal_id, d.account_id) as fields
  from (select distinct p.portal_id, p.account_id from page p where (select app.has_field_policies())) d),
dues as materialized (
  select d.ticket, d.due from app.next_dues((select array_agg(p.id) from page p)) d),
tagged as materialized (
  select g.ticket, g.tags from app.tags_of((select array_agg(p.id) from page p)) g),
raised as materialized (
  select l.ticket, l.level from app.levels_of((select array_agg(p.id) from page p)) l),
items as (
  select t.id as number, t.title, case when t.hides is null or 'status' <> all (t.hides) then app.status_name(t.status) end as status,
    case when t.hides is null or 'status' <> all (t.hides) then app.status_group(t.status) end as "group",
    case when t.hides is null or 'priority' <> all (t.hides) then app.priority_name(t.priority) end as priority,
    t.requester_id as requester, t.assignee_id as assignee, t.team_id as team, t.account_id as account,
    case when t.desk_updated_at > now() - interval '30 days' and t.desk_updated_at > (select app.read_until()) and coalesce(t.desk_changed_by, t.requester_id) <> (select auth.person_id())
      and not exists (select from app.seen s where s.tenant_id = (select auth.tenant_id()) and s.person_id = (select auth.person_id())
        and s.ticket_id = t.id and s.seen_at >= t.desk_updated_at) then true end as unread,
    t.created_at, t.updated_at, t.desk_updated_at, (select g.tags from tagged g where g.ticket = t.id) as tags, (select l.level from raised l where l.ticket = t.id) as raised,
    case when t.hides is null or 'priority' <> all (t.hides) then (select d.due from dues d where d.ticket = t.id) end as due
  from (select p.*, case when (select app.has_field_policies()) then (select h.fields from hidden h where h.portal_id = p.portal_id) end as hides
    from page p where p.n <= least(coalesce(:'limit', 50), 100) offset 0) t)
select json_build_object(
  'items', (select coalesce(json_agg(i order by i.desk_updated_at desc, i.number desc), '[]') from items i),
  'people', app.names((select array_agg(i.requester) || array_agg(i.assignee) from items i)),
  'accounts', (select coalesce(json_object_agg(a.id, json_build_object('name', app.account_name(a.id))), '{}')
    from (select distinct i.account as id from items i) a),
  'next', (select app.cursor(p.desk_updated_at, p.id) from page p
    where p.n = least(coalesce(:'limit', 50), 100) and exists (select from page q where q.n > p.n)))
