-- Who sees what, of random data, against an oracle that knows memberships,
-- partners and routing, what was opened by whom and what was handed on, and
-- nothing of ticket_access, principals or policies: for each person at a portal
-- of theirs (staff at the desk) the tickets and comments read directly, the
-- lists page by page, the counts, what is found while typing, single reads.
-- The data are made by the product's own functions. SEED=n draws it again.
set search_path = pgtap, pg_catalog;
set client_min_messages = warning;
-- The signed context answers the same questions, only more slowly: a fifth.
\set tickets `[ "$CONTEXT" = hmac ] && echo 600 || echo 3000`
\set seed `echo ${SEED:-$(($(date +%s) % 100000))}`
select plan(10);
select diag('SEED=' || :'seed') \g /dev/null
select setseed(:seed / 100000.0) \g /dev/null

create schema matrix;
create function matrix.any_of(list anyarray) returns anyelement language sql volatile as
$$ select list[1 + floor(random() * cardinality(list))::int] $$;

-- ---- the data ------------------------------------------------------------------

-- Accounts 28 to 30 are partners; half of the others are looked after by one.
create procedure matrix.fill() language plpgsql as $$
declare
  a int;
  n int;
  role text;
begin
  insert into app.tenants (tenant_id, slug, name) values (60, 'matrix', 'Matrix');
  perform auth.set_context(60, null, null, null, null, 0::smallint, '{}', false);
  insert into app.ticket_counters values (60, 0);
  insert into app.accounts (tenant_id, id, name, is_partner) select 60, i, 'Partner ' || i, true from generate_series(28, 30) i;
  insert into app.accounts (tenant_id, id, name, partner_id, routing)
    select 60, i, 'Account ' || i, p, case when p is not null and random() < 0.6 then 2 else 1 end
    from generate_series(1, 27) i, lateral (select case when random() < 0.5 then 28 + floor(random() * 3 + i * 0)::int end as p) x;
  insert into app.portals (tenant_id, id, name) values (60, 1000, 'Desk');
  insert into app.portals (tenant_id, id, account_id, name) select 60, 1000 + i, i, 'Portal ' || i from generate_series(1, 30) i;
  insert into app.portals (tenant_id, id, account_id, parent_id, name)
    select 60, 2000 + i * 10 + s, i, 1000 + i, 'Sub ' || i from generate_series(1, 27) i, generate_series(1, 2) s where random() < 0.6;
  insert into app.hosts (tenant_id, host, portal_id) select 60, 'p' || id || '.matrix.test', id from app.portals where tenant_id = 60;
  insert into app.people (tenant_id, id, email, name)
    select 60, i, 'person' || i || '@m.example', matrix.any_of('{Ada,Åsa,Bo,Cy,Dee,Élan,佐藤}'::text[]) || ' ' || matrix.any_of('{Abel,Berg,Öst,Dahl}'::text[]) || i
    from generate_series(5001, 5240) i;
  for n in 5001..5240 loop
    -- The first are staff, then partners' staff; some of each are more than that.
    if n <= 5014 then
      insert into app.memberships (tenant_id, person_id, role) values (60, n, case when n <= 5003 then 'tenant_admin' else 'agent' end);
    elsif n <= 5030 then
      insert into app.memberships (tenant_id, person_id, role, account_id) values (60, n, 'partner', 28 + n % 3);
    end if;
    for i in 1..case when n <= 5030 then floor(random() * 2)::int else floor(random() * 2.6)::int end loop
      a := 1 + floor(random() * 27);
      role := matrix.any_of('{member,member,member,main_user,account_admin,portal_admin}'::text[]);
      insert into app.memberships (tenant_id, person_id, role, account_id, portal_id)
        values (60, n, role, a, case when role = 'portal_admin' or role = 'member' and random() < 0.5 then
          (select po.id from app.portals po where po.tenant_id = 60 and po.account_id = a and po.parent_id is not null limit 1) end)
        on conflict do nothing;
    end loop;
  end loop;
  insert into app.support_contacts (tenant_id, account_id, email)
    select 60, id, 'contact' || c || '@a' || id || '.example' from app.accounts, generate_series(1, 2) c where tenant_id = 60 and (c = 1 or random() < 0.5);
  insert into app.confirmations (tenant_id, person_id, portal_id, email)
    select 60, p.id, po.id, p.email from app.people p join app.portals po on po.tenant_id = 60
    where p.tenant_id = 60 and auth.may_enter(p.rank, p.doors, po.account_id, po.id);
  insert into app.sessions (tenant_id, person_id, token_hash, expires_at)
    select 60, id, sha256(convert_to('60/' || id, 'UTF8')), now() + interval '1 day' from app.people where tenant_id = 60;
