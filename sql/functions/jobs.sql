-- Work for `sportello jobs`. Work is found across tenants by functions of the
-- door's owner, which enter the tenant's context; what is done with it then
-- is bound to that tenant like any request.

-- Enters a tenant for one piece of work, with no person.
create or replace function jobs.enter(tenant bigint) returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
begin
  perform auth.set_context(tenant, null, null, null, null, 0::smallint, '{}', false);
end $$;

-- Whose turn it is, of those who have work of a kind waiting: whoever comes next after the
-- one who had the last. So each has one in a round, however much another has waiting and
-- wherever their numbers lie, and several processes need not agree on a list: each goes
-- its own way round, from a place drawn at first. First the tenants from there on, then those below.
create or replace function jobs.turns(work text, out lowest bigint, out below bigint) returns setof record
language sql volatile
begin atomic
  select x.lowest, x.below
    from (values (coalesce(nullif(current_setting('jobs.turn_' || work, true), '')::bigint + 1, app.new_id()))) d (n)
    cross join lateral (values (d.n, 9223372036854775807), (-1, d.n)) x (lowest, below);
end;
-- It was drawn anew each time.
drop function if exists jobs.turns();

-- Where the round is. It is a session's own, and undone with what was taken.
create or replace function jobs.had_turn(work text, tenant bigint) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp as $$
begin
  perform set_config('jobs.turn_' || work, tenant::text, false);
end $$;

-- Takes a tenant's oldest event off the queue and enters it. Null: none.
create or replace function jobs.take_event() returns bigint
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  q record;
  turn record;
begin
  for turn in select * from jobs.turns('event') loop
    -- Not a subquery: a join may run one again for each row, and take another.
    with f as materialized (
      select o.tenant_id, o.event_id from app.event_queue o
      where o.tenant_id >= turn.lowest and o.tenant_id < turn.below and o.not_before <= now()
      order by o.tenant_id, o.event_id limit 1 for update skip locked)
    delete from app.event_queue e using f
      where e.tenant_id = f.tenant_id and e.event_id = f.event_id
      returning e.tenant_id, e.event_id into q;
    exit when found;
  end loop;
  if q.event_id is null then
    return null;
  end if;
  perform jobs.had_turn('event', q.tenant_id);
  perform jobs.enter(q.tenant_id);
  return q.event_id;
end $$;

