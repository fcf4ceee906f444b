-- The core of the isolation suite: what each role tries on each table, as
-- rows; a function that tries them; and one that does so without a policy.
--
-- One probe is one statement and the number of rows it must touch. A probe of
-- another tenant's rows must touch none, or be refused (42501). Controls touch
-- own rows and must succeed, so that the rest can't pass because nothing works.

\set ON_ERROR_STOP on
set client_min_messages = warning;
create schema iso;
-- iso.try() makes its rows as whoever it has become.
grant usage on schema iso to public;

create table iso.contexts (
  n int generated always as identity,
  name text primary key,
  role text not null,
  -- How the context comes about: by the superuser first, then by the role.
  arranged text,
  entered text,
  -- The door's own acts reach any tenant: not all of them are watched.
  watched boolean not null default true);

create table iso.probes (
  n int generated always as identity,
  context text not null references iso.contexts,
  label text not null,
  statement text not null,
  -- Rows it must touch; null: refused.
  wants int,
  -- Whether its traces may stay for the next probe.
  stays boolean not null default false);

create type iso.result as (context text, label text, passed boolean, detail text);

-- The tables under test: all of a tenant's.
create view iso.tables as
  select c.oid, c.relname::text as name
  from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id'
  where c.relnamespace = 'app'::regnamespace and c.relkind in ('r', 'p');

-- What must be different in a copy of a row for it to be a new one. Inserted
-- into tenant 3 where a tenant has one row only.
create table iso.fresh (name text primary key, changes jsonb not null);
insert into iso.fresh values
  ('tenants', '{"tenant_id": 4, "slug": "fresh"}'),
  ('accounts', '{"id": 900}'),
  ('portals', '{"id": 900}'),
  ('hosts', '{"host": "fresh.test", "is_canonical": false}'),
  ('people', '{"id": 900, "email": "fresh@x.example"}'),
  ('memberships', '{"id": 900, "person_id": 510, "role": "agent", "account_id": null, "portal_id": null}'),
  ('credentials', '{"person_id": 510}'),
  ('sessions', '{"id": 900, "token_hash": "\\x0000000000000000000000000000000000000000000000000000000000000000"}'),
  ('grants', '{"id": 900}'),
  ('grant_visits', '{"id": 900}'),
  ('grant_keys', '{"id": 900}'),
  ('webhooks', '{"tenant_id": 3}'),
  ('webhook_deliveries', '{"id": 900, "event_id": 2}'),
  ('grant_requests', '{"id": 900, "asked_by": 508}'),
  ('settings', '{"name": "fresh"}'),
  ('pictures', '{"hash": "00000000000000000000000000000000", "person_id": null}'),
  ('looks', '{"scope": 241, "portal_id": 120, "account_id": null}'),
  ('one_time', '{"id": 900}'),
  ('quotas', '{"tenant_id": 3}'),
  ('usage', '{"day": "2026-01-07"}'),
  ('invitations', '{"id": 900, "email": "fresh@x.example", "event_id": null}'),
  ('confirmations', '{"email": "fresh@x.example"}'),
  ('email_changes', '{"id": 900, "person_id": 503}'),
  ('host_claims', '{"id": 900, "host": "fresh.own.example"}'),
  ('totps', '{"person_id": 509}'),
  ('passkeys', '{"id": 900, "credential": "\\x00"}'),
  ('recovery_codes', '{"hash": "\\x0000000000000000000000000000000000000000000000000000000000000000"}'),
  ('providers', '{"id": 900}'),
  ('identities', '{"person_id": 509, "subject": "fresh"}'),
  ('support_contacts', '{"email": "fresh@x.example"}'),
  ('contact_refusals', '{"email": "fresh@x.example"}'),
  ('named_contacts', '{"kind": "key_account"}'),
  ('ticket_counters', '{"tenant_id": 3}'),
  ('tickets', '{"id": 900}'),
  ('comments', '{"id": 900}'),
  ('files', '{"id": 900, "key": "fresh"}'),
  ('file_chunks', '{"seq": 9}'),
  ('ticket_access', '{"principal": 900}'),
  ('fields', '{"key": "fresh"}'),
  ('ticket_types', '{"key": "fresh"}'),
  ('type_fields', '{"field": "secret"}'),
  ('priority_rules', '{"position": 9}'),
  ('field_policies', '{"role": "main_user"}'),
  ('ticket_values', '{"ticket_id": 4}'),
  ('followers', '{"person_id": 503}'),
  ('mentions', '{"person_id": 502}'),
  ('pending_shares', '{"invitation_id": 2}'),
  ('drafts', '{"person_id": 502}'),
  ('held_comments', '{"id": 900}'),
  ('held_tellings', '{"what": "status"}'),
  ('snoozes', '{"ticket_id": 4}'),
  ('seen', '{"person_id": 502}'),
  ('views', '{"id": 900}'),
  ('sla_versions', '{"version": 2}'),
  ('ticket_clocks', '{"kind": 2}'),
  ('clock_results', '{"turn": 2}'),
  ('account_plans', '{"since": "2026-02-01T00:00:00Z"}'),
  ('signposts', '{"id": 900}'),
  ('components', '{"id": 900}'),
  ('incidents', '{"id": 900}'),
  ('incident_updates', '{"n": 2}'),
  ('status_subscribers', '{"id": 900, "email": "fresh@x.example"}'),
  ('incident_people', '{"person_id": 502}'),
  ('incident_tickets', '{"ticket_id": 2}'),
  ('releases', '{"id": 900, "name": "fresh"}'),
  ('engineering_items', '{"id": 900, "key": "fresh"}'),
  ('ticket_items', '{"ticket_id": 2}'),
  ('rules', '{"id": 900}'),
  ('rule_versions', '{"version": 2}'),
  ('rule_runs', '{"id": 900}'),
  ('rule_alarms', '{"ticket_id": 2}'),
  ('rule_turns', '{"tenant_id": 3}'),
  ('ticket_levels', '{"ticket_id": 2}'),
  ('macros', '{"id": 900}'),
  ('ticket_tags', '{"tag": "fresh"}'),
  ('teams', '{"id": 900}'),
  ('team_members', '{"person_id": 508}'),
  ('absences', '{"person_id": 508}'),
  ('bulk_jobs', '{"id": 900}'),
  ('bulk_rows', '{"ticket_id": 2}'),
  ('statuses', '{"status": "new"}'),
  ('transitions', '{"role": "agent"}'),
  ('knowledge', '{"tenant_id": 3}'),
  ('audiences', '{"id": 900}'),
  ('sections', '{"id": 900, "key": "fresh", "parent_id": 1}'),
  ('articles', '{"id": 900, "key": "fresh"}'),
  ('article_versions', '{"number": 900, "until_change": 9, "until_at": "2026-01-02T00:00:00Z"}'),
  ('article_drafts', '{"language": "de"}'),
  ('article_texts', '{"language": "de", "number": 1}'),
  ('article_words', '{"word": "fresh"}'),
  ('synonyms', '{"position": 900}'),
  ('kb_searches', '{"q": "fresh"}'),
  ('kb_clicks', '{"article_id": 2}'),
  ('redirects', '{"path": "/fresh"}'),
  ('imports', '{"tenant_id": 3}'),
  ('import_rows', '{"n": 900}'),
  ('text_links', '{"href": "#fresh"}'),
  ('link_queue', '{"id": 900}'),
  ('votes', '{"person_id": 502}'),
  ('deflections', '{"day": "2026-01-02"}'),
  ('calendars', '{"id": 900, "name": "Fresh"}'),
  ('calendar_versions', '{"version": 2}'),
  ('calendar_spans', '{"opens": "2026-01-05T09:00:00Z"}'),
  ('ticket_links', '{"from_id": 4}'),
  ('ratings', '{"person_id": 502}'),
  ('events', '{"id": 900}'),
  ('event_queue', '{"event_id": 3}'),
  ('listeners', '{"principal": 900}'),
  ('closed_channels', '{"channel": "fresh"}'),
  ('presence', '{"person_id": 508}'),
  ('ticket_words', '{"ticket_id": 4, "is_internal": true}'),
  ('search_queue', '{"ticket_id": 3}'),
  ('deliveries', '{"id": 900, "email": "fresh@x.example"}'),
  ('idempotency_keys', '{"key": "fresh-key-1"}');

