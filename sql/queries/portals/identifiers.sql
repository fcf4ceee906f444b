-- What names this portal to others: to a product's people, in a script.
-- => json
-- reads
select json_build_object('portal', json_build_object('id', po.id, 'name', po.name, 'host', h.host),
  'account', json_build_object('id', a.id, 'name', a.name))
from app.portals po
join app.accounts a on a.tenant_id = po.tenant_id and a.id = po.account_id
join app.hosts h on h.tenant_id = po.tenant_id and h.portal_id = po.id and h.is_canonical
where po.tenant_id = (select auth.tenant_id()) and po.id = (select auth.portal_id())
