-- The record of an account one looks after: its partner, portals, contacts,
-- staff it is shown, people as far as one may see them, newest open tickets;
-- at the desk its newest grants, what holds for it from the tenant, and a partner's staff.
-- => json
-- reads
-- :id path bigint
select json_build_object(
  'account', json_build_object('id', a.id, 'name', a.name, 'is_partner', a.is_partner,
    'partner', case when a.partner_id is not null then json_build_object('id', a.partner_id,
      'name', app.account_name(a.partner_id)) end,
    'tenant', (select n.name from app.tenants n where n.tenant_id = a.tenant_id),
    'routing', case a.routing when 2 then 'partner' else 'tenant' end,
    'created_at', a.created_at,
    'can', json_build_object('name_staff', (select auth.rank()) >= 3,
      'invite', app.may_invite('account_admin', a.id, null))),
  'portals', (select coalesce(json_agg(json_build_object('id', po.id, 'name', po.name, 'host', h.host,
      'top', po.parent_id is null) order by po.parent_id is not null, po.name, po.id), '[]')
    from (select * from app.portals x where x.tenant_id = a.tenant_id and x.account_id = a.id
      order by x.parent_id is not null, x.name, x.id limit 50) po
    left join app.hosts h on h.tenant_id = po.tenant_id and h.portal_id = po.id and h.is_canonical),
  'grants', case when (select auth.is_agent()) then (select coalesce(json_agg(json_build_object('id', g.id,
      'reason', g.reason, 'ticket', g.ticket_id,
      'portals', case when g.portals is not null then app.portal_list(g.account_id, g.portals) end,
      'live', g.ended_at is null and g.ends_at > now(),
      'created_at', g.created_at, 'ends_at', least(g.ended_at, g.ends_at)) order by g.created_at desc, g.id desc), '[]')
    from (select * from app.grants x where x.tenant_id = a.tenant_id and x.account_id = a.id
      order by x.created_at desc, x.id desc limit 20) g) end,
  'settings', case when (select auth.rank()) >= 3 then app.tenant_settings() end,
  'contacts', app.contacts_of(a.id),
  'staff', app.partner_staff(a.id),
  'named', app.named_contacts(a.id),
  'people', (select coalesce(json_agg(json_build_object('id', v.id, 'name', v.name, 'role', v.role)
      order by v.name, v.id), '[]')
    from (select p.id, p.name, m.role from app.memberships m
      join app.people p on p.tenant_id = m.tenant_id and p.id = m.person_id
      where m.tenant_id = a.tenant_id and m.account_id = a.id order by p.name, p.id limit 50) v),
  'tickets', (select coalesce(json_agg(json_build_object('number', t.id, 'title', t.title,
      'status', app.status_name(t.status), 'updated_at', t.updated_at) order by t.updated_at desc, t.id desc), '[]')
    from (select * from app.tickets x where x.tenant_id = a.tenant_id and x.account_id = a.id and x.status <= 4
        and not ((select app.has_field_policies()) and app.hides('status', x.portal_id, x.account_id))
      order by x.updated_at desc, x.id desc limit 10) t))
from app.accounts a
where a.tenant_id = (select auth.tenant_id()) and a.id = :'id' and (select app.looks_after(:'id'))
