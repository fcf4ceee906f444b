-- Which tickets a list shows, and in which order: one way for a customer's lists,
-- a partner's inbox, the agents' queue, their counts and their CSV. What is wanted
-- is said as the page's address says it:
--
--   list        all, mine, shared, followed, organisation, partner, desk
--   group, priority, type, requester, assignee, account, unread, q
--   team        a number, mine (any that the asker is in), none
--   created_from, created_to, updated_from, updated_to: days where the asker is
--   fields      {"<key>": ["<answer>", …] | {"from": …, "to": …} | {"has": "…"} | {"is": "…"}}
--   due         late: what the service level promised is over
--   tag         the desk's own word
--   snoozed     yes: what the desk has put aside; else that is in no list of the desk's, but where words are looked for
--   sort        updated, created, priority, status, title, due; dir: asc, desc
--   after       the key and the number of the last row of the page before
--
-- Each of the asker's principals has an index of its tickets in the order of their
-- changes, and so has the desk: a list walks these, a number of rows (`reach`) at
-- most. What is in the order of the walk goes on from there on the next page; in
-- another order it is sorted what changed last, and said from when on. By what is due
-- first the desk's walk is one of clocks: of tickets for which something is promised.
-- What is asked of a field is never answered where it is hidden from the asker:
-- such a ticket is in no answer, and in an order it stands as if the field were empty.

-- When a day begins for the asker, or ends; null: none is asked.
create or replace function app.list_day(w jsonb, field text, is_end boolean) returns timestamptz
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
declare
  said text := w->>field;
  zone text;
begin
  if said is null then
    return null;
  elsif not app.is_date(said) then
    raise exception using errcode = 'PT422', constraint = format('tickets_%s.date', field), message = 'not a day';
  end if;
  zone := (select p.time_zone from app.people p where p.tenant_id = auth.tenant_id() and p.id = auth.person_id());
  begin
    return (said::date + is_end::int)::timestamp at time zone zone;
  exception when invalid_parameter_value then
    return (said::date + is_end::int)::timestamp at time zone 'UTC';
  end;
end $$;

