-- Rules about the schema itself, so that the next table can't forget them.
set search_path = pgtap, pg_catalog;
select * from no_plan();

-- none(QUERY, LABEL): the query finds no offender; those it finds are shown.
create function pg_temp.none(query text, label text) returns text language plpgsql as $$
declare
  found text[];
begin
  execute format('select array_agg(x::text) from (%s) t(x)', query) into found;
  return ok(found is null, label) || coalesce(E'\n# ' || array_to_string(found, E'\n# '), '');
end $$;

create temp view t as
  select c.oid, c.relname::text as name, c.relrowsecurity, c.relforcerowsecurity, c.relowner,
    exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'tenant_id') as of_tenant
  from pg_class c where c.relnamespace = 'app'::regnamespace and c.relkind in ('r', 'p');
create temp view f as
  select p.*, p.oid::regprocedure::text as name, n.nspname
  from pg_proc p join pg_namespace n on n.oid = p.pronamespace where n.nspname in ('app', 'auth', 'jobs', 'operator');
create temp view r as
  select * from pg_roles where rolname ~ '^sportello_';

-- ---- tables --------------------------------------------------------------------

select pg_temp.none($$select name from t where not of_tenant and name <> 'migrations'$$,
  'every table is a tenant''s, but for the list of migrations');
select pg_temp.none('select name from t where of_tenant and not (relrowsecurity and relforcerowsecurity)',
  'row-level security is enabled and forced');
select pg_temp.none($$select name from t where of_tenant and not exists (select from pg_policies p
    where p.schemaname = 'app' and p.tablename = name and p.policyname = 'tenant'
      and p.permissive = 'RESTRICTIVE' and p.cmd = 'ALL'
      and p.roles = '{sportello_app,sportello_jobs,sportello_owner}'
      and p.qual ~ '^\(tenant_id = \( SELECT auth\.tenant_id\(\) AS tenant_id\)\)$' and p.with_check = p.qual)$$,
  'the policy ''tenant'' is restrictive and the same everywhere');
select pg_temp.none($$select format('%s.%s', tablename, policyname) from pg_policies where schemaname = 'app'
    and not (roles <@ '{sportello_app,sportello_jobs,sportello_owner}'
      or policyname = 'door' and roles = '{sportello_auth}')$$,
  'policies are for roles that ''tenant'' binds, those of the door for its owner');
-- A bare call in a filter runs once a row; in a subselect once a statement.
select pg_temp.none($$select format('%s.%s', tablename, policyname) from pg_policies where schemaname = 'app'
    and regexp_replace(concat_ws(' ', qual, with_check), '\( SELECT auth\.\w+\(\) AS \w+\)', '', 'g') ~ 'auth\.'$$,
  'policies ask for the context in a subselect');
select pg_temp.none($$select format('%s.%s', t.name, a.attname) from t join pg_attribute a on a.attrelid = t.oid
    join pg_type y on y.oid = a.atttypid
    where a.attnum > 0 and not a.attisdropped and (y.typtype = 'e' or y.typname in ('numeric', 'money', 'citext', 'oid', 'lo'))$$,
  'no column of a type whose = can''t use an index under row-level security');
select pg_temp.none($$select t.name from t join pg_attribute a on a.attrelid = t.oid and a.attname = 'tenant_id'
    where a.attnum <> 1 or not a.attnotnull or a.atttypid <> 'bigint'::regtype$$,
  'tenant_id is the first column, bigint, never null');
select pg_temp.none($$select name from t where of_tenant and not exists (
    select from pg_constraint k where k.conrelid = t.oid and k.contype = 'p')$$, 'every table has a primary key');
select pg_temp.none($$select format('%s: %s', t.name, k.conname) from t join pg_constraint k on k.conrelid = t.oid
    join pg_attribute a on a.attrelid = t.oid and a.attname = 'tenant_id'
    where k.contype in ('p', 'u', 'x') and k.conkey[1] <> a.attnum
    -- A host means one portal in the world; a tenant's slug one tenant.
      and k.conname not in ('hosts_host_key', 'tenants_slug_key')$$,
  'primary and unique keys begin with the tenant');
