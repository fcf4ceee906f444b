-- Who sees what, said once more for matrix.sql, in words of the specification:
-- of memberships, partners, routing, what was opened by whom and shown to whom.
-- Nothing here knows ticket_access, principals or a policy.

-- One look: a person at a portal; at a host of the customer's own, where no
-- tickets are; or an agent as support, under a grant.
create type matrix.way as (person bigint, portal bigint, account bigint, host text, token text, support bigint);
create type matrix.answer as (what text, rows text[]);

-- What somebody is. What follows from roles does not hold for support, which is
-- an agent who reads: open is what the grant opens.
create type matrix.person as (me bigint, here bigint, portal bigint, staff boolean, boss boolean, no_tickets boolean, support bigint,
  belongs bigint[], main bigint[], admin bigint[], admin_portals bigint[], staffed bigint[], cared bigint[], open bigint[], open_accounts bigint[], near bigint[],
  readable bigint[], own bigint[], seen bigint[]);
-- What is with the tenant.
create function matrix.at_desk() returns bigint[] language sql stable as $$
  select array(select d.ticket from matrix.did d where not d.partner_first or d.handed_on) $$;

create function matrix.person(w matrix.way) returns matrix.person language plpgsql as $$
declare
  p matrix.person;
begin
  p.me := w.person;
  p.here := w.account;
  p.portal := w.portal;
  p.support := w.support;
  p.no_tickets := w.host like '%.own.test' or w.support is not null;
  p.staff := w.account is null;
  p.boss := p.staff and exists (select from app.memberships m where m.tenant_id = 60 and m.person_id = w.person and m.role = 'tenant_admin');
  select coalesce(array_agg(distinct m.account_id), '{}'),
      coalesce(array_agg(distinct m.account_id) filter (where m.role in ('main_user', 'account_admin')), '{}'),
      coalesce(array_agg(m.account_id) filter (where m.role = 'account_admin'), '{}'),
      coalesce(array_agg(m.account_id) filter (where m.role = 'partner'), '{}')
    into p.belongs, p.main, p.admin, p.staffed
    from app.memberships m where m.tenant_id = 60 and m.person_id = w.person and m.account_id is not null and w.support is null;
  p.admin_portals := array(select po.id from app.portals po where po.tenant_id = 60 and (po.account_id = any (p.admin)
    or w.support is null and exists (select from app.memberships m
      where m.tenant_id = 60 and m.person_id = w.person and m.role = 'portal_admin' and m.portal_id = po.id)));
  p.cared := array(select a.id from app.accounts a where a.tenant_id = 60 and a.partner_id = any (p.staffed));
  p.open := coalesce((select g.portals from matrix.granted g where g.id = w.support), '{}');
  -- What is the account's as a whole is read where the top-level portal is.
  p.open_accounts := case when 1000 + w.account = any (p.open) then array[w.account] else '{}' end;
  -- Whose accounts one looks after, and the portals here that one administers,
  -- or that were opened.
  p.near := array(select a.id from app.accounts a where a.tenant_id = 60 and (p.boss or a.id = any (p.cared)));
  p.readable := array(select po.id from app.portals po where po.tenant_id = 60 and po.account_id = p.here and po.id = any (p.admin_portals || p.open));
  -- The tickets one is in, or one's account or partner shows one; the desk's.
  p.own := array(select d.ticket from matrix.did d where not p.no_tickets and (d.account = any (p.main || p.cared)
    or d.everybody and d.account = any (p.belongs)
    or d.ticket in (select i.ticket from matrix.inside i where i.person = p.me)));
  p.seen := array(select unnest(p.own) union select unnest(matrix.at_desk()) where p.staff);
  return p;
end $$;

-- Does a ticket say that, to staff or to others?
create function matrix.says(ticket bigint, staff boolean, what text) returns boolean language sql stable as $$
  select exists (select from app.comments c where c.tenant_id = 60 and c.ticket_id = ticket and (staff or not c.is_internal) and position(what in c.html) > 0) $$;

create function matrix.matching(p matrix.person, account bigint, at_desk boolean) returns text[] language sql stable as $$
  select array(select x.id::text from app.people x where x.tenant_id = 60 and x.name like '% Öst%' and x.id <> p.me
      and exists (select from app.memberships m where m.tenant_id = 60 and m.person_id = x.id and (m.account_id = matching.account
        or m.account_id is null and exists (select from app.named_contacts n
          where n.tenant_id = 60 and n.account_id = matching.account and n.person_id = x.id) and matching.at_desk))
    order by x.name, x.id limit 8) $$;