-- An end of a range of numbers or days, as SQL.
create or replace function app.range_end(field text, said jsonb, sign text) returns text
language plpgsql immutable strict
set search_path = pg_catalog, pg_temp as $$
begin
  if jsonb_typeof(said) = 'number' and char_length(said #>> '{}') <= 24 and abs((said #>> '{}')::numeric) <= 1e15 then
    return format('v.number %s %L::double precision', sign, said #>> '{}');
  elsif jsonb_typeof(said) = 'string' and app.is_date(said #>> '{}') then
    return format('v.word %s %L collate "C"', sign, said #>> '{}');
  end if;
  raise exception using errcode = 'PT422', message = 'neither a number nor a day', detail = jsonb_build_array(app.field_fault(field, 'date'))::text;
end $$;

-- What is asked of an answer, as SQL over ticket_values v. Its form says what is
-- meant and not the field's kind, so that a field that is hidden answers as one
-- that does not exist.
create or replace function app.answer_condition(field text, asked jsonb) returns text
language plpgsql stable
set search_path = pg_catalog, pg_temp as $$
begin
  if jsonb_typeof(asked) = 'array' and jsonb_array_length(asked) between 1 and 50
      and not exists (select from jsonb_array_elements(asked) a where jsonb_typeof(a) in ('object', 'array', 'null')) then
    return format('(v.word = any (%L::text[]) or jsonb_typeof(v.value) = ''array'' and v.value ?| %1$L::text[])',
      array(select jsonb_array_elements_text(asked)));
  elsif jsonb_typeof(asked) = 'object' and asked - '{from,to}'::text[] = '{}'
      and coalesce(nullif(asked->'from', 'null'), nullif(asked->'to', 'null')) is not null then
    return concat_ws(' and ', app.range_end(field, nullif(asked->'from', 'null'), '>='), app.range_end(field, nullif(asked->'to', 'null'), '<='));
  elsif asked ? 'has' and asked - 'has' = '{}' and jsonb_typeof(asked->'has') = 'string' then
    return format('jsonb_typeof(v.value) = ''string'' and position(lower(%L) in lower(v.value #>> ''{}'')) > 0', asked->>'has');
  elsif asked ? 'is' and asked - 'is' = '{}' and jsonb_typeof(asked->'is') = 'string' then
    return format('v.word = %L', lower(left(asked->>'is', 100)));
  end if;
  raise exception using errcode = 'PT422', message = 'not a condition', detail = jsonb_build_array(app.field_fault(field, 'type'))::text;
end $$;

-- Those of the answers asked for that are one, each with its condition.
create or replace function app.answers_asked(w jsonb) returns table (field text, condition text)
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
declare
  asked jsonb;
begin
  if w->>'fields' is null then
    return;
  end if;
  begin
    asked := (w->>'fields')::jsonb;
  exception when data_exception then
    asked := 'null';
  end;
  if jsonb_typeof(asked) <> 'object' or (select count(*) from jsonb_object_keys(asked)) > 10
      or exists (select from jsonb_object_keys(asked) k where k !~ '^[a-z][a-z0-9_]{0,39}$') then
    raise exception using errcode = 'PT422', constraint = 'tickets_fields.type', message = 'ten fields at most, by their keys';
  end if;
  return query select a.key, app.answer_condition(a.key, a.value) from jsonb_each(asked) a;
end $$;

-- By what one sees the tickets of a list; what one opened, by oneself: or, of an
-- account that one has left, as its partner.
create or replace function app.list_principals(list text) returns bigint[]
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
declare
  as_partner boolean := list = 'mine' and exists (select from unnest(auth.principals()) p where p % 4 = 3)
    and exists (select from app.tickets t where t.tenant_id = auth.tenant_id() and t.requester_id = auth.person_id()
      and not exists (select from app.ticket_access a
        where a.tenant_id = t.tenant_id and a.ticket_id = t.id and a.principal = app.principal(auth.person_id(), 0)));
begin
  return array(select p from unnest(auth.principals()) p
    where case list when 'mine' then p % 4 = 0 or as_partner and p % 4 = 3
      when 'shared' then p % 4 <= 1 when 'organisation' then p % 4 >= 2 when 'partner' then p % 4 = 3 else true end);
end $$;

-- Whose tickets of the desk's, as SQL over x; merged: of the team m.
create or replace function app.list_whose(w jsonb, merged boolean) returns text
language plpgsql stable
set search_path = pg_catalog, pg_temp as $$
begin
  return concat(case when w->>'assignee' = 'none' then ' and x.assignee_id is null' when w->>'assignee' = 'me' then ' and x.assignee_id = $3'
      when w->>'assignee' is not null then format(' and x.assignee_id = %L::bigint', w->>'assignee') end,
    case when merged then ' and x.team_id = m.team' when w->>'team' = 'mine' then format(' and x.team_id = any (%L::bigint[])', app.my_teams())
      when w->>'team' <> 'none' then format(' and x.team_id = %L::bigint', w->>'team') end);
end $$;

-- What is walked: rows (at, id), of one principal p or of the desk. range: what is
-- asked of the walk's own column, `at`; $1 the tenant, $6 the reach. The desk's is
-- one of tickets, and can bring all of each: columns.
create or replace function app.list_walk(w jsonb, walked text, range text, dir text, columns text default 'x.id') returns text
language plpgsql stable
set search_path = pg_catalog, pg_temp as $$
declare
  -- Of several teams each has its own walk, in this order alone.
  merged boolean := w->>'team' = 'mine' and walked = 'desk_updated_at';
  mine text := app.list_whose(w, merged);
  -- What may be asked of a ticket that a clock leads to: not all, since it is carried from row to row.
  asked text := case when columns = 'x.id' then 'k.id' else 'k.id, k.tenant_id, k.portal_id, k.account_id, k.requester_id, k.assignee_id, k.team_id,
    k.type, k.status, k.priority, k.created_at, k.desk_updated_at, k.desk_changed_by' end;
begin
  return case when walked = 'due_at' then format(
      'select c.due_at as at, %s from app.ticket_clocks c cross join lateral (select %s from app.tickets k
          where k.tenant_id = $1 and k.id = c.ticket_id and k.at_desk %s offset 0) x
        where c.tenant_id = $1 and c.is_next %s order by c.due_at %s, c.ticket_id %5$s',
      columns, asked, replace(mine, 'x.', 'k.'), replace(replace(range, 'x.at', 'c.due_at'), 'x.id', 'c.ticket_id'), dir)
    when w->>'list' = 'desk' then format(case when merged then 'select a.* from unnest(%6$L::bigint[]) m (team) cross join lateral (' else '' end
      || 'select x.%1$I as at, %2$s from app.tickets x where x.tenant_id = $1 and x.at_desk %3$s %4$s
        order by x.%1$I %5$s, x.id %5$s' || case when merged then ' limit $6) a order by a.at %5$s, a.id %5$s' else '' end,
      walked, columns, mine, replace(range, 'x.at', 'x.' || walked), dir, case when merged then app.my_teams() end)
    else format(
      'select x.updated_at as at, x.ticket_id as id from app.ticket_access x
        where x.tenant_id = $1 and x.principal = p.principal %s order by x.updated_at %s, x.ticket_id %2$s',
      replace(replace(range, 'x.at', 'x.updated_at'), 'x.id', 'x.ticket_id'), dir) end;
end $$;

-- What is asked of a ticket t itself, as SQL. hidden: the portals where a field is. What a
-- walk of clocks comes to has one, and is late if that is asked.
create or replace function app.list_conditions(w jsonb, hidden jsonb, walked text) returns text
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
declare
  desk boolean := w->>'list' = 'desk';
  at text := case when desk then 't.desk_updated_at' else 't.updated_at' end;
  seen text := format('exists (select from app.seen s where s.tenant_id = $1 and s.person_id = $3 and s.ticket_id = t.id and s.seen_at >= %s)', at);
  shows text := 't.portal_id <> all (%L::bigint[])';
  answers text;
begin
  -- What is asked of answers is seldom asked; the rest needs no statement of its own.
  if w->>'fields' is not null then
    answers := (select string_agg(format('exists (select from app.ticket_values v where v.tenant_id = $1 and v.ticket_id = t.id and v.field = %L and %s)',
        a.field, a.condition) || case when hidden ? a.field then ' and ' || format(shows, hidden->>a.field) else '' end, ' and ')
      from app.answers_asked(w) a);
  end if;
  return nullif(concat(
    ' and ' || case when w->>'group' is not null then format('t.status = any (%L::smallint[])', app.group_statuses(w->>'group')) end,
    ' and ' || case when w->>'group' is not null and hidden ? 'status' then format(shows, hidden->>'status') end,
    ' and ' || case when w->>'priority' is not null then format('t.priority = %s', app.priority_number(w->>'priority')) end,
    ' and ' || case when w->>'priority' is not null and hidden ? 'priority' then format(shows, hidden->>'priority') end,
    ' and ' || case when w->>'type' is not null then format('t.type = %L', w->>'type') end,
    ' and ' || case when w->>'type' is not null and hidden ? 'type' then format(shows, hidden->>'type') end,
    case when w->>'requester' = 'me' or w->>'list' = 'mine' then ' and t.requester_id = $3' end,
    ' and ' || case when w->>'requester' <> 'me' then format('t.requester_id = %L::bigint', w->>'requester') end,
    case when w->>'list' = 'shared' then ' and t.requester_id <> $3' end,
    case when w->>'list' = 'followed' then ' and coalesce((select f.level from app.followers f
      where f.tenant_id = $1 and f.ticket_id = t.id and f.person_id = $3), case when t.requester_id = $3 then 1 else 3 end) < 3' end,
    ' and ' || case when w->>'account' is not null then format('t.account_id = %L::bigint', w->>'account') end,
    case when desk and w->>'team' = 'none' then ' and t.team_id is null' end,
    ' and ' || case when desk and walked <> 'due_at' and (w->>'due' = 'late' or w->>'sort' = 'due') then format('exists (select from app.ticket_clocks c
      where c.tenant_id = $1 and c.ticket_id = t.id and c.is_next %s offset 0)', case when w->>'due' = 'late' then 'and c.due_at <= now()' end) end,
    ' and ' || case when desk and (w->>'due' = 'late' or w->>'sort' = 'due') and hidden ? 'priority' then format(shows, hidden->>'priority') end,
    ' and t.created_at >= ' || quote_literal(app.list_day(w, 'created_from', false)),
    ' and t.created_at < ' || quote_literal(app.list_day(w, 'created_to', true)),
    case when desk then ' and t.desk_updated_at >= ' || quote_literal(app.list_day(w, 'updated_from', false)) end,
    case when desk then ' and t.desk_updated_at < ' || quote_literal(app.list_day(w, 'updated_to', true)) end,
    ' and ' || case when w->>'unread' is not null then format('%s > %L and coalesce(%s, t.requester_id) <> $3 and not %s', at, app.read_until(),
      case when desk then 't.desk_changed_by' else 't.changed_by' end, seen) end,
    ' and ' || answers), '');
