-- Rules as the tenant's administrators keep them: written, tried on what was, turned on
-- and off, and looked at afterwards; and what agents read of them in a ticket.

create or replace function app.must_keep_rules() returns void
language plpgsql stable as $$
begin
  if auth.account_id() is not null or auth.rank() < 3 then
    raise exception using errcode = 'PT403', message = 'rules are the tenant''s to keep';
  end if;
end $$;

create or replace function app.rule_json(r app.rules) returns jsonb
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
begin
  return jsonb_build_object('id', r.id, 'name', r.name, 'on', r.is_on, 'version', r.version, 'since', r.since, 'past', r.past, 'reaching', r.past_after is not null, 'rule', r.body,
    -- Of the newest hundred lines: what stopped it is to be seen.
    'runs', (select jsonb_build_object('ran', count(*) filter (where x.outcome = 'ran'), 'stopped', count(*) filter (where x.outcome in ('again', 'depth', 'daily')),
        'failed', count(*) filter (where x.outcome = 'failed'), 'last', max(x.created_at))
      from (select y.outcome, y.created_at from app.rule_runs y where y.tenant_id = r.tenant_id and y.rule_id = r.id order by y.id desc limit 100) x));
end $$;

-- Names that rules hold by number or key, for the page to say and to choose from.
create or replace function app.rule_choices() returns jsonb
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
begin
  return jsonb_build_object(
    'types', (select coalesce(jsonb_agg(jsonb_build_object('key', y.key, 'labels', y.labels) order by y.position, y.key), '[]') from app.ticket_types y where y.tenant_id = auth.tenant_id()),
    'fields', (select coalesce(jsonb_agg(jsonb_build_object('key', f.key, 'kind', f.kind, 'labels', f.labels, 'options', f.options) order by f.created_at, f.key), '[]')
      from app.fields f where f.tenant_id = auth.tenant_id() and f.kind <> 'facts'),
    'accounts', (select coalesce(jsonb_agg(jsonb_build_object('id', x.id, 'name', x.name) order by x.name), '[]')
      from (select a.id, a.name from app.accounts a where a.tenant_id = auth.tenant_id() order by a.name limit 500) x),
    'portals', (select coalesce(jsonb_agg(jsonb_build_object('id', x.id, 'name', x.name) order by x.name), '[]')
      from (select p.id, p.name from app.portals p where p.tenant_id = auth.tenant_id() and p.account_id is not null order by p.name limit 500) x),
    'plans', case when app.has_service_level() then (select coalesce(jsonb_agg(jsonb_build_object('key', p->'key', 'labels', p->'names')), '[]') from jsonb_array_elements((app.sla_at(now())).body->'plans') p) else '[]' end,
    'teams', (select coalesce(jsonb_agg(jsonb_build_object('id', x.id, 'name', x.name) order by x.name), '[]')
      from (select g.id, g.name from app.teams g where g.tenant_id = auth.tenant_id() and g.archived_at is null order by g.name limit 500) x),
    'staff', (select coalesce(jsonb_agg(jsonb_build_object('id', x.id, 'name', x.name) order by x.name), '[]')
      from (select p.id, p.name from app.people p where p.tenant_id = auth.tenant_id() and p.rank >= 2 order by p.name limit 500) x));
end $$;

create or replace function app.list_rules() returns json
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
begin
  perform app.must_keep_rules();
  return json_build_object('languages', coalesce(auth.languages(), '{en}'), 'most', app.rule_limits(), 'placeholders', app.macro_placeholders(), 'choices', app.rule_choices(),
    'rules', (select coalesce(jsonb_agg(app.rule_json(r) order by r.position, r.id), '[]') from app.rules r where r.tenant_id = auth.tenant_id() and r.removed_at is null));
end $$;

create or replace function app.rule_to_keep(rule bigint) returns app.rules
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  r app.rules;
begin
  perform app.must_keep_rules();
  -- Two at once would both be the last of a hundred, or both the newest version.
  perform pg_advisory_xact_lock(hashtextextended('rules/' || auth.tenant_id(), 0));
  select x.* into r from app.rules x where x.tenant_id = auth.tenant_id() and x.id = rule and x.removed_at is null for no key update;
  if rule is not null and not found then
    raise exception using errcode = 'PT404', message = 'no such rule';
  end if;
  return r;
