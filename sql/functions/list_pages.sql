-- Lists of tickets as they are shown: pages, counts, what can be filtered by, CSV,
-- and what one has read of them. Which tickets: functions/lists.sql.

-- Some tickets in this order, as lists show them, and whom and what these name; the
-- policy of tickets looks at each again.
create or replace function app.ticket_items(list text, wanted bigint[], out items json, out people json, out accounts json)
language plpgsql stable
set search_path = pg_catalog, pg_temp as $$
declare
  desk boolean := list = 'desk';
  read timestamptz := app.read_until();
begin
  with rows as materialized (
      select t.*, i.n from unnest(wanted) with ordinality i (id, n)
      join app.tickets t on t.tenant_id = (select auth.tenant_id()) and t.id = i.id),
    hidden as materialized (
      select d.portal_id, app.hidden_fields(d.portal_id, d.account_id) as fields
      from (select distinct r.portal_id, r.account_id from rows r where (select app.has_field_policies())) d),
    dues as materialized (select d.* from app.next_dues(case when desk then wanted end) d),
    tagged as materialized (select g.* from app.tags_of(case when desk then wanted end) g),
    raised as materialized (select l.* from app.levels_of(case when desk then wanted end) l),
    shown as (
      select r.*, e.due, g.tags, l.level, 'priority' <> all (h.hides) as shows_priority, case when 'status' <> all (h.hides) then app.status_name(r.status) end as status_name,
        case when 'status' <> all (h.hides) then app.status_group(r.status) end as status_group,
        case when 'priority' <> all (h.hides) then app.priority_name(r.priority) end as priority_name,
        case when m.moved > read and coalesce(case when desk then r.desk_changed_by else r.changed_by end, r.requester_id) <> (select auth.person_id())
          and not exists (select from app.seen s where s.tenant_id = r.tenant_id and s.person_id = (select auth.person_id())
            and s.ticket_id = r.id and s.seen_at >= m.moved) then true end as unread
      from rows r left join hidden d on d.portal_id = r.portal_id
      left join dues e on e.ticket = r.id left join tagged g on g.ticket = r.id left join raised l on l.ticket = r.id
      cross join lateral (select coalesce(d.fields, '{}') as hides) h
      cross join lateral (select case when desk then r.desk_updated_at else r.updated_at end as moved) m)
    -- (A row becomes JSON faster than so many arguments.)
    select coalesce(json_agg(case when desk then row_to_json(o)
        when list = 'partner' then json_build_object('number', s.id, 'title', s.title, 'status', s.status_name, 'group', s.status_group,
          'priority', s.priority_name, 'requester', s.requester_id, 'assignee', s.assignee_id, 'account', s.account_id, 'unread', s.unread,
          'created_at', s.created_at, 'updated_at', s.updated_at, 'with', case when s.at_desk then 'tenant' else 'partner' end)
        else json_build_object('number', s.id, 'title', s.title, 'status', s.status_name, 'group', s.status_group,
          'priority', s.priority_name, 'requester', s.requester_id, 'assignee', s.assignee_id, 'account', s.account_id, 'unread', s.unread,
          'created_at', s.created_at, 'updated_at', s.updated_at) end order by s.n), '[]'),
      app.names(array_agg(s.requester_id) || array_agg(s.assignee_id)),
      (select coalesce(json_object_agg(a.id, json_build_object('name', app.account_name(a.id))), '{}') from (select distinct r.account_id as id from rows r) a)
    into items, people, accounts from shown s
    cross join lateral (select s.id as number, s.title, s.status_name as status, s.status_group as "group",
        s.priority_name as priority, s.requester_id as requester, s.assignee_id as assignee, s.team_id as team, s.account_id as account, s.unread,
        s.created_at, s.updated_at, s.desk_updated_at, s.tags, s.level as raised, case when s.shows_priority then s.due end as due,
        case when (select exists (select from app.snoozes z where z.tenant_id = (select auth.tenant_id())))
          then (select z.until_at from app.snoozes z where z.tenant_id = s.tenant_id and z.ticket_id = s.id and z.until_at > now()) end as snoozed) o;
end $$;

-- How far a list is walked for one page, and for a count.
create or replace function app.list_reach() returns int language sql immutable parallel safe return 10000;
create or replace function app.count_reach() returns int language sql immutable parallel safe return 2000;