end $$;

-- What we did, as we know it ourselves.
create table matrix.did (ticket bigint primary key, requester bigint, account bigint, partner_first boolean, handed_on boolean default false);

-- Who may enter where: a portal of an account one belongs to as a whole, or
-- that sub-portal; staff the desk.
create view matrix.ways as
  select m.person_id as person, po.id as portal, po.account_id as account
  from app.memberships m join app.portals po on po.tenant_id = 60
    and (m.account_id is null and po.account_id is null or po.account_id = m.account_id and (m.portal_id is null or m.portal_id = po.id))
  where m.tenant_id = 60 group by 1, 2, 3;

create procedure matrix.as_person(person bigint, portal bigint) language plpgsql as $$
begin
  perform auth.set_context(60, po.id, po.account_id, p.id, null,
      case when po.account_id is null then p.rank else least(p.rank, 1::smallint) end, p.principals, false)
    from app.people p, app.portals po
    where p.tenant_id = 60 and p.id = person and po.tenant_id = 60 and po.id = portal;
end $$;

create procedure matrix.open(how_many int) language plpgsql as $$
declare
  ways matrix.ways[];
  w matrix.ways;
  number bigint;
begin
  ways := array(select v from matrix.ways v where v.account is not null);
  for i in 1..how_many loop
    w := matrix.any_of(ways);
    call matrix.as_person(w.person, w.portal);
    number := (app.open_ticket('Ticket ' || i, 'x', '<p>x</p>', 'matrix-key-' || i)->>'number')::bigint;
    insert into matrix.did select number, w.person, w.account, a.routing = 2 from app.accounts a where a.tenant_id = 60 and a.id = w.account;
    commit; -- and with it the context
  end loop;
end $$;

-- Partners hand on some; staff notes and answers, and sets the status of some.
create procedure matrix.work() language plpgsql as $$
declare
  d matrix.did;
  staff bigint;
  place bigint;
begin
  for d in select * from matrix.did order by ticket loop
    if d.partner_first and random() < 0.3 then
      select m.person_id, 1000 + m.account_id into strict staff, place from app.accounts a
        join app.memberships m on m.tenant_id = 60 and m.account_id = a.partner_id and m.role = 'partner'
        where a.tenant_id = 60 and a.id = d.account order by random() limit 1;
      call matrix.as_person(staff, place);
      perform app.escalate(d.ticket);
      update matrix.did set handed_on = true where ticket = d.ticket;
      d.handed_on := true;
      commit;
    end if;
    if (not d.partner_first or d.handed_on) and random() < 0.4 then
      call matrix.as_person(5001 + floor(random() * 14)::int, 1000);
      perform app.add_comment(d.ticket, random() < 0.5, 'y', '<p>y</p>', 'matrix-note-' || d.ticket, null);
      perform app.change_ticket(d.ticket, jsonb_build_object('status', matrix.any_of('{in_progress,blocked,solved,closed}'::text[])));
      commit;
    end if;
  end loop;
end $$;

call matrix.fill();
call matrix.open(:tickets);
call matrix.work();
analyze app.tickets, app.ticket_access, app.comments, app.people, app.memberships;
select cmp_ok((select count(*) from app.people where tenant_id = 60), '>=', 200::bigint, 'people');
select cmp_ok((select count(*) from matrix.did where partner_first and not handed_on), '>', 10::bigint, 'reports that are their partner''s alone');

-- ---- the oracle ----------------------------------------------------------------

create view matrix.roles as select person_id as person, role, account_id as account from app.memberships where tenant_id = 60;
-- A ticket of one's own, of an account whose main user or administrator one is,
-- or that one's partner looks after.
create function matrix.own(person bigint) returns setof bigint language sql stable as $$
  select d.ticket from matrix.did d join app.accounts a on a.tenant_id = 60 and a.id = d.account
  where d.requester = own.person
    or exists (select from matrix.roles r where r.person = own.person and r.role in ('main_user', 'account_admin') and r.account = d.account)
    or exists (select from matrix.roles r where r.person = own.person and r.role = 'partner' and r.account = a.partner_id) $$;
