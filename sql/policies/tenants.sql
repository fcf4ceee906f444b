-- Tenants, accounts, portals, hosts.

create policy own on app.tenants for select to sportello_app using (true);
grant select (tenant_id, slug, name) on app.tenants to sportello_app;

-- The account one is at, one's own, the ones one's partner account looks
-- after; agents see that an account exists, and its name.
create policy visible on app.accounts for select to sportello_app using (
  id = (select auth.account_id())
  or app.principal(id, 1) = any ((select auth.principals())::bigint[])
  or app.principal(partner_id, 3) = any ((select auth.principals())::bigint[])
  or (select auth.is_agent()));
grant select (tenant_id, id, name, partner_id) on app.accounts to sportello_app;

create policy visible on app.portals for select to sportello_app using (
  id = (select auth.portal_id())
  or app.principal(account_id, 1) = any ((select auth.principals())::bigint[])
  or (select auth.is_agent()));
grant select on app.portals to sportello_app;

create policy visible on app.hosts for select to sportello_app using (
  portal_id = (select auth.portal_id()) or (select auth.is_agent()));
grant select on app.hosts to sportello_app;