-- A page of a list. searched: there is more behind what was looked at; since: only
-- what changed since then was sorted. Plans of its own per value has what app.pick_tickets()
-- writes, and nothing else wants them.
create or replace function app.ticket_list(w jsonb, size int) returns json
language plpgsql stable
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan as $$
declare
  most int := least(coalesce(size, 50), 100);
  picked record;
  page record;
  whole boolean;
begin
  w := jsonb_strip_nulls(w);
  picked := app.pick_tickets(w, most + 1, app.list_reach());
  page := app.ticket_items(w->>'list', picked.ids[:most]);
  whole := cardinality(picked.ids) <= most;
  return json_build_object('items', page.items, 'people', page.people, 'accounts', page.accounts,
    'next', case when not whole then picked.keys[most] || '_' || picked.ids[most]
      when app.is_walked(w) then picked.edge end,
    'searched', whole and picked.edge is not null,
    'since', case when not app.is_walked(w) then picked.since end,
    'excerpts', case when w->>'q' is not null then app.excerpts(w->>'q', picked.ids[:most]) end,
    'tenant', case when w->>'list' = 'partner' then app.tenant_name() end);
end $$;

-- How many there are, as far as 99; more: that there are more of them, or that
-- nobody looked further.
create or replace function app.count_list(w jsonb) returns jsonb
language plpgsql stable
set search_path = pg_catalog, pg_temp as $$
declare
  picked record := app.pick_tickets(w, 100, app.count_reach(), true);
begin
  return jsonb_build_object('n', least(picked.n, 99), 'more', picked.n > 99 or picked.beyond);
end $$;

-- How many are in each list under these filters, and unread in all. The partner's
-- inbox is one list, whose tabs are groups of status. The desk's views: functions/desk.sql.
create or replace function app.count_tickets(w jsonb) returns json
language plpgsql stable
set search_path = pg_catalog, pg_temp as $$
declare
  list text := w->>'list';
  groups jsonb;
begin
  w := jsonb_strip_nulls(w) - '{sort,dir,after}'::text[];
  if list = 'partner' then
    groups := (select jsonb_object_agg(g, app.count_list(case g when 'all' then w - 'group' else w || jsonb_build_object('group', g) end))
      from unnest('{all,open,pending,done}'::text[]) g);
  end if;
  return json_build_object(
    'lists', case when groups is not null then jsonb_build_object(list, coalesce(groups->coalesce(w->>'group', 'all'), app.count_list(w)))
      else (select jsonb_object_agg(l, app.count_list(w || jsonb_build_object('list', l)))
        from unnest(array['all', 'mine', 'shared', 'followed'] || case when app.list_principals('organisation') <> '{}' then '{organisation}' else '{}'::text[] end) l) end,
    'groups', groups,
    'unread', app.count_list('{"list": "all", "unread": "yes"}'));
end $$;

-- What the lists can be filtered by, of the five hundred tickets that changed last
-- and of the forms that one may open a ticket by: who and what occurs there, and
-- of fields those that are not hidden everywhere. And by which right one sees
-- those of an organisation.
create or replace function app.list_filters(list text) returns json
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
declare
  recent bigint[] := (app.pick_tickets(jsonb_build_object('list', list), 500, 500)).ids;
  here bigint := case when auth.account_id() is not null and auth.grant_id() is null then auth.portal_id() end;
