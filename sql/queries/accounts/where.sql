-- What a new account is put under: the base domain of its portal, and, for a
-- tenant_admin, the partners that can look after it.
-- => json
-- reads
select json_build_object('domain', app.base_domain(), 'tenant', n.name,
  'items', (select coalesce(json_agg(p order by p.name, p.id), '[]') from (
    select a.id, a.name from app.accounts a
    where a.tenant_id = n.tenant_id and a.is_partner and (select auth.rank()) >= 3
    order by a.name, a.id limit 200) p))
from app.tenants n where n.tenant_id = (select auth.tenant_id())
