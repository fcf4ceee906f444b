-- One problem per ticket (N7): an agent splits one in two, and closes one as the
-- duplicate of another. Both sides are linked, and nobody gains access unseen.

-- A ticket that the asker works on at the desk, held.
create or replace function app.ticket_at_work(ticket bigint) returns app.tickets
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  t app.tickets := app.seen_ticket(ticket);
begin
  if not auth.is_agent() or not t.at_desk then
    raise exception using errcode = 'PT403', message = 'the desk''s to sort';
  end if;
  select x.* into strict t from app.tickets x where x.tenant_id = t.tenant_id and x.id = ticket for no key update;
  return t;
end $$;

create or replace function app.link_tickets(later bigint, earlier bigint, kind text) returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
begin
  insert into app.ticket_links (tenant_id, from_id, to_id, kind) values (auth.tenant_id(), later, earlier, link_tickets.kind);
  update app.tickets t set has_links = true where t.tenant_id = auth.tenant_id() and t.id in (later, earlier) and not t.has_links;
end $$;

-- Those of a ticket that the asker sees, newest first.
create or replace function app.links_of(ticket bigint) returns json
language plpgsql stable
set search_path = pg_catalog, pg_temp as $$
begin
  return (select coalesce(json_agg(json_build_object('number', k.id, 'title', k.title, 'kind', k.kind, 'at', k.created_at) order by k.created_at, k.id), '[]')
    from (select t.id, t.title, l.created_at, (case when l.from_id = ticket then '{"follow_up": "follows", "split": "split_from", "duplicate": "duplicates"}'
        else '{"follow_up": "followed_by", "split": "split_into", "duplicate": "duplicate_of"}' end)::jsonb->>l.kind as kind
      from app.ticket_links l join app.tickets t on t.tenant_id = l.tenant_id
        and t.id = case when l.from_id = ticket then l.to_id else l.from_id end
      where l.tenant_id = (select auth.tenant_id()) and (l.from_id = ticket or l.to_id = ticket)
      order by l.created_at desc, t.id desc limit 20) k);
end $$;

-- Public comments of a ticket become a new one with a title of its own, for whoever
-- sees and follows the old one, or is asked to. Their files go with them; the words stay in both, each
-- as who wrote them did and when.
create or replace function app.split_ticket(ticket bigint, title text, comments jsonb, key text) returns json
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  sent app.sent := app.sent('split/' || ticket, key, concat_ws(E'\n', title, comments));
  t app.tickets;
  ids bigint[];
  number bigint;
