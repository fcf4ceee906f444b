-- One change of many tickets (W1): asked for at once, carried out by jobs, a part at a
-- time, in the name of who asked; each ticket by the rules that hold for it then.

create or replace function app.bulk_limits(out numbers int, out found int, out part int, out waiting int, out undo interval)
language sql immutable parallel safe
return (1000, 10000, 50, 3, interval '1 hour');

-- What is told of one to who asked.
create or replace function app.bulk_json(j app.bulk_jobs) returns jsonb
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
begin
  return jsonb_build_object('id', j.id, 'state', (array['working', 'done', 'stopped'])[j.state], 'change', j.change, 'undoes', j.undoes,
    'total', j.total, 'done', j.done, 'same', j.same, 'refused', j.refused, 'created_at', j.created_at, 'ended_at', j.ended_at,
    'undo', j.undoes is null and j.state > 1 and j.done > 0 and j.ended_at > now() - (app.bulk_limits()).undo
      and not exists (select from app.bulk_jobs u where u.tenant_id = j.tenant_id and u.undoes = j.id));
end $$;

create or replace function app.own_bulk(job bigint) returns app.bulk_jobs
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
declare
  j app.bulk_jobs;
begin
  perform app.must_be_at_desk();
  select x.* into j from app.bulk_jobs x where x.tenant_id = auth.tenant_id() and x.id = job and x.person_id = auth.person_id();
  if not found then
    raise exception using errcode = 'PT404', message = 'no such job of one''s own';
  end if;
  return j;
end $$;

-- One's newest twenty.
create or replace function app.list_bulk() returns json
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
begin
  perform app.must_be_at_desk();
  return (select json_build_object('most', json_build_object('numbers', (app.bulk_limits()).numbers, 'found', (app.bulk_limits()).found),
      'items', coalesce(json_agg(app.bulk_json(j::app.bulk_jobs) order by j.created_at desc, j.id desc), '[]'))
    from (select x.* from app.bulk_jobs x where x.tenant_id = auth.tenant_id() and x.person_id = auth.person_id()
      order by x.created_at desc, x.id desc limit 20) j);
end $$;

-- One, with fifty of those that were refused and why.
create or replace function app.get_bulk(job bigint) returns json
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
declare
  j app.bulk_jobs := app.own_bulk(job);
begin
  return json_build_object('job', app.bulk_json(j), 'refused', (select coalesce(json_agg(json_build_object('number', r.ticket_id, 'code', r.code) order by r.ticket_id), '[]')
    from (select x.ticket_id, x.code from app.bulk_rows x where x.tenant_id = j.tenant_id and x.job_id = j.id and x.state = 3
      order by x.ticket_id limit 50) r));
end $$;

-- The tickets that a list of the queue shows, all of them; refused where they are too
-- many, or too many to be looked through.
create or replace function app.bulk_found(query text) returns bigint[]
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  w jsonb := app.view_words(query);
  most int := (app.bulk_limits()).found;
  picked record;
begin
  if w is null then
    raise exception using errcode = 'PT422', constraint = 'bulk_query.type', message = 'not a list';
  end if;
  perform app.begin_work();
  picked := app.pick_tickets(w || '{"list": "desk"}', most + 1, 200000);
  if cardinality(picked.ids) > most or picked.edge is not null then
    raise exception using errcode = 'PT422', constraint = 'bulk_query.too_many', message = 'ten thousand at most';
  end if;
  return coalesce(picked.ids, '{}');
end $$;

-- How many that would be.
create or replace function app.count_bulk(query text) returns json
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
begin
  perform app.must_be_at_desk();
  return json_build_object('n', cardinality(app.bulk_found(query)), 'most', (app.bulk_limits()).found);
end $$;

-- What is to change, with 'me' as whoever asks; refused where no ticket could take it.
create or replace function app.bulk_change(said jsonb) returns jsonb
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
declare
  field text;