end $$;

-- A new rule, which is off (id null), or another version of one. based: the version
-- that was changed.
create or replace function app.save_rule(rule bigint, name text, body jsonb, said jsonb, based int) returns json
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  r app.rules := app.rule_to_keep(rule);
  faults jsonb := app.rule_faults(body);
begin
  if faults <> '[]' then
    raise exception using errcode = 'PT422', message = 'not a rule', detail = (select jsonb_agg(f) from (select f from jsonb_array_elements(faults) f limit 50) x)::text;
  end if;
  if rule is null then
    if (select count(*) from app.rules x where x.tenant_id = auth.tenant_id() and x.removed_at is null) >= 100 then
      raise exception using errcode = 'PT422', constraint = 'rules_name.too_many', message = 'a hundred at most';
    end if;
    insert into app.rules (tenant_id, position, name, body, said) select auth.tenant_id(), coalesce(max(x.position), 0) + 1, save_rule.name, save_rule.body, save_rule.said
      from app.rules x where x.tenant_id = auth.tenant_id() and x.removed_at is null returning * into r;
  elsif (r.name, r.body) = (save_rule.name, save_rule.body) then
    return app.get_rule(r.id);
  elsif r.version <> based then
    raise exception using errcode = 'PT409', constraint = 'conflict', message = 'saved by somebody else meanwhile';
  elsif r.version >= 1000 then
    raise exception using errcode = 'PT422', constraint = 'rules_name.too_many', message = 'a thousand versions at most';
  else
    -- Its alarms were of what it was.
    if r.body->'when' <> save_rule.body->'when' then
      delete from app.rule_alarms a where a.tenant_id = r.tenant_id and a.rule_id = r.id;
      update app.rules x set since = now(), past = false, past_after = null where x.tenant_id = r.tenant_id and x.id = r.id;
    end if;
    update app.rules x set name = save_rule.name, body = save_rule.body, said = save_rule.said, version = x.version + 1
      where x.tenant_id = r.tenant_id and x.id = r.id returning x.* into r;
  end if;
  insert into app.rule_versions (tenant_id, rule_id, version, name, body, author_id) values (r.tenant_id, r.id, r.version, r.name, r.body, auth.person_id());
  perform app.record_account('rule.saved', null, jsonb_build_object('rule', r.id, 'version', r.version));
  return app.get_rule(r.id);
end $$;

-- Turns it on or off; it holds for what happens from now on, and where that is asked,
-- a rule of time for all tickets.
create or replace function app.turn_rule(rule bigint, is_on boolean, past boolean) returns json
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  r app.rules := app.rule_to_keep(rule);
begin
  if r.is_on = turn_rule.is_on then
    return app.list_rules();
  end if;
  delete from app.rule_alarms a where a.tenant_id = r.tenant_id and a.rule_id = r.id;
  past := turn_rule.is_on and coalesce(past, false) and r.body->'when' ? 'time';
  update app.rules x set is_on = turn_rule.is_on, since = now(), past = turn_rule.past, past_after = case when turn_rule.past then 0 end
    where x.tenant_id = r.tenant_id and x.id = r.id;
  if past then
    insert into app.rule_turns as n (tenant_id, next_at) values (r.tenant_id, now()) on conflict on constraint rule_turns_pkey do update set next_at = excluded.next_at;
  end if;
  perform app.record_account('rule.turned', null, jsonb_build_object('rule', r.id, 'on', turn_rule.is_on, 'past', past));
  return app.list_rules();
end $$;

-- Their order, each once.
create or replace function app.order_rules(ids jsonb) returns json
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
begin
  perform app.rule_to_keep(null);
  if jsonb_typeof(ids) <> 'array' or (select coalesce(jsonb_agg(e order by e), '[]') from jsonb_array_elements(ids) e)
      <> (select coalesce(jsonb_agg(to_jsonb(x.id) order by to_jsonb(x.id)), '[]') from app.rules x where x.tenant_id = auth.tenant_id() and x.removed_at is null) then
    raise exception using errcode = 'PT422', constraint = 'rules_ids.choice', message = 'each of them once';
  end if;
  update app.rules x set position = o.n from jsonb_array_elements(ids) with ordinality o (id, n) where x.tenant_id = auth.tenant_id() and to_jsonb(x.id) = o.id;
  perform app.record_account('rule.ordered', null, '{}');
  return app.list_rules();