-- Who gets mail about a ticket's event (M1): of a problem support contacts, or
-- who stands in for them, and who follows it and sees it; for what a customer wrote, while the ticket
-- is at the desk, those of its agents whom app.desk_hears() names, or else every one. Never the author,
-- never twice to one address, never what somebody muted, never to an address
-- that nobody has proven (P9) or of somebody who may not use support,
-- nothing about an internal note but for agents whom it names. Where an event was
-- written says who wrote it: an agent at a customer's portal is a customer
-- there. Of a ticket that is handed on, it is new to the desk alone; the others
-- get a notice. Of its clocks the desk alone hears. That it was solved, closed or opened again is told to whom its status
-- is shown. What its customers thought of the answer is for who gave it. Who has left a partner gets nothing. Who was added to a ticket
-- or mentioned in it (joined) gets the mail of that, nobody else does; that it was split or merged is for who
-- opened it. Whoever follows it gets none of what was before.
create or replace function jobs.recipients(ev app.events)
returns table (email text, person_id bigint, reason text)
language plpgsql stable
set search_path = pg_catalog, pg_temp as $$
begin
  return query
  with e as (
    select ev.tenant_id, ev.ticket_id, ev.kind in ('ticket.escalated', 'ticket.warned', 'ticket.late') as handed_on, t.requester_id, t.assignee_id, t.account_id, t.portal_id, t.at_desk, c.author_id, app.desk_hears(t.assignee_id, t.team_id) as hears,
      coalesce(y.is_problem, true) as is_problem,
      coalesce(ev.data->>'by', case when au.rank >= 2 then 'desk' else 'customer' end) in ('desk', 'rule')
        as by_desk, au.email as author_email,
      -- Being solved is an answer; closed or opened again it is not.
      case ev.kind when 'ticket.opened' then 'opened' when 'ticket.shared' then 'shared' when 'ticket.mentioned' then 'mentioned' when 'ticket.note_mentioned' then 'mentioned' when 'ticket.solved' then 'solved' else 'replied' end as topic,
      case when ev.kind in ('ticket.closed', 'ticket.reopened') then 1 else 2 end as most,
      ev.kind in ('ticket.solved', 'ticket.closed', 'ticket.reopened') as of_status,
      ev.kind in ('ticket.merged', 'ticket.split_off') as for_requester,
      ev.kind = 'ticket.rated' as rated, coalesce(c.is_internal, false) as is_internal, ev.data->'joined' as joined, ev.created_at as at,
      coalesce(w.comment_id, case when ev.kind = 'ticket.replied' then ev.comment_id end) as reply, w.id as with_reply
    from app.tickets t
    left join app.comments c on c.tenant_id = t.tenant_id and c.ticket_id = t.id
      and c.id = ev.comment_id and c.is_internal = (ev.kind = 'ticket.note_mentioned')
    -- Who did it: wrote what it shows, or changed something after that.
    left join app.people au on au.tenant_id = ev.tenant_id and au.id = case
      when ev.kind in ('ticket.opened', 'ticket.replied', 'ticket.escalated') then coalesce(c.author_id, ev.actor_id) else ev.actor_id end
    left join app.ticket_types y on y.tenant_id = t.tenant_id and y.key = t.type
    -- A reply that changes the status is one mail, for whom it reaches.
    left join lateral (select r.id, r.comment_id, r.kind from app.events r
      where r.tenant_id = ev.tenant_id and r.ticket_id = ev.ticket_id and r.xid = ev.xid and r.kind in ('ticket.replied', 'ticket.merged')
        and ev.kind in ('ticket.solved', 'ticket.closed', 'ticket.reopened') limit 1) w on true
    where t.tenant_id = (select auth.tenant_id()) and t.id = ev.ticket_id
      -- Of what has not happened yet there is no comment either.
      and (c.id is not null or ev.id is null)
      and ev.kind in ('ticket.opened', 'ticket.replied', 'ticket.prioritised', 'ticket.escalated', 'ticket.shared', 'ticket.mentioned', 'ticket.note_mentioned',
        'ticket.solved', 'ticket.closed', 'ticket.reopened', 'ticket.rated', 'ticket.merged', 'ticket.split_off', 'ticket.warned', 'ticket.late')
      -- Nor is one that is closed as a duplicate told twice.
      and w.kind is distinct from 'ticket.merged'),
  answered as materialized (
    select r.email from e cross join lateral jobs.ticket_recipients(e.with_reply) r where e.with_reply is not null),
  candidates as (
    select sc.email, sc.person_id, 'support_contact' as reason, 1 as rank
    from e join app.support_contacts sc
      on sc.tenant_id = e.tenant_id and sc.account_id = e.account_id and sc.state in (1, 2)
      and e.is_problem and not e.handed_on and not e.rated and not e.for_requester and e.joined is null
    union all
    select p.email, p.id, 'access', 1
    from e cross join app.stand_ins(e.account_id) s
    join app.people p on p.tenant_id = e.tenant_id and p.id = s and e.is_problem and not e.handed_on and not e.rated and not e.for_requester and e.joined is null
      and e.topic <> all (p.muted) and not app.has_muted(e.ticket_id, p.id)
    union all
    select p.email, p.id, case when p.id = e.requester_id then 'requester' else 'access' end, 2
    from e join lateral (
      select j::bigint as person_id, 1::smallint as level, timestamptz '-infinity' as since from jsonb_array_elements_text(e.joined) j
      union all
      select f.person_id, f.level, f.since from app.followers f where f.tenant_id = e.tenant_id and f.ticket_id = e.ticket_id and e.joined is null
        and (f.person_id = e.requester_id or not e.for_requester)
      union all
      -- Who opened it follows it unless they said otherwise.
      select e.requester_id, 1::smallint, '-infinity' where e.joined is null and not exists (select from app.followers f
        where f.tenant_id = e.tenant_id and f.ticket_id = e.ticket_id and f.person_id = e.requester_id)
      ) f on not e.handed_on and not e.rated
    join app.people p on p.tenant_id = e.tenant_id and p.id = f.person_id and p.rank > 0
      and e.topic <> all (p.muted) and app.sees_as(e.ticket_id, p.rank, p.principals)
      and f.level <= e.most and f.since <= e.at
      and (p.rank >= 2 or not e.is_internal and app.may_join(p.id, e.account_id, e.portal_id) is distinct from 'not_allowed')
    union all
    select p.email, p.id, 'desk', 3
    from e join app.people p on p.tenant_id = e.tenant_id and p.rank >= 2 and 'desk' <> all (p.muted)
      and not e.by_desk and e.at_desk and e.joined is null
      and case when e.rated then p.id = e.assignee_id else e.hears is null or p.id = any (e.hears) end and not app.has_muted(e.ticket_id, p.id))
  select distinct on (c.email) c.email, c.person_id, c.reason
  from candidates c, e
  where c.email is distinct from e.author_email
    and not (e.of_status and not app.shows_to(c.person_id, 'status', e.portal_id, e.account_id))
    -- Whom a reply mentions has a mail of that.
    and not exists (select from app.mentions m where m.tenant_id = e.tenant_id and m.ticket_id = e.ticket_id
      and m.comment_id = e.reply and m.person_id = c.person_id)
    and c.email not in (select r.email from answered r)
    -- A bare address says yes, a person proves theirs.
    and (c.person_id is null or app.is_proven(c.person_id, c.email))
  order by c.email, c.rank;