begin
  if jsonb_typeof(said) <> 'object' or said = '{}' or said - '{status,priority,assignee,team,tags}'::text[] <> '{}' then
    raise exception using errcode = 'PT422', constraint = 'bulk_change.type', message = 'status, priority, assignee, team, tags';
  end if;
  if said->>'assignee' = 'me' then
    said := said || jsonb_build_object('assignee', auth.person_id());
  elsif said->>'assignee' ~ '^[0-9]{1,16}$' then
    said := said || jsonb_build_object('assignee', (said->>'assignee')::bigint);
  end if;
  if said->>'team' ~ '^[0-9]{1,16}$' then
    said := said || jsonb_build_object('team', (said->>'team')::bigint);
  end if;
  -- What is escalated waits for an item of its own.
  field := case when said ? 'status' and (app.status_number(said->>'status') is null or said->>'status' = 'closed_escalated') then 'status'
    when said->>'priority' is not null and app.priority_number(said->>'priority') is null then 'priority'
    when said->>'assignee' is not null and not exists (select from app.people p
      where p.tenant_id = auth.tenant_id() and p.id::text = said->>'assignee' and p.rank >= 2) then 'assignee'
    when said->>'team' is not null and not exists (select from app.teams g
      where g.tenant_id = auth.tenant_id() and g.id::text = said->>'team' and g.archived_at is null) then 'team' end;
  if field is not null then
    raise exception using errcode = 'PT422', constraint = format('bulk_%s.choice', field), message = 'not to be had';
  end if;
  if said ? 'tags' then
    perform app.must_be_tags(said->'tags');
  end if;
  return said;
end $$;

-- One more, of these tickets; the others of its asker that are at work stay few. Who
-- asked for what is on record, once, as an event.
create or replace function app.make_bulk(tickets bigint[], change jsonb, undone bigint, hold int) returns app.bulk_jobs
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  j app.bulk_jobs;
begin
  perform pg_advisory_xact_lock(hashtextextended('bulk/' || auth.tenant_id() || '/' || auth.person_id(), 0));
  if (select count(*) from app.bulk_jobs x where x.tenant_id = auth.tenant_id() and x.person_id = auth.person_id()
      and x.created_at > now() - interval '1 day' and x.state = 1) >= (app.bulk_limits()).waiting then
    raise exception using errcode = 'PT429', constraint = 'bulk-busy', message = 'three at once';
  end if;
  -- What is a month old is over.
  delete from app.bulk_jobs x where x.tenant_id = auth.tenant_id() and x.id = any (array(select o.id from app.bulk_jobs o
    where o.tenant_id = auth.tenant_id() and o.created_at < now() - interval '30 days' and o.state > 1 order by o.created_at limit 5));
  insert into app.bulk_jobs (tenant_id, person_id, change, undoes, total, hold)
    values (auth.tenant_id(), auth.person_id(), make_bulk.change, undone, cardinality(tickets), coalesce(make_bulk.hold, 0)) returning * into j;
  insert into app.bulk_rows (tenant_id, job_id, ticket_id, before, after)
    select j.tenant_id, j.id, n, r.before, r.after from unnest(tickets) n
    left join app.bulk_rows r on r.tenant_id = j.tenant_id and r.job_id = undone and r.ticket_id = n;
  perform app.record_account('bulk.started', null, jsonb_strip_nulls(jsonb_build_object('job', j.id, 'total', j.total, 'change', j.change, 'undoes', j.undoes)));
  return j;
end $$;

-- Of tickets by number, or of all that a list of the queue shows. hold: what each tells waits so many seconds.
create or replace function app.start_bulk(numbers jsonb, query text, change jsonb, key text, hold int default null) returns json
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  sent app.sent;
  tickets bigint[];
  wanted jsonb;