end $$;

-- What it did stays in the log.
create or replace function app.remove_rule(rule bigint) returns json
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  r app.rules := app.rule_to_keep(rule);
begin
  delete from app.rule_alarms a where a.tenant_id = r.tenant_id and a.rule_id = r.id;
  update app.rules x set is_on = false, removed_at = now(), past_after = null where x.tenant_id = r.tenant_id and x.id = r.id;
  perform app.record_account('rule.removed', null, jsonb_build_object('rule', r.id));
  return app.list_rules();
end $$;

-- Without fields that are hidden where the ticket is: why a rule ran, and what it did. A group
-- is told by the status, a clock by the priority; of what changed the hidden is left out, and
-- where it was nothing else the question too.
create or replace function app.why_shown(why jsonb, hidden text[]) returns jsonb
language sql immutable parallel safe
return (select coalesce(jsonb_agg(case when x.shown is not null then x.w || jsonb_build_object('given', x.shown) else x.w end order by x.n), '[]') from (
    select w, n, case w->>'field' when 'group' then 'status' when 'clock' then 'priority' else regexp_replace(w->>'field', '^(was|fields)\.', '') end as of,
      case when w->>'field' = 'changed' and w->'given' ?| hidden then
        (select coalesce(jsonb_agg(g), '[]') from jsonb_array_elements_text(w->'given') g where g <> all (hidden)) end as shown
    from jsonb_array_elements(why) with ordinality e (w, n)) x
  where x.of <> all (hidden) and x.shown is distinct from '[]');
create or replace function app.did_shown(did jsonb, hidden text[]) returns jsonb
language sql immutable parallel safe
return (select coalesce(jsonb_agg(d order by n), '[]') from jsonb_array_elements(did) with ordinality x (d, n)
  where not exists (select from jsonb_object_keys(coalesce(d->'do', '{}')) k where k = any (hidden)));

-- One of them, with its newest fifty versions and the newest fifty lines of its log.
create or replace function app.get_rule(rule bigint) returns json
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
declare
  r app.rules;
begin
  perform app.must_keep_rules();
  select x.* into r from app.rules x where x.tenant_id = auth.tenant_id() and x.id = rule and x.removed_at is null;
  if not found then
    raise exception using errcode = 'PT404', message = 'no such rule';
  end if;
  return json_build_object('item', app.rule_json(r), 'languages', coalesce(auth.languages(), '{en}'), 'most', app.rule_limits(), 'placeholders', app.macro_placeholders(), 'choices', app.rule_choices(),
    'versions', (select json_agg(json_build_object('version', x.version, 'name', x.name, 'rule', x.body, 'at', x.created_at, 'by', x.author) order by x.version desc)
      from (select v.*, p.name as author from app.rule_versions v join app.people p on p.tenant_id = v.tenant_id and p.id = v.author_id
        where v.tenant_id = r.tenant_id and v.rule_id = r.id order by v.version desc limit 50) x),
    'log', (select coalesce(json_agg(json_build_object('number', x.ticket_id, 'title', x.title, 'version', x.version, 'outcome', x.outcome,
        'why', app.why_shown(x.why, x.hidden), 'did', app.did_shown(x.did, x.hidden), 'at', x.created_at) order by x.id desc), '[]')
      from (select l.*, t.title, case when app.has_field_policies() then app.hidden_fields(t.portal_id, t.account_id) else '{}' end as hidden from app.rule_runs l join app.tickets t on t.tenant_id = l.tenant_id and t.id = l.ticket_id
        where l.tenant_id = r.tenant_id and l.rule_id = r.id order by l.id desc limit 50) x));
end $$;

-- What rules did to a ticket, newest first, for who works on it. Fields that are
-- hidden from them there are not named.
create or replace function app.ticket_rules(ticket bigint) returns json
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
declare
  t app.tickets := app.seen_ticket(ticket);
  hidden text[] := '{}';
