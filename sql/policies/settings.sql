-- Settings as they were set; what holds where one is says app.setting(). An
-- account's are its administrators', and support's as far as its grant reaches;
-- the tenant's its own administrators'.

create policy tenant_admin on app.settings for select to sportello_app using (
  scope = 0 and (select auth.rank()) >= 3);
create policy account on app.settings for select to sportello_app using (
  account_id = any ((select app.administered_accounts())::bigint[]));
create policy portal on app.settings for select to sportello_app using (
  portal_id = any ((select app.administered_portals())::bigint[]));
create policy support on app.settings for select to sportello_app using (
  portal_id = any ((select app.granted_portals())::bigint[])
  or account_id = any ((select app.granted_accounts())::bigint[]));
grant select on app.settings to sportello_app;

-- one_time: nobody but the door, and jobs for a mail's address.
create policy jobs on app.one_time for select to sportello_jobs using (true);
grant select (tenant_id, id, email, portal_id) on app.one_time to sportello_jobs;