create view matrix.partners_staff as select person_id as person, account_id as account from app.memberships where tenant_id = 60 and role = 'partner';
-- Staff of a partner (null: of any) whom the people field of contacts finds.
create function matrix.partners_people(partner bigint) returns text[] language sql stable as $$
  select array(select p.id::text from app.people p where p.tenant_id = 60 and p.name like '% Öst%' and exists (select from matrix.partners_staff r
      where r.person = p.id and r.account = coalesce(partner, r.account)) order by p.name, p.id limit 8) $$;

-- What each table must show to somebody.
create function matrix.wanted_tables(p matrix.person) returns setof matrix.answer language plpgsql as $$
declare
  seen bigint[] := p.seen;
  near bigint[] := p.near;
  mine bigint[] := case when p.no_tickets then '{}' else p.belongs end;
begin
  return query values
    ('tickets', seen::text[]),
    ('replies', array(select c.id::text from app.comments c where c.tenant_id = 60 and not c.is_internal and c.ticket_id = any (seen))),
    ('notes', array(select c.id::text from app.comments c where c.tenant_id = 60 and c.is_internal and p.staff and c.ticket_id = any (seen))),
    ('files', array(select f.id::text from app.files f where f.tenant_id = 60 and f.ticket_id = any (seen) and (p.staff or not f.is_internal))),
    ('accounts', array(select x.id::text from app.accounts x where x.tenant_id = 60 and (x.id = any (near || mine) or x.id = p.here))),
    ('portals', array(select po.id::text from app.portals po where po.tenant_id = 60
      and (po.id = p.portal or po.account_id = any (near || mine) or po.id = any (p.open) or p.boss))),
    ('hosts', array(select h.host from app.hosts h join app.portals po on po.tenant_id = 60 and po.id = h.portal_id where h.tenant_id = 60
      and (po.id = p.portal or po.account_id = any (near) or po.id = any (p.open) or p.boss))),
    ('memberships', array(select m.id::text from app.memberships m where m.tenant_id = 60 and (m.person_id = p.me or m.account_id = any (p.admin)
      or m.portal_id = any (p.admin_portals || p.open) or m.portal_id is null and m.account_id = any (p.open_accounts) or p.boss and m.account_id is null))),
    ('people', array(select x.id::text from app.people x where x.tenant_id = 60 and (x.id = p.me or exists (select from app.memberships m
      where m.tenant_id = 60 and m.person_id = x.id and (m.account_id is null and p.staff or m.account_id = any (p.admin)
        or m.portal_id = any (p.admin_portals || p.open) or m.portal_id is null and m.account_id = any (p.open_accounts)))))),
    ('support contacts', array(select c.email from app.support_contacts c where c.tenant_id = 60
      and (c.account_id = any (near || mine || p.admin || p.open_accounts) or p.boss))),
    ('invitations', array(select i.id::text from app.invitations i where i.tenant_id = 60
      and (i.invited_by = p.me or i.account_id = any (p.admin) or i.account_id is null and p.boss))),
    ('moved logins', array(select c.id::text from app.email_changes c where c.tenant_id = 60 and (c.person_id = p.me or c.account_id = any (p.admin)))),
    ('confirmations', array(select c.portal_id::text from app.confirmations c where c.tenant_id = 60 and c.person_id = p.me)),
    ('sessions', array(select s.id::text from app.sessions s where s.tenant_id = 60 and s.person_id = p.me)),
    ('settings', array(select s.scope::text from app.settings s where s.tenant_id = 60 and (s.scope = 0 and p.boss
      or s.account_id = any (p.admin || p.open_accounts) or s.portal_id = any (p.admin_portals || p.open)))),
    ('looks', array(select l.scope::text from app.looks l where l.tenant_id = 60 and (l.scope = 0 and p.boss
      or l.account_id = any (p.admin || p.open_accounts) or l.portal_id = any (p.admin_portals || p.open)))),
    ('claims of hosts', array(select c.host from app.host_claims c where c.tenant_id = 60
      and (c.portal_id = any (p.admin_portals || p.open) or c.account_id is null and p.boss))),
    ('providers', array(select x.id::text from app.providers x where x.tenant_id = 60 and (x.account_id = any (p.admin) or p.boss))),
    ('grants', array(select g.id::text from matrix.granted g where g.account = any (p.admin) or p.staff or g.id = p.support)),
    ('requests', array(select r.id::text from app.grant_requests r where r.tenant_id = 60
      and (r.account_id = any (p.admin) or r.asked_by = p.me and p.staff))),
    ('visits', array(select distinct g.account::text from matrix.granted g where g.live and g.account = any (p.admin)));
