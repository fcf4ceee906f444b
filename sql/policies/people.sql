-- People. Names of others come through app.names(), for ids one has seen.

create policy oneself on app.people for select to sportello_app using (
  id = (select auth.person_id()));
create policy staff on app.people for select to sportello_app using (
  rank >= 2 and (select auth.is_agent()));
create policy administered on app.people for select to sportello_app using (
  exists (select from app.memberships m
    where m.tenant_id = people.tenant_id and m.person_id = people.id
      and (m.account_id = any ((select app.administered_accounts())::bigint[])
        or m.portal_id = any ((select app.administered_portals())::bigint[]))));
grant select on app.people to sportello_app;

create policy own on app.memberships for select to sportello_app using (
  person_id = (select auth.person_id()));
create policy administered on app.memberships for select to sportello_app using (
  account_id = any ((select app.administered_accounts())::bigint[])
  or portal_id = any ((select app.administered_portals())::bigint[]));
create policy staff on app.memberships for select to sportello_app using (
  account_id is null and (select auth.rank()) >= 3);
grant select on app.memberships to sportello_app;

create policy own on app.sessions for select to sportello_app using (
  person_id = (select auth.person_id()));
grant select (tenant_id, id, person_id, created_at, expires_at) on app.sessions to sportello_app;

-- By its administrators at a host without tickets too, where nobody has principals.
create policy own_account on app.support_contacts for select to sportello_app using (
  app.principal(account_id, 1) = any ((select auth.principals())::bigint[])
  or account_id = any ((select app.administered_accounts())::bigint[]));
create policy partner on app.support_contacts for select to sportello_app using (
  account_id = any ((select app.partner_accounts())::bigint[]));
create policy tenant_admin on app.support_contacts for select to sportello_app using (
  (select auth.rank()) >= 3);
grant select on app.support_contacts to sportello_app;

-- named_contacts: app.named_contacts().
-- contact_refusals: nobody but the owner's functions, and jobs.
-- credentials: nobody but the door and the owner's functions.

-- Invitations: one's own, and those of what one administers.
create policy own on app.invitations for select to sportello_app using (
  invited_by = (select auth.person_id()));
create policy administered on app.invitations for select to sportello_app using (
  account_id = any ((select app.administered_accounts())::bigint[]));
create policy staff on app.invitations for select to sportello_app using (
  account_id is null and (select auth.rank()) >= 3);
grant select on app.invitations to sportello_app;

create policy own on app.confirmations for select to sportello_app using (
  person_id = (select auth.person_id()));
grant select on app.confirmations to sportello_app;

create policy own on app.email_changes for select to sportello_app using (
  person_id = (select auth.person_id()));
create policy administered on app.email_changes for select to sportello_app using (
  account_id = any ((select app.administered_accounts())::bigint[]));
grant select on app.email_changes to sportello_app;