create function matrix.of_partner(person bigint) returns setof bigint language sql stable as $$
  select d.ticket from matrix.did d join app.accounts a on a.tenant_id = 60 and a.id = d.account
  join matrix.roles r on r.person = of_partner.person and r.role = 'partner' and r.account = a.partner_id $$;
create function matrix.at_desk() returns setof bigint language sql stable as $$
  select d.ticket from matrix.did d where not d.partner_first or d.handed_on $$;
create function matrix.looked_after(person bigint, portal bigint) returns setof bigint language sql stable as $$
  select a.id from app.accounts a where a.tenant_id = 60 and (
    exists (select from matrix.roles r where r.person = looked_after.person and r.role = 'partner' and r.account = a.partner_id)
    or portal = 1000 and exists (select from matrix.roles r where r.person = looked_after.person and r.role = 'tenant_admin')) $$;
create function matrix.known(person bigint, portal bigint) returns setof bigint language sql stable as $$
  select matrix.looked_after(person, portal)
  union select r.account from matrix.roles r where r.person = known.person and r.account is not null
  union select po.account_id from app.portals po where po.tenant_id = 60 and po.id = portal and po.account_id is not null $$;

-- ---- the product ---------------------------------------------------------------

create table matrix.statements (name text primary key, text text);
\set list `awk -f lib/query.awk ../../sql/queries/tickets/list.sql | cut -f6`
\set filtered `awk -f lib/query.awk ../../sql/queries/tickets/list_filtered.sql | cut -f6`
\set queue `awk -f lib/query.awk ../../sql/queries/tickets/queue.sql | cut -f6`
\set inbox `awk -f lib/query.awk ../../sql/queries/accounts/inbox.sql | cut -f6`
\set accounts `awk -f lib/query.awk ../../sql/queries/accounts/list.sql | cut -f6`
\set account `awk -f lib/query.awk ../../sql/queries/accounts/get.sql | cut -f6`
\set ticket `awk -f lib/query.awk ../../sql/queries/tickets/get.sql | cut -f6`
insert into matrix.statements values ('list', :'list'), ('filtered', :'filtered'), ('queue', :'queue'), ('inbox', :'inbox'),
  ('accounts', :'accounts'), ('account', :'account'), ('ticket', :'ticket');

-- All pages of a list, by its own cursor: the numbers, in the list's order.
create function matrix.pages(statement text, what text, group_name text default null) returns bigint[] language plpgsql as $$
declare
  page json;
  after text;
  all_of bigint[] := '{}';
begin
  loop
    case what
      when 'list', 'queue' then execute statement into page using after, 100;
      when 'filtered' then execute statement into page using group_name, null::text, after, 100;
      when 'inbox' then execute statement into page using null::text, null::bigint, after, 100;
      when 'accounts' then execute statement into page using null::text, after, 7;
    end case;
    all_of := all_of || array(select coalesce(i->>'number', i->>'id')::bigint from json_array_elements(page->'items') i);
    after := page->>'next';
    exit when after is null or cardinality(all_of) > 10000;
  end loop;
  return all_of;
end $$;

create table matrix.wrong (person bigint, portal bigint, what text, missing bigint[], extra bigint[]);
create table matrix.tried (person bigint, portal bigint, what text, n int);
create function matrix.compare(w matrix.ways, what text, got bigint[], wanted bigint[]) returns void language plpgsql as $$
begin
  insert into matrix.tried values (w.person, w.portal, what, cardinality(wanted));
  if (select array_agg(g order by g) from unnest(got) g) is distinct from (select array_agg(g order by g) from unnest(wanted) g) then
    insert into matrix.wrong values (w.person, w.portal, what,
      array(select unnest(wanted) except select unnest(got) order by 1 limit 5), array(select unnest(got) except all select unnest(wanted) order by 1 limit 5));
  end if;
end $$;

create type matrix.seen as (tickets bigint[], public_comments bigint[], notes bigint[], list bigint[], open bigint[], queue bigint[], inbox bigint[],
  accounts bigint[], open_counts bigint[], known bigint[], portals bigint[], contacts bigint[], found bigint[], read_tickets bigint[], read_accounts bigint[], home bigint[]);
