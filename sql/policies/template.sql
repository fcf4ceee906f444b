-- The one template all policies come from.
--
-- Each tenant table gets a restrictive policy, 'tenant', that every role but
-- the door's owner is under and that no other policy can widen; then the
-- permissive ones of policies/<noun>.sql say who sees what inside the tenant.
-- The owner's own functions are under 'tenant' too.

-- Everything goes and comes back in one transaction, so that a policy that is
-- no longer written is no longer there.
do $$
declare
  p record;
begin
  for p in select tablename, policyname from pg_policies where schemaname = 'app' loop
    execute format('drop policy %I on app.%I', p.policyname, p.tablename);
  end loop;
end $$;

create or replace procedure app.isolate(name text) language plpgsql as $$
begin
  execute format('alter table app.%I enable row level security', name);
  execute format('alter table app.%I force row level security', name);
  execute format('create policy tenant on app.%I as restrictive '
    'to sportello_app, sportello_jobs, sportello_owner '
    'using (tenant_id = (select auth.tenant_id())) '
    'with check (tenant_id = (select auth.tenant_id()))', name);
  execute format('create policy owner on app.%I '
    'to sportello_owner using (true) with check (true)', name);
end $$;

do $$
declare
  t text;
begin
  for t in select c.relname from pg_class c
      join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id'
      where c.relnamespace = 'app'::regnamespace and c.relkind = 'r' loop
    call app.isolate(t);
  end loop;
end $$;
drop procedure app.isolate(text);

-- Rights are given anew with the policies, table by table.
revoke all on all tables in schema app from public, sportello_app, sportello_api,
  sportello_login, sportello_proof, sportello_bulk, sportello_jobs, sportello_operator, sportello_auth;
revoke all on all tables in schema auth from public, sportello_app, sportello_api,
  sportello_login, sportello_proof, sportello_bulk, sportello_jobs, sportello_operator, sportello_owner;
revoke all on all functions in schema app, auth, jobs, operator from public, sportello_app,
  sportello_api, sportello_login, sportello_proof, sportello_bulk, sportello_jobs, sportello_operator;
revoke all on schema public from public;
grant usage on schema app, auth to sportello_app, sportello_jobs;
grant usage on schema app, auth to sportello_owner, sportello_auth;
grant usage on schema auth, operator to sportello_operator;
grant usage on schema operator to sportello_owner;
grant usage on schema jobs to sportello_jobs, sportello_auth, sportello_owner;