begin
  if not auth.is_agent() or auth.grant_id() is not null then
    raise exception using errcode = 'PT403', message = 'the desk''s to know';
  end if;
  if app.has_field_policies() then
    hidden := app.hidden_fields(t.portal_id, t.account_id);
  end if;
  return json_build_object(
    'level', (select l.level from app.ticket_levels l where l.tenant_id = t.tenant_id and l.ticket_id = t.id),
    'runs', (select coalesce(json_agg(json_build_object('id', x.rule_id, 'name', x.name, 'version', x.version, 'outcome', x.outcome, 'at', x.created_at,
        'why', app.why_shown(x.why, hidden), 'did', app.did_shown(x.did, hidden)) order by x.id desc), '[]')
      from (select l.*, r.name from app.rule_runs l join app.rules r on r.tenant_id = l.tenant_id and r.id = l.rule_id
        where l.tenant_id = t.tenant_id and l.ticket_id = t.id order by l.id desc limit 50) x));
end $$;

-- How far some tickets are escalated, for the desk's lists.
create or replace function app.levels_of(wanted bigint[]) returns table (ticket bigint, level smallint)
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
begin
  if auth.is_agent() and auth.grant_id() is null then
    return query select l.ticket_id, l.level from app.ticket_levels l where l.tenant_id = auth.tenant_id() and l.ticket_id = any (wanted);
  end if;
end $$;

-- ---- tried before it is turned on -------------------------------------------------------

-- A condition without what only an event says. Null: nothing is left of it.
create or replace function app.lasting_condition(given jsonb) returns jsonb
language plpgsql immutable
set search_path = pg_catalog, pg_temp as $$
declare
  word text := case when given ? 'all' then 'all' when given ? 'any' then 'any' end;
  parts jsonb;
begin
  if word is not null then
    select jsonb_agg(l.part) into parts from jsonb_array_elements(given->word) p cross join lateral (select app.lasting_condition(p) as part) l where l.part is not null;
    return case when parts is not null then jsonb_build_object(word, parts) end;
  elsif given ? 'not' then
    parts := app.lasting_condition(given->'not');
    return case when parts is not null then jsonb_build_object('not', parts) end;
  end if;
  return case when given->>'field' not in ('by', 'changed', 'clock', 'was.status', 'was.priority') then given end;
end $$;

-- How many tickets are so now, exact to a thousand: of the newest, for a second at most.
create or replace function app.rule_matches(body jsonb) returns jsonb
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
declare
  condition jsonb := app.lasting_condition(nullif(body->'if', 'null'));
  ends timestamptz := clock_timestamp() + app.trial_time() / 2;
  none app.events;
  t app.tickets;
  n int := 0;
  looked int := 0;
  whole boolean := true;
begin
  for t in select x.* from app.tickets x where x.tenant_id = auth.tenant_id() and x.at_desk order by x.desk_updated_at desc, x.id desc loop
    if n > 1000 or clock_timestamp() > ends then
      whole := false;
      exit;
    end if;
    looked := looked + 1;
    if (not body->'when' ? 'time' or (app.rule_due(body, t)).due <= now()) and (app.rule_holds(condition, app.rule_facts(t, none))).holds then
      n := n + 1;
    end if;
  end loop;
  return jsonb_build_object('count', least(n, 1000), 'more', n > 1000, 'looked', looked, 'whole', whole);
end $$;

-- A ticket as it was after an event, by what its later events say; what came in the same
-- transaction had come. Without an event: as it was at a time.
create or replace function app.ticket_then(t app.tickets, e app.events, at timestamptz) returns app.tickets
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
declare
  x record;
begin
  for x in select n.data from app.events n where n.tenant_id = t.tenant_id and n.ticket_id = t.id and n.kind = 'ticket.changed'
      and (n.id > e.id and n.xid <> e.xid or e.id is null and n.created_at > at) order by n.id desc loop
    if x.data ? 'status' then
      t.status := app.status_number(x.data->'status'->>0);
    end if;
    if x.data ? 'priority' then
      t.priority := app.priority_number(x.data->'priority'->>0);
    end if;
    if x.data ? 'team' then
      t.team_id := (x.data->'team'->>0)::bigint;
    end if;
    if x.data ? 'assignee' then
      t.assignee_id := (x.data->'assignee'->>0)::bigint;
    end if;
  end loop;
  return t;
end $$;

