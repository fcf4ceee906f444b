-- Opening, answering and changing tickets: what must hold whoever asks.

create or replace function app.status_name(status smallint) returns text
language sql immutable parallel safe
return (array['new', 'in_progress', 'blocked', 'on_hold', 'solved', 'closed',
  'closed_escalated'])[status];

create or replace function app.status_number(name text) returns smallint
language sql immutable parallel safe
return array_position(array['new', 'in_progress', 'blocked', 'on_hold', 'solved',
  'closed', 'closed_escalated'], name)::smallint;

create or replace function app.status_group(status smallint) returns text
language sql immutable parallel safe
return case when status <= 2 then 'open' when status <= 4 then 'pending' else 'done' end;

-- The statuses of a group ('open' → {1,2}); all of them for null.
create or replace function app.group_statuses(name text) returns smallint[]
language sql immutable parallel safe
return case name when 'open' then '{1,2}'::smallint[] when 'pending' then '{3,4}' when 'active' then '{1,2,3,4}'
  when 'done' then '{5,6,7}' else '{1,2,3,4,5,6,7}' end;

create or replace function app.priority_name(priority smallint) returns text
language sql immutable parallel safe
return (array['low', 'normal', 'high', 'urgent'])[priority];

create or replace function app.priority_number(name text) returns smallint
language sql immutable parallel safe
return array_position(array['low', 'normal', 'high', 'urgent'], name)::smallint;

-- A cursor is '<microseconds since 1970>_<ticket>': where the page before
-- ended. Null begins at the newest.
create or replace function app.cursor(at timestamptz, id bigint) returns text
language sql immutable parallel safe
return (extract(epoch from at) * 1000000)::bigint || '_' || id;

create or replace function app.cursor_time(cursor text) returns timestamptz
language sql immutable parallel safe
return coalesce(timestamptz '1970-01-01 00:00:00+00'
  + split_part(cursor, '_', 1)::bigint * interval '1 microsecond', 'infinity');

create or replace function app.cursor_id(cursor text) returns bigint
language sql immutable parallel safe
return coalesce(split_part(cursor, '_', 2)::bigint, 9223372036854775807);

-- One event, into the record and the queue. What a rule does says that it was one.
create or replace function app.record(kind text, ticket_id bigint,
  comment_id bigint, data jsonb)
returns void language plpgsql security definer
set search_path = pg_catalog, pg_temp as $$
begin
  with e as (
    insert into app.events (tenant_id, kind, actor_id, ticket_id, comment_id, data)
    values (auth.tenant_id(), record.kind, auth.person_id(), record.ticket_id,
      record.comment_id, record.data || case when record.ticket_id is not null then coalesce(app.rule_at_work(), '{}') else '{}' end)
    returning tenant_id, id)
  insert into app.event_queue (tenant_id, event_id) select e.tenant_id, e.id from e;
end $$;

-- The same about an account (null: the tenant), and a ticket of it.
create or replace function app.record_account(kind text, account bigint, data jsonb, ticket bigint default null)
returns void language plpgsql security definer
set search_path = pg_catalog, pg_temp as $$
begin
  with e as (
    insert into app.events (tenant_id, kind, actor_id, ticket_id, account_id, data)
    values (auth.tenant_id(), record_account.kind, auth.person_id(), record_account.ticket,
      record_account.account, record_account.data)
    returning tenant_id, id)
  insert into app.event_queue (tenant_id, event_id) select e.tenant_id, e.id from e;
end $$;

-- The answer to the same when it was sent before, or null. The table may be
-- nearly empty when a connection plans this for the rest of its life: an index
-- it is, all the same.
create or replace function app.answered(sent app.sent) returns json language plpgsql
set search_path = pg_catalog, pg_temp set enable_seqscan = off as $$
declare
  before record;
