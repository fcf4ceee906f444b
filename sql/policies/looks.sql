-- Looks as they were set, for whoever may set them and for support that was
-- let in; what shows of them, anybody sees by app.look(). Pictures are found
-- by their hash alone; photos by app.photo().

create policy tenant_admin on app.looks for select to sportello_app using (
  scope = 0 and (select auth.rank()) >= 3);
create policy account on app.looks for select to sportello_app using (
  account_id = any ((select app.administered_accounts())::bigint[]));
create policy portal on app.looks for select to sportello_app using (
  portal_id = any ((select app.administered_portals())::bigint[]));
create policy support on app.looks for select to sportello_app using (
  portal_id = any ((select app.granted_portals())::bigint[])
  or account_id = any ((select app.granted_accounts())::bigint[]));
grant select on app.looks to sportello_app;

create policy shown on app.pictures for select to sportello_app using (person_id is null);
grant select on app.pictures to sportello_app;
