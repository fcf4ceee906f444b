-- A tenant of random people, accounts and tickets for matrix.sql, made by the
-- product's own functions, and what we remember of it ourselves: who opened
-- what, who was added, who left. Wants :tickets and a seed.
create schema matrix;
create function matrix.any_of(list anyarray) returns anyelement language sql volatile as
$$ select list[1 + floor(random() * cardinality(list))::int] $$;

-- What we did. A person is inside who opened a ticket or was added to it.
create table matrix.did (ticket bigint primary key, requester bigint, account bigint, portal bigint,
  partner_first boolean, everybody boolean, handed_on boolean default false);
create table matrix.inside (ticket bigint, person bigint, primary key (ticket, person));
create index on matrix.inside (person);
-- Who said that they want its mail, or was added. Whoever opened it does anyway.
create table matrix.follows (ticket bigint, person bigint, primary key (ticket, person));

-- Everybody who sees a ticket, in words of the specification, and on whose side.
create function matrix.readers(d matrix.did) returns table (person bigint, side text) language sql stable as $$
  select m.person_id, case when bool_or(m.account_id = d.account) then 'account'
      when bool_or(m.role = 'partner' and m.account_id = a.partner_id) then 'partner' else 'desk' end
  from app.memberships m join app.accounts a on a.tenant_id = 60 and a.id = d.account
  where m.tenant_id = 60
  group by m.person_id
  having bool_or(m.account_id = d.account and (d.everybody or m.role in ('main_user', 'account_admin'))
    or m.role = 'partner' and m.account_id = a.partner_id
    or m.account_id is null and (not d.partner_first or d.handed_on)
    or exists (select from matrix.inside i where i.ticket = d.ticket and i.person = m.person_id)) $$;
-- Whoever sees it no more follows it no more.
create procedure matrix.forget(d matrix.did) language sql as $$
  delete from matrix.follows f where f.ticket = d.ticket and f.person not in (select r.person from matrix.readers(d) r) $$;

create procedure matrix.in_tenant() language plpgsql as
$$ begin perform auth.set_context(60, null, null, null, null, 0::smallint, '{}', false); end $$;

-- Accounts 28 to 30 are partners; half of the others are looked after by one.
-- The desk is portal 1000, an account's top one 1000 and its number; below it are
-- none, one or two, and below the first one perhaps another.
create procedure matrix.fill_places() language plpgsql as $$
begin
  insert into app.tenants (tenant_id, slug, name) values (60, 'matrix', 'Matrix');
  call matrix.in_tenant();
  insert into app.ticket_counters values (60, 0);
  insert into app.accounts (tenant_id, id, name, is_partner) select 60, i, 'Partner ' || i, true from generate_series(28, 30) i;
  insert into app.accounts (tenant_id, id, name, partner_id, routing, by_partner)
    select 60, i, 'Account ' || i, p, case when p is not null and random() < 0.6 then 2 else 1 end, p is not null and random() < 0.5
    from generate_series(1, 27) i, lateral (select case when random() < 0.5 then 28 + floor(random() * 3 + i * 0)::int end as p) x;
  insert into app.portals (tenant_id, id, name) values (60, 1000, 'Desk');
  insert into app.portals (tenant_id, id, account_id, name) select 60, 1000 + i, i, 'Portal ' || i from generate_series(1, 30) i;
  insert into app.portals (tenant_id, id, account_id, parent_id, name)
    select 60, 2000 + i * 10 + s, i, 1000 + i, 'Sub ' || i from generate_series(1, 27) i, generate_series(1, 2) s where random() < 0.7;
  insert into app.portals (tenant_id, id, account_id, parent_id, name)
    select 60, po.id + 4, po.account_id, po.id, 'Below ' || po.account_id from app.portals po
    where po.tenant_id = 60 and po.id % 10 = 1 and po.parent_id is not null and random() < 0.4;
  -- Each has a host of the customer's own too, without tickets.
  insert into app.hosts (tenant_id, host, portal_id) select 60, 'p' || id || '.matrix.test', id from app.portals where tenant_id = 60;
  insert into app.hosts (tenant_id, host, portal_id, is_canonical, has_tickets)
    select 60, 'p' || id || '.own.test', id, false, false from app.portals where tenant_id = 60 and account_id is not null;
  insert into app.host_claims (tenant_id, account_id, portal_id, host)
    select 60, account_id, id, 'c' || id || '.own.test' from app.portals where tenant_id = 60;
  insert into app.support_contacts (tenant_id, account_id, email)
    select 60, id, 'contact' || c || '@a' || id || '.example' from app.accounts, generate_series(1, 2) c where tenant_id = 60 and (c = 1 or random() < 0.5);
  -- Something is set for the tenant, for each account and for each portal.
  insert into app.settings (tenant_id, scope, account_id, portal_id, name, value)
    select 60, s.scope, s.account, s.portal, 'customer_idle_minutes', '20000' from (
      select 0, null::bigint, null::bigint union all select id * 2, id, null from app.accounts where tenant_id = 60
      union all select id * 2 + 1, null, id from app.portals where tenant_id = 60) s (scope, account, portal);
  insert into app.looks (tenant_id, scope, account_id, portal_id, round)
    select 60, s.scope, s.account_id, s.portal_id, 2 from app.settings s where s.tenant_id = 60;
  -- In a few accounts everybody sees what is opened.
  insert into app.settings (tenant_id, scope, account_id, name, value) select 60, id * 2, id, 'share_new_tickets', 'yes'
    from app.accounts where tenant_id = 60 and id % 7 = 0;
  insert into app.providers (tenant_id, account_id, name, issuer, client_id, parts, keys, domains)
    select 60, a, 'Provider', 'https://id.example', 'x', '{}', '{}', coalesce('a' || a || '.example', '')
    from (select null::bigint union all select id from app.accounts where tenant_id = 60 and id % 3 = 0) x (a);
