-- The end of a ticket, as its customers bring it about: closed, opened again
-- within a time, followed up afterwards, rated.

-- May a ticket that is solved or closed still be answered, and so be opened
-- again? By its customers within the days of the setting; by who works on it, and
-- from whom the status is hidden, always.
create or replace function app.may_reopen(account bigint, portal bigint, done_at timestamptz) returns boolean
language plpgsql stable
set search_path = pg_catalog, pg_temp as $$
begin
  return done_at is null or auth.is_agent() or app.is_partner_of(account)
    or app.has_field_policies() and app.hides('status', portal, account)
    or done_at > now() - app.setting_at('reopen_days', account, portal)::int * interval '1 day';
end $$;

create or replace function app.must_reopen(account bigint, portal bigint, done_at timestamptz) returns void
language plpgsql stable
set search_path = pg_catalog, pg_temp as $$
begin
  if not app.may_reopen(account, portal, done_at) then
    raise exception using errcode = 'PT409', constraint = 'ticket-closed', message = 'closed for too long';
  end if;
end $$;

-- A ticket of whose end the asker may know and decide.
create or replace function app.ticket_to_end(ticket bigint) returns app.tickets
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  t app.tickets := app.ticket_to_share(ticket);
begin
  if app.has_field_policies() and app.hides('status', t.portal_id, t.account_id) then
    raise exception using errcode = 'PT403', message = 'its status is hidden';
  end if;
  return t;
end $$;

-- How often somebody may close and open one again, or change their mind about the
-- answer: each is mail to others.
create or replace function app.must_not_repeat(ticket bigint, kinds text[]) returns void
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
begin
  if (select count(*) from (select e.kind, e.actor_id, e.created_at from app.events e
        where e.tenant_id = auth.tenant_id() and e.ticket_id = ticket order by e.id desc limit 200) e
      where e.kind = any (kinds) and e.actor_id = auth.person_id() and e.created_at > now() - interval '1 day') >= 6 then
    raise exception using errcode = 'PT429', constraint = 'too-many', message = 'six times a day';
  end if;
end $$;

create or replace function app.ticket_state(ticket bigint) returns json
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
begin
  return (select json_build_object('number', t.id, 'status', app.status_name(t.status), 'group', app.status_group(t.status))
    from app.tickets t where t.tenant_id = auth.tenant_id() and t.id = ticket);
end $$;

-- Solved, or not needed any more. Closing twice is closing once.
create or replace function app.close_ticket(ticket bigint) returns json
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  t app.tickets := app.ticket_to_end(ticket);
begin
  if t.status < 6 then
    perform app.must_not_repeat(ticket, '{ticket.closed,ticket.reopened}');
    update app.tickets x set status = 6 where x.tenant_id = t.tenant_id and x.id = t.id;
  end if;
  return app.ticket_state(ticket);
end $$;

create or replace function app.reopen_ticket(ticket bigint) returns json
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  t app.tickets := app.ticket_to_end(ticket);
begin
  if t.status = 7 then
    raise exception using errcode = 'PT422', constraint = 'tickets_status.choice', message = 'waits for a release';
  elsif t.status >= 5 then
    perform app.must_reopen(t.account_id, t.portal_id, t.done_at);
    perform app.must_not_be_merged(ticket);
    perform app.must_not_repeat(ticket, '{ticket.closed,ticket.reopened}');
    update app.tickets x set status = 2 where x.tenant_id = t.tenant_id and x.id = t.id;
  end if;
  return app.ticket_state(ticket);
end $$;

-- A ticket that was just opened goes on where an older one of the account
-- ended. Part of the statement that opens it.
create or replace function app.follow_up(earlier bigint, opened json) returns json
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  t app.tickets := app.seen_ticket(earlier);
  number bigint := (opened->>'number')::bigint;
begin
  -- The number is the word of whoever calls this: it must be theirs, of just now,
  -- or linked before.
  if t.account_id is distinct from auth.account_id() or t.status < 5
      or not exists (select from app.tickets x where x.tenant_id = t.tenant_id and x.id = number and x.id <> earlier
        and x.requester_id = auth.person_id() and x.account_id = t.account_id
        and (x.created_at = now() or exists (select from app.ticket_links l
          where l.tenant_id = x.tenant_id and l.from_id = x.id and l.to_id = earlier and l.kind = 'follow_up')))
      or app.has_field_policies() and app.hides('status', t.portal_id, t.account_id) then
    raise exception using errcode = 'PT422', constraint = 'tickets_follows.choice', message = 'only what has ended, of this account';
  end if;
  if not exists (select from app.ticket_links l
      where l.tenant_id = t.tenant_id and l.from_id = number and l.to_id = earlier and l.kind = 'follow_up') then
    perform app.link_tickets(number, earlier, 'follow_up');
    perform app.record('ticket.followed_up', earlier, null, jsonb_build_object('number', number));
  end if;
  return opened;
end $$;

-- What somebody of the account thinks of the answer: one to five, and words.
-- Whoever works on it is told; the same again is nothing new.
create or replace function app.rate_ticket(ticket bigint, score int, words text) returns json
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  t app.tickets := app.ticket_to_end(ticket);
begin
  if t.status < 5 then
    raise exception using errcode = 'PT422', constraint = 'ratings_score.early', message = 'not solved yet';
  end if;
  insert into app.ratings as r (tenant_id, ticket_id, person_id, score, words)
    values (t.tenant_id, t.id, auth.person_id(), rate_ticket.score, nullif(btrim(words), ''))
    on conflict (tenant_id, ticket_id, person_id) do update
    set score = excluded.score, words = excluded.words, rated_at = now()
    where (r.score, r.words) is distinct from (excluded.score, excluded.words);
  if found then
    perform app.must_not_repeat(ticket, '{ticket.rated}');
    perform app.record('ticket.rated', ticket, app.newest_reply(ticket),
      jsonb_build_object('by', app.side_in(t.account_id), 'score', score));
  end if;
  return json_build_object('score', score);
end $$;

-- What a mail about a change shows: the newest that was said in public.
create or replace function app.newest_reply(ticket bigint) returns bigint
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
begin
  return (select c.id from app.comments c
    where c.tenant_id = auth.tenant_id() and c.ticket_id = ticket and not c.is_internal
    order by c.id desc limit 1);
end $$;