-- What the product shows to one person at one portal, as the workers' role.
create function matrix.look(w matrix.ways, tries bigint[]) returns matrix.seen language plpgsql as $$
declare
  q jsonb := (select jsonb_object_agg(s.name, s.text) from matrix.statements s);
  desk boolean := w.account is null;
  s matrix.seen;
  boss text := session_user;
  j json;
  i bigint;
begin
  perform set_config('session_authorization', 'sportello_api', true);
  perform auth.enter('p' || w.portal || '.matrix.test', convert_to('60/' || w.person, 'UTF8'), 1::smallint, true);
  select array_agg(id) into s.tickets from app.tickets;
  select array_agg(ticket_id) filter (where not is_internal), array_agg(ticket_id) filter (where is_internal) into s.public_comments, s.notes from app.comments;
  s.list := matrix.pages(q->>'list', 'list');
  s.open := matrix.pages(q->>'filtered', 'filtered', 'open');
  s.inbox := matrix.pages(q->>'inbox', 'inbox');
  if desk then
    s.queue := matrix.pages(q->>'queue', 'queue');
  end if;
  s.accounts := matrix.pages(q->>'accounts', 'accounts');
  execute q->>'accounts' into j using null::text, null::text, 50;
  s.open_counts := array(select (e->>'id')::bigint * 1000 + (e->>'open')::bigint from json_array_elements(j->'items') e);
  select array_agg(id) into s.known from app.accounts;
  select array_agg(id) into s.portals from app.portals;
  select array_agg(account_id) into s.contacts from app.support_contacts;
  begin
    s.found := array(select (e->>'id')::bigint from json_array_elements(app.find_contacts('o', null, null)->'items') e);
  exception when others then
    s.found := '{-1}';
  end;
  foreach i in array tries loop
    execute q->>'ticket' into j using i;
    if j is not null then s.read_tickets := s.read_tickets || i; end if;
    execute q->>'account' into j using 1 + i % 30;
    if j is not null then s.read_accounts := s.read_accounts || (1 + i % 30); end if;
  end loop;
  perform set_config('session_authorization', boss, true);
  return s;
end $$;

create procedure matrix.run() language plpgsql as $$
declare
  all_ways matrix.ways[];
  w matrix.ways;
  s matrix.seen;
  tries bigint[];
  own bigint[];
  desk bigint[];
  seen bigint[];
  near bigint[];
  is_staff boolean;
  most bigint := (select max(t.id) from app.tickets t where t.tenant_id = 60);
