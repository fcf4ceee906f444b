-- The accounts one looks after as CSV on its way, as accounts/list.sql shows them.
-- => text
-- reads
select app.csv_row(U&'\001Eaccount', U&'\001Epartner', U&'\001Erouting', U&'\001Eopen', U&'\001Eflagged')
union all
select x.line from (select app.csv_row(a.name, app.account_name(a.partner_id), case a.routing when 2 then 'partner' else 'tenant' end,
    (select count(*) from (select from app.tickets t
      where t.tenant_id = (select auth.tenant_id()) and t.account_id = a.id and t.status <= 4 limit 100) o)::text,
    (select count(*) from app.support_contacts c
      where c.tenant_id = (select auth.tenant_id()) and c.account_id = a.id and c.state in (2, 3, 5))::text) as line
  from app.accounts a
  where a.tenant_id = (select auth.tenant_id())
    and (a.id = any ((select app.partner_accounts())::bigint[]) or (select auth.rank()) >= 3)
  order by a.name, a.id) x
