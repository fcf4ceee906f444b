-- Who exists in the database. Run by a superuser; safe to run again.
--
-- Two roles own things and never log in: sportello_owner has the tables and is
-- itself bound to a tenant by forced row-level security; sportello_auth has
-- the door's functions and may look across tenants, in the few tables that
-- sql/policies/door.sql names. The pools log in as roles that own nothing.

do $$
declare
  name text;
begin
  foreach name in array array['sportello_owner', 'sportello_auth', 'sportello_app',
    'sportello_api', 'sportello_login', 'sportello_proof', 'sportello_bulk', 'sportello_jobs', 'sportello_operator'] loop
    if not exists (select from pg_roles where rolname = name) then
      execute format('create role %I nologin nosuperuser nocreatedb '
        'nocreaterole nobypassrls noreplication', name);
    end if;
  end loop;
end $$;

alter role sportello_api login;
alter role sportello_login login;
alter role sportello_proof login;
alter role sportello_bulk login;
alter role sportello_jobs login;
alter role sportello_operator login;
grant sportello_app to sportello_api, sportello_login, sportello_proof, sportello_bulk;

-- A query's plan is made once and never grows with the values it is given;
-- filtered lists ask for a plan of their own (fcgi/db.c).
alter role sportello_api set plan_cache_mode = force_generic_plan;
alter role sportello_login set plan_cache_mode = force_generic_plan;
alter role sportello_proof set plan_cache_mode = force_generic_plan;
alter role sportello_bulk set plan_cache_mode = force_generic_plan;
-- Below nginx's read timeout, so that the person gets an answer from us.
alter role sportello_api set statement_timeout = '15s';
alter role sportello_login set statement_timeout = '15s';
alter role sportello_proof set statement_timeout = '15s';
alter role sportello_bulk set statement_timeout = '15s';
alter role sportello_jobs set statement_timeout = '60s';
-- What somebody holds is come to again: nobody's lock holds up all the other work.
alter role sportello_jobs set lock_timeout = '5s';
alter role sportello_api set idle_in_transaction_session_timeout = '20s';
alter role sportello_login set idle_in_transaction_session_timeout = '20s';
alter role sportello_proof set idle_in_transaction_session_timeout = '20s';
alter role sportello_bulk set idle_in_transaction_session_timeout = '20s';
alter role sportello_jobs set idle_in_transaction_session_timeout = '60s';
-- sportello_operator exports and erases whole tenants: no limit of time. That
-- erasing looks at no keys is the owner's to say (functions/operator.sql).
grant set on parameter session_replication_role to sportello_owner;

do $$
declare
  name text;
begin
  foreach name in array array['sportello_api', 'sportello_login', 'sportello_proof', 'sportello_bulk', 'sportello_jobs', 'sportello_operator'] loop
    -- The context lives in one backend.
    execute format('alter role %I set max_parallel_workers_per_gather = 0', name);
    execute format('alter role %I set jit = off', name);
    execute format('alter role %I set timezone = %L', name, 'UTC');
    execute format('alter role %I set search_path = %L', name, 'pg_catalog');
  end loop;
end $$;