end $$;

-- What changed before is read by whoever asks.
create or replace function app.read_until() returns timestamptz
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
begin
  return greatest(now() - interval '30 days', (select p.read_until from app.people p
    where p.tenant_id = auth.tenant_id() and p.id = auth.person_id()));
end $$;

-- At which of the portals that a walk comes to are these fields hidden: {"<field>": {portals}};
-- and "*": all of those portals.
create or replace function app.list_hidden(fields text[], rows text, principals bigint[], key text, id bigint, reach int) returns jsonb
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
declare
  found jsonb;
begin
  if fields = '{}' then
    return '{}';
  end if;
  execute format($q$
    with d as materialized (select distinct t.portal_id, t.account_id from (%s) c
      cross join lateral (select t.portal_id, t.account_id from app.tickets t where t.tenant_id = $1 and t.id = c.id offset 0) t)
    select coalesce(jsonb_object_agg(g.field, g.portals), '{}') || jsonb_build_object('*', (select array_agg(d.portal_id) from d)::text) from (
      select h.field, array_agg(d.portal_id)::text as portals
      from d cross join lateral unnest(app.hidden_fields(d.portal_id, d.account_id)) h (field)
      where h.field = any ($7) group by h.field) g $q$, rows)
    into found using auth.tenant_id(), principals, auth.person_id(), key, id, reach, fields;
  return found;