select pg_temp.none($$select format('%s: %s', t.name, k.conname) from t join pg_constraint k on k.conrelid = t.oid
    join pg_attribute a on a.attrelid = t.oid and a.attname = 'tenant_id'
    join pg_attribute b on b.attrelid = k.confrelid and b.attname = 'tenant_id'
    where k.contype = 'f' and (k.conkey[1] <> a.attnum or k.confkey[1] <> b.attnum)$$,
  'a foreign key ties tenant to tenant first');
select pg_temp.none($$select t.name from t where of_tenant and name <> 'tenants' and not exists (
    select from pg_constraint k where k.conrelid = t.oid and k.contype = 'f' and k.confrelid = 'app.tenants'::regclass)$$,
  'every row''s tenant exists');
select pg_temp.none($$select i.indexrelid::regclass from t join pg_index i on i.indrelid = t.oid
    join pg_attribute a on a.attrelid = t.oid and a.attname = 'tenant_id'
    where i.indkey[0] <> a.attnum and i.indexrelid::regclass::text not in (
      -- The two that are unique in the world.
      'app.hosts_host_key', 'app.tenants_slug_key',
      -- Jobs find work of all tenants in its order.
      'app.article_drafts_due',
      'app.articles_expiry',
      'app.calendars_due',
      'app.deliveries_age',
      'app.deliveries_due',
      'app.drafts_age',
      'app.email_changes_due',
      'app.event_queue_order',
      'app.files_loose',
      'app.grants_due',
      'app.held_comments_age',
      'app.held_comments_due',
      'app.held_tellings_due',
      'app.host_claims_certificate',
      'app.host_claims_due',
      'app.idempotency_keys_age',
      'app.imports_age',
      'app.kb_searches_age',
      'app.incidents_clock',
      'app.listeners_expiry',
      'app.one_time_age',
      'app.providers_due',
      'app.rule_runs_age',
      'app.rule_turns_next',
      'app.seen_age',
      'app.sessions_expiry',
      'app.snoozes_due',
      'app.text_links_due',
      'app.ticket_clocks_alarm',
      'app.webhook_deliveries_due',
      'app.webhooks_turn',
      -- Its entries begin with the tenant.
      'app.ticket_words_pieces', 'app.article_texts_pieces', 'app.article_texts_heads', 'app.article_words_slips',
      -- A name is claimed in several tenants; a domain is one's.
      'app.host_claims_name', 'app.hosts_domain', 'app.tenants_base_domain')$$, 'indexes begin with the tenant');
select pg_temp.none($$select t.name from t where relowner <> 'sportello_owner'::regrole$$,
  'sportello_owner owns the tables');
select pg_temp.none($$select c.oid::regclass from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname in ('app', 'auth', 'jobs', 'public') and c.relkind in ('v', 'm', 'f')
      and not coalesce('security_invoker=true' = any (c.reloptions), false)$$,
  'views run as who asks; no materialized ones');
select pg_temp.none($$select c.oid::regclass from pg_class c where c.relnamespace = 'public'::regnamespace$$,
  'nothing is in public');
select pg_temp.none('select oid from pg_largeobject_metadata', 'there are no large objects');
select is((select array_agg(number order by number) from app.migrations),
  (:'migrations')::int[], 'a new database has had every migration');

-- ---- what agents read of an account ------------------------------------------------

-- Without a live grant they read of an account what its tickets show. So these
-- are all the policies that speak for agents and the tenant's administrators;
-- whoever adds one says here why it shows nothing of people, settings or what
-- is private (sql/README.md, 'What agents read').
select is(array(select format('%s.%s', tablename, policyname) from pg_policies where schemaname = 'app'
    and concat_ws(' ', qual, with_check) ~ 'is_agent|auth\.rank' order by 1),
  array['accounts.visible',       -- of tenant_admins: the record, which is the tenant's
    'comments.author', 'comments.internal', -- of tickets at the desk
    'files.internal', -- of notes
    'grant_requests.own', 'grants.desk', -- what they asked for and what is open
    'host_claims.tenant_admin',   -- the desk's own
    'hosts.visible',              -- of tenant_admins: a part of the record
    'invitations.staff',          -- of colleagues to be
    'looks.tenant_admin',         -- the tenant's own
    'memberships.staff',          -- of colleagues
    'people.staff',               -- colleagues
    'portals.visible',            -- of tenant_admins: a part of the record
    'providers.tenant_admin',     -- of tenant_admins: whose domains they must agree to
    'settings.tenant_admin',      -- the tenant's own
    'snoozes.desk',               -- what the desk put aside
    'support_contacts.tenant_admin', -- a part of the record
    'tickets.desk', 'tickets.visible'], -- at the desk
  'the policies that speak for agents');
