-- What the operator's command line asks for (`sportello tenant`). Each trip
-- enters one tenant first, as jobs do, and what follows is bound to it; only
-- auth.operator_…() look across tenants.

-- Enters a tenant by its slug; or a new one, that has no row yet.
create or replace function auth.operator_enter(slug text, is_new boolean) returns bigint
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  tenant bigint := (select t.tenant_id from app.tenants t where t.slug = operator_enter.slug);
begin
  if is_new and tenant is not null then
    raise exception using errcode = 'PT409', message = format('there is a tenant ''%s'' already', slug);
  elsif not is_new and tenant is null then
    raise exception using errcode = 'PT404', message = format(
      'there is no tenant ''%s''; `sportello tenant list` names them', slug);
  end if;
  tenant := coalesce(tenant, app.new_id());
  perform auth.set_context(tenant, null, null, null, null, 0::smallint, '{}', false);
  return tenant;
end $$;

create or replace function auth.operator_list() returns text
language sql stable security definer
set search_path = pg_catalog, pg_temp as $$
  select string_agg(concat_ws('  ', rpad(t.slug, 24), to_char(t.created_at, 'YYYY-MM-DD'),
      case when t.suspended_at is null then 'active   ' else 'suspended' end, rpad(h.host, 32), t.name), E'\n' order by t.slug)
  from app.tenants t
  left join lateral (select h.host from app.portals po
    join app.hosts h on h.tenant_id = po.tenant_id and h.portal_id = po.id and h.is_canonical
    where po.tenant_id = t.tenant_id and po.account_id is null
    order by po.created_at, po.id limit 1) h on true
$$;

-- The keys of buckets are hashes of addresses and hosts, of whatever tenant:
-- that none of one tenant's stays, all begin anew.
create or replace function auth.operator_forget() returns void
language sql volatile security definer
set search_path = pg_catalog, pg_temp as $$
  delete from auth.buckets
$$;

-- The link's secret for a tenant's first administrator.
create or replace function auth.operator_invite(portal bigint, person bigint, email text) returns text
language sql volatile security definer
set search_path = pg_catalog, pg_temp as $$
  select auth.one_time_token(auth.tenant_id(), 'invitation', auth.one_time_new(auth.tenant_id(),
    'invitation', portal, person, email, null, interval '14 days'))
$$;

-- How long work has been waiting, over all tenants, in seconds.
create or replace function auth.operator_queues() returns json
language sql stable security definer
set search_path = pg_catalog, pg_temp as $$
  select json_build_object(
    'event', (select extract(epoch from now() - min(e.created_at))::bigint from (
      select q.tenant_id, q.event_id from app.event_queue q order by q.event_id limit 100) o
      join app.events e on e.tenant_id = o.tenant_id and e.id = o.event_id),
    'mail', (select extract(epoch from now() - o.next_try_at)::bigint from app.deliveries o
      where o.state = 1 and o.next_try_at <= now() order by o.next_try_at limit 1),
    'proof', (select extract(epoch from now() - c.check_at)::bigint from app.host_claims c
      where c.check_at <= now() order by c.check_at limit 1),
    'scan', (select extract(epoch from now() - min(f.scan_at))::bigint from app.files f where f.state = 2 and f.scan_at <= now()),
    'words', (select count(*) from (select from app.search_queue limit 1000000) q))
$$;

-- ---- inside the tenant that was entered --------------------------------------------

create or replace function operator.need(is_so boolean, otherwise text) returns void
language plpgsql immutable
set search_path = pg_catalog, pg_temp as $$
begin
  if is_so is not true then
    raise exception using errcode = 'PT422', message = otherwise;
  end if;
end $$;

-- A tenant with its desk, the desk's host, and a first administrator, who
-- comes in by a link that is good once. Answers with what to tell them.
create or replace function operator.create_tenant(slug text, name text, host text, domain text,
  email text, person text, language text, scheme text, port text)
returns text language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  t bigint := auth.tenant_id();
  desk bigint := app.new_id();
  admin bigint := app.new_id();
