-- Whom a ticket can be given to.
-- => json
-- reads
select json_build_object('items', coalesce(json_agg(a order by a.name, a.id), '[]'))
from (
  select p.id, p.name from app.people p
  where p.tenant_id = (select auth.tenant_id()) and p.rank >= 2
  order by p.name, p.id limit 500) a