end $$;

-- The first are staff, then partners' staff; some of each are more than that.
create procedure matrix.fill_people() language plpgsql as $$
declare
  a int;
  n int;
  role text;
begin
  call matrix.in_tenant();
  insert into app.people (tenant_id, id, email, name)
    select 60, i, 'person' || i || '@m.example', matrix.any_of('{Ada,Åsa,Bo,Cy,Dee,Élan,佐藤}'::text[]) || ' ' || matrix.any_of('{Abel,Berg,Öst,Dahl}'::text[]) || i
    from generate_series(5001, 5240) i;
  for n in 5001..5240 loop
    if n <= 5014 then
      insert into app.memberships (tenant_id, person_id, role) values (60, n, case when n <= 5003 then 'tenant_admin' else 'agent' end);
    elsif n <= 5030 then
      insert into app.memberships (tenant_id, person_id, role, account_id) values (60, n, 'partner', 28 + n % 3);
    end if;
    for i in 1..case when n <= 5003 then 2 when n <= 5030 then floor(random() * 2)::int else floor(random() * 2.6)::int end loop
      a := 1 + floor(random() * 27);
      role := matrix.any_of('{member,member,member,main_user,account_admin,portal_admin}'::text[]);
      insert into app.memberships (tenant_id, person_id, role, account_id, portal_id)
        select 60, n, case when role = 'portal_admin' and below.id is null then 'member' else role end, a,
          case when role = 'portal_admin' or role = 'member' and random() < 0.5 then below.id end
        from (select (select po.id from app.portals po where po.tenant_id = 60 and po.account_id = a and po.parent_id is not null
          order by random() limit 1)) below (id)
        on conflict do nothing;
    end loop;
  end loop;
  -- Three who see all of an account, whatever is drawn: they stay, and no field is hidden from them there.
  insert into app.people (tenant_id, id, email, name) select 60, 5240 + 5 * i, 'person' || 5240 + 5 * i || '@m.example', 'Ida Stays' || i from generate_series(1, 3) i;
  insert into app.memberships (tenant_id, person_id, role, account_id) select 60, 5240 + 5 * i, 'main_user', i from generate_series(1, 3) i;
  insert into app.named_contacts (tenant_id, account_id, kind, person_id)
    select distinct 60, 1 + i % 27, 'key_account', 5001 + floor(random() * 14)::int from generate_series(1, 40) i;
  insert into app.confirmations (tenant_id, person_id, portal_id, email)
    select 60, p.id, po.id, p.email from app.people p join app.portals po on po.tenant_id = 60
    where p.tenant_id = 60 and auth.may_enter(p.rank, p.doors, po.account_id, po.id);
  insert into app.sessions (tenant_id, person_id, token_hash, expires_at)
    select 60, id, sha256(convert_to('60/' || id, 'UTF8')), now() + interval '1 day' from app.people where tenant_id = 60;
  insert into app.invitations (tenant_id, email, role, account_id, portal_id, invited_by, expires_at)
    select distinct on (m.id) 60, 'invited' || m.id || '@m.example', case when m.account_id is null then 'agent' else 'member' end,
      m.account_id, po.id, m.person_id, now() + interval '9 days'
    from app.memberships m join app.portals po on po.tenant_id = 60 and po.account_id is not distinct from m.account_id and po.parent_id is null
    where m.tenant_id = 60 and m.id % 3 = 0;
  insert into app.email_changes (tenant_id, person_id, account_id, portal_id, old_email, new_email, asked_by)
    select 60, m.person_id, min(m.account_id), 1000 + min(m.account_id), 'old@m.example', 'new@m.example', m.person_id
    from app.memberships m where m.tenant_id = 60 and m.account_id is not null and m.person_id % 4 = 0 group by m.person_id;