begin
  perform operator.need(slug ~ '^[a-z0-9](-?[a-z0-9]){1,40}$', '--slug: small letters, digits and single hyphens, 2 to 41 of them');
  perform operator.need(char_length(name) between 1 and 200 and app.is_line(name), '--name: one line of 1 to 200 characters');
  perform operator.need(operator.is_host(host, 2), '--host: a host name in small letters, like support.example.org');
  perform operator.need(domain is null or operator.is_host(domain, 1), '--domain: a domain in small letters, like support.example.org');
  perform operator.need(app.is_email(email), '--admin-email: not an address (small letters, one @)');
  perform operator.need(char_length(person) between 1 and 200 and app.is_line(person), '--admin-name: one line of 1 to 200 characters');
  perform operator.need(language ~ '^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$', '--language: a tag like en or de');
  insert into app.tenants (tenant_id, slug, name, base_domain) values (t, slug, create_tenant.name, domain);
  insert into app.ticket_counters (tenant_id, last) values (t, 1000);
  insert into app.portals (tenant_id, id, name, locale) values (t, desk, create_tenant.name, language);
  insert into app.hosts (tenant_id, host, portal_id) values (t, create_tenant.host, desk);
  insert into app.people (tenant_id, id, email, name, locale) values (t, admin, create_tenant.email, person, language);
  insert into app.memberships (tenant_id, person_id, role) values (t, admin, 'tenant_admin');
  -- Nobody else is there to invite them.
  insert into app.invitations (tenant_id, email, role, portal_id, invited_by, expires_at)
    values (t, create_tenant.email, 'tenant_admin', desk, admin, now() + interval '14 days');
  perform app.record_account('tenant.created', null, jsonb_build_object('slug', slug, 'host', host));
  return format(E'%s is there, its desk at %s://%s%s/\n%s signs in first by this link; it is good once, for 14 days:\n%2$s://%3$s%4$s/invite/%6$s',
    name, scheme, host, port, person, auth.operator_invite(desk, admin, email));
exception when unique_violation then
  raise exception using errcode = 'PT409', message = format('--host: %s belongs to a portal already', host);
end $$;

create or replace function operator.is_host(name text, labels int) returns boolean
language sql immutable parallel safe
return char_length(name) <= 253 and name ~ '^[a-z0-9](-?[a-z0-9])*(\.[a-z0-9](-?[a-z0-9])*)*$'
  and cardinality(string_to_array(name, '.')) >= labels;

-- Nobody gets in from the next request on, and no mail goes out; what waits is
-- sent when it is over.
create or replace function operator.suspend_tenant(yes boolean) returns text
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  t app.tenants := (select x from app.tenants x where x.tenant_id = auth.tenant_id() for update);
begin
  if yes = (t.suspended_at is not null) then
    return format(case when yes then '%s was suspended already' else '%s was not suspended' end, t.slug);
  end if;
  update app.tenants x set suspended_at = case when yes then now() end where x.tenant_id = t.tenant_id;
  update app.hosts h set is_suspended = yes where h.tenant_id = t.tenant_id;
  -- Out of the way of those who look for what is due.
  update app.deliveries d set next_try_at = case when yes then 'infinity'::timestamptz else now() end
    where d.tenant_id = t.tenant_id and d.state = 1 and (yes or d.next_try_at = 'infinity');
  update app.host_claims c set
      check_at = case when yes then 'infinity' when c.check_at = 'infinity' then now() else c.check_at end,
      certificate_due_at = case when yes then 'infinity' when c.certificate_due_at = 'infinity' then now() else c.certificate_due_at end
    where c.tenant_id = t.tenant_id and coalesce(c.check_at, c.certificate_due_at) is not null;
  perform app.record_account(case when yes then 'tenant.suspended' else 'tenant.resumed' end, null, '{}');
  return format(case when yes then '%s is suspended: its hosts answer 404, its mail waits' else '%s is open again' end, t.slug);
end $$;