begin
  select i.fingerprint, i.answer into before from app.idempotency_keys i
    where i.tenant_id = auth.tenant_id() and i.person_id = auth.person_id()
      and i.route = sent.route and i.key = sent.key;
  if before.fingerprint <> sent.fingerprint then
    raise exception using errcode = 'PT409', constraint = 'idempotency-key-reused',
      message = 'the idempotency key came before with another body';
  end if;
  return before.answer;
end $$;

-- The first of a pair around every write that has an idempotency key: its
-- answer is there when the same was sent before. A second one that comes
-- meanwhile waits here for the first to commit.
create or replace function app.sent(route text, key text, input text)
returns app.sent language plpgsql
set search_path = pg_catalog, pg_temp as $$
declare
  sent app.sent := (route, key, sha256(convert_to(input, 'UTF8')), null);
begin
  perform pg_advisory_xact_lock(hashtextextended(
    concat_ws(E'\n', auth.tenant_id(), auth.person_id(), route, key), 0));
  sent.answer := app.answered(sent);
  return sent;
end $$;

-- The second.
create or replace function app.remember(sent app.sent, answer json)
returns json language plpgsql
set search_path = pg_catalog, pg_temp as $$
begin
  insert into app.idempotency_keys (tenant_id, person_id, route, key, fingerprint, answer)
    values (auth.tenant_id(), auth.person_id(), sent.route, sent.key, sent.fingerprint, remember.answer);
  return answer;
end $$;

-- A new ticket of the person in the context at the portal in the context, with
-- whom they add (functions/shares.sql), of a type and with answers to its form
-- (functions/field_values.sql). Runs as the owner since a ticket's own
-- access rows do not exist before it.
create or replace function app.open_ticket(title text, source text, html text, key text, cc jsonb default null,
  files jsonb default null, type text default null, answers jsonb default null)
returns json language plpgsql security definer
set search_path = pg_catalog, pg_temp as $$
declare
  sent app.sent := ('tickets', key, sha256(convert_to(concat_ws(E'\n', title, source, cc::text, files::text, type, answers::text), 'UTF8')), null);
  me bigint := auth.person_id();
  tenant bigint := auth.tenant_id();
  -- A flag that is set nowhere is off.
  everybody boolean := app.set_value('share_new_tickets', auth.account_id(), auth.portal_id()) = 'yes';
  opened record;
begin
  perform app.must_use_support();
  if auth.account_id() is null then
    raise exception using errcode = 'PT403',
      message = 'tickets are opened at an account''s portal';
  end if;
  -- Looked at before anybody waits for it.
  if answers is not null then
    perform app.must_be_answers(answers);
  end if;
  -- One statement, since each one more costs as much to begin as a row does. From
  -- the counter on other new tickets of the tenant wait: the same one sent twice
  -- at once too, so what app.sent() and app.remember() do is done by the key alone.
  with account as (
    select a.id, a.partner_id, a.routing = 1 or app.begins_at_desk(a.id) as at_desk
    from app.accounts a where a.tenant_id = tenant and a.id = auth.account_id()),
  counter as (
    update app.ticket_counters c set last = c.last + 1
    where c.tenant_id = tenant returning c.last as number, c.has_forms, c.has_teams),
  remembered as (
    insert into app.idempotency_keys (tenant_id, person_id, route, key, fingerprint, answer)
    select tenant, me, sent.route, sent.key, sent.fingerprint, json_build_object('number', c.number) from counter c
    on conflict do nothing
    returning (idempotency_keys.answer->>'number')::bigint as number, idempotency_keys.answer),
  ticket as (
    insert into app.tickets (tenant_id, id, portal_id, account_id, requester_id, title, at_desk)
    select tenant, r.number, auth.portal_id(), a.id, me, open_ticket.title, a.at_desk
    from account a, remembered r),
  access as (
    insert into app.ticket_access (tenant_id, ticket_id, principal, updated_at)
    select tenant, r.number, p, now()
    from account a, remembered r, unnest(array[app.principal(me, 0), app.principal(a.id, 2),
      app.principal(a.partner_id, 3), case when everybody then app.principal(a.id, 1) end]) p
    where p is not null),
  comment as (
    insert into app.comments (tenant_id, ticket_id, author_id, source, html)
    select tenant, r.number, me, open_ticket.source, open_ticket.html from remembered r returning id),
  -- As app.record() does.
  event as (
    insert into app.events (tenant_id, kind, actor_id, ticket_id, comment_id, data)
    select tenant, 'ticket.opened', me, r.number, m.id, '{"by": "customer"}' from remembered r, comment m returning id),
  queue as (
    insert into app.event_queue (tenant_id, event_id) select tenant, e.id from event e)
  select a.id as account, a.at_desk, r.number, r.answer, m.id as comment, c.has_forms, c.has_teams into opened
    from account a, remembered r, comment m, counter c;
  if not found then
    -- It was sent before. Nobody else has had a number meanwhile.
    update app.ticket_counters c set last = c.last - 1 where c.tenant_id = tenant;
    return app.answered(sent);
  end if;
  if opened.has_forms or type is not null or answers is not null then
    opened.at_desk := app.fill_form(opened.number, type, answers);
  end if;
  if opened.has_teams and opened.at_desk then
    perform app.take_to_team(opened.number);
  end if;
  if cc is not null then
    perform app.add_by_address(opened.number, cc, opened.account, auth.portal_id(), opened.at_desk);
  end if;
  if files is not null then
    perform app.attach_files(files, opened.number, opened.comment);
  end if;
  return opened.answer;