end $$;

-- What each list, count and search must.
create function matrix.wanted_lists(p matrix.person) returns setof matrix.answer language plpgsql as $$
declare
  own bigint[] := p.own;
  desk bigint[] := case when p.staff then matrix.at_desk() else '{}' end;
  seen bigint[] := p.seen;
  near bigint[] := p.near;
  mine bigint[] := case when p.no_tickets then '{}' else p.belongs end;
  readable bigint[] := p.readable;
  whole boolean := coalesce(p.boss or p.here = any (p.admin || p.open_accounts), false);
  is_admin boolean := coalesce(p.here = any (p.admin), false);
  no text[] := '{PT403}';
begin
  return query values
    ('list', own::text[]),
    ('list, open', array(select x.id::text from app.tickets x where x.tenant_id = 60 and x.id = any (own) and x.status <= 2)),
    ('list, done', array(select x.id::text from app.tickets x where x.tenant_id = 60 and x.id = any (own) and x.status >= 5)),
    ('list, my own', array(select x.ticket::text from matrix.did x where x.ticket = any (own) and x.requester = p.me)),
    ('home', '{}'),
    ('queue', desk::text[]),
    ('queue, mine', array(select x.id::text from app.tickets x where x.tenant_id = 60 and x.id = any (desk) and x.assignee_id = p.me)),
    ('queue, nobody''s', array(select x.id::text from app.tickets x where x.tenant_id = 60 and x.id = any (desk) and x.assignee_id is null and x.status <= 2)),
    ('inbox', array(select x.ticket::text from matrix.did x where x.account = any (p.cared) and not p.no_tickets)),
    ('inbox of an account', array(select x.ticket::text from matrix.did x where x.account = p.cared[1] and not p.no_tickets)),
    ('accounts list', near::text[]),
    ('open ones counted', array(select x || ' ' || least(100, (select count(*) from app.tickets k
      where k.tenant_id = 60 and k.account_id = x and k.id = any (seen) and k.status <= 4)) from unnest(near) x)),
    ('accounts found', array(select x.id::text from app.accounts x where x.id = any (near) and x.tenant_id = 60 and x.name ~ '^Account 2')),
    ('partners', array(select x.id::text from app.accounts x where x.tenant_id = 60 and x.is_partner and p.boss)),
    ('agents', array(select distinct m.person_id::text from app.memberships m where m.tenant_id = 60 and m.account_id is null and p.staff)),
    ('people list', case when not whole and p.support is null then no else array(select distinct m.person_id::text from app.memberships m
      where m.tenant_id = 60 and m.account_id is not distinct from p.here and (p.support is null or m.portal_id = any (p.open)
        or m.portal_id is null and m.account_id = any (p.open_accounts) or m.person_id = p.me)) end),
    ('people found', case when not whole and p.support is null then no else array(select distinct m.person_id::text from app.memberships m
      join app.people x on x.tenant_id = 60 and x.id = m.person_id and x.name like '%Berg%'
      where m.tenant_id = 60 and m.account_id is not distinct from p.here and (p.support is null or m.portal_id = any (p.open)
        or m.portal_id is null and m.account_id = any (p.open_accounts) or m.person_id = p.me)) end),
    ('invitations list', array(select i.id::text from app.invitations i where i.tenant_id = 60 and i.account_id is not distinct from p.here
      and (i.invited_by = p.me or whole and p.support is null) order by i.created_at desc, i.id limit 100)),
    ('contacts list', case when is_admin then array(select c.email from app.support_contacts c where c.tenant_id = 60 and c.account_id = p.here) else '{}' end),
    ('contacts found', case when p.here = any (p.staffed) then matrix.partners_people(p.here) when p.boss then matrix.partners_people(null) else no end),
    ('colleagues found', case when p.here = any (mine)
      then matrix.matching(p, p.here, (select x.routing = 1 from app.accounts x where x.tenant_id = 60 and x.id = p.here)) else no end),
    ('administrators', array(select x.email from app.people x where x.tenant_id = 60 and exists (select from app.memberships m where m.tenant_id = 60
      and m.person_id = x.id and m.account_id = p.here and m.role = 'account_admin') order by x.name limit 10)),
    ('named staff', case when p.here = any (mine || near) then array(select distinct n.person_id::text from app.named_contacts n
      join app.memberships m on m.tenant_id = 60 and m.person_id = n.person_id and m.account_id is null
      where n.tenant_id = 60 and n.account_id = p.here) else '{}' end),
    ('portal tree', case when readable = '{}' then no else readable::text[] end),
    ('identifiers', array_remove(array[case when p.here is not null then p.portal::text end], null)),
    ('hosts list', case when p.boss then array(select c.host from app.host_claims c where c.tenant_id = 60 and c.portal_id = p.portal)
      when readable = '{}' then no else array(select c.host from app.host_claims c where c.tenant_id = 60 and c.portal_id = any (readable)) end),
    ('settings scopes', case when whole or readable <> '{}' then readable::text[] || case when whole then 'whole' else 'part' end else no end),
    ('looks scopes', case when whole or readable <> '{}' then readable::text[] || case when whole then 'whole' else 'part' end else no end),
    ('providers list', case when p.boss or is_admin then array(select x.id::text from app.providers x
      where x.tenant_id = 60 and (p.boss or x.account_id = p.here)) else no end),
    ('access here', case when is_admin then array(select g.id::text from matrix.granted g where g.live and g.account = p.here) else no end),
    ('access asked for', case when is_admin then array(select r.id::text from app.grant_requests r where r.tenant_id = 60 and r.account_id = p.here) else no end),
    ('record of access', case when is_admin then array(select r.ticket_id::text from app.grant_requests r where r.tenant_id = 60 and r.account_id = p.here) else no end),
    ('access to accounts', array(select g.id::text from matrix.granted g where g.live and p.staff)),
    ('my questions', array(select r.id::text from app.grant_requests r where r.tenant_id = 60 and r.asked_by = p.me and p.staff));
