-- The tenants, people and tickets that are measured, in a database that has
-- just been loaded by sql/load.sql:
--
--   psql -v tickets=200000 -v people=20000 -v tenants=999 -v others=800000 -f data.sql
--
-- Tenant 1 is the biggest and the one that asks: 50 accounts, `tickets`
-- tickets, `people` people. Beside it are `tenants` others with `others`
-- tickets together. Every value is a function of its row's number, so that
-- tenant 1 is the same row by row however big the others are. Rows of all
-- tenants arrive mixed and in the order of their time, as in life: nobody's
-- lie side by side.

\set ON_ERROR_STOP on
\set QUIET on
set client_min_messages = warning;
set search_path = pg_catalog;
set timezone = 'UTC';
set jit = off;
set work_mem = '512MB';
set maintenance_work_mem = '1GB';
set max_parallel_workers_per_gather = 2;
-- Triggers and foreign keys would ask row by row; the rows fit by the way
-- they are made, and the checks at the end ask once.
set session_replication_role = replica;

create schema bench;

-- A number that looks random and is the same each time; and an id of it.
create function bench.h(n bigint, kind int) returns int
language sql immutable parallel safe
return (hashint8extended(n, kind) & 2147483647)::int;
create function bench.id(n bigint, kind int) returns bigint
language sql immutable parallel safe
return (hashint8extended(n, kind) & 2251799813685247) | 1;

-- ---- tenants, accounts, portals ----

create table bench.tenant as
  select i, bench.id(i, 1) as id,
    case i when 1 then 50 else 5 end as accounts,
    case i when 1 then :people else 20 end as people
  from generate_series(1, 1 + :tenants) i;

-- In the biggest tenant accounts 49 and 50 are partners: 2 to 11 are looked
-- after by one, the reports of 12 and 13 go to the other first. Elsewhere
-- account 5 looks after account 4.
create table bench.account as
  select t.i, t.id as tenant_id, a, bench.id(t.i * 1000 + a, 2) as id,
    bench.id(t.i * 1000 + a, 3) as portal_id,
    case t.i when 1 then a >= 49 else a = 5 end as is_partner,
    case when t.i = 1 and a between 2 and 11 then bench.id(t.i * 1000 + 49, 2)
      when t.i = 1 and a between 12 and 13 then bench.id(t.i * 1000 + 50, 2)
      when t.i > 1 and a = 4 then bench.id(t.i * 1000 + 5, 2) end as partner_id,
    case when t.i = 1 and a between 12 and 13 then 2 else 1 end as routing
  from bench.tenant t, generate_series(1, t.accounts) a;

insert into app.tenants (tenant_id, slug, name)
  select id, 't' || i, 'Tenant ' || i from bench.tenant;
insert into app.accounts (tenant_id, id, name, is_partner, partner_id, routing)
  select tenant_id, id, 'Comune di Prova ' || a, is_partner, partner_id, routing from bench.account;
insert into app.portals (tenant_id, id, account_id, name)
  select id, bench.id(i * 1000, 3), null, 'Desk of tenant ' || i from bench.tenant
  union all
  select tenant_id, portal_id, id, 'Support for Comune di Prova ' || a from bench.account;
insert into app.hosts (tenant_id, host, portal_id)
  select id, 'desk.t' || i || '.localhost', bench.id(i * 1000, 3) from bench.tenant
  union all
  select tenant_id, 'a' || a || '.t' || i || '.localhost', portal_id from bench.account;
insert into app.support_contacts (tenant_id, account_id, email)
  select tenant_id, id, 'support@a' || a || '.t' || i || '.example' from bench.account;

-- ---- people ----

-- First the staff, then each account's main user, then partners' staff, then
-- everybody else; a quarter of these belongs to account 1.
create table bench.person as
  select t.i, t.id as tenant_id, p, bench.id(t.i * 1000000 + p, 4) as id, r.role, r.a, c.id as account_id
  from bench.tenant t
  cross join generate_series(1, t.people) p
  cross join lateral (select
    case when p = 1 then 'tenant_admin'
      when p <= case t.i when 1 then 20 else 2 end then 'agent'
      when p <= case t.i when 1 then 70 else 7 end then 'main_user'
      when p <= case t.i when 1 then 80 else 8 end then 'partner'
      else 'member' end as role,
    case when p <= case t.i when 1 then 20 else 2 end then null
      when p <= case t.i when 1 then 70 else 7 end then p - case t.i when 1 then 20 else 2 end
      when p <= case t.i when 1 then 80 else 8 end then case t.i when 1 then 49 + p % 2 else 5 end
      when t.i > 1 then 1 + p % 4
      when p % 4 = 0 then 1
      else 2 + p % 47 end as a) r
  left join bench.account c on c.i = t.i and c.a = r.a;

insert into app.memberships (tenant_id, id, person_id, role, account_id)
  select tenant_id, bench.id(i * 1000000 + p, 5), id, role, account_id from bench.person;
