-- Identity providers: the administrators of the tenant see all of them, those of
-- an account its own. Nobody but the door sees a client's secret.

create policy tenant_admin on app.providers for select to sportello_app using (
  (select auth.rank()) >= 3);
create policy account on app.providers for select to sportello_app using (
  account_id = any ((select app.administered_accounts())::bigint[]));
grant select (tenant_id, id, account_id, name, issuer, client_id, domains, knows_addresses, has_factor,
  is_on, confirmed_at, created_at, keys_at, state, fault) on app.providers to sportello_app;

-- totps, passkeys, recovery_codes, identities: nobody but the door.
