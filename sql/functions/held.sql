-- What an agent sends goes a few seconds later (W1), and can be taken back until then; so
-- does what their changes tell (below).
-- It is kept here and nowhere else: no comment, event, mail or hint is made of it
-- before. Jobs write it then, in its author's name, by the function that writes what
-- is not held; a page that is closed, or a session that has ended, stops nothing.

-- A reply or a note, with whom it mentions.
create or replace function app.write_comment(ticket bigint, internal boolean, source text, html text, key text,
  status text, files jsonb, seen bigint, mentions jsonb)
returns json language plpgsql
set search_path = pg_catalog, pg_temp as $$
declare
  answer json := app.add_comment(ticket, internal, source, html, key, status, files, seen);
begin
  return case when mentions is null then answer else app.mention(ticket, answer, mentions) end;
end $$;

create or replace function app.held_json(h app.held_comments) returns json
language plpgsql stable
set search_path = pg_catalog, pg_temp as $$
begin
  return json_build_object('id', h.id, 'ticket', h.ticket_id, 'internal', h.is_internal, 'text', left(h.source, 200),
    'left', greatest(0, ceil(extract(epoch from h.out_at - clock_timestamp()) * 1000))::int, 'stopped', h.stopped,
    'author', case when h.author_id <> auth.person_id() then (select p.name from app.people p where p.tenant_id = h.tenant_id and p.id = h.author_id) end);
end $$;

-- What did not go and its author can't look after any more, since they are no agent now,
-- is there for who has the ticket, its team and administrators, to send it or throw it away.
create or replace function app.has_left(h app.held_comments) returns boolean
language plpgsql stable
set search_path = pg_catalog, pg_temp as $$
begin
  return h.stopped is not null and auth.is_agent() and auth.grant_id() is null
    and not exists (select from app.people p where p.tenant_id = h.tenant_id and p.id = h.author_id and p.rank >= 2)
    and exists (select from app.tickets t where t.tenant_id = h.tenant_id and t.id = h.ticket_id and t.at_desk
      and (auth.rank() >= 3 or t.assignee_id = auth.person_id() or exists (select from app.team_members m
        where m.tenant_id = t.tenant_id and m.team_id = t.team_id and m.person_id = auth.person_id())));
end $$;

-- The same, so many seconds later. It is written at once and taken back, so that what
-- would be refused is refused while its author is there. Customers' are not held, nor
-- what comes after fifty that are; but nothing overtakes what its author sent before in the
-- same ticket: it goes after that, however short it would be held itself.
create or replace function app.hold_comment(ticket bigint, internal boolean, source text, html text, key text,
  status text, files jsonb, seen bigint, mentions jsonb, seconds int)
returns json language plpgsql
set search_path = pg_catalog, pg_temp as $$
declare
  sent app.sent;
  held json;
begin
  if not auth.is_agent() or coalesce(seconds, 0) = 0 and not app.has_held(ticket) then
    return app.write_comment(ticket, internal, source, html, key, status, files, seen, mentions);
  end if;
  sent := app.sent(case when internal then 'held notes/' else 'held comments/' end || ticket, key,
    concat_ws(E'\n', coalesce(status, ''), source, files::text));
  if sent.answer is not null then
    return sent.answer;
  end if;
  begin
    perform app.write_comment(ticket, internal, source, html, key, status, files, seen, mentions);
    raise exception using errcode = 'HD001', message = 'it would go';
  exception when sqlstate 'HD001' then null;
  end;
  held := app.keep_held(ticket, internal, source, html, key,
    jsonb_strip_nulls(jsonb_build_object('status', status, 'files', files, 'seen', seen, 'mentions', mentions)), seconds);
  if held is null then
    return app.write_comment(ticket, internal, source, html, key, status, files, seen, mentions);
  end if;
  return app.remember(sent, json_build_object('held', held));
end $$;

-- Whether something of the asker's is still to go, in this ticket.
create or replace function app.has_held(ticket bigint) returns boolean
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
begin
  return exists (select from app.held_comments x where x.tenant_id = auth.tenant_id() and x.ticket_id = has_held.ticket
    and x.author_id = auth.person_id() and x.stopped is null);