end $$;

-- On whose side somebody is in an account's tickets; and who reads one, named as
-- far as they may know: those of their own side, and who is in it by name.
create function matrix.side(p matrix.person, account bigint) returns text language sql stable as $$
  select case when account = any (p.belongs) then 'account' when account = any (p.cared) then 'partner' else 'desk' end $$;
create function matrix.named_readers(p matrix.person, d matrix.did) returns bigint[] language sql stable as $$
  select array(select r.person from matrix.readers(d) r where r.side = matrix.side(p, d.account)
    or exists (select from matrix.inside i where i.ticket = d.ticket and i.person = r.person)) $$;
create function matrix.losers(d matrix.did) returns bigint[] language sql stable as $$
  select case when d.everybody then array(select r.person from matrix.readers(d) r
    except select w.person from matrix.readers((d.ticket, d.requester, d.account, d.portal, d.partner_first, false, d.handed_on)::matrix.did) w)
    else '{}' end $$;

-- What is there under the address of a ticket, its account and its portal.
create function matrix.wanted_single(p matrix.person, t bigint) returns setof matrix.answer language plpgsql as $$
declare
  seen bigint[] := p.seen;
  near bigint[] := p.near;
  mine bigint[] := case when p.no_tickets then '{}' else p.belongs end;
  readable bigint[] := p.readable;
  no text[] := '{PT403}';
  d matrix.did := (select x from matrix.did x where x.ticket = t);
  a app.accounts := (select x from app.accounts x where x.tenant_id = 60 and x.id = d.account);
  named bigint[] := case when t = any (p.seen) then matrix.named_readers(p, d) end;