end $$;

-- A ticket that the asker sees, held until the end: what is written in it comes one
-- after the other, so that a later comment has a higher id and who writes one has
-- read those before.
create or replace function app.held_ticket(ticket bigint) returns app.tickets
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  t app.tickets;
begin
  select x.* into t from app.tickets x
    where x.tenant_id = auth.tenant_id() and x.id = ticket and app.sees(ticket) for no key update;
  if not found then
    raise exception using errcode = 'PT404', message = 'no such ticket';
  end if;
  return t;
end $$;

-- A public reply or an internal note; the policies of comments say who may. An
-- agent's reply may set the status with it, and a partner's before the ticket
-- is at the desk. It stops where somebody else wrote what its author sees and has
-- not seen yet.
create or replace function app.add_comment(ticket bigint, internal boolean,
  source text, html text, key text, status text, files jsonb default null, seen bigint default null)
returns json language plpgsql
set search_path = pg_catalog, pg_temp as $$
declare
  route text := case when internal then 'notes/' else 'comments/' end || ticket;
  sent app.sent := app.sent(route, key, concat_ws(E'\n', coalesce(status, ''), source, files::text));
  c app.comments;
  t app.tickets;
begin
  if sent.answer is not null then
    return sent.answer;
  end if;
  t := app.held_ticket(ticket);
  perform app.must_use_support();
  if status is not null and not auth.is_agent() and (t.at_desk or not app.is_partner_of(t.account_id)) then
    raise exception using errcode = 'PT403', message = 'only who works on it sets a status';
  elsif seen is not null and exists (select from app.comments n where n.tenant_id = auth.tenant_id()
      and n.ticket_id = ticket and n.id > seen and n.author_id <> auth.person_id()) then
    raise exception using errcode = 'PT409', constraint = 'unseen', message = 'somebody wrote meanwhile';
  end if;
  insert into app.comments (tenant_id, ticket_id, author_id, is_internal, source, html)
    values (auth.tenant_id(), ticket, auth.person_id(), internal, add_comment.source, add_comment.html)
    returning * into c;
  if files is not null then
    perform app.attach_files(files, ticket, c.id);
  end if;
  if status is not null then
    perform app.change_ticket(ticket, jsonb_build_object('status', status));
  end if;
  return app.remember(sent, json_build_object(
    'comment', json_build_object('id', c.id, 'author', c.author_id,
      'internal', c.is_internal, 'html', c.html, 'created_at', c.created_at),
    'files', case when files is null then '[]' else app.files_of(ticket, c.id) end,
    'people', app.names(array[c.author_id], t.account_id)));