-- Those of its actions that would have changed a ticket which was so.
create or replace function app.would_do(body jsonb, t app.tickets) returns jsonb
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
begin
  return (select coalesce(jsonb_agg(case when a ? 'reply' or a ? 'note' or a ? 'mail' then (select jsonb_object_agg(k, true) from jsonb_object_keys(a) k) else a end order by n), '[]')
    from jsonb_array_elements(body->'do') with ordinality x (a, n)
    where not (a ? 'status' and a->>'status' = app.status_name(t.status)
      or a ? 'priority' and a->>'priority' is not distinct from app.priority_name(t.priority)
      or a ? 'team' and a->>'team' is not distinct from t.team_id::text
      or a ? 'assignee' and a->>'assignee' is not distinct from t.assignee_id::text));
end $$;

-- When a rule by a clock would have run for a ticket, as the clock was then: from each
-- thing that changed it to the next its time may come, and where the condition did not
-- hold, it asks again at what happens after that. Once for each moment that it counts from.
create or replace function app.rule_moments(body jsonb, t app.tickets, since timestamptz) returns table (at timestamptz, was app.tickets, why jsonb)
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
declare
  w jsonb := body->'when';
  none app.events;
  l record;
  m record;
  c app.ticket_clocks;
  begun timestamptz;
  looked record;
  ran boolean := false;
begin
  for l in
    select x.line, (x.line->>'at')::timestamptz as at, coalesce(lead((x.line->>'at')::timestamptz) over (order by x.n), now()) as until
    from jsonb_array_elements((app.fold_clocks(t, true)).lines) with ordinality x (line, n)
    where app.clock_name((x.line->>'clock')::smallint) = w->>'clock' order by x.n
  loop
    if begun is null or l.line->>'what' = 'asked' then
      begun := l.at;
      ran := false;
    end if;
    continue when ran;
    c.state := (l.line->>'state')::smallint;
    c.target := (l.line->>'target')::bigint;
    c.used := (l.line->>'used')::bigint;
    c.running_since := l.at;
    c.calendar := (l.line->>'calendar')::bigint;
    c.calendar_version := (l.line->>'calendar_version')::int;
    c.due_at := (l.line->>'due')::timestamptz;
    c.late := (l.line->>'late')::boolean;
    at := greatest(app.rule_clock_due(w, c), l.at);
    continue when app.rule_clock_due(w, c) is null or at > l.until;
    for m in
      select at as moment union
      select e.created_at from app.events e where e.tenant_id = t.tenant_id and e.ticket_id = t.id and e.created_at > at and e.created_at < l.until
        and (app.rule_event(e.kind) is not null or e.kind = 'ticket.split_off')
      order by 1
    loop
      was := app.ticket_then(t, none, m.moment);
      looked := app.rule_holds(body->'if', app.rule_facts(was, none));
      if looked.holds then
        ran := true;
        if m.moment >= since then
          at := m.moment;
          why := looked.why;
          return next;
        end if;
        exit;
      end if;
    end loop;
  end loop;
end $$;

-- A rule by a clock, on the newest two thousand tickets that need a look, for two seconds at most.
create or replace function app.replay_clock_rule(body jsonb, since timestamptz, ends timestamptz) returns json
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
declare
  most constant int := 2000;
  t app.tickets;
  m record;
  rows jsonb := '[]';
  hit int := 0;
  n int := 0;
  over boolean;
  reached timestamptz := now();
  whole boolean := true;
begin
  for t in select x.* from app.tickets x where x.tenant_id = auth.tenant_id() and x.at_desk order by x.desk_updated_at desc, x.id desc loop
    -- What was over before then had no clock that ran since.
    over := t.desk_updated_at < since and t.status in (5, 6);
    if clock_timestamp() > ends or n = most and not over then
      whole := false;
      exit;
    end if;
    reached := least(reached, t.desk_updated_at);
    continue when over;
    n := n + 1;
    for m in select x.* from app.rule_moments(body, t, since) x loop
      hit := hit + 1;
      rows := rows || jsonb_build_array(jsonb_build_object('number', t.id, 'title', t.title, 'at', m.at, 'event', null, 'would', app.would_do(body, m.was),
        'why', app.why_shown(m.why, case when app.has_field_policies() then app.hidden_fields(t.portal_id, t.account_id) else '{}' end)));
    end loop;
  end loop;
  return json_build_object('now', app.rule_matches(body), 'tickets', n, 'hits', hit,
    'rows', (select coalesce(jsonb_agg(x.one order by x.one->>'at' desc), '[]') from (select y.one from jsonb_array_elements(rows) y (one) order by y.one->>'at' desc limit 200) x),
    'since', case when whole then since else reached end, 'whole', whole);
