-- Support access. An account's administrators read what was granted and what
-- was done under it; the tenant's agents the grants alone.

create policy account on app.grants for select to sportello_app using (
  account_id = any ((select app.administered_accounts())::bigint[]));
create policy support on app.grants for select to sportello_app using (
  (select auth.is_agent()));
grant select on app.grants to sportello_app;

create policy account on app.grant_visits for select to sportello_app using (
  account_id = any ((select app.administered_accounts())::bigint[]));
grant select on app.grant_visits to sportello_app;