-- Sets limits (a number, 'none', or null: as it is) and answers with them and
-- what is used.
create or replace function operator.set_quota(people text, storage_mb text, mails text) returns text
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  t bigint := auth.tenant_id();
begin
  perform operator.need(v.value is null or v.value = 'none' or v.value ~ '^[1-9][0-9]{0,8}$', v.name || ': a number from 1 on, or none')
    from (values ('--people', people), ('--storage-mb', storage_mb), ('--mails-a-day', mails)) v(name, value);
  insert into app.quotas (tenant_id) values (t) on conflict do nothing;
  update app.quotas q set
      people = case when set_quota.people is null then q.people else nullif(set_quota.people, 'none')::bigint end,
      storage = case when storage_mb is null then q.storage else nullif(storage_mb, 'none')::bigint * 1000000 end,
      mails = case when set_quota.mails is null then q.mails else nullif(set_quota.mails, 'none')::bigint end,
      people_told_at = case when set_quota.people is null then q.people_told_at end,
      storage_told_at = case when storage_mb is null then q.storage_told_at end,
      mails_told_at = case when set_quota.mails is null then q.mails_told_at end
    where q.tenant_id = t;
  perform app.quota_tell(v.what, app.quota_used(v.what), app.quota_of(v.what))
    from (values ('people', people), ('storage', storage_mb), ('mails', mails)) v(what, given) where v.given is not null;
  return (select string_agg(format('%s  %s used of %s', rpad(w.title, 12), app.quota_used(w.what) / w.unit,
      coalesce((app.quota_of(w.what) / w.unit)::text, 'no limit')), E'\n' order by w.n)
    from (values (1, 'people', 'people', 1), (2, 'storage', 'storage MB', 1000000), (3, 'mails', 'mails today', 1)) w(n, what, title, unit));
end $$;

-- Everything of it, in every table, whatever refers to what: keys are not
-- looked at, since nothing of it stays. The lock makes whoever is about to
-- write a row for it wait, and then fail.
create or replace function operator.erase_tenant() returns text
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
set session_replication_role = replica as $$
declare
  t bigint := auth.tenant_id();
  names text[] := array(select c.relname from pg_class c
    join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id'
    where c.relnamespace = 'app'::regnamespace and c.relkind = 'r' order by c.relname);
  -- Jobs hold these while they are at work on them, and want the tenant's row next.
  held constant text[] := '{event_queue,search_queue,bulk_jobs,held_comments,ticket_clocks}';
  name text;
  n bigint;
  total bigint;
begin
  for tries in 1..10 loop
    begin
      total := 0;
      perform pg_advisory_xact_lock(hashtextextended('rule turn/' || t, 0));
      foreach name in array held || null::text || names loop
        if name is null then
          perform from app.tenants x where x.tenant_id = t for update;
          continue;
        end if;
        execute format('delete from app.%I x where x.tenant_id = $1', name) using t;
        get diagnostics n = row_count;
        total := total + n;
      end loop;
      return format('erased: %s rows', total);
    exception when deadlock_detected then
      -- Whoever held a row of it and wanted another goes first; then all of it again.
      if tries = 10 then
        raise;
      end if;
    end;
  end loop;
end $$;

-- For `sportello kb`: a session as an administrator, the first where none is named, until it goes out or for four hours. At
-- which host.
create or replace function operator.come_in(email text, token_hash bytea) returns text
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  t bigint := auth.tenant_id();
  person bigint := (select p.id from app.people p where p.tenant_id = t and p.rank = 3 and (come_in.email is null or p.email = lower(come_in.email))
    order by p.created_at, p.id limit 1);
  desk text := (select h.host from app.portals po join app.hosts h on h.tenant_id = po.tenant_id and h.portal_id = po.id and h.is_canonical
    where po.tenant_id = t and po.account_id is null order by po.created_at, po.id limit 1);
begin
  perform operator.need(person is not null, coalesce(format('--as: no administrator there is ''%s''', email), 'there is no administrator'));
  insert into app.sessions (tenant_id, person_id, host, token_hash, expires_at) values (t, person, desk, come_in.token_hash, now() + interval '4 hours');
  perform app.record_account('operator.came', null, jsonb_build_object('as', person));
  return desk;