end $$;

-- Of one that happened.
create or replace function jobs.ticket_recipients(event bigint)
returns table (email text, person_id bigint, reason text)
language plpgsql stable
set search_path = pg_catalog, pg_temp as $$
declare
  ev app.events;
begin
  select * into ev from app.events x where x.tenant_id = (select auth.tenant_id()) and x.id = event;
  return query select r.email, r.person_id, r.reason from jobs.recipients(ev) r;
end $$;

-- Who would get mail if the asker, who works at the desk, answered a ticket, set its priority
-- or ended it now: by name, as followers are told of, the others counted. What mail somebody wants is
-- nobody's to read (SPEC G2): whom the asker may name they hear of as following it, whether it
-- reaches them or not; of the others as many as it does.
create or replace function app.who_hears(ticket bigint, act text) returns json
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
declare
  t app.tickets := app.seen_ticket(ticket);
  mine text := app.my_side(t.account_id);
  ev app.events;
begin
  if not auth.is_agent() or auth.grant_id() is not null then
    raise exception using errcode = 'PT403', message = 'the desk''s to know';
  -- Only what is stated is told.
  elsif act = 'prioritised' and (not t.at_desk or t.status in (5, 6) or not app.has_service_level() or not app.customers_see('priority', t.account_id, t.portal_id)) then
    return '{"named": [], "others": 0, "people": {}}';
  end if;
  ev.tenant_id := t.tenant_id;
  ev.ticket_id := t.id;
  ev.actor_id := auth.person_id();
  ev.kind := 'ticket.' || act;
  ev.data := '{"by": "desk"}';
  ev.created_at := now();
  return (
    with every as materialized (
      select f.person as id from app.following(t) f
      where f.person <> auth.person_id() and f.level <= case when act in ('closed', 'reopened') then 1 else 2 end
        and (f.person = t.requester_id or f.own or f.side = mine)),
    named as materialized (select x.id from every x order by x.id = t.requester_id desc, x.id limit 5)
    select json_build_object('named', (select coalesce(json_agg(n.id), '[]') from named n),
      'others', (select count(*) from every) - (select count(*) from named)
        + (select count(*) from jobs.recipients(ev) r where r.person_id is null or r.person_id not in (select x.id from every x)),
      'people', app.names(array(select n.id from named n), t.account_id)));