-- Rank, principals and doors as app.refresh_standing() has them.
insert into app.people (tenant_id, id, email, name, locale, time_zone, rank, principals, doors)
  select tenant_id, id, 'p' || p || '@t' || i || '.example',
    (array['Ada', 'Bruno', 'Chiara', 'Davide', 'Elena', 'Fabio', 'Giulia', 'Hana', 'Irene', 'Jun',
      'Katia', 'Luca', 'Marta', 'Nadia', 'Oscar', 'Paola'])[1 + bench.h(id, 6) % 16] || ' ' ||
    (array['Rossi', 'Bianchi', 'Ferrari', 'Esposito', 'Romano', 'Colombo', 'Ricci', 'Marino', 'Greco',
      'Bruno', 'Gallo', 'Conti', 'De Luca', 'Costa', 'Tanaka', 'Suzuki'])[1 + bench.h(id, 7) % 16],
    'it', 'Europe/Rome',
    case role when 'tenant_admin' then 3 when 'agent' then 2 else 1 end,
    array[id * 4]
      || case when account_id is not null then array[account_id * 4 + 1] else '{}' end
      || case role when 'main_user' then array[account_id * 4 + 2]
        when 'partner' then array[account_id * 4 + 3] else '{}' end,
    case when account_id is not null then array[account_id * 2] else '{}' end
  from bench.person;

-- Everybody has confirmed their address at their account's portal.
insert into app.confirmations (tenant_id, person_id, portal_id, email)
  select s.tenant_id, s.id, a.portal_id, 'p' || s.p || '@t' || s.i || '.example'
  from bench.person s join bench.account a on a.i = s.i and a.id = s.account_id;

-- Everybody is signed in, by a secret that follows from their id.
create function bench.token(person bigint) returns bytea
language sql immutable parallel safe
return sha256(convert_to('bench ' || person, 'UTF8'));
insert into app.sessions (tenant_id, id, person_id, token_hash, expires_at)
  select tenant_id, bench.id(i * 1000000 + p, 8), id, sha256(bench.token(id)), '2100-01-01'
  from bench.person;

-- ---- tickets ----

create table bench.member as
  select i, a, row_number() over (partition by i, a order by p) as n, id
  from bench.person where role in ('member', 'main_user');
create index on bench.member (i, a, n);
create table bench.members as select i, a, count(*)::int as n from bench.member group by i, a;
analyze bench.member; analyze bench.members; analyze bench.account;

-- Two years of them. In tenant 1 every fourth is account 1's, and person 94
-- has 70 of account 2's.
create table bench.ticket as
  with numbered as (
    select 1 as i, k as number,
      timestamptz '2024-02-01 00:00+00' + k * (interval '700 days' / :tickets) as created_at,
      case when k % 4 = 0 then 1 when k % (:tickets / 280 * 4) = 6 then 2
        else 2 + bench.h(k, 10) % 47 end as a
    from generate_series(1, :tickets) k
    union all
    select 2 + j % :tenants, 1 + j / :tenants,
      timestamptz '2024-02-01 00:00+00' + j * (interval '700 days' / :others),
      1 + bench.h(j, 10) % 4
    from generate_series(0, :others - 1) j),
  made as (
    select n.*, n.i::bigint * 10000000 + n.number as g, c.tenant_id, c.id as account_id,
      c.portal_id, c.partner_id, c.routing, m.n as members
    from numbered n
    join bench.account c using (i, a) join bench.members m using (i, a))
  select g, tenant_id, number as id, account_id, portal_id, partner_id, i, a,
    case when i = 1 and number % (:tickets / 280 * 4) = 6 and a = 2 then bench.id(1000000 + 94, 4)
      else (select m.id from bench.member m where m.i = made.i and m.a = made.a
        and m.n = 1 + bench.h(g, 11) % members) end as requester_id,
    case when bench.h(g, 12) % 10 < 7 then bench.id(i * 1000000
      + case i when 1 then 2 + bench.h(g, 13) % 19 else 1 + bench.h(g, 13) % 2 end, 4) end as assignee_id,
    (array[1,1,1, 2,2,2,2,2,2,2, 3,3,3, 4,4])[1 + bench.h(g, 14) % 100] as open_status,
    (case when bench.h(g, 15) % 2000 = 0 then 4 when bench.h(g, 15) % 100 < 10 then 1
      when bench.h(g, 15) % 100 < 30 then 2 when bench.h(g, 15) % 100 < 40 then 3 end)::smallint as priority,
    routing = 1 or bench.h(g, 16) % 2 = 0 as at_desk,
    case when bench.h(g, 17) % 10 = 0 then (select m.id from bench.member m
      where m.i = made.i and m.a = made.a and m.n = 1 + bench.h(g, 18) % members) end as shared_with,
    bench.h(g, 19) % 33 = 0 as shared_with_all,
    created_at,
    created_at + interval '2 days' + bench.h(g, 20) % 172800 * interval '1 second' as updated_at
  from made
  order by created_at, g;
alter table bench.ticket add primary key (g);
analyze bench.ticket;