end $$;

-- After a comment: the ticket's dates and the event; a customer's answer opens
-- a ticket that waited for them, was solved or closed; an agent's first one
-- begins the work, and takes a ticket that nobody has; what only states a priority
-- does neither. Each moves the dates, one
-- that was begun before what came meanwhile too: else nobody would find it unread.
create or replace function app.comment_added() returns trigger
language plpgsql security definer
set search_path = pg_catalog, pg_temp as $$
declare
  before record;
  side text;
  at timestamptz := clock_timestamp();
begin
  select t.account_id, t.portal_id, t.created_at, t.at_desk, t.status, t.done_at, t.has_links, q.storage into before
    from app.tickets t left join app.quotas q on q.tenant_id = t.tenant_id
    where t.tenant_id = new.tenant_id and t.id = new.ticket_id;
  -- A job that tells many tickets of something stops at no quota.
  if before.storage is not null and auth.person_id() is not null then
    perform app.quota_take('storage', octet_length(new.source) + octet_length(new.html));
  end if;
  -- The first comment comes with the ticket, which is new as it is; what was said
  -- before comes with one that is split off.
  if before.created_at >= new.created_at then
    return null;
  end if;
  -- Jobs write in the name of the staff.
  side := case when auth.person_id() is null then 'desk' else app.side_in(before.account_id) end;
  if side = 'desk' and not before.at_desk then
    raise exception using errcode = 'PT403', message = 'it is its partner''s still';
  end if;
  -- A duplicate leads on to the other.
  if before.has_links and not new.is_internal then
    perform app.must_not_be_merged(new.ticket_id);
  end if;
  -- Later a new one follows it up.
  if before.status in (5, 6) and side = 'customer' then
    perform app.must_reopen(before.account_id, before.portal_id, before.done_at);
  end if;
  if new.is_internal then
    update app.tickets t set desk_updated_at = greatest(at, t.desk_updated_at + interval '1 microsecond')
      where t.tenant_id = new.tenant_id and t.id = new.ticket_id;
  else
    update app.tickets t set updated_at = greatest(at, t.updated_at + interval '1 microsecond'),
        desk_updated_at = greatest(at, t.desk_updated_at + interval '1 microsecond'),
        status = case when new.about is not null then t.status
          when side = 'customer' and t.status in (3, 5, 6) then 2
          when side <> 'customer' and t.status = 1 then 2 else t.status end,
        assignee_id = case when side = 'desk' and new.about is null then coalesce(t.assignee_id, auth.person_id())
          else t.assignee_id end,
        answered_at = case when new.about is null and (side = 'desk' or side = 'partner' and not before.at_desk)
          then coalesce(t.answered_at, at) else t.answered_at end
      where t.tenant_id = new.tenant_id and t.id = new.ticket_id;
  end if;
  -- What was put aside is back with an answer.
  if side <> 'desk' and not new.is_internal then
    perform app.wake(new.ticket_id, 'reply');
  end if;
  perform app.record(case when new.is_internal then 'ticket.noted' when new.about = 'priority' then 'ticket.prioritised' else 'ticket.replied' end,
    new.ticket_id, new.id, jsonb_build_object('by', side));
  return null;
end $$;

-- What an agent changes about a ticket: {status, priority, assignee, team, item, tags}, each
-- only when it is there; assignee is an id, null or "me", team and item ids or null, tags
-- {add, remove}. hold: so many seconds nobody is told of it (functions/held.sql). Where the assignee is said too, a team gives no turn. was: what its author
-- took these for, where another's change meanwhile is to stop it. reason: why the priority is another one than the answers propose, for the desk.
create or replace function app.change_ticket(ticket bigint, change jsonb)
returns void language plpgsql
set search_path = pg_catalog, pg_temp as $$
declare
  new_status smallint := app.status_number(change->>'status');
  new_priority smallint := app.priority_number(change->>'priority');
  new_assignee bigint := case when change->>'assignee' = 'me' then auth.person_id()
    else (change->>'assignee')::bigint end;