end $$;

-- Works out the deliveries of an event, and says which it was and who is told of
-- it at once (functions/live.sql). Null: nothing was waiting. One that fails is back in the queue for later, so that those
-- behind it go first.
create or replace function jobs.fan_out() returns json
language plpgsql volatile
set search_path = pg_catalog, pg_temp as $$
declare
  event bigint := jobs.take_event();
  n bigint;
  live json;
begin
  if event is null then
    return null;
  end if;
  begin
    -- Work first, a part at a time; what is told is told once.
    if app.free_tickets(event) or app.tell_release(event) or app.tell_status(event) then
      return json_build_object('event', event, 'deliveries', 0, 'live', jobs.hints(event));
    end if;
    perform app.renew_invitation(event);
    insert into app.deliveries (tenant_id, event_id, email, person_id, reason)
      select auth.tenant_id(), event, r.email, r.person_id, r.reason
      from (select * from jobs.ticket_recipients(event)
        union all select * from jobs.notice_recipients(event)) r
      on conflict do nothing;
    get diagnostics n = row_count;
    perform app.count_event(event);
    perform app.queue_words(event);
    perform app.follow_clocks(event);
    perform app.follow_rules(event);
    perform app.tell_once(event);
    perform jobs.fan_out_webhook(event);
  exception when query_canceled or others then
    -- What somebody holds is free again soon.
    perform jobs.put_off(event, case when sqlstate = '55P03' or sqlstate like '40%' then interval '5 seconds' else interval '1 minute' end);
    return json_build_object('event', event, 'failed', sqlstate);
  end;
  -- Its failing takes none of that back.
  begin
    live := jobs.hints(event);
  exception when query_canceled or others then
    live := null;
  end;
  return json_build_object('event', event, 'deliveries', n, 'live', live);
end $$;

create or replace function jobs.put_off(event bigint, wait interval) returns void
language sql volatile security definer
set search_path = pg_catalog, pg_temp as $$
  insert into app.event_queue (tenant_id, event_id, not_before)
    values (auth.tenant_id(), event, now() + wait)
$$;

-- Takes a tenant's delivery that is due for longest, for the length of a lease,
-- and enters it. Whoever took it and died leaves it to the next when the lease ends.
create or replace function jobs.take_delivery(lease interval) returns bigint
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  d record;
  turn record;
begin
  for turn in select * from jobs.turns('mail') loop
    with f as materialized (
      select o.tenant_id, o.id from app.deliveries o
      where o.state = 1 and o.next_try_at <= now() and o.tenant_id >= turn.lowest and o.tenant_id < turn.below
        -- What was on its way when its tenant was suspended.
        and (select t.suspended_at from app.tenants t where t.tenant_id = o.tenant_id) is null
      order by o.tenant_id, o.next_try_at limit 1 for update skip locked)
    update app.deliveries w set attempts = w.attempts + 1, next_try_at = now() + lease
      from f
      where w.tenant_id = f.tenant_id and w.id = f.id
      returning w.tenant_id, w.id into d;
    exit when found;
  end loop;
  if d.id is null then
    return null;
  end if;
  perform jobs.had_turn('mail', d.tenant_id);
  perform jobs.enter(d.tenant_id);
  return d.id;
end $$;

-- The address gets no more now: the mail waits an hour, and is too late after a
-- day. Whoever sent it can't tell this from a slow server: what others write to
-- that address is not theirs to count.
create or replace function jobs.hold(delivery bigint) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp as $$
begin
  if exists (select from app.deliveries d join app.events e on e.tenant_id = d.tenant_id and e.id = d.event_id
      where d.tenant_id = auth.tenant_id() and d.id = delivery and e.created_at > now() - interval '1 day') then
    perform jobs.finish(delivery, 1::smallint, 'waits: this address gets no more now', interval '1 hour', false);
  else
    perform jobs.finish(delivery, 4::smallint, 'not sent: too late', null, true);
  end if;