-- Indexes are made when the rows are there; primary keys stay, since the rows
-- come in their order.
create table bench.index as
  select indexrelid::regclass::text as name, pg_get_indexdef(indexrelid) as definition
  from pg_index x where not indisunique and indrelid = any (
    array['app.tickets', 'app.comments', 'app.ticket_access', 'app.events']::regclass[]);
select format('drop index %s', name) from bench.index \gexec

insert into app.tickets (tenant_id, id, portal_id, account_id, requester_id, assignee_id, title,
    status, priority, at_desk, created_at, updated_at, desk_updated_at)
  select tenant_id, id, portal_id, account_id, requester_id, assignee_id,
    (array['Registro elettronico: le assenze non si salvano', 'Cannot sign in after the update',
      'Pagella del primo quadrimestre illeggibile in PDF', 'The phone rings twice and then drops the call',
      'Richiesta di un nuovo utente per la segreteria', '請求書が届きません',
      'Import of the class list stops at row 212', 'Il portale è lento dopo le 8 del mattino'])
      [1 + bench.h(g, 30) % 8] || ' (' || bench.h(g, 31) % 900 + 100 || ')',
    coalesce(open_status, (array[5, 5, 5, 6, 6, 6, 6, 6, 6, 7])[1 + bench.h(g, 32) % 10]),
    priority, at_desk, created_at, updated_at, updated_at
  from bench.ticket order by created_at, g;
insert into app.ticket_counters (tenant_id, last)
  select t.id, coalesce((select max(x.id) from app.tickets x where x.tenant_id = t.id), 0) from bench.tenant t;

-- As app.open_ticket() writes them, and what was shared later.
insert into app.ticket_access (tenant_id, ticket_id, principal, updated_at)
  select t.tenant_id, t.id, x.principal, t.updated_at
  from bench.ticket t
  cross join lateral (
    select t.requester_id * 4 as principal
    union select t.account_id * 4 + 2
    union select t.partner_id * 4 + 3 where t.partner_id is not null
    union select t.shared_with * 4 where t.shared_with is not null
    union select t.account_id * 4 + 1 where t.shared_with_all) x
  order by t.created_at, t.g;

-- ---- conversations ----

-- Two thousand bodies of 300 to 600 bytes, as written and as shown.
create table bench.sentence as
  select k - 1 as k, s from unnest(array['Buongiorno, da stamattina il registro elettronico non salva le assenze della classe 3B.',
      'We tried two browsers and a phone, and the same message appears every time.',
      'Il problema si presenta soltanto quando ci sono più di venti alunni nell''elenco.',
      'Could you please check whether the import of last night has finished?',
      'Ho allegato la schermata con l''errore e l''orario in cui è successo.',
      'It worked until Friday; nothing was changed on our side since then.',
      'Grazie per la risposta, ma purtroppo la situazione non è cambiata.',
      'The secretary needs the lists before Thursday, so this is rather urgent for us.',
      'Abbiamo riavviato il servizio e corretto i permessi della segreteria.',
      'Please try again and tell us what you see on the second page.',
      'Se preferite possiamo collegarci insieme domani mattina alle nove.',
      'A fix will be part of the next release; until then use the export in the menu.']) with ordinality x (s, k);
create table bench.body as
  with sentences as (select array_agg(s order by k) as s from bench.sentence)
  select n, replace(text, '|', E'\n\n') as source,
    '<p>' || replace(replace(text, '''', '&#39;'), '|', '</p>' || E'\n' || '<p>') || '</p>' as html,
    -- Which sentences it has.
    mask
  from sentences, generate_series(0, 1999) n
  cross join lateral (
    select string_agg(s[1 + bench.h(n * 10 + j, 40) % 12], case j when 3 then '|' else ' ' end order by j) as text,
      bit_or(1 << bench.h(n * 10 + j, 40) % 12) as mask
    from generate_series(1, 4 + bench.h(n, 41) % 4) j) b;
alter table bench.body add primary key (n);
analyze bench.body;

-- Four comments a ticket: the report, an answer, something from the person or
-- (one in four) a note among agents, and the last word.
create table bench.comment as
  select t.tenant_id, t.id as ticket_id, t.g, c,
    case when c in (1, 3) and not (c = 3 and bench.h(t.g, 50) % 4 = 0) then t.requester_id
      else coalesce(t.assignee_id, bench.id(t.i * 1000000 + 2, 4)) end as author_id,
    c = 3 and bench.h(t.g, 50) % 4 = 0 as is_internal,
    bench.h(t.g * 4 + c, 51) % 2000 as n,
    case c when 1 then t.created_at
      when 2 then t.created_at + bench.h(t.g, 52) % 21600 * interval '1 second'
      when 3 then t.created_at + interval '12 hours' + bench.h(t.g, 53) % 86400 * interval '1 second'
      else t.updated_at end as created_at
  from bench.ticket t, generate_series(1, 4) c
  order by created_at, t.g, c;
analyze bench.comment;
