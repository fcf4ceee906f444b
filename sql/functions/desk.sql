-- The agents' workspace: how many each view holds, and who has which ticket before them.

-- What a view keeps as an address's query, as lists take it; null: nothing that a
-- list can be asked for. In which order does not matter, but that by what is due first a
-- list has only tickets of which something is promised.
create or replace function app.view_words(query text) returns jsonb
language plpgsql immutable
set search_path = pg_catalog, pg_temp as $$
declare
  w jsonb;
begin
  w := (select coalesce(jsonb_object_agg(p.name, convert_from(p.value, 'UTF8')), '{}') from (
    select split_part(a, '=', 1) as name, case when a !~ '[%+]' then convert_to(substr(a, strpos(a, '=') + 1), 'UTF8') else (
      select string_agg(case when m[1] ~ '^%..$' then decode(substr(m[1], 2), 'hex') else convert_to(m[1], 'UTF8') end, ''::bytea order by n)
      from regexp_matches(replace(substr(a, strpos(a, '=') + 1), '+', ' '), '(%[0-9A-Fa-f]{2}|.)', 'g') with ordinality x (m, n)) end as value
    from unnest(string_to_array(query, '&')) a where strpos(a, '=') > 1) p where p.value is not null);
  if coalesce(w->>'group', 'open') not in ('open', 'pending', 'active', 'done') or coalesce(w->>'priority', 'low') not in ('low', 'normal', 'high', 'urgent')
      or coalesce(w->>'requester', 'me') !~ '^(me|[0-9]{1,16})$' or coalesce(w->>'assignee', 'me') !~ '^(me|none|[0-9]{1,16})$'
      or coalesce(w->>'team', 'mine') !~ '^(mine|none|[0-9]{1,16})$'
      or coalesce(w->>'snoozed', 'no') not in ('yes', 'no') or coalesce(w->>'account', '1') !~ '^[0-9]{1,16}$'
      or coalesce(w->>'due', 'late') <> 'late' then
    return null;
  end if;
  return w - '{list,after,dir}'::text[] - case when w->>'sort' = 'due' then '' else 'sort' end;
exception when data_exception then
  return null;
end $$;

-- How many tickets a view holds: as far as five hundred, and as far as counts look.
-- Null: what words find is not counted, nor what can't be asked any more, as by a
-- field that is gone. It stops early, and a bitmap is made whole first.
create or replace function app.count_view(query text) returns jsonb
language plpgsql stable
set search_path = pg_catalog, pg_temp
set enable_bitmapscan = off as $$
declare
  w jsonb := app.view_words(query);
  picked record;
begin
  if w is null or w ? 'q' then
    return null;
  end if;
  picked := app.pick_tickets(w || '{"list": "desk"}', 501, app.list_reach(), true);
  return jsonb_build_object('n', least(picked.n, 500), 'more', picked.n > 500 or picked.beyond);
exception when sqlstate 'PT422' then
  return null;
end $$;

-- Of the views that there always are, by name, and of the first twenty that the
-- asker keeps, by id; and what is unread.
create or replace function app.desk_counts() returns json
language plpgsql stable
set search_path = pg_catalog, pg_temp as $$
declare
  unread jsonb := app.count_list('{"list": "desk", "unread": "yes"}');
begin
  return json_build_object('lists', '{}'::json, 'groups', null, 'unread', unread,
    'views', (select jsonb_object_agg(v.name, app.count_view(v.query)) from (
        values ('snoozed', 'snoozed=yes'), ('mine', 'group=open&assignee=me'), ('unassigned', 'group=open&assignee=none'), ('open', 'group=open'), ('pending', 'group=pending')) v (name, query))
      -- Of who is in none there is no such view.
      || jsonb_build_object('unread', unread, 'teams', case when app.my_teams() <> '{}' then app.count_view('group=open&team=mine') end,
        -- Nor where nothing is promised.
        'late', case when app.has_service_level() then app.count_view('due=late') end)
      || coalesce((select jsonb_object_agg(v.view->>'id', app.count_view(v.view->>'query'))
        from json_array_elements(app.list_views('queue')->'items') with ordinality v (view, n) where v.n <= 20), '{}'));
end $$;

-- Which tickets other agents have before them, and which of them type: two hundred at most.
create or replace function app.who_is_where() returns json
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
begin
  return json_build_object('here', (select coalesce(json_object_agg(h.ticket_id, h.who), '{}') from (
    select o.ticket_id, json_agg(json_build_object('name', q.name, 'types', o.types) order by o.types desc, q.name) as who
    from (select p.* from app.presence p
      where p.tenant_id = auth.tenant_id() and auth.is_agent() and p.expires_at > now() and p.person_id <> auth.person_id() order by p.expires_at desc limit 200) o
    join app.people q on q.tenant_id = o.tenant_id and q.id = o.person_id and q.rank >= 2
    join app.tickets t on t.tenant_id = o.tenant_id and t.id = o.ticket_id and t.at_desk
    group by o.ticket_id) h));
end $$;

-- The asker wants to come back to a ticket: unread again, if somebody else changed
-- it last, in the last month and since all was read.
create or replace function app.mark_unseen(ticket bigint) returns json
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  t app.tickets := app.seen_ticket(ticket);
begin
  delete from app.seen s where s.tenant_id = t.tenant_id and s.person_id = auth.person_id() and s.ticket_id = t.id;
  return json_build_object('unread', case when auth.is_agent() then t.desk_updated_at else t.updated_at end > app.read_until()
    and coalesce(case when auth.is_agent() then t.desk_changed_by else t.changed_by end, t.requester_id) <> auth.person_id());
end $$;
