-- An account's people as CSV on its way, as people/list.sql shows them.
-- => text
-- reads
-- :account query bigint?
with at as materialized (select app.must_see_people(coalesce(:'account', (select auth.account_id()))) as account)
select app.csv_row(U&'\001Ename', U&'\001Eemail', U&'\001Ejob_title', U&'\001Ephone', U&'\001Eroles') from at
union all
select x.line from (select app.csv_row(p.name, p.email, p.job_title, p.phone,
    (select string_agg(m.role, ', ' order by m.role) from app.memberships m, at
      where m.tenant_id = (select auth.tenant_id()) and m.person_id = p.id and m.account_id is not distinct from at.account)) as line
  from app.people p
  where p.tenant_id = (select auth.tenant_id())
    and p.id = any (array(select m.person_id from app.memberships m, at
      where m.tenant_id = (select auth.tenant_id()) and m.account_id is not distinct from at.account))
  order by p.name, p.id) x