begin
  if sent.answer is not null then
    return sent.answer;
  end if;
  t := app.ticket_at_work(ticket);
  if jsonb_typeof(comments) <> 'array' or jsonb_path_exists(comments, '$[*] ? (@.type() != "number")') then
    raise exception using errcode = 'PT422', constraint = 'tickets_comments.type', message = 'a list of ids';
  elsif jsonb_array_length(comments) not between 1 and 100 then
    raise exception using errcode = 'PT422', constraint = 'tickets_comments.choice', message = 'a hundred at most';
  end if;
  ids := array(select c.id from app.comments c where c.tenant_id = t.tenant_id and c.ticket_id = t.id and not c.is_internal
    and c.id::text in (select jsonb_array_elements_text(comments)) order by c.id);
  if cardinality(ids) < (select count(distinct x) from jsonb_array_elements_text(comments) x) then
    raise exception using errcode = 'PT422', constraint = 'tickets_comments.choice', message = 'public ones of this ticket';
  end if;
  perform app.hold_pending(t.id);
  update app.ticket_counters c set last = c.last + 1 where c.tenant_id = t.tenant_id returning c.last into number;
  insert into app.tickets (tenant_id, id, portal_id, account_id, requester_id, assignee_id, team_id, title, priority, type, at_desk, has_files, changed_by, desk_changed_by)
    select t.tenant_id, number, t.portal_id, t.account_id, t.requester_id, coalesce(t.assignee_id, auth.person_id()), t.team_id, split_ticket.title, t.priority, t.type, true,
      exists (select from app.files f where f.tenant_id = t.tenant_id and f.ticket_id = t.id and f.comment_id = any (ids)), auth.person_id(), auth.person_id();
  -- Whoever is leaving the account meanwhile comes into none (as app.add_people()).
  perform from app.memberships m where m.tenant_id = t.tenant_id and m.person_id in (
    select a.principal / 4 from app.ticket_access a
    where a.tenant_id = t.tenant_id and a.ticket_id = t.id and a.principal % 4 = 0) for share;
  insert into app.ticket_access (tenant_id, ticket_id, principal, updated_at)
    select a.tenant_id, number, a.principal, now() from app.ticket_access a
    where a.tenant_id = t.tenant_id and a.ticket_id = t.id
      and (a.principal % 4 > 0 or a.principal = app.principal(t.requester_id, 0)
        or app.may_join(a.principal / 4, t.account_id, t.portal_id) is null);
  insert into app.followers (tenant_id, ticket_id, person_id, level, since)
    select f.tenant_id, number, f.person_id, f.level, now() from app.followers f
    join app.people p on p.tenant_id = f.tenant_id and p.id = f.person_id
    where f.tenant_id = t.tenant_id and f.ticket_id = t.id and app.sees_as(number, p.rank, p.principals);
  perform app.carry_pending(t, o) from app.tickets o where o.tenant_id = t.tenant_id and o.id = number;
  insert into app.comments (tenant_id, ticket_id, id, author_id, source, html, created_at)
    select c.tenant_id, number, c.id, c.author_id, c.source, c.html, c.created_at
    from app.comments c where c.tenant_id = t.tenant_id and c.ticket_id = t.id and c.id = any (ids);
  update app.files f set ticket_id = number
    where f.tenant_id = t.tenant_id and f.ticket_id = t.id and f.comment_id = any (ids);
  perform app.link_tickets(number, t.id, 'split');
  update app.tickets x set updated_at = greatest(now(), x.updated_at), desk_updated_at = greatest(now(), x.desk_updated_at)
    where x.tenant_id = t.tenant_id and x.id = t.id;
  perform app.record('ticket.split', t.id, null, jsonb_build_object('number', number));
  -- One mail, to who asked: with what became of it.
  perform app.record('ticket.split_off', number, ids[1], jsonb_build_object('by', 'desk', 'number', t.id));
  return app.remember(sent, json_build_object('number', number));
end $$;

-- What a ticket was closed as a duplicate of, if it was.
create or replace function app.merged_into(ticket bigint) returns bigint
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
begin
  return (select l.from_id from app.ticket_links l
    where l.tenant_id = auth.tenant_id() and l.to_id = ticket and l.kind = 'duplicate' limit 1);
end $$;

-- Does a duplicate lead the asker on to the other? Whoever does not see that one, or
-- not that this one has ended, is answered here: their reply opens it again, and then
-- it goes on for everybody.
create or replace function app.leads_on(ticket bigint) returns boolean
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
begin
  return exists (select from app.ticket_links l
    join app.tickets t on t.tenant_id = l.tenant_id and t.id = l.to_id and t.status >= 5
    where l.tenant_id = auth.tenant_id() and l.to_id = ticket and l.kind = 'duplicate' and app.sees(l.from_id)
      and not (app.has_field_policies() and app.hides('status', t.portal_id, t.account_id)));
end $$;

-- The other one, if a ticket may become its duplicate.
create or replace function app.ticket_to_keep(t app.tickets, kept bigint) returns app.tickets
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  other app.tickets;
  fault text;
begin
  select x.* into other from app.tickets x
    where x.tenant_id = auth.tenant_id() and x.id = kept and app.sees(kept) and x.at_desk for no key update;
  fault := case when other.id is null then 'choice' when other.id = t.id then 'itself'
    when other.account_id <> t.account_id then 'account'
    -- It leads on already: whoever comes by it would go round.
    when app.merged_into(other.id) is not null then 'merged' when app.merged_into(t.id) is not null then 'done' end;
  if fault is not null then
    raise exception using errcode = 'PT422', constraint = 'tickets_into.' || fault, message = 'no duplicate of that';
  end if;
  return other;
