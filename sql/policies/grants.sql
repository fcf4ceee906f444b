-- Support access. An account's administrators read what was granted, asked
-- and done; the tenant's agents what is open to them and what they asked.

create policy account on app.grants for select to sportello_app using (
  account_id = any ((select app.administered_accounts())::bigint[]));
create policy desk on app.grants for select to sportello_app using (
  (select auth.is_agent()));
create policy support on app.grants for select to sportello_app using (
  id = (select auth.grant_id()));
grant select on app.grants to sportello_app;

create policy account on app.grant_requests for select to sportello_app using (
  account_id = any ((select app.administered_accounts())::bigint[]));
create policy own on app.grant_requests for select to sportello_app using (
  asked_by = (select auth.person_id()) and (select auth.is_agent()));
grant select on app.grant_requests to sportello_app;

create policy account on app.grant_visits for select to sportello_app using (
  account_id = any ((select app.administered_accounts())::bigint[]));
grant select on app.grant_visits to sportello_app;

-- ---- what support reads under a live grant -------------------------------------

-- All of it stands here, but for settings. An agent without a grant, the
-- tenant's administrators too, has no policy that shows these rows, and
-- tests/sql/catalogue.sql holds the list of those that speak for agents at all.
-- What belongs to the account as a whole is read where the top-level portal is.

create policy support on app.portals for select to sportello_app using (
  id = any ((select app.granted_portals())::bigint[]));
create policy support on app.hosts for select to sportello_app using (
  portal_id = any ((select app.granted_portals())::bigint[]));
create policy support on app.memberships for select to sportello_app using (
  portal_id = any ((select app.granted_portals())::bigint[])
  or portal_id is null and account_id = any ((select app.granted_accounts())::bigint[]));
create policy support on app.people for select to sportello_app using (
  exists (select from app.memberships m
    where m.tenant_id = people.tenant_id and m.person_id = people.id
      and (m.portal_id = any ((select app.granted_portals())::bigint[])
        or m.portal_id is null and m.account_id = any ((select app.granted_accounts())::bigint[]))));
create policy support on app.support_contacts for select to sportello_app using (
  account_id = any ((select app.granted_accounts())::bigint[]));
