-- Claims of hosts: read by those who administer the portal, and by support at
-- a portal that it was let into; the desk's by the tenant's administrators.
-- Changed by functions alone.

create policy tenant_admin on app.host_claims for select to sportello_app using (
  account_id is null and (select auth.rank()) >= 3);
create policy account on app.host_claims for select to sportello_app using (
  portal_id = any ((select app.administered_portals())::bigint[]));
create policy support on app.host_claims for select to sportello_app using (
  portal_id = any ((select app.granted_portals())::bigint[]));
grant select on app.host_claims to sportello_app;
