\set number 6 + :step * random(0, :last)
with c as materialized (
  select c.id, c.author_id as author, c.is_internal as internal, c.html, c.created_at
  from app.comments c
  where c.tenant_id = :tenant and c.ticket_id = :number and not c.is_internal
  order by c.id desc limit 51),
s as (
  select coalesce(array_agg(x.principal / 4 order by x.principal), '{}') as ids from app.ticket_access x
  where x.tenant_id = :tenant and x.ticket_id = :number and x.principal % 4 = 0)
select json_build_object(
  'ticket', json_build_object('number', t.id, 'title', t.title,
    'status', (array['new', 'in_progress', 'blocked', 'on_hold', 'solved', 'closed', 'closed_escalated'])[t.status],
    'group', case when t.status <= 2 then 'open' when t.status <= 4 then 'pending' else 'done' end,
    'priority', (array['low', 'normal', 'high', 'urgent'])[t.priority],
    'requester', t.requester_id, 'assignee', t.assignee_id,
    'created_at', t.created_at, 'updated_at', t.updated_at, 'desk_updated_at', null,
    'account', json_build_object('id', a.id, 'name', a.name),
    'portal', json_build_object('id', po.id, 'name', po.name),
    'with', case when a.partner_id is not null then n.name end,
    'instead', case when not exists (select from app.support_contacts x
        where x.tenant_id = :tenant and x.account_id = a.id and x.state = 1)
      then json_build_array(json_build_object('name', pa.name), json_build_object('name', n.name)) end,
    'tenant', null,
    'can', json_build_object('reply', true, 'note', false, 'edit', false,
      'share', true, 'work', false, 'escalate', false),
    'service_level', exists (select from app.sla_versions x where x.tenant_id = :tenant),
    'form', case when t.type is not null or exists (select from app.field_policies x where x.tenant_id = t.tenant_id)
      then '{}'::json end),
  'comments', (select coalesce(json_agg(s order by s.id), '[]') from (select * from c limit 50) s),
  'more', (select s.id::text from c s offset 50),
  'files', case when t.has_files then (select json_agg(json_build_object('id', f.id)) from app.files f
    where f.tenant_id = :tenant and f.ticket_id = :number) else '[]' end,
  'links', case when t.has_links then (select json_agg(l) from app.ticket_links l where l.tenant_id = t.tenant_id and l.to_id = t.id) else '[]' end,
  'shared', s.ids,
  'people', (select json_object_agg(p.id, json_build_object('name', p.name,
      'side', case when p.rank >= 2 then 'support' else 'customer' end))
    from app.people p
    where p.tenant_id = :tenant
      and p.id = any (array[t.requester_id, t.assignee_id] || array(select s.author from c s) || s.ids)))
from s, app.tickets t
join app.tenants n on n.tenant_id = t.tenant_id
join app.accounts a on a.tenant_id = t.tenant_id and a.id = t.account_id
left join app.accounts pa on pa.tenant_id = a.tenant_id and pa.id = a.partner_id
join app.portals po on po.tenant_id = t.tenant_id and po.id = t.portal_id
where t.tenant_id = :tenant and t.id = :number