-- The columns of a table that a role may use, comma separated; all of them
-- where it may use none, so that the attempt is made anyway.
create function iso.columns(role text, relation oid, privilege text) returns text
language sql as $$
  select coalesce(string_agg(quote_ident(attname), ', ' order by attnum)
      filter (where has_column_privilege(role, relation, attnum, privilege)),
    string_agg(quote_ident(attname), ', ' order by attnum))
  from pg_attribute where attrelid = relation and attnum > 0 and not attisdropped
$$;

-- An INSERT of a new row like those of that tenant.
create function iso.insertion(role text, relation oid, tenant bigint) returns text
language plpgsql as $$
declare
  tab text := (select relname from pg_class where oid = relation);
  columns text := iso.columns(role, relation, 'INSERT');
  row_json jsonb;
begin
  execute format('select to_jsonb(t) from (select * from app.%I where tenant_id = %s
    order by 1, 2 limit 1) t', tab, tenant) into strict row_json;
  return format('insert into app.%I (%s) overriding system value
    select %2$s from jsonb_populate_record(null::app.%1$I, %3$L)',
    tab, columns, row_json || (select f.changes from iso.fresh f where f.name = tab));
exception when no_data_found then
  raise exception 'tenant % has no row in app.%', tenant, tab;
end $$;

-- Does it insert a row, when nothing stands in its way? Undone either way.
create function iso.possible(statement text) returns boolean language plpgsql as $$
declare
  touched int;
begin
  execute statement;
  get diagnostics touched = row_count;
  raise exception using errcode = 'TT000';
exception when sqlstate 'TT000' then
  return touched = 1;
end $$;

-- Everything that does not belong to the tenant, down to each row's place and
-- version: a write of any kind changes it.
create function iso.others(tenant bigint) returns text language plpgsql as $$
declare
  t text;
  part text;
  sum text := '';
