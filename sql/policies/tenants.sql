-- Tenants, accounts, portals, hosts.

create policy own on app.tenants for select to sportello_app using (true);
grant select (tenant_id, slug, name) on app.tenants to sportello_app;

-- The account one is at, one's own, the ones one's partner account looks
-- after; tenant_admins keep the record of all. Agents see of an account what
-- its tickets show: its name, by app.account_name() (G2).
create policy visible on app.accounts for select to sportello_app using (
  id = (select auth.account_id())
  or app.principal(id, 1) = any ((select auth.principals())::bigint[])
  or id = any ((select app.partner_accounts())::bigint[])
  or (select auth.rank()) >= 3);
grant select (tenant_id, id, name, is_partner, partner_id, routing, created_at, by_partner)
  on app.accounts to sportello_app;

create policy visible on app.portals for select to sportello_app using (
  id = (select auth.portal_id())
  or app.principal(account_id, 1) = any ((select auth.principals())::bigint[])
  or account_id = any ((select app.partner_accounts())::bigint[])
  or (select auth.rank()) >= 3);
grant select on app.portals to sportello_app;

create policy visible on app.hosts for select to sportello_app using (
  portal_id = (select auth.portal_id())
  or portal_id = any ((select app.partner_portals())::bigint[])
  or (select auth.rank()) >= 3);
grant select on app.hosts to sportello_app;
