-- One ticket with the newest 50 of its conversation, or about a megabyte of
-- them: the rest is behind `more`.
-- => json
-- reads
-- :number path bigint
with newest as (
  select c.id, c.author_id, c.is_internal, c.html, c.created_at,
    row_number() over w = 1
      or row_number() over w <= 50 and sum(octet_length(c.html)) over w <= 1000000 as shown
  from app.comments c
  where c.ticket_id = :'number'
  window w as (order by c.id desc)
  order by c.id desc limit 51)
select json_build_object(
  'ticket', json_build_object('number', t.id, 'title', t.title,
    'status', app.status_name(t.status), 'group', app.status_group(t.status),
    'priority', app.priority_name(t.priority), 'requester', t.requester_id,
    'assignee', t.assignee_id, 'created_at', t.created_at, 'updated_at', t.updated_at,
    'account', (select json_build_object('id', a.id, 'name', a.name) from app.accounts a
      where a.tenant_id = t.tenant_id and a.id = t.account_id),
    'portal', (select json_build_object('id', po.id, 'name', po.name) from app.portals po
      where po.tenant_id = t.tenant_id and po.id = t.portal_id),
    'can', json_build_object('reply', true, 'note', auth.is_agent(), 'edit', auth.is_agent())),
  'comments', (select coalesce(json_agg(s order by s.id), '[]') from (
    select n.id, n.author_id as author, n.is_internal as internal, n.html, n.created_at
    from newest n where n.shown) s),
  'more', (select min(n.id)::text from newest n
    where n.shown and exists (select from newest m where not m.shown)),
  'people', app.names((select array[t.requester_id, t.assignee_id] || array_agg(n.author_id)
    from newest n where n.shown)))
from app.tickets t
where t.id = :'number'