begin
  return (with t as materialized (
      select x.id, x.portal_id, x.account_id, x.requester_id, x.type from app.tickets x where x.tenant_id = auth.tenant_id() and x.id = any (recent)),
    p as materialized (
      select d.portal_id, case when app.has_field_policies() then app.hidden_fields(d.portal_id, d.account_id) else '{}' end as hidden
      from (select t.portal_id, t.account_id from t union select here, auth.account_id() where here is not null) d),
    types as (
      select y.* from app.ticket_types y where y.tenant_id = auth.tenant_id()
        and (exists (select from t join p using (portal_id) where t.type = y.key and 'type' <> all (p.hidden))
          or here is not null and app.may_open(y) and exists (select from p where p.portal_id = here and 'type' <> all (p.hidden)))
      order by y.position, y.key limit 100),
    fields as (
      select f.* from app.fields f where f.tenant_id = auth.tenant_id() and f.archived_at is null and f.kind <> 'facts'
        and exists (select from p where f.key <> all (p.hidden)
          and (exists (select from t join app.ticket_values v on v.tenant_id = f.tenant_id and v.ticket_id = t.id and v.field = f.key where t.portal_id = p.portal_id)
            or p.portal_id = here and exists (select from types y join app.type_fields x on x.tenant_id = y.tenant_id and x.type = y.key and x.field = f.key)))
      order by f.key limit 200),
    people as (select distinct t.requester_id as id from t limit 100)
    select json_build_object(
      'types', (select coalesce(json_agg(json_build_object('key', y.key, 'labels', y.labels) order by y.position, y.key), '[]') from types y),
      'fields', (select coalesce(json_agg(app.field_json(f::app.fields) order by f.key), '[]') from fields f),
      'priority', exists (select from p where 'priority' <> all (p.hidden)),
      'tags', case when list = 'desk' then (select coalesce(json_agg(w.tag), '[]') from (select d.tag from app.different_tags() d (tag) limit 200) w) end,
      'due', list = 'desk' and app.has_service_level() and exists (select from p where 'priority' <> all (p.hidden)),
      'status', exists (select from p where 'status' <> all (p.hidden)),
      'requesters', (select coalesce(json_agg(x.id), '[]') from people x),
      'accounts', (select coalesce(json_object_agg(a.id, json_build_object('name', app.account_name(a.id))), '{}') from (select distinct t.account_id as id from t limit 100) a),
      'people', app.names((select array_agg(x.id) from people x)),
      'organisation', (select coalesce(json_agg(json_build_object('role', m.role, 'name', app.account_name(m.account_id)) order by m.role, m.account_id), '[]')
        from (select distinct on (m.account_id) m.role, m.account_id from app.memberships m
          where m.tenant_id = auth.tenant_id() and m.person_id = auth.person_id() and m.role in ('account_admin', 'main_user', 'partner')
            and app.list_principals('organisation') <> '{}'
          order by m.account_id, m.role limit 5) m)));
end $$;

-- ---- what one has read -------------------------------------------------------------

-- A moment as an answer of ours told it.
create or replace function app.moment(said text, field text) returns timestamptz
language plpgsql stable
set search_path = pg_catalog, pg_temp as $$
begin
  if said ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}T' then
    return said::timestamptz;
  end if;
  raise data_exception;
exception when data_exception then
  raise exception using errcode = 'PT422', constraint = format('tickets_%s.type', field), message = 'not a moment';
end $$;

-- The asker has read a ticket up to the change that its page showed. before: as far
-- as they had read it until now, or said that they had read all; null: not known.
create or replace function app.mark_seen(ticket bigint, shown timestamptz) returns json
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  t app.tickets := app.seen_ticket(ticket);
  upto timestamptz := least(shown, case when auth.is_agent() then t.desk_updated_at else t.updated_at end);
  before timestamptz := greatest(
    (select s.seen_at from app.seen s where s.tenant_id = t.tenant_id and s.person_id = auth.person_id() and s.ticket_id = t.id),
    -- Unless it is as old as its person: then they never said so.
    (select p.read_until from app.people p where p.tenant_id = t.tenant_id and p.id = auth.person_id() and p.read_until > p.created_at));
begin
  if upto > app.read_until() then
    insert into app.seen as s (tenant_id, person_id, ticket_id, seen_at) values (t.tenant_id, auth.person_id(), t.id, upto)
      on conflict (tenant_id, person_id, ticket_id) do update set seen_at = excluded.seen_at where s.seen_at < excluded.seen_at;
  end if;
  return json_build_object('before', before);
end $$;

-- All of it.
create or replace function app.mark_all_seen() returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
begin
  update app.people p set read_until = now() where p.tenant_id = auth.tenant_id() and p.id = auth.person_id();
  delete from app.seen s where (s.tenant_id, s.person_id, s.ticket_id) in (select x.tenant_id, x.person_id, x.ticket_id from app.seen x
    where x.tenant_id = auth.tenant_id() and x.person_id = auth.person_id() limit 5000);
end $$;

-- ---- CSV ---------------------------------------------------------------------------