end $$;

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

-- Two whom somebody may add to an account's tickets: its people, and, of what is
-- at the desk, staff named to it.
create function matrix.colleagues(account bigint, at_desk boolean, but bigint) returns bigint[] language sql volatile as $$
  select array(select c.person_id from (
    select m.person_id from app.memberships m where m.tenant_id = 60 and m.account_id = colleagues.account and m.person_id > 5014
    union select n.person_id from app.named_contacts n
      where n.tenant_id = 60 and n.account_id = colleagues.account and colleagues.at_desk) c
    where c.person_id <> but order by random() limit 2) $$;
create function matrix.addresses(people bigint[]) returns jsonb language sql as $$
  select coalesce(jsonb_agg('person' || p || '@m.example'), '[]') from unnest(people) p $$;

create procedure matrix.open(how_many int) language plpgsql as $$
declare
  ways matrix.ways[];
  w matrix.ways;
  a app.accounts;
  cc bigint[];
  number bigint;
begin
  ways := array(select v from matrix.ways v where v.account is not null);
  for i in 1..how_many loop
    w := matrix.any_of(ways);
    select x.* into a from app.accounts x where x.tenant_id = 60 and x.id = w.account;
    cc := case when random() < 0.2 then matrix.colleagues(w.account, a.routing = 1, w.person) else '{}' end;
    call matrix.as_person(w.person, w.portal);
    number := (app.open_ticket('Ticket ' || i, 'x', '<p>x</p>', 'matrix-key-' || i,
      case when cc <> '{}' then matrix.addresses(cc) end)->>'number')::bigint;
    insert into matrix.did select number, w.person, w.account, w.portal, a.routing = 2, w.account % 7 = 0;
    insert into matrix.inside select number, p from unnest(cc || w.person) p;
    insert into matrix.follows select number, p from unnest(cc) p;
    commit; -- and with it the context
  end loop;
end $$;

-- Partners hand on some; who opened them adds and removes people; staff notes
-- and answers, and sets the status of some.
create procedure matrix.work() language plpgsql as $$
declare
  d matrix.did;
  staff record;
  who record;
  cc bigint[];