-- Each table that is an account's: does support under a grant read it?
select is(array(select format('%s: %s', t.name, case when exists (select from pg_policies p
      where p.schemaname = 'app' and p.tablename = t.name and p.policyname = 'support' and p.cmd = 'SELECT'
        and p.qual ~ 'grant_id|granted_portals|granted_accounts') then 'under a grant' else 'never' end)
    from t where t.name in ('accounts', 'portals', 'people') or exists (select from pg_attribute a
      where a.attrelid = t.oid and a.attname in ('account_id', 'portal_id')) order by 1),
  array['account_plans: never',
    'accounts: never', -- it sees the one it is at as everybody there
    'confirmations: never',
    'contact_refusals: never',
    'drafts: never',
    'email_changes: never',
    'events: never',
    'field_policies: never',
    'grant_requests: never',
    'grant_visits: never',
    'grants: under a grant',
    'host_claims: under a grant',
    'hosts: under a grant',
    'incident_people: never',
    'invitations: never',
    'looks: under a grant',
    'memberships: under a grant',
    'named_contacts: never',
    'one_time: never',
    'people: under a grant',
    'portals: under a grant',
    'providers: never',
    'settings: under a grant',
    'signposts: never',
    'status_subscribers: never',
    'support_contacts: under a grant',
    'tickets: never'], -- the desk has them
  'what support under a grant reads of an account');
select pg_temp.none($$select format('%s.%s', tablename, policyname) from pg_policies where schemaname = 'app'
    and concat_ws(' ', qual, with_check) ~ 'grant_id|granted_' and (policyname <> 'support' or cmd <> 'SELECT')$$,
  'and it only reads');

-- ---- functions ------------------------------------------------------------------

select pg_temp.none($$select name from f where prosecdef and prolang <> (select oid from pg_language where lanname = 'c')
    and not coalesce(proconfig @> '{"search_path=pg_catalog, pg_temp"}', false)$$,
  'definer functions fix their search_path');
select pg_temp.none($$select name from f where prosecdef and prolang = (select oid from pg_language where lanname = 'c')
    and name <> 'auth.enter(text,bytea,smallint,boolean,text,boolean)'$$, 'the door alone is a definer in C');
select pg_temp.none($$select name from f where has_function_privilege('public', oid, 'execute')$$,
  'PUBLIC may call nothing');
select pg_temp.none($$select name from f where proowner <> (case when nspname = 'auth' or nspname = 'jobs' and prosecdef
    then 'sportello_auth' else 'sportello_owner' end)::regrole$$, 'functions belong to the door or to the tables'' owner');
select is(array(select name from f where has_function_privilege('sportello_app', oid, 'execute')
    and nspname = 'auth' and provolatile = 'v' order by 1),
  array['auth.enter(text,bytea,smallint,boolean,text,boolean)', 'auth.sign_out()'], 'what both pools may call of the door');
select is(array(select name from f where nspname in ('auth', 'jobs') and has_function_privilege('sportello_api', oid, 'execute')
    and name !~ '^auth\.(enter\(|sign_out|sign_on_names|sign_on_back|factors\(|tenant_id|portal_id|account_id|person_id|session_id|grant_id|rank|need_rank|need_person|is_agent|has_tickets|host|principals|context\(\))' order by 1),
  array['auth.arrive(text,text,bytea,bytea)', 'auth.hand_over(text,text)', 'auth.leave(text,bytea)', 'auth.new_entry(bigint,bigint,text,text)', 'auth.own_webhook_secret()', 'auth.take_entry(text,text,bytea)'],
  'the api pool may call no more of it, but to go from host to host, for support''s coming and going, a secret of the tenant''s own, and lists without secrets');
select is(array(select name from f where nspname = 'auth' and has_function_privilege('sportello_login', oid, 'execute')
    and not has_function_privilege('sportello_api', oid, 'execute') order by 1),
  array['auth.grant_token(bigint,text)', 'auth.password_salt(text,text)', 'auth.publish_key(bigint,text)', 'auth.sign_in(text,bytea,bytea,bytea,text,text,text)'], 'the login pool may sign in, and sign');