-- Work of a kind that takes long: one a person and three a tenant at once, until the end of
-- the transaction, so that its pool has room for others. Of the three one is the desk's and one
-- its customers', of whom each account has one place: neither keeps the other from it. Of
-- exports, whose pool has files to hand out as well, there are two, one the desk's. False: there
-- is no place, and nobody waits for one.
create or replace function app.take_place(work text) returns boolean
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  own int := case when auth.account_id() is null then 1 when work = 'export' then 2 else 3 end;
begin
  return pg_try_advisory_xact_lock(hashtextextended(work || '/' || auth.tenant_id() || '/' || auth.person_id(), 0))
    and (auth.account_id() is null or pg_try_advisory_xact_lock(hashtextextended(work || '/account/' || auth.tenant_id() || '/' || auth.account_id(), 0)))
    and (pg_try_advisory_xact_lock(hashtextextended(work || '/' || own || '/' || auth.tenant_id(), own))
      or pg_try_advisory_xact_lock(hashtextextended(work || '/2/' || auth.tenant_id(), 2)));
end $$;

-- Before an export; and time to sort, since it is nobody's click that waits.
create or replace function app.begin_export() returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
begin
  if not app.take_place('export') then
    raise exception using errcode = 'PT429', constraint = 'export-busy', message = 'no place';
  end if;
  perform set_config('statement_timeout', '25s', true);
end $$;

-- Before what is worked out over many tickets while somebody waits for it: a report, what a
-- rule would have done, what a table would have changed, all that match. These share their places.
create or replace function app.begin_work() returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
begin
  if not app.take_place('work') then
    raise exception using errcode = 'PT429', constraint = 'work-busy', message = 'no place';
  end if;
end $$;

-- A row of CSV on its way to the worker, which writes it as RFC 4180 wants it: its
-- cells with U+001F between, which no text can have. A cell that begins with
-- U+001E is the key of a text, without a dot of one csv.…
create or replace function app.csv_row(variadic cells text[]) returns text
language sql immutable parallel safe
return array_to_string(cells, U&'\001F', '');

-- What something of the tenant's own is called in a language, or another that there is.
create or replace function app.label(labels jsonb, lang text) returns text
language sql immutable parallel safe
return coalesce(labels->>lang, labels->>'en', (select l.value from jsonb_each_text(labels) l order by l.key limit 1));

-- What types are called.
create or replace function app.csv_types(lang text) returns jsonb
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
begin
  return (select coalesce(jsonb_object_agg(y.key, app.label(y.labels, lang)), '{}') from app.ticket_types y where y.tenant_id = auth.tenant_id());
end $$;

-- The answers of tickets to these fields, as cells in this order and in words; hidden ones are empty.
create or replace function app.csv_answers(wanted bigint[], keys text[], lang text) returns table (ticket bigint, cells text)
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
declare
  chosen jsonb := (select coalesce(jsonb_object_agg(f.key, (select jsonb_object_agg(o->>'key', app.label(o->'labels', lang)) from jsonb_array_elements(f.options) o)), '{}')
    from app.fields f where f.tenant_id = auth.tenant_id() and f.key = any (keys) and f.options <> '[]');
