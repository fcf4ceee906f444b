-- Portals, each with one person who is signed in, and customers' own hosts, in
-- a database that has just been loaded by sql/load.sql:
--
--   psql -v portals=10000 -v own=2000 -f doors.sql
--
-- Fifty portals a tenant, one an account. Portal n is at p<n>.localhost, the
-- first `own` of them at support-<n>.customer.example too.

\set ON_ERROR_STOP on
\set QUIET on
set client_min_messages = warning;
set search_path = pg_catalog;
set session_replication_role = replica;

create schema bench;
-- An id that looks random and is the same each time.
create function bench.id(n bigint, kind int) returns bigint
language sql immutable parallel safe
return (hashint8extended(n, kind) & 2251799813685247) | 1;
create table bench.portal as
  select n, bench.id(n / 50, 1) as tenant_id, bench.id(n, 2) as account_id, bench.id(n, 3) as portal_id, bench.id(n, 4) as person_id
  from generate_series(1, :portals) n;

insert into app.tenants (tenant_id, slug, name)
  select distinct tenant_id, 't' || n / 50, 'Tenant ' || n / 50 from bench.portal;
insert into app.accounts (tenant_id, id, name)
  select tenant_id, account_id, 'Comune di Prova ' || n from bench.portal;
insert into app.portals (tenant_id, id, account_id, name)
  select tenant_id, portal_id, account_id, 'Support for Comune di Prova ' || n from bench.portal;
insert into app.hosts (tenant_id, host, portal_id)
  select tenant_id, 'p' || n || '.localhost', portal_id from bench.portal;
insert into app.host_claims (tenant_id, id, account_id, portal_id, host, state, found, proven_at, certificate_ends_at)
  select tenant_id, bench.id(n, 5), account_id, portal_id, 'support-' || n || '.customer.example', 2, 1, now(), now() + interval '60 days'
  from bench.portal where n <= :own;
insert into app.hosts (tenant_id, host, portal_id, is_canonical, has_tickets)
  select tenant_id, host, portal_id, false, true from app.host_claims;
insert into app.memberships (tenant_id, id, person_id, role, account_id)
  select tenant_id, bench.id(n, 6), person_id, 'member', account_id from bench.portal;
-- Rank, principals and doors as app.refresh_standing() has them.
insert into app.people (tenant_id, id, email, name, rank, principals, doors)
  select tenant_id, person_id, 'p' || n || '@customer.example', 'Ada Rossi', 1,
    array[person_id * 4, account_id * 4 + 1], array[account_id * 2] from bench.portal;
-- The secret is sha256('bench <n>'), and its hash is kept. That it is used is
-- noted already: a note every five minutes is a write, and not measured here.
insert into app.sessions (tenant_id, id, person_id, token_hash, seen_at, expires_at)
  select tenant_id, bench.id(n, 7), person_id, sha256(sha256(convert_to('bench ' || n, 'UTF8'))), '2100-01-01', '2100-01-01' from bench.portal;
vacuum analyze;