end $$;

create or replace function operator.go_out(token_hash bytea) returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
begin
  delete from app.sessions s where s.tenant_id = auth.tenant_id() and s.token_hash = go_out.token_hash;
end $$;

-- The customers' own hosts of the tenant that was entered, a line each.
create or replace function operator.own_hosts() returns text
language sql stable security definer
set search_path = pg_catalog, pg_temp as $$
  select string_agg(h.host, E'\n' order by h.host) from app.hosts h
  where h.tenant_id = (select auth.tenant_id()) and not h.is_canonical
$$;

-- ---- the export -------------------------------------------------------------------

-- What a bundle leaves out: what is over soon, means nothing elsewhere, or follows from the rest.
create or replace function operator.left_out() returns text[]
language sql immutable parallel safe
return array['calendar_spans', 'closed_channels', 'event_queue', 'idempotency_keys', 'import_rows', 'imports', 'link_queue', 'listeners', 'one_time', 'presence', 'sessions', 'text_links'];

-- What stands in its manifest, beside the files.
create or replace function operator.describe() returns json
language sql stable security definer
set search_path = pg_catalog, pg_temp as $$
  select json_build_object('format', 'sportello-tenant', 'version', 1,
    'slug', t.slug, 'name', t.name, 'made_at', now(),
    'migration', (select max(m.number) from app.migrations m), 'left_out', operator.left_out(),
    'columns', (select json_object_agg(c.relname, x.columns order by c.relname)
      from pg_class c cross join lateral (select json_object_agg(a.attname, format_type(a.atttypid, a.atttypmod)
          order by a.attnum) as columns, bool_or(a.attname = 'tenant_id') as is_tenants
        from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped) x
      where c.relnamespace = 'app'::regnamespace and c.relkind = 'r' and x.is_tenants
        and not c.relname = any (operator.left_out())))
  from app.tenants t where t.tenant_id = (select auth.tenant_id())
$$;

-- Every row as '<table><tab><JSON>', table by table and by key: one statement
-- of one snapshot, written here from the tables there are.
do $$
declare
  parts text;