end $$;

-- Takes one mail that is due: what it says, or {"skipped": delivery} when the
-- person may not see the ticket any more (it then ends as 'not sent') or the
-- address gets no more now, or
-- {"failed": why} with what the next try needs. Null: none is due.
create or replace function jobs.take_mail(lease interval, scheme text, port text)
returns json
language plpgsql volatile
set search_path = pg_catalog, pg_temp as $$
declare
  delivery bigint := jobs.take_delivery(lease);
  mail json;
  failed text;
begin
  if delivery is null then
    return null;
  end if;
  begin
    mail := coalesce(jobs.ticket_mail(delivery, scheme, port), jobs.notice_mail(delivery, scheme, port), app.status_mail(delivery, scheme, port));
    -- What is missing now may be there later: only a no is for good.
    if not (mail->>'may_see')::boolean then
      perform jobs.finish(delivery, 4::smallint, 'not sent: the person may not see it', null, true);
      return json_build_object('skipped', delivery);
    -- Who subscribes said yes to it.
    elsif mail->'notice' is not null and mail->>'event' <> 'status.updated' and (mail->>'attempts')::int = 1
        and not jobs.may_write_to(mail->>'to',
          (select d.event_id from app.deliveries d where d.tenant_id = auth.tenant_id() and d.id = delivery)) then
      perform jobs.hold(delivery);
      return json_build_object('skipped', delivery);
    elsif mail->>'may_see' is null then
      failed := 'not made: something it tells of is missing';
    elsif mail->>'host' is null then
      failed := 'not made: no host for the link';
    else
      return mail;
    end if;
  exception when query_canceled or others then
    failed := sqlstate;
  end;
  return json_build_object('tenant', auth.tenant_id(), 'delivery', delivery,
    'attempts', (select d.attempts from app.deliveries d
      where d.tenant_id = auth.tenant_id() and d.id = delivery),
    'failed', failed);
end $$;

-- How a delivery went. State 1 with a wait is 'try again', the others are for
-- good. A try that failed for reasons of the mail server's, not this mail's,
-- does not count.
create or replace function jobs.finish(delivery bigint, state smallint,
  answer text, wait interval, counts boolean)
returns void language plpgsql volatile
set search_path = pg_catalog, pg_temp as $$
begin
  update app.deliveries d set state = finish.state, answer = left(finish.answer, 500),
      next_try_at = now() + coalesce(finish.wait, '0'),
      attempts = d.attempts - case when counts then 0 else 1 end,
      sent_at = case when finish.state = 2 then now() end
    where d.tenant_id = auth.tenant_id() and d.id = delivery and d.state = 1;
end $$;

create or replace function jobs.finish_mail(tenant bigint, delivery bigint,
  state smallint, answer text, wait interval, counts boolean)
returns void language plpgsql volatile
set search_path = pg_catalog, pg_temp as $$
begin
  perform jobs.enter(tenant);
  perform jobs.finish(delivery, state, answer, wait, counts);
end $$;

-- Carries out a move of a login whose day has passed. How many: one or none.
create or replace function jobs.move_login() returns bigint
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  d record;
begin
  select c.tenant_id, c.id into d from app.email_changes c
    where c.due_at <= now() and c.done_at is null and c.ended_at is null
    order by c.due_at limit 1;
  if not found then
    return 0;
  end if;
  perform jobs.enter(d.tenant_id);
  perform app.finish_due_move(d.id);
  return 1;
end $$;

-- Forgets what has had its time, sessions, keys older than 24 hours, secrets
-- that were good once, empty buckets, marks of what was read, what became of mails: the oldest 5,000 rows, and how many there
-- were. Fewer: nothing is left.
create or replace function jobs.sweep() returns bigint
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  most constant int := 5000;
  n bigint;
  m bigint;
  left_over bigint;
  rest bigint := 5000;