begin
  if change->>'status' is not null and new_status is null then
    raise exception using errcode = 'PT422', constraint = 'tickets_status_check', message = 'no such status';
  elsif change->>'priority' is not null and new_priority is null then
    raise exception using errcode = 'PT422', constraint = 'tickets_priority_check', message = 'no such priority';
  elsif new_assignee is not null and not exists (select from app.people p
      where p.tenant_id = auth.tenant_id() and p.id = new_assignee and p.rank >= 2) then
    raise exception using errcode = 'PT422', constraint = 'tickets_assignee_check', message = 'not an agent';
  elsif change ? 'reason' and (not change ? 'priority' or jsonb_typeof(change->'reason') <> 'string') then
    raise exception using errcode = 'PT422', constraint = 'tickets_reason.unknown', message = 'of a priority';
  elsif char_length(change->>'reason') > 500 then
    raise exception using errcode = 'PT422', constraint = 'tickets_reason.too_long', message = 'five hundred characters at most';
  elsif change ? 'hold' and coalesce(change->>'hold' ~ '^([0-9]|[12][0-9]|30)$', false) is false then
    raise exception using errcode = 'PT422', constraint = 'tickets_hold.range', message = 'thirty seconds at most';
  end if;
  -- The team first: whoever gives several tickets to it waits here, with none in hand.
  if change->>'team' is not null then
    perform app.hold_team((change->>'team')::bigint);
  end if;
  if change ? 'was' then
    perform app.must_be_as_seen(ticket, change);
  end if;
  if change ? 'item' and change->>'item' is not null then
    perform app.set_item(ticket, (change->>'item')::bigint);
  end if;
  if new_status is not null then
    perform app.must_follow(t.status, new_status, t.account_id, t.portal_id) from app.tickets t
      where t.tenant_id = auth.tenant_id() and t.id = ticket;
  end if;
  if new_status <> 6 then
    perform app.must_not_be_merged(ticket);
  end if;
  perform app.hold_tellings((change->>'hold')::int);
  update app.tickets t set
      status = coalesce(new_status, t.status),
      priority = case when change ? 'priority' then new_priority else t.priority end,
      assignee_id = case when change ? 'assignee' then new_assignee else t.assignee_id end
    where t.tenant_id = auth.tenant_id() and t.id = ticket;
  if not found then
    raise exception using errcode = 'PT404', message = 'no such ticket';
  end if;
  perform app.hold_tellings(null);
  if change ? 'team' then
    perform app.set_team(ticket, (change->>'team')::bigint, not change ? 'assignee');
  end if;
  -- One that goes on needs none any more.
  if change ? 'item' and change->>'item' is null then
    perform app.set_item(ticket, null);
  end if;
  if app.has_field_policies() then
    perform app.must_edit_fields(ticket, array_remove(array[case when new_status is not null then 'status' end,
      case when change ? 'priority' then 'priority' end], null));
  end if;
  if change->>'reason' ~ '\S' then
    perform app.give_reason(ticket, change->>'priority', change->>'reason');
  end if;
  if change ? 'tags' then
    perform app.change_tags(ticket, change->'tags');
  end if;
end $$;

-- The same for a request: answers with the ticket as it is then.
create or replace function app.changed_ticket(ticket bigint, change jsonb)
returns json language plpgsql
set search_path = pg_catalog, pg_temp as $$
begin
  perform app.change_ticket(ticket, change);
  return (select json_build_object(
      'ticket', json_build_object('number', t.id, 'title', t.title,
        'status', case when 'status' <> all (h.fields) then app.status_name(t.status) end,
        'group', case when 'status' <> all (h.fields) then app.status_group(t.status) end,
        'priority', case when 'priority' <> all (h.fields) then app.priority_name(t.priority) end, 'requester', t.requester_id,
        'assignee', t.assignee_id, 'team', case when auth.is_agent() then t.team_id end, 'account', t.account_id, 'tags', (select g.tags from app.tags_of(array[t.id]) g),
        'created_at', t.created_at, 'updated_at', t.updated_at),
      'people', app.names(array[t.requester_id, t.assignee_id]))
    from app.tickets t cross join lateral (select case when app.has_field_policies()
      then app.hidden_fields(t.portal_id, t.account_id) else '{}' end as fields) h
    where t.tenant_id = auth.tenant_id() and t.id = ticket);