end $$;

-- Null: the asker has fifty; behind others in the same ticket, twice as many.
create or replace function app.keep_held(ticket bigint, internal boolean, source text, html text, key text, sends jsonb, seconds int)
returns json language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  t app.tickets := app.seen_ticket(ticket);
  h app.held_comments;
begin
  if not auth.is_agent() then
    raise exception using errcode = 'PT403', message = 'agents alone';
  elsif (select count(*) from app.held_comments x where x.tenant_id = t.tenant_id and x.author_id = auth.person_id())
      >= (case when app.has_held(t.id) then 100 else 50 end) then
    return null;
  end if;
  insert into app.held_comments as x (tenant_id, ticket_id, author_id, is_internal, source, html, key, sends, out_at)
    values (t.tenant_id, t.id, auth.person_id(), internal, keep_held.source, keep_held.html, keep_held.key, keep_held.sends,
      greatest(clock_timestamp() + make_interval(secs => least(coalesce(seconds, 0), 30)), (select max(x.out_at) from app.held_comments x
        where x.tenant_id = t.tenant_id and x.ticket_id = t.id and x.author_id = auth.person_id() and x.stopped is null)))
    returning x.* into h;
  return app.held_json(h);
end $$;

-- What the asker sent and is not out; what did not go is not out either. After that what
-- somebody left who is gone, fifty at most.
create or replace function app.list_held() returns json
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
begin
  return json_build_object('items', (select coalesce(json_agg(app.held_json(x::app.held_comments) order by x.author_id <> auth.person_id(), x.held_at, x.id), '[]')
    from (select h.* from app.held_comments h where h.tenant_id = auth.tenant_id() and h.author_id = auth.person_id() and auth.grant_id() is null
      union all (select h.* from app.held_comments h where h.tenant_id = auth.tenant_id() and h.stopped is not null and h.author_id <> auth.person_id()
        and app.has_left(h) order by h.held_at, h.id limit 50)) x));
end $$;

-- It does not go: its author has it again, as it was written, and again if the answer
-- was lost, until they say that it is kept. Whoever comes too late finds nothing. What
-- somebody left who is gone, who looks after the ticket has in the same way, without files.
create or replace function app.take_back(held bigint, kept boolean) returns json
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  h app.held_comments;
begin
  if kept then
    delete from app.held_comments x where x.tenant_id = auth.tenant_id() and x.id = held and x.stopped is not null
      and (x.author_id = auth.person_id() or app.has_left(x));
    return '{}';
  end if;
  update app.held_comments x set stopped = coalesce(x.stopped, 'taken')
    where x.tenant_id = auth.tenant_id() and x.id = held and (x.author_id = auth.person_id() or app.has_left(x))
    returning x.* into h;
  if not found then
    raise exception using errcode = 'PT404', message = 'it is out, or was taken back';
  end if;
  return json_build_object('ticket', h.ticket_id, 'internal', h.is_internal, 'body', h.source, 'status', h.sends->>'status', 'stopped', h.stopped,
    'files', (select coalesce(json_agg(json_build_object('id', f.id, 'name', f.name, 'size', f.size) order by f.id), '[]')
      from jsonb_array_elements_text(h.sends->'files') i join app.files f on f.tenant_id = h.tenant_id and f.id = i::bigint
        and f.owner_id = h.author_id and f.owner_id = auth.person_id() and f.ticket_id is null and f.article_id is null),
    'mentions', (select coalesce(json_agg(json_build_object('id', p.id, 'name', p.name, 'sees', true) order by p.id), '[]')
      from jsonb_array_elements_text(h.sends->'mentions') i join app.people p on p.tenant_id = h.tenant_id and p.id = i::bigint));
end $$;

-- Writes one that is due, as its author, who is in the context. What is refused stops,
-- and its author's page is told; what fails is tried again, later and later.
create or replace function app.send_held(held bigint) returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  h app.held_comments;
  name text;
