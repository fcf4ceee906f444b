-- People. Names of others come through app.names(), for ids one has seen.

create policy oneself on app.people for select to sportello_app using (
  id = (select auth.person_id()));
create policy staff on app.people for select to sportello_app using (
  rank >= 2 and (select auth.is_agent()));
grant select on app.people to sportello_app;

create policy own on app.memberships for select to sportello_app using (
  person_id = (select auth.person_id()));
grant select on app.memberships to sportello_app;

create policy own on app.sessions for select to sportello_app using (
  person_id = (select auth.person_id()));
grant select (tenant_id, id, person_id, created_at, expires_at) on app.sessions to sportello_app;

create policy own_account on app.support_contacts for select to sportello_app using (
  app.principal(account_id, 1) = any ((select auth.principals())::bigint[]));
create policy partner on app.support_contacts for select to sportello_app using (
  account_id = any ((select app.partner_accounts())::bigint[]));
create policy tenant_admin on app.support_contacts for select to sportello_app using (
  (select auth.rank()) >= 3);
grant select on app.support_contacts to sportello_app;

-- named_contacts: app.named_contacts().
-- credentials: nobody but the door and the owner's functions.