begin
  with f as materialized (
    select o.tenant_id, o.id, o.expires_at from app.sessions o
    where o.expires_at < now()
    order by o.expires_at limit most)
  delete from app.sessions s using f
    where s.tenant_id = f.tenant_id and s.id = f.id
      -- Not a look at all the others, however the join is done.
      and s.expires_at <= (select max(f.expires_at) from f);
  get diagnostics n = row_count;
  with f as materialized (
    select o.tenant_id, o.person_id, o.route, o.key, o.created_at
    from app.idempotency_keys o
    where o.created_at < now() - interval '24 hours'
    order by o.created_at limit most - n)
  delete from app.idempotency_keys k using f
    where k.tenant_id = f.tenant_id and k.person_id = f.person_id
      and k.route = f.route and k.key = f.key
      and k.created_at <= (select max(f.created_at) from f);
  get diagnostics m = row_count;
  n := n + m;
  with f as materialized (
    select o.tenant_id, o.id, o.expires_at from app.one_time o
    where o.expires_at < now() - interval '30 days'
    order by o.expires_at limit most - n)
  delete from app.one_time x using f
    where x.tenant_id = f.tenant_id and x.id = f.id
      and x.expires_at <= (select max(f.expires_at) from f);
  get diagnostics m = row_count;
  n := n + m;
  delete from auth.buckets b where b.key = any (array(
    select o.key from auth.buckets o where o.full_until < now()
    order by o.full_until limit most - n));
  get diagnostics m = row_count;
  n := n + m;
  with f as materialized (
    select o.tenant_id, o.principal, o.session_id, o.expires_at from app.listeners o
    where o.expires_at < now()
    order by o.expires_at limit most - n)
  delete from app.listeners l using f
    where l.tenant_id = f.tenant_id and l.principal = f.principal and l.session_id = f.session_id
      and l.expires_at <= (select max(f.expires_at) from f);
  get diagnostics m = row_count;
  n := n + m;
  with f as materialized (
    select o.tenant_id, o.person_id, o.portal_id, o.place, o.updated_at from app.drafts o
    where o.updated_at < now() - interval '30 days'
    order by o.updated_at limit most - n)
  delete from app.drafts d using f
    where d.tenant_id = f.tenant_id and d.person_id = f.person_id
      and d.portal_id = f.portal_id and d.place = f.place
      and d.updated_at <= (select max(f.updated_at) from f);
  get diagnostics m = row_count;
  n := n + m;
  -- What did not go, and nobody has taken back.
  with f as materialized (
    select o.tenant_id, o.id, o.held_at from app.held_comments o
    where o.stopped is not null and o.held_at < now() - interval '30 days'
    order by o.held_at limit most - n)
  delete from app.held_comments h using f
    where h.tenant_id = f.tenant_id and h.id = f.id and h.held_at <= (select max(f.held_at) from f);
  get diagnostics m = row_count;
  n := n + m;
  -- What rules did, longer ago than a rule is tried on (app.rule_limits()).
  with f as materialized (
    select o.tenant_id, o.id, o.created_at from app.rule_runs o
    where o.created_at < now() - interval '90 days'
    order by o.created_at limit most - n)
  delete from app.rule_runs r using f
    where r.tenant_id = f.tenant_id and r.id = f.id and r.created_at <= (select max(f.created_at) from f);
  get diagnostics m = row_count;
  n := n + m;
  -- What became of mails. What waits is not over, however old it is.
  with f as materialized (
    select o.tenant_id, o.id, o.next_try_at from app.deliveries o
    where o.state > 1 and o.next_try_at < now() - interval '90 days'
    order by o.next_try_at limit most - n)
  delete from app.deliveries d using f
    where d.tenant_id = f.tenant_id and d.id = f.id and d.state > 1
      and d.next_try_at <= (select max(f.next_try_at) from f);
  get diagnostics m = row_count;
  n := n + m;
  -- What readers looked for.
  with f as materialized (
    select o.tenant_id, o.day, o.language, o.q from app.kb_searches o
    where o.day < current_date - 90
    order by o.day limit most - n)
  delete from app.kb_searches s using f
    where s.tenant_id = f.tenant_id and s.day = f.day and s.language = f.language and s.q = f.q;
  get diagnostics m = row_count;
  n := n + m;
  -- What was being taken in when its worker ended.
  for left_over in select o.tenant_id from app.imports o where o.at < now() - interval '1 day' order by o.at limit 20 loop
    delete from app.import_rows r where r.tenant_id = left_over and r.n in (select o.n from app.import_rows o where o.tenant_id = left_over order by o.n limit rest);
    get diagnostics m = row_count;
    rest := rest - m;
    n := n + m;
    if rest = 0 then
      n := greatest(n, most);
      exit;
    end if;
    delete from app.imports i where i.tenant_id = left_over and i.at < now() - interval '1 day';
    get diagnostics m = row_count;
    n := n + m;
  end loop;
  -- What was read a month ago is read without a row (app.read_until()).
  with f as materialized (
    select o.tenant_id, o.person_id, o.ticket_id, o.seen_at from app.seen o
    where o.seen_at < now() - interval '30 days'
    order by o.seen_at limit greatest(most - n, 0))
  delete from app.seen s using f
    where s.tenant_id = f.tenant_id and s.person_id = f.person_id and s.ticket_id = f.ticket_id
      and s.seen_at <= (select max(f.seen_at) from f);
  get diagnostics m = row_count;
  return n + m;