end $$;

-- What a rule would have done in the last days: on each event that it waits for, as the
-- ticket was then. It writes nothing. Of the newest two thousand tickets, for two seconds
-- at most; how far that went, it says. What has no history (account, plan, answers,
-- level) is as it is now.
create or replace function app.replay_rule(body jsonb, days int, rule bigint default null) returns json
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
declare
  faults jsonb;
  ends timestamptz := clock_timestamp() + app.trial_time();
  since timestamptz := now() - days * interval '1 day';
  by_time boolean := body->'when' ? 'time';
  none app.events;
  e app.events;
  t app.tickets;
  was app.tickets;
  at timestamptz;
  looked record;
  seen bigint[] := '{}';
  rows jsonb := '[]';
  hit int := 0;
  events int := 0;
  reached timestamptz := now();
  whole boolean := true;
begin
  perform app.must_keep_rules();
  faults := app.rule_faults(body);
  if faults <> '[]' then
    raise exception using errcode = 'PT422', message = 'not a rule', detail = faults::text;
  elsif body->'when'->>'time' = 'due' then
    perform app.begin_work();
    return app.replay_clock_rule(body, since, ends);
  end if;
  perform app.begin_work();
  for e in select x.* from app.events x where x.tenant_id = auth.tenant_id() and x.ticket_id is not null
      and x.kind in ('ticket.opened', 'ticket.replied', 'ticket.changed', 'ticket.escalated', 'ticket.warned', 'ticket.late') order by x.id desc loop
    if e.created_at < since then
      exit;
    elsif clock_timestamp() > ends or cardinality(seen) >= 2000 and e.ticket_id <> all (seen) then
      whole := false;
      exit;
    end if;
    reached := e.created_at;
    if e.ticket_id <> all (seen) then
      seen := seen || e.ticket_id;
    end if;
    events := events + 1;
    select x.* into t from app.tickets x where x.tenant_id = e.tenant_id and x.id = e.ticket_id and x.at_desk;
    continue when not found;
    if by_time then
      continue when not (case body->'when'->>'time' when 'status' then e.kind = 'ticket.opened' or e.kind = 'ticket.changed' and e.data ? 'status'
        when 'customer' then e.kind = 'ticket.opened' or e.kind = 'ticket.replied' and e.data->>'by' in ('customer', 'partner')
        else e.kind = 'ticket.replied' and e.data->>'by' = 'desk' end);
      was := app.ticket_then(t, e, null);
      at := app.rule_after(body->'when', t.account_id, was.priority, e.created_at);
      -- Not when it began anew before that.
      continue when at is null or at > now() or exists (select from app.events n where n.tenant_id = e.tenant_id and n.ticket_id = e.ticket_id and n.id > e.id and n.created_at <= at
        and case body->'when'->>'time' when 'status' then n.kind = 'ticket.changed' and n.data ? 'status'
          when 'customer' then n.kind = 'ticket.replied' and n.data->>'by' in ('customer', 'partner') else n.kind = 'ticket.replied' and n.data->>'by' = 'desk' end);
      was := app.ticket_then(t, none, at);
      looked := app.rule_holds(body->'if', app.rule_facts(was, none));
    else
      continue when not app.rule_wants(body, e)
        -- Of what it began itself it is stopped.
        or rule is not null and e.data->'chain' @> to_jsonb(rule);
      at := e.created_at;
      was := app.ticket_then(t, e, null);
      looked := app.rule_holds(body->'if', app.rule_facts(was, e));
    end if;
    if looked.holds then
      hit := hit + 1;
      if hit <= 200 then
        rows := rows || jsonb_build_array(jsonb_build_object('number', t.id, 'title', t.title, 'at', at, 'event', e.id, 'would', app.would_do(body, was),
          'why', app.why_shown(looked.why, case when app.has_field_policies() then app.hidden_fields(t.portal_id, t.account_id) else '{}' end)));
      end if;
    end if;
  end loop;
  return json_build_object('now', app.rule_matches(body), 'tickets', cardinality(seen), 'events', events, 'hits', hit, 'rows', rows,
    'since', case when whole then since else reached end, 'whole', whole);
end $$;