begin
  for d in select * from matrix.did order by ticket loop
    if d.partner_first and random() < 0.3 then
      select m.person_id as person, 1000 + m.account_id as portal into strict staff from app.accounts a
        join app.memberships m on m.tenant_id = 60 and m.account_id = a.partner_id and m.role = 'partner'
        where a.tenant_id = 60 and a.id = d.account order by random() limit 1;
      call matrix.as_person(staff.person, staff.portal);
      perform app.escalate(d.ticket);
      update matrix.did set handed_on = true where ticket = d.ticket;
      d.handed_on := true;
      commit;
    end if;
    if random() < 0.05 then
      call matrix.as_person(d.requester, d.portal);
      cc := matrix.colleagues(d.account, not d.partner_first or d.handed_on, d.requester);
      perform app.share_ticket(d.ticket, matrix.addresses(cc));
      insert into matrix.follows select d.ticket, p from unnest(cc) p
        where not exists (select from matrix.inside i where i.ticket = d.ticket and i.person = p) on conflict do nothing;
      insert into matrix.inside select d.ticket, p from unnest(cc) p on conflict do nothing;
      if random() < 0.5 and cc <> '{}' then
        perform app.unshare_ticket(d.ticket, cc[1]);
        delete from matrix.inside where ticket = d.ticket and person = cc[1];
        call matrix.forget(d);
      end if;
      commit;
    end if;
    -- Some of its readers follow it; it is shown to all of the account, or no more.
    if random() < 0.05 then
      -- Staff is that at the desk.
      select r.person, v.portal into who from (select x.person from matrix.readers(d) x order by random() limit 1) r
        join matrix.ways v using (person) order by v.account is null desc, random() limit 1;
      call matrix.as_person(who.person, who.portal);
      if random() < 0.7 then
        perform app.follow(d.ticket, matrix.any_of('{all,replies}'::text[]));
        insert into matrix.follows values (d.ticket, who.person) on conflict do nothing;
      else
        perform app.unshare_account(d.ticket, d.account);
        update matrix.did set everybody = false where ticket = d.ticket;
        d.everybody := false;
        call matrix.forget(d);
      end if;
      commit;
    end if;
    if random() < 0.05 then
      call matrix.as_person(d.requester, d.portal);
      perform app.share_with_account(d.ticket, d.account);
      update matrix.did set everybody = true where ticket = d.ticket;
      d.everybody := true;
      commit;
    end if;
    if (not d.partner_first or d.handed_on) and random() < 0.3 then
      call matrix.as_person(5001 + floor(random() * 14)::int, 1000);
      perform app.add_comment(d.ticket, random() < 0.5, 'y', '<p>y</p>', 'matrix-note-' || d.ticket, null);
      perform app.change_ticket(d.ticket, jsonb_build_object('status', matrix.any_of('{in_progress,blocked,solved,closed}'::text[])));
      commit;
    end if;
  end loop;
end $$;

-- Then people come, go, move and become something else. Whoever belongs to an
-- account no more, and is not of the staff, loses what they were in there; who
-- comes back has what they opened, and nothing that others had shown them.
create procedure matrix.settle(who bigint) language plpgsql as $$
begin
  delete from matrix.inside i using matrix.did d where i.person = who and d.ticket = i.ticket
    and not exists (select from app.memberships m where m.tenant_id = 60 and m.person_id = who and (m.account_id is null or m.account_id = d.account));
  insert into matrix.inside select d.ticket, who from matrix.did d where d.requester = who
    and exists (select from app.memberships m where m.tenant_id = 60 and m.person_id = who and m.account_id = d.account) on conflict do nothing;
  delete from matrix.follows f using matrix.did d where f.person = who and d.ticket = f.ticket
    and not exists (select from matrix.readers(d) r where r.person = who);
  commit;
  call matrix.in_tenant();
end $$;
create procedure matrix.move(how_many int) language plpgsql as $$
declare
  m app.memberships;
  n int := 0;
