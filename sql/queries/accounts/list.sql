-- The accounts one looks after, by name: how many tickets are open of each (a
-- hundred means as many at least) and whether its contacts work.
-- => json
-- reads
-- plan each: q
-- :q query text? 0..100
-- :after query text? 0..200
-- :limit query int? 1..50
with page as (
  select a.id, a.name, a.is_partner, a.partner_id, a.routing
  from app.accounts a
  where a.tenant_id = (select auth.tenant_id())
    and (a.id = any ((select app.partner_accounts())::bigint[]) or (select auth.rank()) >= 3)
    and (a.name, a.id) > (substr(coalesce(:'after', ''), strpos(coalesce(:'after', ''), '_') + 1),
      coalesce(substring(:'after' from '^[0-9]{1,16}(?=_)')::bigint, 0))
    and (:'q' is null or app.begins(a.name, :'q'))
  order by a.name, a.id
  limit coalesce(:'limit', 20) + 1),
items as (
  select p.id, p.name, p.is_partner, app.account_name(p.partner_id) as partner,
    case p.routing when 2 then 'partner' else 'tenant' end as routing,
    (select count(*) from (select from app.tickets t
      where t.tenant_id = (select auth.tenant_id()) and t.account_id = p.id and t.status <= 4 limit 100) o) as open,
    (select count(*) from app.support_contacts c
      where c.tenant_id = (select auth.tenant_id()) and c.account_id = p.id and c.state in (2, 3, 5)) as flagged
  from page p order by p.name, p.id limit coalesce(:'limit', 20))
select json_build_object(
  'can', json_build_object('make', (select auth.rank()) >= 3
    or (select auth.account_id()) = any ((select app.staffed_partners())::bigint[])),
  'items', (select coalesce(json_agg(i order by i.name, i.id), '[]') from items i),
  'next', (select i.id || '_' || i.name from items i
    where (select count(*) from page) > coalesce(:'limit', 20) order by i.name desc, i.id desc limit 1))