begin
  for t in select name from iso.tables order by 1 loop
    execute format('select count(*) || md5(coalesce(string_agg(
      md5(x.ctid::text || x.xmin::text || x::text), '''' order by x.ctid), ''''))
      from app.%I x where tenant_id <> %s', t, tenant) into part;
    sum := sum || ' ' || part;
  end loop;
  return md5(sum);
end $$;

-- Tries all probes of a context. Leaves its traces to the caller to roll back.
-- suspect: the first failure is enough, and only what is about that table is
-- tried; or, where all is, that comes first.
create function iso.try(which text, suspect text default null, is_all boolean default true)
returns setof iso.result language plpgsql as $$
declare
  c iso.contexts := (select x from iso.contexts x where x.name = which);
  probes iso.probes[] := array(
    select p from iso.probes p, lateral (select p.label like '% ' || suspect || ': %') a (is_about)
    where p.context = which and (is_all or a.is_about)
    order by not a.is_about, p.n);
  before text := case when suspect is null then iso.others(1) end;
  boss text := session_user;
  p iso.probes;
  touched int;
  state text;
  said text;
  passed boolean;
begin
  begin
    if c.arranged is not null then execute c.arranged; end if;
    perform set_config('session_authorization', c.role, true);
    if c.entered is not null then execute c.entered; end if;
    touched := 1;
  exception when others then
    touched := 0;
    said := sqlerrm;
  end;
  if touched = 1 then
    return next (which, 'enters', true, null)::iso.result;
  else
    perform set_config('session_authorization', boss, true);
    return next (which, 'enters', false, said)::iso.result;
    return;
  end if;
  foreach p in array probes loop
    state := null;
    said := null;
    touched := null;
    begin
      execute p.statement;
      get diagnostics touched = row_count;
      if p.wants > 0 and not p.stays then
        raise exception using errcode = 'TT000';
      end if;
    exception when others then
      if sqlstate <> 'TT000' then
        state := sqlstate;
        said := sqlerrm;
      end if;
    end;
    passed := case when state is not null then state = '42501' and coalesce(p.wants, 0) = 0
      else touched is not distinct from p.wants end;
    return next (which, p.label, passed, format('%s; touched %s, wanted %s %s %s', p.statement, touched,
        coalesce(p.wants::text, 'a refusal'), state, said))::iso.result;
    exit when suspect is not null and not passed;
  end loop;
  perform set_config('session_authorization', boss, true);
  if c.watched and suspect is null then
    return next (which, 'other tenants'' rows are as before', iso.others(1) = before, null)::iso.result;
  end if;
end $$;

-- Each context in its own transaction, rolled back.
create table iso.results (n int generated always as identity, r iso.result);
create procedure iso.run() language plpgsql as $$
declare
  which text;
  tried iso.result[];
begin
  foreach which in array (select array_agg(name order by n) from iso.contexts) loop
    tried := array(select t from iso.try(which) t);
    rollback;
    insert into iso.results (r) select s from unnest(tried) s;
    commit;
  end loop;
end $$;

-- The same under a change that weakens something: who notices first?
create table iso.mutations (
  n int generated always as identity,
  change text primary key,
  noticed_by text);
create procedure iso.mutate() language plpgsql as $$
declare
  m text;
  which text;
  is_all boolean;
  first iso.result;
begin
  foreach m in array (select array_agg(change order by n) from iso.mutations) loop
    -- What is about that table, by everybody, is soon tried, and mostly enough.
    for is_all, which in select a, name from iso.contexts, (values (false), (true)) v (a) order by a, n loop
      execute m;
      select (t).* into first from iso.try(which, substring(m from 'app\.(\w+)'), is_all) t where not (t).passed limit 1;
      rollback;
      exit when first.context is not null;
    end loop;
    update iso.mutations set noticed_by = first.context || ': ' || first.label where change = m;
    commit;
  end loop;
end $$;

-- ---- who tries ------------------------------------------------------------

-- Who notices most comes first: iso.mutate() is sooner done.
insert into iso.contexts (name, role, arranged, entered, watched)
select v.name, v.role, v.arranged,
  case when v.portal is not null then
    format($$select auth.enter('%s.north.test', %s, 0::smallint, true)$$, v.portal,
      case when v.person is null then 'null' else quote_literal('1/' || v.person) || '::bytea' end)
    else v.entered end, v.name not in ('entering under a grant', 'taking an event', 'fanning out', 'taking a delivery', 'taking a message', 'taking a calendar', 'sounding alarms', 'sounding rules', 'sending held ones', 'telling held ones', 'waking tickets', 'publishing', 'looking at links', 'telling maintenance', 'asking elsewhere', 'ending grants', 'settling a host', 'taking words in', 'ending files', 'sweeping')
from (values
  ('owner', 'sportello_owner',
    $$select auth.set_context(1, null, null, null, null, 0::smallint, '{}', false)$$, null, null::int, null),
  ('agent', 'sportello_api', null, 'desk', 507, null),
  ('customer', 'sportello_api', null, 'ten', 501, null),
  ('jobs', 'sportello_jobs', null, null, null, 'select jobs.enter(1)'),
  ('partner', 'sportello_api', null, 'partner', 504, null),
  ('main user', 'sportello_api', null, 'ten', 502, null),
  ('tenant admin', 'sportello_api', null, 'desk', 508, null),
  ('account admin', 'sportello_api', null, 'ten', 509, null),
  -- What auth.enter() makes for it, but that it may write here.
  ('support', 'sportello_api',
    $$select auth.set_context(1, 110, 10, 507, 1990, 1::smallint, '{}', false, 1)$$, null, null, null),
  -- The same at a sub-portal, and no more was granted.
  ('support below', 'sportello_api', $$update app.grants set portals = '{111}' where tenant_id = 1;
    select auth.set_context(1, 111, 10, 507, 1990, 1::smallint, '{}', false, 1)$$, null, null, null),
  ('anyone', 'sportello_api', null, 'ten', null, null),
  ('login', 'sportello_login', null, 'ten', 501, null),
  ('proof', 'sportello_proof', null, 'ten', 501, null),
  ('bulk', 'sportello_bulk', null, 'ten', 501, null),
  ('owner outside', 'sportello_owner', null, null, null, null),
  ('api outside', 'sportello_api', null, null, null, null),
  ('login outside', 'sportello_login', null, null, null, null),
  ('proof outside', 'sportello_proof', null, null, null, null),
  ('bulk outside', 'sportello_bulk', null, null, null, null),
  ('jobs outside', 'sportello_jobs', null, null, null, null),
  ('operator', 'sportello_operator', null, null, null, $$select auth.operator_enter('north', false)$$),
  ('operator outside', 'sportello_operator', null, null, null, null),
  -- The door's own acts, each once.
  ('signing in', 'sportello_login', null, 'ten', null, null),
  ('signing out', 'sportello_api', null, 'ten', 501, null),
  -- Eve, whose role wants a second factor, and who has one of each.
  ('second factors', 'sportello_proof', $$
    insert into app.settings (tenant_id, scope, name, value, account_id) values (1, 60, 'second_factor_roles', 'main_user', 30);
    insert into app.passkeys (tenant_id, person_id, host, credential, algorithm, public_key, name)
      values (1, 506, 'thirty.north.test', 'eve', -7, sha256('key'), 'Key');
    insert into app.recovery_codes (tenant_id, person_id, hash) values (1, 506, sha256('eve'));
    insert into app.identities (tenant_id, provider_id, person_id, subject) values (1, 1, 506, 'eve')$$, 'thirty', 506, null),
  ('entering under a grant', 'sportello_api', null, null, null, null),
  ('taking an event', 'sportello_jobs', null, null, null, null),
  -- An agent whose page is open.
  ('fanning out', 'sportello_jobs', $$insert into app.listeners (tenant_id, principal, session_id, channel, expires_at)
    select 1, 0, s.id, md5('desk'), now() + interval '1 hour' from app.sessions s where s.tenant_id = 1 and s.person_id = 507 and s.grant_id is null limit 1$$, null, null, null),
  ('taking a delivery', 'sportello_jobs', null, null, null, null),
  ('taking a message', 'sportello_jobs', null, null, null, null),
  ('taking a calendar', 'sportello_jobs', $$update app.calendars set due_at = now() where id = 1$$, null, null, null),
  ('sounding alarms', 'sportello_jobs', $$update app.ticket_clocks set due_at = now(), alarm_at = now() where ticket_id = 1$$, null, null, null),
  ('sending held ones', 'sportello_jobs', $$update app.held_comments set out_at = now() where id = 1$$, null, null, null),
  ('telling held ones', 'sportello_jobs', $$update app.held_tellings set out_at = now() where ticket_id = 1$$, null, null, null),
  ('sounding rules', 'sportello_jobs', $$update app.rules set is_on = true; update app.rule_alarms set due_at = now() where ticket_id = 1; update app.rule_turns set next_at = now()$$, null, null, null),
  ('changing many', 'sportello_jobs', $$update app.bulk_jobs set state = 1, ended_at = null, due_at = now() where tenant_id = 1;
    update app.bulk_rows set state = 1 where tenant_id = 1$$, null, null, null),
  ('waking tickets', 'sportello_jobs', $$update app.snoozes set until_at = now()$$, null, null, null),
  ('publishing', 'sportello_jobs', null, null, null, null),
  ('looking at links', 'sportello_jobs', null, null, null, null),
  ('telling maintenance', 'sportello_jobs', $$update app.incidents set clock_at = now() where id = 1$$, null, null, null),
  ('asking elsewhere', 'sportello_jobs', null, null, null, null),
  ('ending grants', 'sportello_jobs', $$update app.grants set ends_at = now() - interval '1 second'$$, null, null, null),
  ('signing a token', 'sportello_login', null, 'desk', 507, null),
  ('settling a host', 'sportello_jobs', null, null, null, null),
  ('taking words in', 'sportello_jobs', null, null, null, null),
  ('ending files', 'sportello_jobs', $$update app.files set created_at = now() - interval '25 hours' where ticket_id is null$$, null, null, null),
  ('sweeping', 'sportello_jobs', null, null, null, null),
  ('suspending', 'sportello_operator', null, null, null, $$select auth.operator_enter('north', false)$$),
  ('exporting', 'sportello_operator', null, null, null, $$select auth.operator_enter('north', false)$$),
  ('erasing', 'sportello_operator', null, null, null, $$select auth.operator_enter('north', false)$$))
  v(name, role, arranged, portal, person, entered);

-- ---- the other tenant's rows ----------------------------------------------

create view iso.attempts as
select c.n as context_n, c.name as context, c.role, t.oid, t.name, a.act, a.statement
from iso.contexts c, iso.tables t, lateral (values
  (1, 'read', format('select %s from app.%I where tenant_id <> 1',
    iso.columns(c.role, t.oid, 'SELECT'), t.name)),
  (2, 'count', format('select from (select count(*) n from app.%I where tenant_id <> 1) x where n > 0', t.name)),
  -- A condition that fails on a hidden row must never be asked about it.
  (3, 'provoke', format('select from app.%I where tenant_id <> 1 and 1 / (tenant_id - 2) = 5', t.name)),
  (4, 'insert', iso.insertion(c.role, t.oid, 2)),
  (5, 'update', format('update app.%I set %s where tenant_id <> 1', t.name,
    (select string_agg(format('%s = %1$s', x), ', ')
      from unnest(string_to_array(iso.columns(c.role, t.oid, 'UPDATE'), ', ')) x
      where x <> 'id' or t.name <> 'events'))),
  (6, 'delete', format('delete from app.%I where tenant_id <> 1', t.name)),
  (7, 'move there', format('update app.%I set tenant_id = 3', t.name)))
  a(n, act, statement)
where c.n < (select n from iso.contexts where name = 'signing in')
order by c.n, t.name, a.n;

insert into iso.probes (context, label, statement, wants)
select context, format('another tenant''s %s: %s', name, act), statement, 0
from iso.attempts
order by context_n, name, act;

-- Outside of a context there are no rows at all, one's own included.
insert into iso.probes (context, label, statement, wants)
select c.name, format('any %s: read', t.name), format('select from app.%I', t.name), 0
from iso.contexts c, iso.tables t where c.name like '% outside';

-- ---- controls: own rows ----------------------------------------------------

-- How many rows of the fixtures each may read; null: refused.
insert into iso.probes (context, label, statement, wants)
select c.context, format('own %s: read', v.name), format('select from app.%I', v.name), c.wants
from (values
  --                     owner jobs  any  cust main part agent admin login acct supp below
  ('tenants',              1,    1,    1,   1,   1,   1,   1,   1,   1,   1,   1,   1),
  ('accounts',             3,    3,    1,   1,   1,   2,   0,   3,   1,   1,   1,   1),
  ('portals',              5,    5,    1,   2,   2,   2,   1,   5,   2,   2,   2,   1),
  ('hosts',                5,    5,    1,   1,   1,   2,   1,   5,   1,   1,   2,   1),
  ('people',              11,   11,    0,   1,   1,   1,   3,   3,   1,   4,   5,   2),
  ('memberships',         10, null,    0,   1,   1,   1,   1,   3,   1,   4,   5,   2),
  ('credentials',          9, null, null, null, null, null, null, null, null, null, null, null),
  ('sessions',            12, null,    0,   2,   1,   1,   2,   1,   2,   1,   2,   2),
  ('grants',               1,    1,    0,   0,   0,   0,   1,   1,   0,   1,   1,   1),
  ('grant_visits',         1, null,    0,   0,   0,   0,   0,   0,   0,   1,   0,   0),
  ('grant_keys',           1, null,    1,   1,   1,   1,   1,   1,   1,   1,   1,   1),
  ('webhooks',             1,    1, null, null, null, null, null, null, null, null, null, null),
  ('webhook_deliveries',   1,    1, null, null, null, null, null, null, null, null, null, null),
  ('grant_requests',       1, null,    0,   0,   0,   0,   1,   0,   0,   1,   0,   0),
  ('settings',             4, null,    0,   0,   0,   0,   0,   1,   0,   3,   3,   1),
  ('pictures',             2, null,    1,   1,   1,   1,   1,   1,   1,   1,   1,   1),
  ('looks',                3, null,    0,   0,   0,   0,   0,   1,   0,   2,   2,   1),
  ('one_time',             1,    1, null, null, null, null, null, null, null, null, null, null),
  ('quotas',               1, null, null, null, null, null, null, null, null, null, null, null),
  ('usage',                2, null, null, null, null, null, null, null, null, null, null, null),
  ('invitations',          2,    2,    0,   0,   1,   0,   0,   1,   0,   1,   0,   0),
  ('confirmations',       13,   13,    0,   2,   2,   1,   1,   1,   2,   2,   1,   1),
  ('email_changes',        2, null,    0,   1,   1,   0,   0,   0,   1,   2,   0,   0),
  ('host_claims',          2, null,    0,   0,   0,   0,   0,   1,   0,   1,   1,   0),
  ('totps',                1, null, null, null, null, null, null, null, null, null, null, null),
  ('passkeys',             1, null, null, null, null, null, null, null, null, null, null, null),
  ('recovery_codes',       1, null, null, null, null, null, null, null, null, null, null, null),
  ('providers',            2, null,    0,   0,   0,   0,   0,   2,   0,   1,   0,   0),
  ('identities',           1, null, null, null, null, null, null, null, null, null, null, null),
  ('support_contacts',     3,    3,    0,   1,   1,   2,   0,   3,   1,   1,   1,   0),
  ('contact_refusals',     1,    1, null, null, null, null, null, null, null, null, null, null),
  ('named_contacts',       1, null, null, null, null, null, null, null, null, null, null, null),
  ('ticket_counters',      1, null, null, null, null, null, null, null, null, null, null, null),
  ('tickets',              5,    5,    0,   2,   3,   2,   4,   4,   2,   3,   0,   0),
  ('comments',             8,    8,    0,   3,   4,   3,   6,   6,   3,   4,   0,   0),
  ('files',                5,    5,    0,   4,   3,   0,   4,   4,   4,   3,   1,   1),
  ('file_chunks',          4, null, null, null, null, null, null, null, null, null, null, null),
  ('ticket_access',       12,   12,    0,   2,   3,   2,   0,   0,   2,   3,   0,   0),
  ('fields',               2, null, null, null, null, null, null, null, null, null, null, null),
  ('ticket_types',         1,    1, null, null, null, null, null, null, null, null, null, null),
  ('type_fields',          1, null, null, null, null, null, null, null, null, null, null, null),
  ('priority_rules',       1, null, null, null, null, null, null, null, null, null, null, null),
  ('field_policies',       1, null, null, null, null, null, null, null, null, null, null, null),
  ('ticket_values',        3, null,    0,    1,    2,    1,    2,    2,    1,    2,    0,    0),
  ('followers',            1,    1,    0,   0,   1,   0,   0,   0,   0,   0,   0,   0),
  ('seen',                 1, null,    0,   1,   0,   0,   0,   0,   1,   0,   0,   0),
  ('views',                1, null,    0,   1,   0,   0,   0,   0,   1,   0,   0,   0),
  ('mentions',             1,    1, null, null, null, null, null, null, null, null, null, null),
  ('pending_shares',       1, null, null, null, null, null, null, null, null, null, null, null),
  ('releases',               1, null, null, null, null, null, null, null, null, null, null, null),
  ('engineering_items',      2, null, null, null, null, null, null, null, null, null, null, null),
  ('ticket_items',           1,    1, null, null, null, null, null, null, null, null, null, null),
  ('rules',                  2, null, null, null, null, null, null, null, null, null, null, null),
  ('rule_versions',          2, null, null, null, null, null, null, null, null, null, null, null),
  ('rule_runs',              1, null, null, null, null, null, null, null, null, null, null, null),
  ('rule_alarms',            1, null, null, null, null, null, null, null, null, null, null, null),
  ('rule_turns',             1, null, null, null, null, null, null, null, null, null, null, null),
  ('ticket_levels',          1, null, null, null, null, null, null, null, null, null, null, null),
  ('macros',                 1, null, null, null, null, null, null, null, null, null, null, null),
  ('ticket_tags',            1, null, null, null, null, null, null, null, null, null, null, null),
  ('teams',                  1, null, null, null, null, null, null, null, null, null, null, null),
  ('team_members',           1, null, null, null, null, null, null, null, null, null, null, null),
  ('absences',               1, null, null, null, null, null, null, null, null, null, null, null),
  ('bulk_jobs',              1, null, null, null, null, null, null, null, null, null, null, null),
  ('bulk_rows',              1, null, null, null, null, null, null, null, null, null, null, null),
  ('statuses',               1, null, null, null, null, null, null, null, null, null, null, null),
  ('transitions',            1, null, null, null, null, null, null, null, null, null, null, null),
  ('sla_versions',           1, null, null, null, null, null, null, null, null, null, null, null),
  ('ticket_clocks',          1, null, null, null, null, null, null, null, null, null, null, null),
  ('clock_results',          1, null, null, null, null, null, null, null, null, null, null, null),
  ('account_plans',          1, null, null, null, null, null, null, null, null, null, null, null),
  ('signposts',              1, null, null, null, null, null, null, null, null, null, null, null),
  ('knowledge',            1, null,    1,   1,   1,   1,   1,   1,   1,   1,   1,   1),
  ('audiences',            3, null,    1,   2,   2,   1,   3,   3,   2,   2,   2,   2),
  ('sections',             3, null,    1,   2,   2,   1,   3,   3,   2,   2,   2,   2),
  ('articles',             5, null,    1,   2,   2,   1,   3,   3,   2,   2,   2,   2),
  ('article_versions',     6, null,    1,   2,   2,   1,   3,   3,   2,   2,   2,   2),
  ('article_texts',        4, null,    1,   2,   2,   1,   3,   3,   2,   2,   2,   2),
  ('article_words',          2, null, null, null, null, null, null, null, null, null, null, null),
  ('synonyms',               2, null, null, null, null, null, null, null, null, null, null, null),
  ('kb_searches',            1, null, null, null, null, null, null, null, null, null, null, null),
  ('text_links',             2, null, null, null, null, null, null, null, null, null, null, null),
  ('link_queue',             4, null, null, null, null, null, null, null, null, null, null, null),
  ('kb_clicks',              1, null, null, null, null, null, null, null, null, null, null, null),
  ('redirects',              1, null, null, null, null, null, null, null, null, null, null, null),
  ('imports',                1, null, null, null, null, null, null, null, null, null, null, null),
  ('import_rows',            1, null, null, null, null, null, null, null, null, null, null, null),
  ('votes',                  1, null, null, null, null, null, null, null, null, null, null, null),
  ('article_drafts',         1, null, null, null, null, null, null, null, null, null, null, null),
  ('components',             1, null, null, null, null, null, null, null, null, null, null, null),
  ('incidents',              1, null, null, null, null, null, null, null, null, null, null, null),
  ('incident_updates',       1, null, null, null, null, null, null, null, null, null, null, null),
  ('status_subscribers',     1, null, null, null, null, null, null, null, null, null, null, null),
  ('incident_people',        1, null, null, null, null, null, null, null, null, null, null, null),
  ('incident_tickets',       1, null, null, null, null, null, null, null, null, null, null, null),
  ('calendars',              1, null, null, null, null, null, null, null, null, null, null, null),
  ('calendar_versions',      1, null, null, null, null, null, null, null, null, null, null, null),
  ('calendar_spans',         2, null, null, null, null, null, null, null, null, null, null, null),
  ('deflections',            1, null, null, null, null, null, null, null, null, null, null, null),
  ('snoozes',              1, null,    0,   0,   0,   0,   1,   1,   0,   0,   0,   0),
  ('held_tellings',        1, null, null, null, null, null, null, null, null, null, null, null),
  ('held_comments',        1, null, null, null, null, null, null, null, null, null, null, null),
  ('drafts',               2, null, null, null, null, null, null, null, null, null, null, null),
  ('ticket_links',         1, null,    0,   0,   1,   0,   1,   1,   0,   1,   0,   0),
  ('ratings',              1, null,    0,   1,   1,   0,   1,   1,   1,   1,   0,   0),
  ('events',               3,    3, null, null, null, null, null, null, null, null, null, null),
  ('ticket_words',         6, null, null, null, null, null, null, null, null, null, null, null),
  ('search_queue',         1, null, null, null, null, null, null, null, null, null, null, null),
  ('event_queue',          1, null, null, null, null, null, null, null, null, null, null, null),
  ('deliveries',           2,    2, null, null, null, null, null, null, null, null, null, null),
  ('idempotency_keys',     2, null,    0,   1,   1,   0,   0,   0, null,   0,   0,   0))
  v(name, owner, jobs, anyone, customer, main_user, partner, agent, tenant_admin, login, account_admin, support, below),
lateral (values ('owner', owner), ('jobs', jobs), ('anyone', anyone), ('customer', customer),
  ('main user', main_user), ('partner', partner), ('agent', agent),
  ('tenant admin', tenant_admin), ('login', login), ('proof', login),
  ('bulk', case when v.name = 'file_chunks' then 2 else login end), ('account admin', account_admin),
  ('support', support), ('support below', below)) c(context, wants);

-- The owner's functions write everywhere; the others where they are let.
insert into iso.probes (context, label, statement, wants)
select 'owner', format('own %s: insert', t.name), iso.insertion('sportello_owner', t.oid, 1), 1
from iso.tables t where t.name not in ('tenants', 'ticket_counters', 'quotas', 'webhooks', 'rule_turns', 'knowledge', 'imports')
union all
select 'owner', format('own %s: update', t.name),
  format('update app.%I set tenant_id = tenant_id', t.name), p.wants
from iso.tables t join iso.probes p on p.context = 'owner' and p.label = format('own %s: read', t.name);
insert into iso.probes (context, label, statement, wants) values
  ('owner', 'own idempotency_keys: delete', 'delete from app.idempotency_keys', 2),
  ('owner', 'own ticket_access: delete', 'delete from app.ticket_access', 12),
  ('owner', 'own followers: delete', 'delete from app.followers', 1),
  ('customer', 'own comments: insert', $$insert into app.comments
    (tenant_id, ticket_id, author_id, is_internal, source, html) values (1, 1, 501, false, 'x', '<p>x</p>')$$, 1),
  ('agent', 'own comments: insert', $$insert into app.comments
    (tenant_id, ticket_id, author_id, is_internal, source, html) values (1, 1, 507, true, 'x', '<p>x</p>')$$, 1),
  ('agent', 'own tickets: update', 'update app.tickets set status = 2, assignee_id = 507', 4),
  ('partner', 'own tickets: update', 'update app.tickets set status = 2', 1),
  ('customer', 'own idempotency_keys: insert', $$insert into app.idempotency_keys
    (tenant_id, person_id, route, key, fingerprint, answer) values (1, 501, 'tickets', 'other-key', '', '{}')$$, 1),
  ('customer', 'a search finds by words', $$select where cardinality((app.search_tickets('help', 10)).ids) = 2$$, 1),
  ('owner', 'the index of articles finds the tenant''s own', $$select from auth.article_texts_with(app.words_query('{help}', '{""}', false), false, null, '{en}', 100)$$, 4),
  ('owner', 'its mistyped words, too', $$select where auth.similar_words('artcle') = '{article}'$$, 1),
  ('owner', 'the index finds the tenant''s own', $$select from unnest(auth.word_candidates(app.words_query('{help}', '{""}', false), null))$$, 5),
  ('agent', 'and by words of a note', $$select where (app.search_tickets('note', 10)).ids = '{1}'$$, 1),
  ('jobs', 'a secret for its mail', $$select where jobs.secret_of(1)->>'code' ~ '^[0-9]{8}$'$$, 1),
  ('jobs', 'own webhook_deliveries: insert', $$insert into app.webhook_deliveries
    (tenant_id, event_id, kind, body) values (1, 2, 'grant.ended', '{}')$$, 1),
  ('jobs', 'own webhook_deliveries: update', 'update app.webhook_deliveries set state = 2', 1),
  ('jobs', 'own webhooks: update', 'update app.webhooks set is_on = false', 1),
  ('jobs', 'own deliveries: insert', $$insert into app.deliveries
    (tenant_id, event_id, email, reason) values (1, 2, 'new@x.example', 'desk')$$, 1),
  ('jobs', 'own deliveries: update', 'update app.deliveries set state = 2', 2);

insert into iso.probes (context, label, statement, wants, stays) values
  ('signing in', 'the salt is told', $$select where auth.password_salt('ten.north.test', 'ada@x.example')
    ->>'salt' = encode(substr(sha256('salt1501'), 1, 16), 'hex')$$, 1, false),
  ('signing in', 'the right key opens', $$select where auth.sign_in('ada@x.example',
    sha256('1:501'), sha256('new')) is not null$$, 1, false),
  ('signing in', 'the other tenant''s key does not', $$select where auth.sign_in('ada@x.example', sha256('2:501'), sha256('new')) is not null$$, 0, false),
  ('second factors', 'their role wants one', $$select where (auth.factors()->>'required')::boolean$$, 1, false),
  ('second factors', 'a passkey', $$select where json_array_length(auth.factors()->'passkeys') = 1$$, 1, false),
  ('second factors', 'a recovery code', $$select where (auth.factors()->>'recovery')::int = 1$$, 1, false),
  ('second factors', 'a provider', $$select where json_array_length(auth.factors()->'providers') = 1$$, 1, false),
  ('second factors', 'an app to be set up', $$select where auth.totp_start(sha256('x')) is not null$$, 1, false),
  ('entering under a grant', 'enters', $$select auth.enter('ten.north.test', '1/support', 1::smallint, false, '/')$$, 1, false),
  ('signing out', 'signs out', 'select auth.sign_out()', 1, true),
  ('signing out', 'the session is gone', 'select from app.sessions where id = 1501', 0, false),
  ('signing out', 'that session alone', 'select from app.sessions', 1, false),
  ('taking an event', 'takes one', 'select where jobs.take_event() is not null', 1, true),
  ('taking an event', 'is in its tenant', 'select from app.events', 3, false),
  ('fanning out', 'does one', 'select from jobs.fan_out() f where f->>''deliveries'' is not null and f->''live''->''channels'' is not null', 1, true),
  ('fanning out', 'tells who else is there', 'select where json_array_length(jobs.presence_hints()) > 0', 1, false),
  ('taking a delivery', 'takes one', $$select where jobs.take_delivery('1 minute') is not null$$, 1, true),
  ('taking a message', 'takes one', $$select where jobs.take_webhook('1 minute')->>'url' = 'https://product.example/north'$$, 1, false),
  ('taking a calendar', 'takes one', $$select where jobs.take_calendar('1 minute')->>'url' like 'https://days.x.example/%'$$, 1, false),
  ('sounding rules', 'of one ticket', 'select where jobs.sound_rules() = 1', 1, true),
  ('sounding rules', 'tells of it', $$select from app.events where kind = 'ticket.levelled'$$, 0, false),
  ('sounding alarms', 'of one ticket', 'select where jobs.sound_alarms() = 1', 1, true),
  ('sounding alarms', 'tells of it', $$select from app.events where kind = 'ticket.late'$$, 1, false),
  ('sending held ones', 'sends one', 'select where jobs.send_held() = 1', 1, true),
  ('sending held ones', 'into its ticket', $$select from app.comments where source like 'Held north%'$$, 1, false),
  ('telling held ones', 'tells one', 'select where jobs.tell_held() = 1', 1, true),
  ('changing many', 'a part', 'select where jobs.work_bulk() = 1', 1, true),
  ('changing many', 'as who asked', 'select where auth.person_id() = 507', 1, false),
  ('changing many', 'its ticket is solved', 'select from app.tickets where id = 1 and status = 5', 1, false),
  ('waking tickets', 'wakes one', 'select where jobs.wake_tickets() = 1', 1, true),
  ('waking tickets', 'and says so', $$select from app.events where kind = 'ticket.woken'$$, 1, false),
  ('publishing', 'publishes one, and ends another', 'select where jobs.publish_due() = 2', 1, true),
  ('telling maintenance', 'of one tenant', 'select where jobs.tell_maintenance() = 1', 1, false),
  ('looking at links', 'of one tenant', 'select where jobs.check_links() = 4', 1, false),
  ('asking elsewhere', 'an address', $$select where jobs.take_link('1 minute')->>'href' ~ '^https://(north|south).example/$'$$, 1, false),
  ('publishing', 'and says so', $$select from app.events where kind = 'article.published'$$, 1, false),
  ('ending grants', 'ends them', 'select where jobs.end_grants() > 0', 1, true),
  ('ending grants', 'all of that tenant', 'select where not exists (select from app.grants where ended_at is null)', 1, false),
  ('signing a token', 'says who and what', $$select where auth.grant_token(1, 'https://desk')->>'claims' like '%"sub": "507"%'$$, 1, false),
  ('taking a delivery', 'is in its tenant', 'select from app.deliveries', 2, false),
  ('suspending', 'shuts it', $$select where operator.suspend_tenant(true) ~ 'is suspended'$$, 1, true),
  ('suspending', 'opens it', $$select where operator.suspend_tenant(false) ~ 'open again'$$, 1, true),
  ('exporting', 'rows of this tenant', $$select where (select count(*) from operator.export_rows()) > 80$$, 1, false),
  ('exporting', 'and of no other', $$select from operator.export_rows() r where r !~ '"tenant_id":1[,}]'$$, 0, false),
  ('erasing', 'erases it', $$select where operator.erase_tenant() ~ '^erased: [1-9]'$$, 1, true),
  ('erasing', 'so that it is not there', 'select from operator.export_rows()', 0, false),
  ('taking words in', 'takes in one ticket''s', 'select where jobs.take_in_words() = 1', 1, true),
  ('taking words in', 'that tenant''s', 'select from app.tickets', 5, false),
  ('ending files', 'ends one that nobody attached', 'select where jobs.end_file() = 1', 1, false),
  ('sweeping', 'moves a login that is due', 'select where jobs.move_login() = 1', 1, false),
  ('settling a host', 'its proof is there', $$select jobs.host_checked('help.own.example', rpad('help-1-', 43, 'x'))$$, 1, true),
  ('settling a host', 'is in its tenant', 'select jobs.enter(1)', 1, true),
  ('settling a host', 'it leads to its portal, for tickets too', $$select from app.hosts
    where host = 'help.own.example' and portal_id = 110 and has_tickets$$, 1, false),
  ('settling a host', 'its administrators are told', $$select from app.events where kind = 'host.on' and data->'people' = '[509]'$$, 1, false),
  ('sweeping', 'sweeps ten of each tenant', 'select where jobs.sweep() = 20', 1, true);

-- ---- what would weaken it --------------------------------------------------

insert into iso.mutations (change)
select format('drop policy %I on app.%I', policyname, tablename)
from pg_policies where schemaname = 'app' order by tablename, policyname;
insert into iso.mutations (change)
select format(v.change, t.name) from iso.tables t, (values
  ('alter table app.%I disable row level security'),
  ('alter table app.%I no force row level security'),
  ('alter policy tenant on app.%I using (true)'),
  ('alter policy tenant on app.%I with check (true)'),
  ('alter policy tenant on app.%I to sportello_app, sportello_jobs')) v(change)
order by v.change, t.name;
-- Each role alone set free, where it may read anything. Not the pools on
-- comments and answers: these show only below a ticket that shows, and texts
-- below an article that does.
insert into iso.mutations (change)
select format('alter policy tenant on app.%I to %s', t.name, v.bound)
from iso.tables t, (values
  ('sportello_app', 'sportello_jobs, sportello_owner'),
  ('sportello_jobs', 'sportello_app, sportello_owner')) v(free, bound)
where has_any_column_privilege(case v.free when 'sportello_app' then 'sportello_api' else v.free end, t.oid, 'SELECT')
  and (v.free, t.name) not in (('sportello_app', 'comments'), ('sportello_app', 'ticket_values'), ('sportello_app', 'article_texts'), ('sportello_app', 'article_versions'))
order by v.free, t.name;