end $$;

-- What a list is sorted by, as SQL, and of which type.
create or replace function app.list_key(sort text, walked text, hidden jsonb, out key text, out kind text)
language plpgsql immutable
set search_path = pg_catalog, pg_temp as $$
begin
  kind := case sort when 'title' then 'text' when 'created' then 'timestamptz' else 'smallint' end;
  key := case sort when 'title' then 't.title collate "und-x-icu"' when 'created' then 't.created_at'
    when 'status' then 't.status' else 'coalesce(t.priority, 0::smallint)' end;
  if hidden ? sort then
    key := format('(case when t.portal_id = any (%L::bigint[]) then 0::smallint else %s end)', hidden->>sort, key);
  end if;
end $$;

-- Where the page before ended: a moment, a number or a title, and the ticket.
create or replace function app.list_after(w jsonb, kind text, out key text, out id bigint)
language plpgsql immutable
set search_path = pg_catalog, pg_temp as $$
declare
  part text[] := regexp_match(w->>'after', '^(.*)_([0-9]{1,16})$');
begin
  if w->>'after' is null then
    return;
  elsif part is null or kind <> 'text' and part[1] !~ '^[0-9]{1,17}$' or kind = 'smallint' and part[1] !~ '^[0-9]$' then
    raise exception using errcode = 'PT422', constraint = 'tickets_after.type', message = 'not a place in this list';
  end if;
  id := part[2]::bigint;
  key := case when kind = 'timestamptz' then app.cursor_time(w->>'after')::text else part[1] end;