end $$;

create or replace function app.ticket_changing() returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp as $$
begin
  -- What comes of itself is the owner's doing: a reply begins work, a duplicate is closed.
  if new.status <> old.status and current_user <> 'sportello_owner' then
    perform app.must_follow(old.status, new.status, new.account_id, new.portal_id);
    if new.status = 7 then
      perform app.must_carry_item(new.id);
    end if;
  end if;
  -- Its team is the desk's alone to know.
  if (new.status, new.priority, new.assignee_id, new.team_id) is distinct from
     (old.status, old.priority, old.assignee_id, old.team_id) then
    if new.assignee_id is distinct from old.assignee_id
        or new.status <> old.status and app.customers_see('status', new.account_id, new.portal_id)
        or new.priority is distinct from old.priority and app.customers_see('priority', new.account_id, new.portal_id) then
      new.updated_at := greatest(now(), old.updated_at);
    end if;
    new.desk_updated_at := greatest(now(), new.updated_at, old.desk_updated_at);
  end if;
  -- Whoever made a change has seen it.
  if new.updated_at <> old.updated_at then
    new.changed_by := coalesce(auth.person_id(), 0);
  end if;
  if new.desk_updated_at <> old.desk_updated_at then
    new.desk_changed_by := coalesce(auth.person_id(), 0);
  end if;
  if new.status < 5 or old.status < 5 then
    new.done_at := case when new.status >= 5 then now() end;
  end if;
  -- Being solved is an answer.
  if new.status = 5 and new.answered_at is null then
    new.answered_at := now();
  end if;
  return new;
end $$;

create or replace function app.ticket_changed() returns trigger
language plpgsql security definer
set search_path = pg_catalog, pg_temp as $$
begin
  if new.updated_at <> old.updated_at then
    update app.ticket_access a set updated_at = new.updated_at
      where a.tenant_id = new.tenant_id and a.ticket_id = new.id;
  end if;
  if (new.status, new.priority, new.assignee_id, new.team_id) is distinct from
     (old.status, old.priority, old.assignee_id, old.team_id) then
    perform app.record('ticket.changed', new.id, null, jsonb_strip_nulls(jsonb_build_object(
      'status', case when new.status <> old.status then
        jsonb_build_array(app.status_name(old.status), app.status_name(new.status)) end,
      'priority', case when new.priority is distinct from old.priority then
        jsonb_build_array(app.priority_name(old.priority), app.priority_name(new.priority)) end,
      'assignee', case when new.assignee_id is distinct from old.assignee_id then
        jsonb_build_array(old.assignee_id, new.assignee_id) end,
      'team', case when new.team_id is distinct from old.team_id then jsonb_build_array(old.team_id, new.team_id) end,
      -- The two come in one by a turn alone (app.put_team()).
      'turn', case when new.team_id is distinct from old.team_id and new.assignee_id is distinct from old.assignee_id then true end,
      'by', case when new.team_id is distinct from old.team_id and not auth.is_agent() then 'arrival'
        when new.assignee_id is distinct from old.assignee_id and current_setting('app.writing', true) = 'on' then 'writing' end)));
  end if;
  if new.priority is distinct from old.priority then
    perform app.tell_change(new, 'priority', old.priority);
  end if;
  if new.status >= 5 and old.status < 5 then
    delete from app.ticket_levels l where l.tenant_id = new.tenant_id and l.ticket_id = new.id;
  end if;
  if new.status <> old.status then
    perform app.tell_change(new, 'status', old.status);
  end if;
  return null;
end $$;