end $$;

-- People of a duplicate, by name, who do not see the other: they would by being added.
create or replace function app.who_gains(t app.tickets, kept app.tickets)
returns table (person bigint, name text)
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
begin
  return query
    select p.id, p.name from app.ticket_access a
    join app.people p on p.tenant_id = a.tenant_id and p.id = a.principal / 4
    where a.tenant_id = t.tenant_id and a.ticket_id = t.id and a.principal % 4 = 0 and p.rank > 0
      and not app.sees_as(kept.id, p.rank, p.principals) and app.may_join(p.id, kept.account_id, kept.portal_id) is null
    order by p.name, p.id;
end $$;

-- What merging would do: asked before it is done.
create or replace function app.see_merge(ticket bigint, kept bigint) returns json
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  t app.tickets := app.ticket_at_work(ticket);
  other app.tickets := app.ticket_to_keep(t, kept);
begin
  return json_build_object('number', other.id, 'title', other.title,
    'gain', (select coalesce(json_agg(json_build_object('id', g.person, 'name', g.name)), '[]') from app.who_gains(t, other) g),
    -- by: only if that one is added.
    'pending', (select coalesce(json_agg(json_build_object('email', p.email, 'by', case when not p.sees then p.adder end)), '[]')
      from app.pending_for(t, other) p where p.sees or p.adder in (select g.person from app.who_gains(t, other) g)));
end $$;

-- Closes a ticket as the duplicate of another of its account. Who follows it follows
-- that one, as far as they see it; of those who don't, these are added; whom one of
-- them asked is asked to that one. Only its requester has a mail of it.
create or replace function app.merge_ticket(ticket bigint, kept bigint, people jsonb) returns json
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  t app.tickets;
  other app.tickets;
  chosen bigint[];
begin
  -- Two that are merged into each other at once wait for one another in one order.
  perform from app.tickets x where x.tenant_id = auth.tenant_id() and x.id in (ticket, kept) order by x.id for no key update;
  t := app.ticket_at_work(ticket);
  if app.merged_into(ticket) = kept then
    return json_build_object('number', kept);
  end if;
  other := app.ticket_to_keep(t, kept);
  if jsonb_typeof(people) <> 'array' or jsonb_array_length(people) > 21 then
    raise exception using errcode = 'PT422', constraint = 'tickets_people.type', message = 'a list of ids';
  end if;
  chosen := array(select g.person from app.who_gains(t, other) g where people @> to_jsonb(g.person));
  if cardinality(chosen) < jsonb_array_length(people) then
    raise exception using errcode = 'PT422', constraint = 'tickets_people.choice', message = 'not one of those who would gain it';
  end if;
  perform app.hold_pending(t.id), app.add_people(other.id, chosen);
  perform app.carry_pending(t, other);
  insert into app.followers (tenant_id, ticket_id, person_id, level)
    select t.tenant_id, other.id, f.person, f.level from app.following(t) f
    join app.people p on p.tenant_id = t.tenant_id and p.id = f.person
    where f.person <> other.requester_id and app.sees_as(other.id, p.rank, p.principals)
    on conflict do nothing;
  perform app.link_tickets(other.id, t.id, 'duplicate');
  perform app.record('ticket.merged', t.id, app.newest_reply(t.id), jsonb_build_object('by', 'desk', 'number', other.id));
  update app.tickets x set status = 6 where x.tenant_id = t.tenant_id and x.id = t.id and x.status <> 6;
  update app.tickets x set updated_at = greatest(now(), x.updated_at), desk_updated_at = greatest(now(), x.desk_updated_at)
    where x.tenant_id = t.tenant_id and x.id = other.id;
  perform app.record('ticket.merged_in', other.id, null, jsonb_build_object('number', t.id, 'joined', to_jsonb(chosen)));
  return json_build_object('number', other.id);
end $$;

create or replace function app.must_not_be_merged(ticket bigint) returns void
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
begin
  if app.leads_on(ticket) then
    raise exception using errcode = 'PT409', constraint = 'ticket-merged', message = 'goes on in another';
  end if;
end $$;