end $$;

-- Is a list in the order that its walk has?
create or replace function app.is_walked(w jsonb) returns boolean
language sql immutable parallel safe
return coalesce(w->>'sort', 'updated') = 'updated' or w->>'list' = 'desk' and w->>'sort' in ('created', 'due');

-- What is looked through to count the desk's tickets: in any order those of the parts of
-- what is asked that an index has together, so that few others are met; else what a list walks.
create or replace function app.count_walk(w jsonb, walked text, range text) returns text
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
declare
  active boolean := w->>'group' in ('open', 'pending', 'active');
  part text;
begin
  if walked <> 'due_at' then
    part := case when w->>'requester' = 'me' then ' and x.requester_id = $3'
      when w->>'requester' is not null then format(' and x.requester_id = %L::bigint', w->>'requester')
      when active and w->>'account' is not null then format(' and x.account_id = %L::bigint and x.status <= 4', w->>'account')
      when active and coalesce(w->>'team', 'none') = 'none' then format(' and x.status <= 4 and x.status = any (%L::smallint[])', app.group_statuses(w->>'group'))
        || coalesce(' and x.priority = ' || app.priority_number(w->>'priority'), '')
      when w->>'priority' in ('urgent', 'high') and w->>'assignee' is null then format(' and x.priority = %s', app.priority_number(w->>'priority')) end;
  end if;
  if part is null then
    return app.list_walk(w, walked, range, case when walked = 'due_at' then 'asc' else 'desc' end, 'x.*');
  end if;
  return 'select x.* from app.tickets x where x.tenant_id = $1 and x.at_desk' || concat(part, app.list_whose(w, false), replace(range, 'x.at', 'x.' || walked));
end $$;

-- The first so many of a list, with the keys that they are sorted by; or, counted, only
-- n: how many there are, as far as `most`. edge, beyond: what lies beyond this place was
-- not looked at; since: nor what changed before.
create or replace function app.pick_tickets(w jsonb, most int, reach int, counted boolean default false,
  out ids bigint[], out keys text[], out edge text, out since timestamptz, out n int, out beyond boolean)
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
declare
  sort text := coalesce(w->>'sort', case when w->>'list' = 'desk' and w->>'due' is not null then 'due' else 'updated' end);
  dir text := coalesce(w->>'dir', case when sort in ('title', 'due') then 'asc' else 'desc' end);
  desk boolean := w->>'list' = 'desk';
  -- In the order of the walk?
  in_order boolean := app.is_walked(w);
  walked text := case when not desk then 'updated_at' when sort = 'created' then 'created_at' when sort = 'due' then 'due_at' else 'desk_updated_at' end;
  along text := case when in_order then dir else 'desc' end;
  on_the_way text := case when along = 'asc' then '>' else '<' end;
  whose bigint[] := case when desk then '{}' else app.list_principals(w->>'list') end;
  range text := '';
  rows text;
  hidden jsonb;
  hits record;
  worded text;
  tagged bigint[];
  wanted text;
  k record;
  place record;
  edge_id bigint;
  full_page boolean;