select is(array(select proname::text from f where nspname in ('auth', 'app') and has_function_privilege('sportello_proof', oid, 'execute')
    and not has_function_privilege('sportello_api', oid, 'execute') order by 1),
  array['change_provider',
    'create_provider',
    'identity_remove',
    'passkey_add',
    'passkey_remove',
    'passkey_rename',
    'passkey_start',
    'recovery_make',
    'remove_provider',
    'sign_on',
    'sign_on_away',
    'sign_on_mailed',
    'sign_on_provider',
    'step_ask',
    'step_code',
    'step_made',
    'step_passkey',
    'step_recover',
    'step_show',
    'step_try',
    'totp_confirm',
    'totp_pending',
    'totp_remove',
    'totp_start'], 'the proof pool may tell what was shown to it');
select is(array(select proname::text from f where nspname in ('auth', 'app') and has_function_privilege('sportello_bulk', oid, 'execute')
    and not has_function_privilege('sportello_api', oid, 'execute') order by 1),
  array['allow_import',
    'article_files',
    'attach_article_file',
    'begin_export',
    'begin_import',
    'clear_import',
    'create_file',
    'csv_answers',
    'csv_fields',
    'csv_row',
    'csv_types',
    'end_file',
    'end_import',
    'export_audience',
    'export_files',
    'export_links',
    'export_list',
    'export_redirects',
    'export_sections',
    'export_synonyms',
    'export_whole',
    'file_limits',
    'file_rest',
    'finish_import',
    'import_bytes',
    'import_more',
    'iso_time',
    'must_import',
    'put_chunks',
    'sitemap_lines',
    'take_file',
    'ticket_csv'],
  'the bulk pool takes files in, and hands lists out');
select is(array(select name from f where nspname = 'auth' and name ~ 'set_context|context_signature|lookup'
    and (has_function_privilege('sportello_api', oid, 'execute') or has_function_privilege('sportello_login', oid, 'execute')
      or has_function_privilege('sportello_proof', oid, 'execute') or has_function_privilege('sportello_jobs', oid, 'execute') or has_function_privilege('sportello_owner', oid, 'execute'))),
  '{}', 'nobody but the door sets a context');
select pg_temp.none($$select name from f where name ~ '^auth\.(tenant_id|portal_id|account_id|person_id|session_id|grant_id|rank|is_agent|has_tickets|host|principals)\('
    and not (provolatile = 's' and proleakproof and proparallel = 'r')$$,
  'readers of the context are stable, leakproof, parallel restricted');
select is((select count(*)::int from f where name ~ '^auth\.(tenant_id|portal_id|account_id|person_id|session_id|grant_id|rank|is_agent|principals)\('),
  9, 'there are nine');
select pg_temp.none($$select p.oid::regprocedure from pg_proc p where p.pronamespace = 'pg_catalog'::regnamespace
    and p.proname ~ '^(lo_|loread|lowrite)' and has_function_privilege('sportello_api', p.oid, 'execute')$$,
  'no large objects for anybody');

-- ---- roles -----------------------------------------------------------------------

select is(array(select rolname::text from r order by 1), '{sportello_api,sportello_app,sportello_auth,sportello_bulk,sportello_jobs,sportello_login,sportello_operator,sportello_owner,sportello_proof}',
  'the roles');
select pg_temp.none('select rolname from r where rolsuper or rolbypassrls or rolcreaterole or rolcreatedb or rolreplication',
  'no role is above the rules');
select is(array(select rolname::text from r where rolcanlogin order by 1), '{sportello_api,sportello_bulk,sportello_jobs,sportello_login,sportello_operator,sportello_proof}',
  'six log in');
select is(array(select m.member::regrole || ' < ' || m.roleid::regrole from pg_auth_members m
    where m.member in (select oid from r) or m.roleid in (select oid from r) order by 1),
  array['sportello_api < sportello_app', 'sportello_bulk < sportello_app', 'sportello_login < sportello_app', 'sportello_proof < sportello_app'], 'and four share a group');
select pg_temp.none($$select format('%s in %s', rolname, classid::regclass) from r join pg_shdepend d
    on d.refobjid = r.oid and d.refclassid = 'pg_authid'::regclass and d.deptype = 'o'
    where rolname not in ('sportello_owner', 'sportello_auth')$$, 'who logs in owns nothing');