begin
  return query values
    ('one ticket', case when t = any (seen) then array[t || ' of ' || coalesce((select string_agg(i.person::text, ' ' order by i.person) from matrix.inside i where i.ticket = t), 'nobody')] else '{}' end),
    ('its comments', array(select c.id::text from app.comments c where c.tenant_id = 60 and c.ticket_id = t and t = any (seen) and (p.staff or not c.is_internal))),
    ('its history', case when t = any (seen) then '{shown}'::text[] else '{PT404}' end),
    ('its files', array(select f.id::text from app.files f where f.tenant_id = 60 and f.ticket_id = t and t = any (seen) and (p.staff or not f.is_internal))),
    ('all its files', case when t = any (seen) then array(select f.id::text from app.files f where f.tenant_id = 60 and f.ticket_id = t and (p.staff or not f.is_internal)) else '{PT404}' end),
    ('its requester''s other tickets', case when t <> all (seen) then '{PT404}' when not p.staff then '{PT403}' else array(select o.ticket::text from matrix.did o
      where o.requester = d.requester and o.ticket <> t and o.ticket = any (matrix.at_desk()) order by o.ticket desc limit 5) end),
    ('others'' open ones', case when t <> all (seen) then '{PT404}' when not p.staff then '{PT403}' else (
      select array[least(count(*), 100)::text] || coalesce((array_agg(o.id::text order by o.updated_at desc, o.id desc))[:5], '{}')
      from app.tickets o join matrix.did x on x.ticket = o.id where o.tenant_id = 60 and o.account_id = d.account and o.requester_id <> d.requester and o.status <= 4
        and o.id = any (matrix.at_desk())) end),
    ('its files, one by one', array(select f.id::text from app.files f where f.tenant_id = 60 and f.ticket_id = t and t = any (seen) and (p.staff or not f.is_internal))),
    ('its shares', case when t = any (seen) then array(select i.person::text from matrix.inside i where i.ticket = t)
      || array(select 'all of ' || d.account where d.everybody)
      || array(select c.email from app.support_contacts c where c.tenant_id = 60 and c.account_id = d.account
        and (d.account = any (near || mine || p.admin || p.open_accounts) or p.boss)) else '{PT404}' end),
    ('its followers', case when t = any (seen) then array(select f.person::text from (
        select ticket, person from matrix.follows union select d.ticket, d.requester) f
      where f.ticket = t and f.person = any (named) order by f.person limit 50) else '{PT404}' end),
    ('whom to mention', case when t = any (seen) then array(select x.id::text from app.people x where x.tenant_id = 60 and x.name like '% Öst%' and x.id <> p.me
      and exists (select from app.memberships m where m.tenant_id = 60 and m.person_id = x.id and case
        when m.account_id is null then (not d.partner_first or d.handed_on) and (matrix.side(p, a.id) = 'desk' or exists (select from app.tickets k where k.tenant_id = 60 and k.id = t and k.assignee_id = x.id)
          or exists (select from app.comments c where c.tenant_id = 60 and c.ticket_id = t and c.author_id = x.id and not c.is_internal))
        else matrix.side(p, a.id) = 'account' and m.account_id = a.id or matrix.side(p, a.id) = 'partner' and m.role = 'partner' and m.account_id = a.partner_id end)
      or x.tenant_id = 60 and x.name like '% Öst%' and x.id <> p.me and exists (select from matrix.inside i where i.ticket = t and i.person = x.id)
      order by x.name, x.id limit 8) else '{PT404}' end),
    ('its readers', case when t = any (seen) then named::text[] else '{PT404}' end),
    ('its other readers', case when t = any (seen) then array(select r.side || ' ' || count(*) from matrix.readers(d) r
      where r.person <> all (named) group by r.side) else '{PT404}' end),
    ('who would lose it', case when t = any (seen) then array[cardinality(matrix.losers(d)) || ' ' || (p.me = any (matrix.losers(d)))] else '{PT404}' end),
    ('its access', case when p.staff and t = any (matrix.at_desk()) then array(select g.id::text from matrix.granted g where g.live and g.account = a.id) else '{}' end),
    ('its colleagues', case when t = any (seen) and a.id = any (mine) then matrix.matching(p, a.id, not d.partner_first or d.handed_on) else no end),
    ('one account', case when a.id = any (near) then array[a.id::text] else '{}' end),
    ('its portals', array(select po.id::text from app.portals po where po.tenant_id = 60 and po.account_id = a.id and a.id = any (near))),
    ('its contacts', array(select c.email from app.support_contacts c where c.tenant_id = 60 and c.account_id = a.id and a.id = any (near))),
    ('its people', array(select m.person_id::text from app.memberships m where m.tenant_id = 60 and m.account_id = a.id and a.id = any (near)
      and (m.person_id = p.me or m.account_id = any (p.admin) or m.portal_id = any (p.admin_portals)))),
    ('its newest', array(select x.id::text from app.tickets x where x.tenant_id = 60 and x.account_id = a.id and x.id = any (seen) and a.id = any (near)
      and x.status <= 4 order by x.updated_at desc, x.id desc limit 10)),
    ('its contacts found', case when a.id = any (near) or a.id = any (p.admin) and a.by_partner then
      case when a.partner_id is not null or p.boss then matrix.partners_people(a.partner_id) else '{}' end else no end),
    ('a portal''s settings', case when d.portal = any (readable) then array[d.portal::text] when a.id = p.here then no else '{PT404}' end),
    ('a portal''s look', case when d.portal = any (readable) then array[d.portal::text] when a.id = p.here then no else '{PT404}' end),
    ('an account''s people', case when a.id = any (p.admin) or p.support is not null and a.id = p.here then '{shown}' else no end);
end $$;