begin
  select string_agg(format('(select %L || row_to_json(x) from app.%I x where x.tenant_id = (select auth.tenant_id()) order by %s)',
      c.relname || E'\t', c.relname, k.columns), E'\n union all ' order by c.relname) into parts
  from pg_class c
  join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id'
  cross join lateral (select string_agg(quote_ident(ka.attname), ', ' order by n) as columns
    from pg_index i cross join unnest(i.indkey) with ordinality key (number, n)
    join pg_attribute ka on ka.attrelid = i.indrelid and ka.attnum = key.number
    where i.indrelid = c.oid and i.indisprimary) k
  where c.relnamespace = 'app'::regnamespace and c.relkind = 'r'
    and not c.relname = any (operator.left_out());
  execute format('create or replace function operator.export_rows() returns setof text
    language sql stable security definer set search_path = pg_catalog, pg_temp as %L', parts);
end $$;

-- ---- sportello doctor --------------------------------------------------------------

-- Desks, and the customers' own hosts that have a certificate, marked by a '~',
-- the oldest first: what visitors are shown there is looked at.
create or replace function auth.operator_hosts() returns text
language sql stable security definer
set search_path = pg_catalog, pg_temp as $$
  select string_agg(h.mark || h.host, E'\n') from (
    select case when h.is_canonical then '' else '~' end as mark, h.host from app.hosts h
    join app.portals po on po.tenant_id = h.tenant_id and po.id = h.portal_id
    where h.is_on and not h.is_suspended and case when h.is_canonical then po.account_id is null
      else exists (select from app.host_claims c where c.tenant_id = h.tenant_id and c.host = h.host
        and c.state = 2 and c.certificate_ends_at > now()) end
    order by po.account_id is not null, po.created_at, h.host limit 50) h
$$;

-- For an administrator who has lost them all and has nobody to ask.
create or replace function operator.reset_factors(email text) returns text
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  person bigint := (select p.id from app.people p where p.tenant_id = auth.tenant_id() and p.email = lower(reset_factors.email));
begin
  perform operator.need(person is not null, format('--email: nobody there is ''%s''', email));
  perform app.forget_factors(person);
  return format('%s has no second factor any more, and no session; they are told by mail', lower(email));
end $$;

-- What is sealed under the proof pool's keys, of each kind the oldest and the
-- newest, so that the doctor can try them.
create or replace function auth.operator_sealed() returns json
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
begin
  return (select json_agg(json_build_object('purpose', s.purpose, 'sealed', encode(s.sealed, 'hex')))
    from (
      (select 'authenticator app' as purpose, t.secret as sealed from app.totps t order by t.created_at limit 100)
      union all (select 'authenticator app', t.secret from app.totps t order by t.created_at desc limit 100)
      union all (select 'identity provider', p.client_secret from app.providers p
        where p.client_secret is not null order by p.created_at limit 100)
      union all (select 'identity provider', p.client_secret from app.providers p
        where p.client_secret is not null order by p.created_at desc limit 100)) s);
end $$;

-- How the customers' own hosts stand, of all tenants that are open: what is
-- wrong, a line each, with the first few names; or that nothing is.
create or replace function auth.operator_own_hosts() returns table (state text, text text, "do" text)
language sql stable security definer
set search_path = pg_catalog, pg_temp as $$
  with used as (
    select c.* from app.host_claims c
    join app.tenants t on t.tenant_id = c.tenant_id and t.suspended_at is null
    where c.state = 2),
  faults as (
    select u.host, f.* from used u cross join lateral (values
      (1, 'fail', 'the certificate is over', u.certificate_ends_at <= now(),
        'read what the host''s page and the log of `sportello hosts` say, and run `conf/certificate` by hand'),
      (2, 'warn', 'the certificate can''t be renewed', u.certificate_ends_at > now() and u.certificate_tries > 1,
        'read what the host''s page and the log of `sportello hosts` say, before it ends'),
      (3, 'warn', 'no certificate yet', u.certificate_ends_at is null and u.proven_at < now() - interval '1 hour',
        'is SPORTELLO_ACME_URL set? Else the name may not lead here: its page says what the authority answered'),
      (4, 'warn', 'the proof is gone', u.missing_since is not null,
        'its administrators were told; after three days it is switched off')) f(turn, state, what, is_so, advice)
    where f.is_so)
  select f.state, f.what || ': ' || array_to_string((array_agg(f.host order by f.host))[:3], ', ')
    || case when count(*) > 3 then ' and ' || count(*) - 3 || ' more' else '' end, f.advice
  from faults f group by f.turn, f.state, f.what, f.advice
  union all
  select 'ok', count(*) || ' in use', null from used having not exists (select from faults)
$$;

-- What only the database can say of itself, a line each. migrations: those
-- that this version of the program knows.
create or replace function operator.doctor(migrations text) returns json
language sql stable security definer
set search_path = pg_catalog, pg_temp as $$
  with known as (select array_agg(n::int order by n::int) as all from unnest(string_to_array(migrations, ',')) n),
  missing as (select array_agg(n order by n) as all from known, unnest(known.all) n
    where n not in (select m.number from app.migrations m)),
  strange as (select array_agg(m.number order by m.number) as all from app.migrations m, known
    where m.number <> all (known.all)),
  loose as (select string_agg(c.relname, ', ' order by c.relname) as all from pg_class c
    join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id'
    where c.relnamespace = 'app'::regnamespace and c.relkind = 'r'
      and not (c.relrowsecurity and c.relforcerowsecurity and exists (select from pg_policy p
        where p.polrelid = c.oid and p.polname = 'tenant' and not p.polpermissive))),
  strong as (select string_agg(r.rolname, ', ' order by r.rolname) as all from pg_roles r
    where r.rolname ~ '^sportello_' and (r.rolsuper or r.rolbypassrls or r.rolcreaterole or r.rolcreatedb)),
  absent as (select string_agg(n, ', ') as all
    from unnest('{sportello_api,sportello_login,sportello_proof,sportello_jobs,sportello_operator}'::text[]) n
    where not exists (select from pg_roles r where r.rolname = n and r.rolcanlogin)),
  waiting as (select (q->>'event')::bigint as event, (q->>'mail')::bigint as mail, (q->>'proof')::bigint as proof,
    (q->>'scan')::bigint as scan, (q->>'words')::bigint as words
    from auth.operator_queues() q),
  lines (turn, state, "check", text, "do") as (
    select 1, case when current_setting('server_version_num')::int >= 150014 then 'ok' else 'fail' end, 'database',
      'PostgreSQL ' || current_setting('server_version'),
      case when current_setting('server_version_num')::int < 150014 then
        'upgrade it to 15.14 or newer: older ones let row-level security leak (CVE-2025-8713)' end
    union all select 2, case when missing.all is null and strange.all is null then 'ok' else 'fail' end, 'migrations',
      case when missing.all is not null then 'not applied: ' || array_to_string(missing.all, ', ')
        when strange.all is not null then 'unknown to this version: ' || array_to_string(strange.all, ', ')
        else 'all ' || cardinality(known.all) || ' are applied' end,
      case when missing.all is not null then 'apply sql/migrations, then sql/roles.sql and sql/apply.sql (conf/README.md, ''An upgrade'')'
        when strange.all is not null then 'these data were written by a newer version: install that one' end
      from known, missing, strange
    union all select 3, case when strong.all is null and absent.all is null then 'ok' else 'fail' end, 'roles',
      coalesce('above the rules: ' || strong.all, 'can''t log in: ' || absent.all, 'five log in, none is above the rules'),
      case when strong.all is not null then 'alter role … nosuperuser nobypassrls nocreaterole nocreatedb'
        when absent.all is not null then 'run sql/roles.sql' end
      from strong, absent
    union all select 4, case when loose.all is null then 'ok' else 'fail' end, 'row security',
      coalesce('not forced on: ' || loose.all, 'forced on every table of a tenant'),
      case when loose.all is not null then 'run sql/apply.sql at once: tenants are not kept apart' end
      from loose
    union all select 5, case when auth.tenant_id() is null then 'ok' else 'fail' end, 'context',
      case when auth.tenant_id() is not null then 'there is one where there should be none'
        when (select l.lanname from pg_proc p join pg_language l on l.oid = p.prolang
          where p.oid = 'auth.tenant_id()'::regprocedure) = 'c' then 'kept by the library'
        else 'signed SQL (slower than the library)' end,
      case when auth.tenant_id() is not null then 'stop the workers and run sql/apply.sql' end
    union all select 6, case when x.age > 900 then 'fail' when x.age > 60 then 'warn' else 'ok' end, x.what,
      coalesce('the oldest has waited for ' || x.age || ' s', 'nothing waits'),
      case when x.age > 60 then x.advice end
      from waiting, lateral (values
        ('events', waiting.event, 'do the jobs run (`sportello jobs`)? Their log says why they stop'),
        ('mail queue', waiting.mail, 'see the line ''mail'', and the jobs'' log'),
        ('proofs', waiting.proof, 'does `sportello hosts` run? Its log says why it stops'),
        ('scans', waiting.scan, 'does `sportello scans` run, with SPORTELLO_CLAMD? Nobody gets these files before it has looked at them')) x (what, age, advice)
    union all select 7, case when waiting.words > 1000 then 'warn' else 'ok' end, 'search',
      case when waiting.words = 0 then 'all tickets can be found' else waiting.words || ' tickets are still to be taken in' end,
      case when waiting.words > 1000 then '`sportello events` does it beside its work; after an upgrade this takes a while' end
      from waiting
    union all select 8, h.state, 'own hosts', h.text, h."do" from auth.operator_own_hosts() h)
  select json_agg(json_build_object('state', l.state, 'check', l."check", 'text', l.text, 'do', l."do") order by l.turn) from lines l
$$;