begin
  call matrix.in_tenant();
  for m in select * from app.memberships where tenant_id = 60 and account_id <= 27 and person_id <= 5240 order by random() limit how_many loop
    n := n + 1;
    if n % 5 < 2 or n % 5 = 2 and exists (select from app.memberships x where x.tenant_id = 60 and x.person_id = m.person_id and x.account_id = 1 + m.account_id % 27) then
      delete from app.memberships where tenant_id = 60 and id = m.id;
      call matrix.settle(m.person_id);
      if n % 5 = 1 then
        insert into app.memberships (tenant_id, person_id, role, account_id) values (60, m.person_id, 'member', m.account_id) on conflict do nothing;
      end if;
    elsif n % 5 = 2 then
      update app.memberships set account_id = 1 + m.account_id % 27, portal_id = null, role = 'member' where tenant_id = 60 and id = m.id;
    elsif n % 5 = 3 then
      insert into app.memberships (tenant_id, person_id, role, account_id) values (60, m.person_id, 'main_user', 1 + m.account_id % 27) on conflict do nothing;
    else
      update app.memberships set role = 'account_admin', portal_id = null where tenant_id = 60 and id = m.id
        and not exists (select from app.memberships x where x.tenant_id = 60 and x.person_id = m.person_id and x.account_id = m.account_id and x.role = 'account_admin');
    end if;
    call matrix.settle(m.person_id);
  end loop;
  -- One of the staff leaves, one comes; two of a partner's leave, one for another one.
  delete from app.memberships where tenant_id = 60 and (person_id = 5014 and account_id is null or person_id = 5029 and role = 'partner');
  update app.memberships set account_id = 28 + (account_id - 27) % 3 where tenant_id = 60 and person_id = 5030 and role = 'partner';
  insert into app.memberships (tenant_id, person_id, role) values (60, 5100, 'agent');
  for n in select unnest('{5014,5029,5030,5100}'::int[]) loop
    call matrix.settle(n);
  end loop;
  commit;
end $$;

-- Support access: everything, the top-level portal, a sub-portal; one that has
-- ended. Each with the session of an agent, 5005 to 5008.
create table matrix.granted (id bigint, account bigint, portals bigint[], live boolean, agent bigint);
create procedure matrix.let_in() language plpgsql as $$
declare
  a record;
  scope text;
  g bigint;
begin
  for a in select m.account_id as account, min(m.person_id) as admin, row_number() over (order by m.account_id) as n,
        (select min(po.id) from app.portals po where po.tenant_id = 60 and po.account_id = m.account_id and po.parent_id is not null) as below
      from app.memberships m where m.tenant_id = 60 and m.role = 'account_admin' group by m.account_id order by 1 limit 9 loop
    scope := (array['all', 'top', coalesce(a.below::text, 'top'), 'all'])[1 + a.n % 4];
    call matrix.as_person(a.admin, 1000 + a.account);
    g := (app.open_grant(scope, to_char(now() + interval '1 day', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), 'x', null, 'matrix-grant-' || a.n)->>'id')::bigint;
    if a.n % 4 = 3 then
      perform app.end_grant(g);
    end if;
    commit;
    insert into matrix.granted values (g, a.account, case scope when 'all' then array(select po.id from app.portals po where po.tenant_id = 60 and po.account_id = a.account)
      when 'top' then array[1000 + a.account] else array[scope::bigint] end, a.n % 4 <> 3, 5005 + a.n % 4);
    insert into app.sessions (tenant_id, person_id, token_hash, expires_at, grant_id)
      values (60, 5005 + a.n % 4, sha256(convert_to('60/grant/' || g, 'UTF8')), now() + interval '1 hour', g);
  end loop;
  -- And agents ask for more of it.
  for a in select d.ticket, 5005 + d.ticket % 4 as agent from matrix.did d join app.tickets t on t.tenant_id = 60 and t.id = d.ticket
      where (not d.partner_first or d.handed_on) and t.status <= 4 order by d.ticket limit 20 loop
    call matrix.as_person(a.agent, 1000);
    perform app.ask_access(a.ticket, 'top', 'x', 1, 'matrix-ask-' || a.ticket);
    commit;
  end loop;
end $$;

call matrix.fill_places();
call matrix.fill_people();
call matrix.open(:tickets);
call matrix.work();
call matrix.move(60);
call matrix.let_in();
analyze;