select pg_temp.none($$select format('%s: %s', rolname, what) from r, unnest(array['create', 'temporary']) what
    where has_database_privilege(r.oid, current_database(), what)$$, 'nobody makes schemas or temporary tables');
select pg_temp.none($$select format('%s: %s', rolname, n.nspname) from r, pg_namespace n
    where rolname not in ('sportello_owner', 'sportello_auth') and has_schema_privilege(r.oid, n.oid, 'create')$$,
  'or anything in a schema');
select pg_temp.none($$select format('%s: %s %s', r.rolname, what, t.name) from r, t,
    unnest(array['truncate', 'references', 'trigger']) what
    where r.rolname <> 'sportello_owner' and has_table_privilege(r.oid, t.oid, what)$$,
  'nobody truncates, refers or triggers');
select pg_temp.none($$select c.oid::regclass from pg_class c where c.relnamespace in ('app'::regnamespace, 'auth'::regnamespace)
    and c.relkind in ('r', 'S') and exists (select from aclexplode(c.relacl) x where x.grantee = 0)$$,
  'PUBLIC has no table');
select is(array(select format('%s %s', t.name, what) from t, unnest(array['insert', 'update', 'delete']) what
    where has_table_privilege('sportello_api', t.oid, what) or what <> 'delete' and has_any_column_privilege('sportello_api', t.oid, what) order by 1),
  array['comments insert', 'idempotency_keys insert', 'tickets update'], 'what the api pool writes itself');
select is(array(select format('%s %s', t.name, what) from t, unnest(array['insert', 'update', 'delete']) what
    where has_table_privilege('sportello_login', t.oid, what) or what <> 'delete' and has_any_column_privilege('sportello_login', t.oid, what) order by 1),
  '{}', 'what the login pool writes itself: nothing');
select is(array(select format('%s %s', t.name, what) from t, unnest(array['insert', 'update', 'delete']) what
    where has_table_privilege('sportello_proof', t.oid, what) or what <> 'delete' and has_any_column_privilege('sportello_proof', t.oid, what) order by 1),
  '{}', 'nor the proof pool');
select is(array(select format('%s %s', t.name, what) from t, unnest(array['insert', 'update', 'delete']) what
    where has_table_privilege('sportello_bulk', t.oid, what) or what <> 'delete' and has_any_column_privilege('sportello_bulk', t.oid, what) order by 1),
  '{}', 'nor the bulk pool');
select is(array(select format('%s %s', t.name, what) from t, unnest(array['insert', 'update', 'delete']) what
    where has_table_privilege('sportello_jobs', t.oid, what) or what <> 'delete' and has_any_column_privilege('sportello_jobs', t.oid, what) order by 1),
  array['deliveries insert', 'deliveries update', 'webhook_deliveries insert', 'webhook_deliveries update', 'webhooks update'], 'what jobs writes itself');
select pg_temp.none($$select format('%s %s', t.name, what) from t, unnest(array['select', 'insert', 'update', 'delete']) what
    where has_table_privilege('sportello_operator', t.oid, what) or what <> 'delete' and has_any_column_privilege('sportello_operator', t.oid, what)$$,
  'the operator has no table');
select pg_temp.none($$select r.rolname || ' ' || f.name from f, r where (f.nspname = 'operator' or f.name ~ '^auth\.operator_')
    and r.rolname not in ('sportello_operator', 'sportello_owner', 'sportello_auth') and has_function_privilege(r.rolname, f.oid, 'execute')$$,
  'nobody else calls the operator''s functions');
select is(array(select r.rolname::text from r where has_parameter_privilege(r.oid, 'session_replication_role', 'set')), '{sportello_owner}',
  'and only the tables'' owner, who never logs in, may leave keys unchecked');
select pg_temp.none($$select rolname from r where rolcanlogin and not coalesce(rolconfig @>
    '{max_parallel_workers_per_gather=0,jit=off,search_path=pg_catalog,TimeZone=UTC}', false)
    and not coalesce(rolconfig @> '{max_parallel_workers_per_gather=0,jit=off,search_path=pg_catalog,timezone=UTC}', false)$$,
  'the logins'' settings');
select ok(current_setting('server_version_num')::int >= 150014, 'the server knows CVE-2025-8713 (15.14)');
select is((select count(distinct app.new_tick_id()) from generate_series(1, 1000)), 1000::bigint, 'ids of one moment differ');
select * from finish();