begin
  select x.* into h from app.held_comments x where x.tenant_id = auth.tenant_id() and x.id = held;
  begin
    if not auth.is_agent() then
      raise exception using errcode = 'PT403', message = 'no agent any more';
    elsif h.sends->>'status' = 'closed_escalated' then
      perform app.must_carry_item(h.ticket_id);
    end if;
    perform app.write_comment(h.ticket_id, h.is_internal, h.source, h.html, h.key, h.sends->>'status', h.sends->'files',
      (h.sends->>'seen')::bigint, h.sends->'mentions');
    delete from app.held_comments x where x.tenant_id = h.tenant_id and x.id = h.id;
  exception when query_canceled or others then
    get stacked diagnostics name = constraint_name;
    if sqlstate like 'PT4%' or sqlstate like '23%' or h.tries >= 8 then
      update app.held_comments x set stopped = case when name = 'unseen' then 'unseen' else 'refused' end
        where x.tenant_id = h.tenant_id and x.id = h.id;
      perform app.record('ticket.held_back', h.ticket_id, null, '{}');
    else
      update app.held_comments x set tries = h.tries + 1, out_at = clock_timestamp() + make_interval(secs => 1 << h.tries)
        where x.tenant_id = h.tenant_id and x.id = h.id;
    end if;
  end;
end $$;

-- One that is due, of a tenant whose turn it is; who wrote it is in the context from
-- then on, with the rights of now. How many: one or none.
create or replace function jobs.send_held() returns bigint
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  turn record;
  h record;
begin
  for turn in select * from jobs.turns('held') loop
    with f as materialized (
      select o.tenant_id, o.id, o.author_id from app.held_comments o
      where o.stopped is null and o.out_at <= clock_timestamp() and o.tenant_id >= turn.lowest and o.tenant_id < turn.below
        -- In a ticket its author's in their order, also when the first is tried again.
        and not exists (select from app.held_comments b where b.tenant_id = o.tenant_id and b.ticket_id = o.ticket_id and b.author_id = o.author_id
          and b.stopped is null and (b.held_at, b.id) < (o.held_at, o.id))
        and (select t.suspended_at from app.tenants t where t.tenant_id = o.tenant_id) is null
      order by o.out_at, o.id limit 1 for update of o skip locked)
    select f.tenant_id, f.id, p.id as author, p.rank, p.principals into h
      from f join app.people p on p.tenant_id = f.tenant_id and p.id = f.author_id;
    exit when found;
  end loop;
  if h.id is null then
    return 0;
  end if;
  perform jobs.had_turn('held', h.tenant_id);
  perform auth.set_context(h.tenant_id, null, null, h.author, null, h.rank, h.principals, false);
  perform app.send_held(h.id);
  return 1;
end $$;

-- ---- what changes tell ----------------------------------------------------------------

-- A change of an agent's is there at once; what it tells people (the statement of a
-- priority, its mails, those of a status) waits as long as what they send does. So one
-- that is taken back tells nothing, and of several in turn the last alone is told.

-- What the asker changes from here on waits so many seconds; null, and what is nobody's
-- at the desk: it does not.
create or replace function app.hold_tellings(seconds int) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp as $$
begin
  perform set_config('app.hold', case when seconds > 0 and auth.is_agent() then least(seconds, 30)::text else '' end, true);
end $$;

-- A ticket's priority or status was another one just now.
create or replace function app.tell_change(t app.tickets, what text, was smallint) returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  seconds int := nullif(current_setting('app.hold', true), '')::int;
  h app.held_tellings;
begin
  if seconds is null then
    -- What waited goes with it: they were told of what was before that.
    delete from app.held_tellings x where x.tenant_id = t.tenant_id and x.ticket_id = t.id and x.what = tell_change.what returning x.* into h;
    perform app.tell(t, what, case when h.what is null then was else h.told end, null);
    return;
  end if;
  insert into app.held_tellings as x (tenant_id, ticket_id, what, person_id, told, out_at)
    values (t.tenant_id, t.id, tell_change.what, auth.person_id(), was, clock_timestamp() + make_interval(secs => seconds))
    on conflict on constraint held_tellings_pkey do update set person_id = excluded.person_id, out_at = greatest(x.out_at, excluded.out_at), tries = 0
    returning x.* into h;
  -- It was taken back, or is nothing that anybody is told.
  if h.told is not distinct from (case what when 'priority' then t.priority else t.status end) or what = 'status' and greatest(h.told, t.status) < 5 then
    delete from app.held_tellings x where x.tenant_id = t.tenant_id and x.ticket_id = t.id and x.what = tell_change.what;
  end if;