begin
  perform app.must_be_at_desk();
  sent := app.sent('bulk', key, concat_ws(E'\n', numbers::text, query, change::text));
  if sent.answer is not null then
    return sent.answer;
  end if;
  if (numbers is null) = (query is null) then
    raise exception using errcode = 'PT422', constraint = 'bulk_numbers.required', message = 'numbers, or a query';
  elsif jsonb_typeof(numbers) <> 'array' or exists (select from jsonb_array_elements(numbers) e
      where jsonb_typeof(e) <> 'number' or e #>> '{}' !~ '^[0-9]{1,16}$') then
    raise exception using errcode = 'PT422', constraint = 'bulk_numbers.type', message = 'a list of numbers';
  elsif jsonb_array_length(numbers) > (app.bulk_limits()).numbers then
    raise exception using errcode = 'PT422', constraint = 'bulk_numbers.too_many', message = 'a thousand at most';
  end if;
  wanted := app.bulk_change(change);
  tickets := case when query is not null then app.bulk_found(query) else array(select distinct e::bigint from jsonb_array_elements_text(numbers) e) end;
  if tickets = '{}' then
    raise exception using errcode = 'PT422', constraint = 'bulk_numbers.required', message = 'no ticket';
  end if;
  return app.remember(sent, json_build_object('job', app.bulk_json(app.make_bulk(tickets, wanted, null, hold)), 'refused', '[]'::json));
end $$;

-- Takes back what one did, within the hour, and what it has not come to.
create or replace function app.undo_bulk(job bigint) returns json
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  j app.bulk_jobs := app.own_bulk(job);
begin
  select x.* into j from app.bulk_jobs x where x.tenant_id = j.tenant_id and x.id = j.id for update;
  if j.state = 1 then
    j := app.end_bulk(j.id, 3::smallint);
    -- Stopped before it did anything: that is all there is to take back.
    if j.done = 0 then
      return json_build_object('refused', '[]'::json, 'job', app.bulk_json(j));
    end if;
  end if;
  if not (app.bulk_json(j)->>'undo')::boolean then
    raise exception using errcode = 'PT409', constraint = 'bulk-over', message = 'nothing of it can be taken back any more';
  end if;
  -- What it has not told waits for that.
  update app.held_tellings h set out_at = greatest(h.out_at, clock_timestamp() + interval '1 minute')
    where j.hold > 0 and h.tenant_id = j.tenant_id and (h.ticket_id, h.what) in (select x.ticket_id, x.what from app.bulk_rows r
      join app.held_tellings x on x.tenant_id = r.tenant_id and x.ticket_id = r.ticket_id and x.person_id = j.person_id
      where r.tenant_id = j.tenant_id and r.job_id = j.id and r.state = 2 for update of x skip locked);
  return json_build_object('refused', '[]'::json, 'job', app.bulk_json(app.make_bulk(
    array(select r.ticket_id from app.bulk_rows r where r.tenant_id = j.tenant_id and r.job_id = j.id and r.state = 2), '{}', j.id, j.hold)));
end $$;

-- What it has not come to stays as it is.
create or replace function app.stop_bulk(job bigint) returns json
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  j app.bulk_jobs := app.own_bulk(job);
begin
  perform from app.bulk_jobs x where x.tenant_id = j.tenant_id and x.id = j.id for update;
  perform app.end_bulk(j.id, 3::smallint);
  return app.get_bulk(job);
end $$;

create or replace function app.end_bulk(job bigint, state smallint) returns app.bulk_jobs
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  j app.bulk_jobs;
begin
  update app.bulk_jobs x set state = end_bulk.state, ended_at = clock_timestamp()
    where x.tenant_id = auth.tenant_id() and x.id = job and x.state = 1;
  select x.* into j from app.bulk_jobs x where x.tenant_id = auth.tenant_id() and x.id = job;
  return j;
end $$;

-- ---- jobs ---------------------------------------------------------------------------

-- What there is of a ticket that this would change; a team may give it to somebody, too.
create or replace function app.bulk_now(ticket bigint, change jsonb) returns jsonb
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
begin
  return (select jsonb_object_agg(f.name, f.value) from app.tickets t
    cross join lateral (values ('status', to_jsonb(app.status_name(t.status))), ('priority', coalesce(to_jsonb(app.priority_name(t.priority)), 'null')),
      ('assignee', coalesce(to_jsonb(t.assignee_id), 'null')), ('team', coalesce(to_jsonb(t.team_id), 'null')),
      ('tags', (select coalesce(jsonb_agg(g.tag order by g.tag), '[]') from app.ticket_tags g where g.tenant_id = t.tenant_id and g.ticket_id = t.id))) f (name, value)
    where t.tenant_id = auth.tenant_id() and t.id = ticket and (change ? f.name or f.name = 'assignee' and change ? 'team'));
end $$;

-- What makes of `from` what `into` says; no field that is so already.
create or replace function app.bulk_step("from" jsonb, "into" jsonb) returns jsonb
language sql immutable parallel safe
return (select coalesce(jsonb_object_agg(i.key, case i.key when 'tags' then jsonb_build_object(
      'add', (select coalesce(jsonb_agg(x), '[]') from jsonb_array_elements("into"->'tags') x where not "from"->'tags' @> jsonb_build_array(x)),
      'remove', (select coalesce(jsonb_agg(x), '[]') from jsonb_array_elements("from"->'tags') x where not "into"->'tags' @> jsonb_build_array(x)))
    else i.value end), '{}')
  from jsonb_each("into") i where i.value <> "from"->i.key);

-- How many tickets a part has. One that has failed three times is looked at ticket by ticket,
-- so that only what can't be changed is left out.
create or replace function app.bulk_part(tries int) returns int
language sql immutable parallel safe
return case when tries < 3 then (app.bulk_limits()).part else 1 end;

-- A part failed, whole: somebody holds a ticket, or two at once stood in each other's way. It
-- comes again, a little later each time; a ticket that fails alone counts as refused, and the
-- job goes on behind it.
create or replace function app.put_off_bulk(job bigint, failed text) returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  j app.bulk_jobs;
begin
  select x.* into j from app.bulk_jobs x where x.tenant_id = auth.tenant_id() and x.id = job and x.state = 1 for update;
  if not found then
    return;
  elsif app.bulk_part(j.tries) > 1 then
    update app.bulk_jobs x set tries = j.tries + 1, due_at = now() + make_interval(secs => 2 << j.tries) where x.tenant_id = j.tenant_id and x.id = j.id;
    return;
  end if;
  update app.bulk_rows x set state = 3, code = case when failed like '40%' or failed in ('55P03', '57014') then 'busy' else 'invalid' end
    where x.tenant_id = j.tenant_id and x.job_id = j.id and x.ticket_id = (select min(w.ticket_id) from app.bulk_rows w
      where w.tenant_id = j.tenant_id and w.job_id = j.id and w.state = 1);
  update app.bulk_jobs x set refused = j.refused + found::int, due_at = now() + interval '2 seconds' where x.tenant_id = j.tenant_id and x.id = j.id;
end $$;

-- Changes the next of a job's tickets, as whoever asked for it. Each is by itself: what
-- is refused says why, and the others go on.
create or replace function app.work_bulk(job bigint) returns int
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  j app.bulk_jobs;
  r app.bulk_rows;
  part int;
  n int := 0;
  was jsonb;
  step jsonb;
  state text;
  which text;
  said text;
begin
  -- Whoever stops it waits for the part, and the part for them.
  select x.* into j from app.bulk_jobs x where x.tenant_id = auth.tenant_id() and x.id = job and x.state = 1 for update;
  if not found then
    return 0;
  end if;
  part := app.bulk_part(j.tries);
  -- Teams before tickets, as whoever gives them one does.
  perform x.id from app.teams x where x.tenant_id = j.tenant_id and x.turns > 0 and x.id in (
      select (coalesce(o.before, j.change)->>'team')::bigint from (select b.before from app.bulk_rows b
        where b.tenant_id = j.tenant_id and b.job_id = j.id and b.state = 1 order by b.ticket_id limit part) o)
    order by x.id for no key update;
  for r in select x.* from app.bulk_rows x where x.tenant_id = j.tenant_id and x.job_id = j.id and x.state = 1 order by x.ticket_id limit part loop
    n := n + 1;
    begin
      if not auth.is_agent() or auth.person_id() <> j.person_id then
        raise exception using errcode = 'PT403', constraint = 'forbidden';
      end if;
      if not (app.held_ticket(r.ticket_id)).at_desk then
        raise exception using errcode = 'PT404';
      end if;
      was := app.bulk_now(r.ticket_id, case when j.undoes is null then j.change else r.after end);
      if j.undoes is not null and was <> r.after then
        raise exception using errcode = 'PT409', constraint = 'bulk_ticket.changed';
      end if;
      step := case when j.undoes is not null then app.bulk_step(was, r.before) else app.bulk_step(was, (j.change - 'tags')
        || case when j.change ? 'tags' then jsonb_build_object('tags', (select coalesce(jsonb_agg(distinct t), '[]') from (
            select t from jsonb_array_elements_text(was->'tags') t where t <> all (app.tag_list(j.change #> '{tags,remove}'))
            union select unnest(app.tag_list(j.change #> '{tags,add}'))) x (t))) else '{}' end) end;
      if step <> '{}' then
        perform app.change_ticket(r.ticket_id, step || jsonb_build_object('hold', j.hold));
        r.state := 2;
      else
        r.state := 4;
      end if;
      r.before := was;
      r.after := app.bulk_now(r.ticket_id, was);
      r.code := null;
    exception when query_canceled or others then
      -- What came of two at once is tried again, the whole part.
      if sqlstate like '40%' or sqlstate = '55P03' then
        raise;
      end if;
      get stacked diagnostics state = returned_sqlstate, which = constraint_name, said = pg_exception_detail;
      r.state := 3;
      r.code := case when state = 'PT404' then 'gone' when state = 'PT403' then 'forbidden' when which ~ '\.\w+$' then substring(which from '\.(\w+)$')
        when state = 'PT422' and said like '[%' then said::jsonb #>> '{0,code}' when which = 'ticket-merged' then 'merged'
        when state = '57014' then 'busy' else 'invalid' end;
    end;
    update app.bulk_rows x set state = r.state, before = r.before, after = r.after, code = r.code
      where x.tenant_id = r.tenant_id and x.job_id = r.job_id and x.ticket_id = r.ticket_id;
    j.done := j.done + (r.state = 2)::int;
    j.same := j.same + (r.state = 4)::int;
    j.refused := j.refused + (r.state = 3)::int;
  end loop;
  update app.bulk_jobs x set done = j.done, same = j.same, refused = j.refused, tries = 0, due_at = now() + interval '200 milliseconds'
    where x.tenant_id = j.tenant_id and x.id = j.id;
  if n < part then
    perform app.end_bulk(j.id, 2::smallint);
  end if;
  return n;
end $$;

-- Takes one whose part is due, and enters its tenant as whoever asked for it, at the desk,
-- with the rights that they have now. Null: none is.
create or replace function jobs.take_bulk() returns bigint
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  turn record;
  j record;
begin
  for turn in select * from jobs.turns('bulk') loop
    with f as materialized (
      select o.tenant_id, o.id from app.bulk_jobs o
      where o.state = 1 and o.due_at <= now() and o.tenant_id >= turn.lowest and o.tenant_id < turn.below
        and (select t.suspended_at from app.tenants t where t.tenant_id = o.tenant_id) is null
      order by o.tenant_id, o.due_at limit 1 for update skip locked)
    update app.bulk_jobs w set due_at = now() + interval '1 minute'
      from f where w.tenant_id = f.tenant_id and w.id = f.id
      returning w.tenant_id, w.id, w.person_id into j;
    exit when found;
  end loop;
  if j.id is null then
    return null;
  end if;
  perform jobs.had_turn('bulk', j.tenant_id);
  perform auth.set_context(j.tenant_id, (select min(po.id) from app.portals po where po.tenant_id = j.tenant_id and po.account_id is null), null,
    j.person_id, null, p.rank, p.principals, false) from app.people p where p.tenant_id = j.tenant_id and p.id = j.person_id;
  return j.id;
end $$;

-- A part of one. How many tickets were looked at; 0: none waits.
create or replace function jobs.work_bulk() returns int
language plpgsql volatile
set search_path = pg_catalog, pg_temp as $$
declare
  job bigint := jobs.take_bulk();
begin
  if job is null then
    return 0;
  end if;
  begin
    -- One that ends with a whole part is found once more, and has none.
    return greatest(app.work_bulk(job), 1);
  exception when query_canceled or others then
    perform app.put_off_bulk(job, sqlstate);
    return 1;
  end;
end $$;