begin
  if desk and not auth.is_agent() then
    raise exception using errcode = 'PT403', message = 'the desk''s';
  end if;
  -- What somebody has is counted among that, not among all that is late.
  if counted and walked = 'due_at' and w->>'group' in ('open', 'pending', 'active') and w->>'assignee' <> 'none' then
    walked := 'desk_updated_at';
  end if;
  -- Of the walk's own column: days, and what is not read long ago.
  if walked = 'due_at' then
    range := case when w->>'due' = 'late' then ' and x.at <= now()' else '' end;
  elsif walked <> 'created_at' then
    range := concat(' and x.at >= ' || quote_literal(app.list_day(w, 'updated_from', false)), ' and x.at < ' || quote_literal(app.list_day(w, 'updated_to', true)),
      case when w->>'unread' is not null then ' and x.at > ' || quote_literal(app.read_until()) end);
  else
    range := concat(' and x.at >= ' || quote_literal(app.list_day(w, 'created_from', false)), ' and x.at < ' || quote_literal(app.list_day(w, 'created_to', true)));
  end if;
  -- A seldom word's tickets are looked up, and these alone are walked. Of others
  -- the newest few are not all that the filters leave: each ticket is asked.
  if w->>'q' is not null then
    hits := app.search_tickets(w->>'q', 1000);
    if hits.whole then
      range := range || format(' and x.id = any (%L::bigint[])', hits.ids);
    else
      worded := ' and ' || app.words_condition(w->>'q');
      -- A phrase is looked for in the texts: in fewer at a time.
      if reach > 2000 and app.phrase_patterns(w->>'q') is not null then
        reach := 2000;
      end if;
    end if;
  end if;
  -- So is what is put aside; else it is left out.
  if desk and w->>'snoozed' = 'yes' then
    range := range || format(' and x.id = any (%L::bigint[])', array(select z.ticket_id from app.snoozes z
      where z.tenant_id = auth.tenant_id() and z.until_at > now() order by z.ticket_id limit 5000));
  elsif desk and (w->>'q' is null or w->>'snoozed' = 'no') and exists (select from app.snoozes z where z.tenant_id = auth.tenant_id()) then
    worded := concat(worded, ' and not exists (select from app.snoozes z where z.tenant_id = $1 and z.ticket_id = t.id and z.until_at > now() offset 0)');
  end if;
  -- So are those of a tag, unless it is on very many.
  if desk and w->>'tag' is not null then
    tagged := app.tagged(w->>'tag', 1000);
    if cardinality(tagged) <= 1000 then
      range := range || format(' and x.id = any (%L::bigint[])', tagged);
    else
      worded := concat(worded, format(' and exists (select from app.ticket_tags g where g.tenant_id = $1 and g.ticket_id = t.id and g.tag = %L)', app.as_tag(w->>'tag')));
    end if;
  end if;
  place := app.list_after(w, case when in_order then 'timestamptz' else (app.list_key(sort, walked, '{}')).kind end);
  if in_order and place.id is not null then
    range := range || format(' and (x.at, x.id) %s ($4::timestamptz, $5)', on_the_way);
  end if;
  rows := case when counted and desk then app.count_walk(w, walked, range) else app.list_walk(w, walked, range, along) end;
  hidden := app.list_hidden(app.perhaps_hidden(array_remove(array[case when w->>'group' is not null or sort = 'status' then 'status' end,
      case when w->>'priority' is not null or sort in ('priority', 'due') or w->>'due' is not null then 'priority' end, case when w->>'type' is not null then 'type' end], null)
      || case when w->>'fields' is not null then array(select a.field from app.answers_asked(w) a) end),
    app.list_of_all(rows, desk), whose, place.key, place.id, reach);
  wanted := nullif(concat(app.list_conditions(w, hidden, walked), worded), '');
  -- The row at the end of the reach stands for what lies beyond it. Since this walk has no
  -- order, another time it may come to other rows: what lies at a portal that nobody asked about is not counted.
  if counted and desk then
    if hidden ? '*' then
      wanted := concat(wanted, format(' and t.portal_id = any (%L::bigint[])', hidden->>'*'));
    end if;
    execute format('select count(*) filter (where r.hit), coalesce(bool_or(r.n = $6), false) from (select true %1$s as hit, t.n
        from (select x.*, row_number() over () as n from (%2$s limit $6) x) t where true %1$s or t.n = $6 limit $7) r', wanted, rows)
      into n, beyond using auth.tenant_id(), whose, auth.person_id(), place.key, place.id, reach, most;
    return;
  end if;
  if in_order then
    execute format('select array_agg(r.id), array_agg(%3$s) from (select o.at, o.id from (%1$s) o order by o.at %2$s, o.id %2$s limit $7) r',
      app.list_of_all(case when wanted is null then rows
        when desk then format('select t.at, t.id from (%s limit $6) t where true %s order by t.at %s, t.id %3$s',
          app.list_walk(w, walked, range, along, 'x.*'), wanted, along)
        else format('select c.at, c.id from (%s limit $6) c cross join lateral (select from app.tickets t where t.tenant_id = $1 and t.id = c.id %s offset 0) t
          order by c.at %s, c.id %3$s', rows, wanted, along) end, desk, '$7'), along,
      case when most is null then 'null::text' else '(extract(epoch from r.at) * 1000000)::bigint::text' end)
      into ids, keys using auth.tenant_id(), whose, auth.person_id(), place.key, place.id, reach, most;
  end if;
  -- Only who finds too little, or sorts, wants to know how far it went; and who has
  -- several walks: one may have ended before the last row that another brought.
  full_page := in_order and cardinality(ids) = most;
  if full_page and cardinality(whose) > 1 then
    rows := app.list_walk(w, walked, range || format(' and (x.at, x.id) %s (%L::timestamptz, %L::bigint)',
      translate(on_the_way, '<>', '><'), app.cursor_time(keys[most]), ids[most]), along);
  end if;
  if reach is not null and (not in_order or wanted is not null and (full_page is not true or cardinality(whose) > 1)) then
    execute format('select c.at, c.id from (%s) c order by c.at %s, c.id %2$s limit 1', app.list_of_all(rows || ' offset $6 - 1', desk, '1'), along)
      into since, edge_id using auth.tenant_id(), whose, auth.person_id(), place.key, place.id, reach;
    edge := app.cursor(since, edge_id);
  end if;
  if in_order and edge is not null then
    -- What somebody else's walk would have brought before these is not there yet.
    select array_agg(x.id order by x.n), array_agg(x.key order by x.n) into ids, keys
      from unnest(ids, keys) with ordinality x (id, key, n)
      where case along when 'desc' then (x.key::bigint, x.id) >= (split_part(edge, '_', 1)::bigint, edge_id)
        else (x.key::bigint, x.id) <= (split_part(edge, '_', 1)::bigint, edge_id) end;
  elsif not in_order then
    k := app.list_key(sort, walked, hidden);
    execute format('select array_agg(r.id order by r.n), array_agg(%5$s order by r.n) from (
        select c.id, t.key, row_number() over (order by t.key %4$s, c.id %4$s) as n
        from (select distinct a.at, a.id from (%1$s) a) c
        cross join lateral (select %2$s as key from app.tickets t where t.tenant_id = $1 and t.id = c.id %3$s offset 0) t
        where true %6$s %7$s order by t.key %4$s, c.id %4$s limit $7) r',
      app.list_of_all(rows, desk), k.key, wanted, dir,
      case k.kind when 'timestamptz' then '(extract(epoch from r.key) * 1000000)::bigint::text' else 'r.key::text' end,
      case when place.id is not null then format('and (t.key, c.id) %s ($4::%s%s, $5)', case when dir = 'asc' then '>' else '<' end,
        k.kind, case when k.kind = 'text' then ' collate "und-x-icu"' else '' end) end,
      case when since is not null then format('and (c.at, c.id) >= (%L::timestamptz, %L::bigint)', since, edge_id) end)
      into ids, keys using auth.tenant_id(), whose, auth.person_id(), place.key, place.id, reach, most;
  end if;
  ids := coalesce(ids, '{}');
  keys := coalesce(keys, '{}');
  n := cardinality(ids);
  beyond := edge is not null;
end $$;

-- The walk of each principal, so many rows at most; each ticket once.
create or replace function app.list_of_all(rows text, desk boolean, most text default '$6') returns text
language plpgsql immutable parallel safe
set search_path = pg_catalog, pg_temp as $$
begin
  return case when desk then format('%s limit %s', rows, most)
    else format('select distinct a.at, a.id from unnest($2::bigint[]) p (principal) cross join lateral (%s limit %s) a', rows, most) end;
end $$;