begin
  -- The desk for all of the staff, and one portal for everybody.
  all_ways := array(select v from matrix.ways v where v.account is null)
    || array(select distinct on (v.person) v from matrix.ways v where v.account is not null order by v.person, random());
  foreach w in array all_ways loop
    is_staff := w.account is null;
    tries := array(select 1 + floor(random() * most)::bigint from generate_series(1, 8));
    s := matrix.look(w, tries);
    commit;
    own := array(select matrix.own(w.person));
    desk := array(select matrix.at_desk() where is_staff);
    seen := array(select unnest(own) union select unnest(desk));
    near := array(select matrix.looked_after(w.person, w.portal));
    perform matrix.compare(w, 'tickets', s.tickets, seen);
    perform matrix.compare(w, 'replies', s.public_comments, array(select c.ticket_id from app.comments c where c.tenant_id = 60 and not c.is_internal and c.ticket_id = any (seen)));
    perform matrix.compare(w, 'notes', s.notes, array(select c.ticket_id from app.comments c where c.tenant_id = 60 and c.is_internal and is_staff and c.ticket_id = any (seen)));
    perform matrix.compare(w, 'list', s.list, own);
    perform matrix.compare(w, 'open ones', s.open, array(select t.id from app.tickets t where t.tenant_id = 60 and t.id = any (own) and t.status <= 2));
    perform matrix.compare(w, 'inbox', s.inbox, array(select matrix.of_partner(w.person)));
    perform matrix.compare(w, 'queue', s.queue, desk);
    perform matrix.compare(w, 'accounts', s.accounts, near);
    perform matrix.compare(w, 'counts', s.open_counts, array(select a * 1000 + least(100, (select count(*) from app.tickets t
      where t.tenant_id = 60 and t.account_id = a and t.id = any (seen) and t.status <= 4)) from unnest(near) a));
    perform matrix.compare(w, 'accounts, directly', s.known, array(select matrix.known(w.person, w.portal)));
    perform matrix.compare(w, 'portals', s.portals, array(select po.id from app.portals po where po.tenant_id = 60
      and (po.id = w.portal or po.account_id in (select r.account from matrix.roles r where r.person = w.person) or po.account_id = any (near)
        or is_staff and exists (select from matrix.roles r where r.person = w.person and r.role = 'tenant_admin'))));
    perform matrix.compare(w, 'contacts', s.contacts, array(select c.account_id from app.support_contacts c where c.tenant_id = 60
      and (c.account_id in (select r.account from matrix.roles r where r.person = w.person) or c.account_id = any (near)
        or is_staff and exists (select from matrix.roles r where r.person = w.person and r.role = 'tenant_admin'))));
    -- 'o' begins Öst: of the partner one is at, or for tenant_admins of all, the first eight.
    perform matrix.compare(w, 'found', s.found, case
      when exists (select from matrix.roles r where r.person = w.person and r.role = 'partner' and r.account = w.account)
        or is_staff and exists (select from matrix.roles r where r.person = w.person and r.role = 'tenant_admin') then
        array(select p.id from app.people p where p.tenant_id = 60 and p.name like '% Öst%'
          and exists (select from matrix.roles r where r.person = p.id and r.role = 'partner' and r.account = coalesce(w.account, r.account))
          order by p.name, p.id limit 8)
      else '{-1}' end);
    perform matrix.compare(w, 'one ticket', s.read_tickets, array(select t from unnest(tries) t where t = any (seen)));
    perform matrix.compare(w, 'one account', s.read_accounts, array(select 1 + t % 30 from unnest(tries) t where 1 + t % 30 = any (near)));
    if s.list <> array(select t.id from app.tickets t where t.tenant_id = 60 and t.id = any (s.list) order by t.updated_at desc, t.id desc) then
      insert into matrix.wrong values (w.person, w.portal, 'order of the list', '{}', '{}');
    end if;
    commit;
  end loop;
end $$;
-- Some of it runs as whoever it looks for.
grant usage on schema matrix to public;
grant execute on function matrix.pages(text, text, text) to public;
call matrix.run();

select cmp_ok((select count(distinct person) from matrix.tried), '>=', 120::bigint, 'people were tried who may enter somewhere');
select set_eq('select distinct r.role from matrix.tried t join matrix.roles r using (person)',
  '{tenant_admin,agent,partner,account_admin,portal_admin,main_user,member}'::text[], 'of every role');
select cmp_ok((select count(distinct what) from matrix.tried where n > 0), '>=', 15::bigint, 'each look shows somebody something');
select cmp_ok((select count(*) from matrix.tried where what = 'tickets' and n between 1 and 2999), '>', 100::bigint, 'most see a part');
select is((select count(*) from matrix.tried where what = 'queue' and n > 0), 14::bigint, 'all of the staff have a queue');
select is((select string_agg(format('%s at %s: %s, missing %s, extra %s', person, portal, what, missing, extra), E'\n') from (select * from matrix.wrong limit 8) x),
  null, 'nobody sees more or less than the oracle says');
-- Can it fail? One row of access too many, one too few.

create function matrix.notices(change text) returns boolean language plpgsql as $$
declare
  w matrix.ways := (select v from matrix.ways v where v.person = (select requester from matrix.did order by ticket limit 1) and v.account is not null limit 1);
  s matrix.seen;
begin
  execute change using w.person;
  s := matrix.look(w, '{1}');
  return (select array_agg(t order by t) from unnest(s.tickets) t) is distinct from (select array_agg(t order by t) from matrix.own(w.person) t);
end $$;
begin;
select ok(matrix.notices('delete from app.ticket_access where tenant_id = 60 and ticket_id = 1'), 'a row of access too few is noticed');
rollback;
begin;
select ok(matrix.notices('insert into app.ticket_access (tenant_id, ticket_id, principal, updated_at)
  select 60, d.ticket, app.principal($1, 0), now() from matrix.did d where d.ticket not in (select matrix.own($1)) limit 1'), 'and one too many');
rollback;
select * from finish();
drop schema matrix cascade;