end $$;

-- Tells what is so, to those who were told that it was so. author: whose doing it is,
-- where jobs tell it.
create or replace function app.tell(t app.tickets, what text, told smallint, author bigint) returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
begin
  if what = 'priority' then
    if t.priority is distinct from told then
      perform app.state_priority(t, told, author);
    end if;
  -- Where it ends, or goes on after that, those who follow it are told.
  elsif t.status <> told and greatest(t.status, told) >= 5 then
    perform app.record(case when t.status < 5 then 'ticket.reopened' when t.status = 5 then 'ticket.solved' else 'ticket.closed' end,
      t.id, app.newest_reply(t.id), jsonb_build_object('by', case when author is not null then 'desk' else app.side_in(t.account_id) end));
  end if;
end $$;

-- Tells one that is due, which the caller has in hand. Whoever changes a ticket has that
-- first, and this one for it: where somebody has it, this one comes again.
create or replace function app.send_telling(ticket bigint, what text) returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  t app.tickets;
  h app.held_tellings;
begin
  select x.* into t from app.tickets x where x.tenant_id = auth.tenant_id() and x.id = ticket for no key update skip locked;
  if not found then
    update app.held_tellings x set out_at = clock_timestamp() + interval '1 second'
      where x.tenant_id = auth.tenant_id() and x.ticket_id = ticket and x.what = send_telling.what;
    return;
  end if;
  delete from app.held_tellings x where x.tenant_id = t.tenant_id and x.ticket_id = t.id and x.what = send_telling.what returning x.* into h;
  begin
    perform app.tell(t, what, h.told, h.person_id);
  exception when query_canceled or others then
    -- Later and later; what can't be told in the end is in PostgreSQL's log.
    if h.tries >= 12 then
      raise log 'ticket % of tenant %: its % is not told: %', t.id, t.tenant_id, what, sqlerrm;
    else
      insert into app.held_tellings (tenant_id, ticket_id, what, person_id, told, out_at, tries)
        values (h.tenant_id, h.ticket_id, h.what, h.person_id, h.told, clock_timestamp() + make_interval(secs => 1 << h.tries), h.tries + 1);
    end if;
  end;
end $$;

-- One that is due, of a tenant whose turn it is, in the name of who changed it last, or of
-- nobody once they are no agent. How many: one or none.
create or replace function jobs.tell_held() returns bigint
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  turn record;
  h record;
begin
  for turn in select * from jobs.turns('told') loop
    with f as materialized (
      select o.tenant_id, o.ticket_id, o.what, o.person_id from app.held_tellings o
      where o.out_at <= clock_timestamp() and o.tenant_id >= turn.lowest and o.tenant_id < turn.below
        and (select t.suspended_at from app.tenants t where t.tenant_id = o.tenant_id) is null
      order by o.out_at, o.ticket_id limit 1 for update of o skip locked)
    select f.*, p.rank, p.principals into h
      from f left join app.people p on p.tenant_id = f.tenant_id and p.id = f.person_id and p.rank >= 2;
    exit when found;
  end loop;
  if h.ticket_id is null then
    return 0;
  end if;
  perform jobs.had_turn('told', h.tenant_id);
  if h.rank is null then
    perform jobs.enter(h.tenant_id);
  else
    perform auth.set_context(h.tenant_id, null, null, h.person_id, null, h.rank, h.principals, false);
  end if;
  perform app.send_telling(h.ticket_id, h.what);
  return 1;
end $$;

-- How long what one sends is held.
create or replace function app.choose_hold(seconds int) returns json
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
begin
  if seconds not in (0, 5, 10, 30) then
    raise exception using errcode = 'PT422', constraint = 'people_hold.choice', message = 'none, five, ten or thirty';
  end if;
  update app.people p set hold_seconds = seconds where p.tenant_id = auth.tenant_id() and p.id = auth.person_id();
  return app.profile();
end $$;