end $$;

-- Takes up to twenty of a tenant's tickets whose words are to be taken in
-- (functions/search.sql), and enters the tenant; those of now before old ones.
create or replace function jobs.take_searchable() returns setof app.search_queue
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  q app.search_queue;
  turn record;
begin
  for turn in select * from jobs.turns('words') loop
    for q in
      with next as materialized (
        select o.tenant_id from app.search_queue o
        where o.tenant_id >= turn.lowest and o.tenant_id < turn.below and o.not_before <= now()
        order by o.tenant_id, o.is_old, o.ticket_id limit 1),
      f as materialized (
        select o.tenant_id, o.ticket_id from app.search_queue o, next
        where o.tenant_id = next.tenant_id and o.not_before <= now()
        order by o.is_old, o.ticket_id limit 20 for update of o skip locked)
      delete from app.search_queue d using f
        where d.tenant_id = f.tenant_id and d.ticket_id = f.ticket_id
        returning d.*
    loop
      return next q;
    end loop;
    exit when found;
  end loop;
  if q.tenant_id is not null then
    perform jobs.had_turn('words', q.tenant_id);
    perform jobs.enter(q.tenant_id);
  end if;
end $$;

-- Puts a ticket back, for later when it failed.
create or replace function app.queue_again(ticket bigint, from_id bigint, is_old boolean, tries int, wait interval) returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
begin
  insert into app.search_queue (tenant_id, ticket_id, from_id, is_old, tries, not_before)
    values (auth.tenant_id(), ticket, queue_again.from_id, queue_again.is_old, queue_again.tries, now() + wait);
end $$;

-- Takes in some tickets' words, for a quarter of a second at most or one of them.
-- How many; none: nothing waits.
create or replace function jobs.take_in_words() returns bigint
language plpgsql volatile
set search_path = pg_catalog, pg_temp as $$
declare
  q record;
  n bigint := 0;
  left_at bigint;
begin
  for q in select * from jobs.take_searchable() loop
    if n > 0 and clock_timestamp() > now() + interval '250 milliseconds' then
      perform app.queue_again(q.ticket_id, q.from_id, q.is_old, q.tries, '0');
      continue;
    end if;
    n := n + 1;
    begin
      left_at := app.take_words(q.ticket_id, q.from_id);
      if left_at is not null then
        perform app.queue_again(q.ticket_id, left_at, q.is_old, 0, '0');
      end if;
    exception when query_canceled or others then
      -- Each time twice as long, up to seventeen hours.
      perform app.queue_again(q.ticket_id, q.from_id, q.is_old, least(q.tries + 1, 10), 2 ^ q.tries * interval '1 minute');
    end;
  end loop;
  return n;
end $$;