begin
  return query
    with t as materialized (
      select x.id, x.portal_id, x.account_id from unnest(wanted) w (id)
      join app.tickets x on x.tenant_id = auth.tenant_id() and x.id = w.id where app.sees(x.id)),
    p as materialized (
      select d.portal_id, app.hidden_fields(d.portal_id, d.account_id) as hidden
      from (select distinct t.portal_id, t.account_id from t where (select app.has_field_policies())) d),
    named as materialized (
      select n.key::bigint as id, n.value->>'name' as name from json_each(app.names((select array_agg(distinct v.word::bigint)
        from app.fields f join app.ticket_values v on v.tenant_id = f.tenant_id and v.field = f.key
        where f.tenant_id = auth.tenant_id() and f.kind = 'person' and f.key = any (keys) and v.ticket_id = any (wanted) and v.word ~ '^[0-9]{1,16}$'))) n)
    select t.id, array_to_string(array(
      select case when k.key = any (p.hidden) then null
        when jsonb_typeof(v.value) = 'array' then (select string_agg(coalesce(chosen->k.key->>e, e), ', ') from jsonb_array_elements_text(v.value) e)
        when chosen ? k.key then coalesce(chosen->k.key->>(v.value #>> '{}'), v.value #>> '{}')
        when jsonb_typeof(v.value) = 'number' and v.word is not null then coalesce((select n.name from named n where n.id = v.word::bigint), v.word)
        else v.value #>> '{}' end
      from unnest(keys) with ordinality k (key, n)
      left join app.ticket_values v on v.tenant_id = (select auth.tenant_id()) and v.ticket_id = t.id and v.field = k.key
      order by k.n), U&'\001F', '')
    from t left join p on p.portal_id = t.portal_id;
end $$;

-- The fields that are columns of it: key and label, in the asker's language.
create or replace function app.csv_fields(list text, lang text, out keys text[], out labels text[])
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
begin
  select array_agg(f->>'key'), array_agg(app.label(f->'labels', lang))
    into keys, labels from jsonb_array_elements(app.list_filters(list)::jsonb->'fields') f;
end $$;

-- A list as CSV, all of it, the names of its columns first.
create or replace function app.ticket_csv(w jsonb, lang text) returns setof text
language plpgsql stable
set search_path = pg_catalog, pg_temp as $$
declare
  list text := w->>'list';
  ids bigint[];
  fields record;
  types jsonb := app.csv_types(lang);
  state text := U&'\001E' || case when list in ('desk', 'partner') then 'state.' else 'status.' end;
  labels jsonb := app.status_labels(lang, case when list in ('desk', 'partner') then 'agents' else 'customers' end);
begin
  w := jsonb_strip_nulls(w) - 'after';
  ids := (app.pick_tickets(w, null, null)).ids;
  fields := app.csv_fields(list, lang);
  return next app.csv_row(variadic array(select U&'\001E' || c from unnest('{number,title,status,priority,type,requester,assignee,account,portal,created,updated}'::text[]
      || case list when 'desk' then '{desk_updated,tags}' when 'partner' then '{with}' else '{}'::text[] end) c) || coalesce(fields.labels, '{}'));
  return query
    with t as materialized (
      select x.*, i.n from unnest(ids) with ordinality i (id, n)
      cross join lateral (select k.* from app.tickets k where k.tenant_id = (select auth.tenant_id()) and k.id = i.id offset 0) x),
    p as materialized (
      select d.portal_id, case when app.has_field_policies() then app.hidden_fields(d.portal_id, d.account_id) else '{}' end as hidden,
        app.portal_name(d.portal_id) as portal, app.account_name(d.account_id) as account
      from (select distinct t.portal_id, t.account_id from t) d),
    named as materialized (
      select n.key::bigint as id, n.value->>'name' as name
      from json_each(app.names((select array_agg(distinct x.id) from (select t.requester_id as id from t union select t.assignee_id from t) x))) n),
    tagged as materialized (select g.* from app.tags_of(case when list = 'desk' then ids end) g),
    more as materialized (select a.ticket, a.cells from app.csv_answers(ids, fields.keys, lang) a where fields.keys is not null)
    select concat_ws(U&'\001F', t.id, t.title,
      case when 'status' <> all (p.hidden) then coalesce(labels->>app.status_name(t.status), state || app.status_name(t.status)) else '' end,
      case when 'priority' <> all (p.hidden) then coalesce(U&'\001Epriority.' || app.priority_name(t.priority), '') else '' end,
      case when 'type' <> all (p.hidden) then coalesce(types->>t.type, t.type, '') else '' end,
      coalesce(r.name, ''), coalesce(s.name, ''), p.account, p.portal,
      app.iso_time(t.created_at), app.iso_time(t.updated_at),
      case list when 'desk' then app.iso_time(t.desk_updated_at)
        when 'partner' then case when t.at_desk then 'tenant' else 'partner' end end,
      case when list = 'desk' then coalesce(array_to_string(g.tags, ', '), '') end, m.cells)
    from t join p on p.portal_id = t.portal_id
    left join named r on r.id = t.requester_id left join named s on s.id = t.assignee_id left join tagged g on g.ticket = t.id left join more m on m.ticket = t.id
    order by t.n;
end $$;

create or replace function app.iso_time(at timestamptz) returns text
language sql stable parallel safe
return to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"');
