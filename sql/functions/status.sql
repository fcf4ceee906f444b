-- Service status (T8): its parts, incidents and maintenance, as readers of a portal are
-- told of them, and as the tenant's staff keeps them. Maintenance goes by its times.

-- Is one of these portals here, or above? None named: it is everywhere.
create or replace function app.is_told_here(portals bigint[], here bigint[]) returns boolean
language sql immutable parallel safe
return portals = '{}' or exists (select from unnest(portals) p where p * 2 + 1 = any (here));

-- The components that there are here.
create or replace function app.components_here(here bigint[]) returns bigint[]
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
begin
  return array(select c.id from app.components c
    left join app.components u on u.tenant_id = c.tenant_id and u.id = c.parent_id
    where c.tenant_id = auth.tenant_id() and app.is_told_here(c.portals, here) and (u.id is null or app.is_told_here(u.portals, here)));
end $$;

-- An incident is told where it is, if one of the components that it is about is there.
create or replace function app.concerns(i app.incidents, here bigint[], components bigint[]) returns boolean
language sql immutable parallel safe
return app.is_told_here(i.portals, here) and (i.components = '{}' or i.components && components);

create or replace function app.state_of(i app.incidents) returns text
language sql stable
return case when i.kind = 'incident' then (array['investigating', 'identified', 'monitoring', 'resolved'])[i.state]
  when now() < i.starts_at then 'planned' when i.ends_at <= now() then 'completed' else 'under_way' end;

create or replace function app.impact_name(impact smallint) returns text
language sql immutable parallel safe
return (array['minor', 'major', 'critical'])[impact];

-- What app.in_language() takes a text from.
create or replace function app.language_taken(texts jsonb, lang text, fallback text) returns text
language sql immutable parallel safe
return (select k.tag from unnest(array[lang, split_part(lang, '-', 1), fallback, 'en']) with ordinality k (tag, n)
  where texts ? k.tag order by k.n limit 1);

-- A text with its language, where that is not the reader's.
create or replace function app.said_in(texts jsonb, lang text, fallback text) returns jsonb
language sql immutable parallel safe
return case when texts <> '{}' then jsonb_build_object('text', app.in_language(texts, lang, fallback),
  'lang', nullif(coalesce(app.language_taken(texts, lang, fallback), (select min(k) from jsonb_object_keys(texts) k)), lang)) end;

-- What goes on here or is to come, the newest first: fifty at most. Maintenance from a
-- time before it.
create or replace function app.incidents_now(here bigint[], before interval) returns setof app.incidents
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
declare
  parts bigint[];
begin
  if not exists (select from app.incidents i where i.tenant_id = auth.tenant_id() and coalesce(i.ends_at, 'infinity') > now()) then
    return;
  end if;
  parts := app.components_here(here);
  return query select i.* from app.incidents i
    where i.tenant_id = auth.tenant_id() and coalesce(i.ends_at, 'infinity') > now()
      and i.starts_at <= now() + before and app.concerns(i, here, parts)
    order by i.starts_at desc, i.id desc limit 50;
end $$;

-- One as its readers are told, with the newest of what was said of it, at most so much.
create or replace function app.incident_told(i app.incidents, lang text, here bigint[], most int) returns jsonb
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
declare
  fallback text := app.language_of(auth.portal_id());
  parts bigint[] := case when i.components <> '{}' then app.components_here(here) else '{}' end;
begin
  return jsonb_build_object('id', i.id, 'kind', i.kind, 'url', '/status/' || i.id, 'title', app.said_in(i.titles, lang, fallback),
    'state', app.state_of(i), 'impact', app.impact_name(i.impact), 'starts_at', i.starts_at, 'ends_at', i.ends_at,
    'is', jsonb_build_object(i.kind, true, app.state_of(i), true),
    'parts', (select jsonb_agg(app.said_in(c.names, lang, fallback) order by c.position, c.id)
      from app.components c where c.tenant_id = i.tenant_id and c.id = any (i.components) and c.id = any (parts)),
    'updates', (select jsonb_agg(jsonb_build_object('n', u.n, 'at', u.said_at, 'state', (array['investigating', 'identified', 'monitoring', 'resolved'])[u.state])
        || app.said_in(u.texts, lang, fallback) order by u.n desc)
      from (select x.* from app.incident_updates x where x.tenant_id = i.tenant_id and x.incident_id = i.id order by x.n desc limit most) u),
    'postmortem', app.said_in(i.postmortems, lang, fallback));
end $$;

-- What is told on a portal's home page and before a new ticket: what goes on, and
-- maintenance a week before.
create or replace function app.incidents_here(lang text) returns json
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
declare
  here bigint[] := app.scopes(null, auth.portal_id());
begin
  return (select coalesce(json_agg(json_build_object('id', i.id, 'kind', i.kind, 'title', t.told->'title'->>'text', 'lang', t.told->'title'->>'lang',
      'text', t.told->'updates'->0->>'text', 'text_lang', t.told->'updates'->0->>'lang', 'state', t.told->>'state',
      'starts_at', i.starts_at, 'ends_at', i.ends_at, 'url', '/status/' || i.id, 'affected', exists (select from app.incident_people x
        where x.tenant_id = i.tenant_id and x.incident_id = i.id and x.person_id = auth.person_id())) order by i.kind, i.starts_at desc, i.id), '[]')
    from app.incidents_now(here, interval '7 days') i
    cross join lateral (select app.incident_told(i, lang, here, 1) as told offset 0) t);
end $$;

-- Three at most of the incidents and maintenance that are told here and now, as the
-- reader is shown them, those first that have more of the words. They are few, and
-- looked at one by one.
create or replace function app.find_incidents(q text, lang text) returns json
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
declare
  shown json := app.incidents_here(lang);
  said record;
begin
  if json_array_length(shown) = 0 then
    return '[]';
  end if;
  said := app.telling_words(q, lang);
  return (select coalesce(json_agg(json_build_object('id', x.id, 'kind', x.kind, 'title', x.title, 'affected', x.affected) order by x.hits desc, x.n), '[]')
    from (select s->'id' as id, s->'kind' as kind, s->'title' as title, s->'affected' as affected, n, h.hits
      from (select e.s, e.n from json_array_elements(shown) with ordinality e (s, n) limit 20) e
      cross join lateral (select ' ' || array_to_string(app.words_of(concat_ws(E'\n', s->>'title', left(s->>'text', 500)), lang), ' ') || ' ' as words offset 0) w
      cross join lateral (select count(*) as hits from unnest(app.word_patterns(said.told, said.roots)) p (pattern)
        where w.words like any (string_to_array(p.pattern, '|'))) h
      where h.hits > 0 order by h.hits desc, n limit 3) x);
end $$;

-- ---- the open pages ------------------------------------------------------------------

-- The components here, in their order, each as the worst that goes on with it, or with
-- a part of it, has it.
create or replace function app.components_told(lang text, here bigint[]) returns json
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
declare
  fallback text := app.language_of(auth.portal_id());
  parts bigint[] := app.components_here(here);
begin
  return (
    with worst as (
      select c.id, max(case i.kind when 'incident' then i.impact + 1 else 1 end) as n
      from app.incidents_now(here, interval '0') i cross join lateral unnest(i.components) c (id) group by c.id),
    told as (
      select c.id, c.parent_id, c.position, app.said_in(c.names, lang, fallback) as name,
        greatest(coalesce(w.n, 0), (select coalesce(max(x.n), 0) from worst x join app.components k on k.tenant_id = c.tenant_id and k.id = x.id
          where k.parent_id = c.id and k.id = any (parts))) as n
      from app.components c left join worst w on w.id = c.id
      where c.tenant_id = auth.tenant_id() and c.id = any (parts)),
    named as (
      select t.*, (array['well', 'maintenance', 'minor', 'major', 'critical'])[t.n + 1] as state from told t)
    select json_agg(json_build_object('name', n.name, 'state', n.state, 'well', n.n = 0,
      'parts', (select json_agg(json_build_object('name', k.name, 'state', k.state, 'well', k.n = 0) order by k.position, k.id)
        from named k where k.parent_id = n.id)) order by n.position, n.id)
    from named n where n.parent_id is null);
end $$;

-- Service status at the portal here: its parts, what goes on, what is to come, and
-- what ended within a week.
create or replace function app.status_page(lang text) returns json
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
declare
  here bigint[] := app.scopes(null, auth.portal_id());
  parts bigint[] := app.components_here(here);
  now_on jsonb := (select jsonb_agg(app.incident_told(i, lang, here, 20) order by i.impact desc, i.starts_at desc, i.id)
    from app.incidents_now(here, interval '0') i);
begin
  return json_build_object('components', app.components_told(lang, here), 'now', now_on, 'well', now_on is null,
    'planned', (select jsonb_agg(app.incident_told(i, lang, here, 3) order by i.starts_at, i.id)
      from app.incidents_now(here, interval '10 years') i where i.starts_at > now()),
    'past', (select jsonb_agg(app.incident_told(x, lang, here, 1) order by x.ends_at desc, x.id desc)
      from (select i.* from app.incidents i
        where i.tenant_id = auth.tenant_id() and coalesce(i.ends_at, 'infinity') <= now() and coalesce(i.ends_at, 'infinity') > now() - interval '7 days'
          and app.concerns(i, here, parts)
        order by coalesce(i.ends_at, 'infinity') desc, i.id desc limit 10) x));
end $$;

-- What ended within ninety days, twenty a page.
create or replace function app.status_history(lang text, after text) returns json
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
declare
  here bigint[] := app.scopes(null, auth.portal_id());
  parts bigint[] := app.components_here(here);
  past app.incidents[];
begin
  past := array(select i from app.incidents i
    where i.tenant_id = auth.tenant_id() and coalesce(i.ends_at, 'infinity') <= now() and coalesce(i.ends_at, 'infinity') > now() - interval '90 days'
      and (coalesce(i.ends_at, 'infinity'), i.id) < (app.cursor_time(after), app.cursor_id(after)) and app.concerns(i, here, parts)
    order by coalesce(i.ends_at, 'infinity') desc, i.id desc limit 21);
  return json_build_object(
    'incidents', (select json_agg(app.incident_told((x.tenant_id, x.id, x.kind, x.titles, x.impact, x.state, x.portals, x.components, x.starts_at, x.ends_at,
        x.postmortems, x.created_at, x.updated_at, null::timestamptz)::app.incidents, lang, here, 1) order by x.ends_at desc, x.id desc)
      from unnest(past[:20]) x),
    'first', after is null,
    'next', case when cardinality(past) > 20 then '/status/history?after=' || app.cursor((past[20]).ends_at, (past[20]).id) end);
end $$;

-- One with all that was said of it.
create or replace function app.status_incident(incident bigint, lang text) returns json
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
declare
  here bigint[] := app.scopes(null, auth.portal_id());
  i app.incidents;
begin
  select x.* into i from app.incidents x where x.tenant_id = auth.tenant_id() and x.id = incident
    and app.concerns(x, here, app.components_here(here));
  if not found then
    raise exception using errcode = 'PT404', message = 'no such incident';
  end if;
  return json_build_object('title', app.in_language(i.titles, lang, app.language_of(auth.portal_id())), 'action', '/status/' || i.id || '/affected', 'sign_in', '/sign-in?to=/status/' || i.id,
    'asks', i.kind = 'incident' and i.state < 4,
    'affected', exists (select from app.incident_people x where x.tenant_id = i.tenant_id and x.incident_id = i.id and x.person_id = auth.person_id()),
    'incidents', jsonb_build_array(app.incident_told(i, lang, here, 200)));
end $$;

-- The newest fifty that were said of what is told here, within ninety days.
create or replace function app.status_feed(lang text) returns json
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
declare
  here bigint[] := app.scopes(null, auth.portal_id());
  parts bigint[] := app.components_here(here);
  fallback text := app.language_of(auth.portal_id());
begin
  return (select json_build_object('lang', lang, 'portal', (select po.name from app.portals po where po.tenant_id = auth.tenant_id() and po.id = auth.portal_id()),
      'updated', coalesce(max(u.said_at), date_trunc('day', now())),
      'entries', coalesce(json_agg(json_build_object('n', u.n, 'at', u.said_at, 'url', '/status/' || u.id, 'state', u.state,
        'title', app.said_in(u.titles, lang, fallback), 'said', app.said_in(u.texts, lang, fallback)) order by u.said_at desc, u.id desc, u.n desc), '[]'))
    from (select x.n, x.said_at, x.texts, i.id, i.titles,
        coalesce((array['investigating', 'identified', 'monitoring', 'resolved'])[x.state], app.state_of(i)) as state
      from app.incident_updates x join app.incidents i on i.tenant_id = x.tenant_id and i.id = x.incident_id
      where x.tenant_id = auth.tenant_id() and x.said_at > now() - interval '90 days' and app.concerns(i, here, parts)
      order by x.said_at desc, i.id desc, x.n desc limit 50) u);
end $$;

-- What the top of every page says: the worst that goes on here; null: all is well.
create or replace function app.service_banner(lang text) returns json
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
begin
  return (select json_build_object('kind', i.kind, 'title', app.said_in(i.titles, lang, app.language_of(auth.portal_id())), 'url', '/status/' || i.id)
    from app.incidents_now(app.scopes(null, auth.portal_id()), interval '0') i
    order by i.kind, i.impact desc, i.starts_at desc, i.id limit 1);
end $$;

-- ---- by the tenant's staff -------------------------------------------------------------

-- Portals or components by their ids, as a body has them. Null: none named.
create or replace function app.status_ids(ids jsonb, field text) returns bigint[]
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
declare
  wanted bigint[];
begin
  if ids is null or ids = 'null' then
    return '{}';
  elsif jsonb_typeof(ids) <> 'array' or exists (select from jsonb_array_elements(ids) e where jsonb_typeof(e) <> 'number' or e #>> '{}' !~ '^[0-9]{1,18}$') then
    raise exception using errcode = 'PT422', constraint = 'incidents_' || field || '.type', message = 'a list of ids';
  elsif jsonb_array_length(ids) > 50 then
    raise exception using errcode = 'PT422', constraint = 'incidents_' || field || '.too_many', message = 'fifty at most';
  end if;
  wanted := array(select distinct e::bigint from jsonb_array_elements_text(ids) e order by 1);
  if exists (select from unnest(wanted) w (id) where not case field
      when 'portals' then exists (select from app.portals p where p.tenant_id = auth.tenant_id() and p.id = w.id)
      else exists (select from app.components c where c.tenant_id = auth.tenant_id() and c.id = w.id) end) then
    raise exception using errcode = 'PT422', constraint = 'incidents_' || field || '.unknown', message = 'one is none';
  end if;
  return wanted;
end $$;

-- A moment of RFC 3339; nothing is null.
create or replace function app.status_time(t text, field text) returns timestamptz
language plpgsql stable
set search_path = pg_catalog, pg_temp as $$
begin
  if coalesce(t, '') = '' then
    return null;
  elsif t !~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?(Z|[+-][0-9]{2}:[0-9]{2})$' then
    raise exception using errcode = 'PT422', constraint = 'incidents_' || field || '.date', message = 'not a moment';
  end if;
  return t::timestamptz;
exception when datetime_field_overflow or invalid_datetime_format then
  raise exception using errcode = 'PT422', constraint = 'incidents_' || field || '.date', message = 'not a moment';
end $$;

-- How many say that it affects them.
create or replace function app.how_many_affected(i app.incidents) returns bigint
language sql stable security definer
set search_path = pg_catalog, pg_temp as $$
  select count(*) from app.incident_people x where x.tenant_id = i.tenant_id and x.incident_id = i.id
$$;

-- All components, what goes on and is to come, and of what is over a page of thirty.
create or replace function app.list_status(after text default null) returns json
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
declare
  past bigint[];
  ended timestamptz;
begin
  perform app.must_be_at_desk();
  past := array(select i.id from app.incidents i
    where i.tenant_id = auth.tenant_id() and coalesce(i.ends_at, 'infinity') <= now()
      and (coalesce(i.ends_at, 'infinity'), i.id) < (app.cursor_time(after), app.cursor_id(after))
    order by coalesce(i.ends_at, 'infinity') desc, i.id desc limit 31);
  ended := (select i.ends_at from app.incidents i where i.tenant_id = auth.tenant_id() and i.id = past[30]);
  return json_build_object('languages', coalesce(auth.languages(), '{en}'),
    'portals', (select coalesce(json_agg(json_build_object('id', x.id, 'name', x.name) order by x.name, x.id), '[]')
      from (select po.id, po.name from app.portals po
        where po.tenant_id = auth.tenant_id() and po.account_id is not null order by po.name limit 500) x),
    'components', (select coalesce(json_agg(json_build_object('id', c.id, 'parent', c.parent_id, 'names', c.names, 'portals', c.portals)
        order by c.position, c.created_at, c.id), '[]')
      from app.components c where c.tenant_id = auth.tenant_id()),
    'incidents', (select coalesce(json_agg(json_build_object('id', i.id, 'kind', i.kind, 'titles', i.titles, 'state', app.state_of(i),
        'impact', app.impact_name(i.impact), 'starts_at', i.starts_at, 'ends_at', i.ends_at, 'affected', app.how_many_affected(i)) order by i.ends_at desc nulls first, i.starts_at desc, i.id), '[]')
      from app.incidents i where i.tenant_id = auth.tenant_id()
        and (i.id = any (past[:30]) or after is null and coalesce(i.ends_at, 'infinity') > now())),
    'next', case when cardinality(past) > 30 then app.cursor(ended, past[30]) end);
end $$;

-- A new component, or what is said of one. before: the one it is to stand in front of;
-- 0: the last.
create or replace function app.save_component(component bigint, names jsonb, parent bigint, portals jsonb, before bigint) returns json
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  c app.components;
begin
  perform app.must_be_at_desk();
  perform pg_advisory_xact_lock(hashtextextended('components/' || auth.tenant_id(), 0));
  if component is not null then
    select x.* into c from app.components x where x.tenant_id = auth.tenant_id() and x.id = component for update;
    if not found then
      raise exception using errcode = 'PT404', message = 'no such component';
    end if;
  elsif (select count(*) from app.components x where x.tenant_id = auth.tenant_id()) >= 200 then
    raise exception using errcode = 'PT422', constraint = 'components_names.too_many', message = 'two hundred at most';
  end if;
  if before is not null and c.id is not null then
    with turns as (
      select x.id, row_number() over (order by x.position, x.created_at, x.id) * 2 as turn
      from app.components x where x.tenant_id = auth.tenant_id())
    update app.components x set position = case when x.id = c.id
        then coalesce((select b.turn - 1 from turns b where b.id = before), 1000) else t.turn end
      from turns t where x.tenant_id = auth.tenant_id() and x.id = t.id;
    return app.list_status();
  end if;
  -- One level: a part has no parts.
  if parent is not null and not exists (select from app.components x where x.tenant_id = auth.tenant_id() and x.id = parent and x.parent_id is null and x.id is distinct from c.id)
      or parent is not null and exists (select from app.components x where x.tenant_id = auth.tenant_id() and x.parent_id = c.id) then
    raise exception using errcode = 'PT422', constraint = 'components_parent.one_level', message = 'one level';
  end if;
  insert into app.components as x (tenant_id, id, parent_id, position, names, portals)
    values (auth.tenant_id(), coalesce(c.id, app.new_id()), parent,
      coalesce(c.position, (select coalesce(max(y.position), 0) + 1 from app.components y where y.tenant_id = auth.tenant_id())),
      coalesce(save_component.names, c.names), app.status_ids(save_component.portals, 'portals'))
    on conflict on constraint components_pkey do update set parent_id = excluded.parent_id, names = excluded.names, portals = excluded.portals;
  return app.list_status();
end $$;

create or replace function app.make_component(names jsonb, parent bigint, portals jsonb, key text) returns json
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  sent app.sent := app.sent('components', key, concat_ws(E'\n', names, parent, portals));
begin
  if sent.answer is not null then
    return app.list_status();
  end if;
  perform app.save_component(null, names, parent, portals, null);
  perform app.remember(sent, '{}');
  return app.list_status();
end $$;

-- With its parts; incidents that were about it alone are then about none.
create or replace function app.remove_component(component bigint) returns json
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  gone bigint[];
begin
  perform app.must_be_at_desk();
  perform pg_advisory_xact_lock(hashtextextended('components/' || auth.tenant_id(), 0));
  gone := array(select c.id from app.components c where c.tenant_id = auth.tenant_id() and (c.id = component or c.parent_id = component));
  delete from app.components c where c.tenant_id = auth.tenant_id() and c.id = component;
  if not found then
    raise exception using errcode = 'PT404', message = 'no such component';
  end if;
  update app.incidents i set components = array(select u from unnest(i.components) u where u <> all (gone))
    where i.tenant_id = auth.tenant_id() and i.components && gone;
  return app.list_status();
end $$;

-- One in all its languages, with what was said of it.
create or replace function app.get_incident(incident bigint) returns json
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
declare
  i app.incidents;
begin
  perform app.must_be_at_desk();
  select x.* into i from app.incidents x where x.tenant_id = auth.tenant_id() and x.id = incident;
  if not found then
    raise exception using errcode = 'PT404', message = 'no such incident';
  end if;
  return json_build_object('id', i.id, 'kind', i.kind, 'titles', i.titles, 'state', app.state_of(i), 'impact', app.impact_name(i.impact),
    'portals', i.portals, 'components', i.components, 'starts_at', i.starts_at, 'ends_at', i.ends_at, 'postmortems', i.postmortems,
    'affected', app.how_many_affected(i),
    'updates', (select coalesce(json_agg(json_build_object('n', u.n, 'at', u.said_at, 'texts', u.texts,
        'state', (array['investigating', 'identified', 'monitoring', 'resolved'])[u.state],
        'by', (select p.name from app.people p where p.tenant_id = u.tenant_id and p.id = u.author_id)) order by u.n desc), '[]')
      from app.incident_updates u where u.tenant_id = i.tenant_id and u.incident_id = i.id));
end $$;

-- One more is said of one: what stage it is at (an incident's), and a text. Resolved, it
-- ends now; at another stage again, it goes on.
create or replace function app.say_of(i app.incidents, stage text, texts jsonb) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp as $$
declare
  reached smallint := array_position('{investigating,identified,monitoring,resolved}', stage);
  last int := (select max(u.n) from app.incident_updates u where u.tenant_id = i.tenant_id and u.incident_id = i.id);
begin
  if last >= 200 then
    raise exception using errcode = 'PT422', constraint = 'incidents_texts.too_many', message = 'two hundred at most';
  end if;
  insert into app.incident_updates (tenant_id, incident_id, n, state, texts, author_id)
    values (i.tenant_id, i.id, coalesce(last, 0) + 1, case i.kind when 'incident' then coalesce(reached, i.state) end, say_of.texts, auth.person_id());
  update app.incidents x set updated_at = now(), state = case x.kind when 'incident' then coalesce(reached, x.state) end,
      ends_at = case when x.kind = 'maintenance' then x.ends_at when coalesce(reached, x.state) = 4 then coalesce(x.ends_at, greatest(now(), x.starts_at)) end
    where x.tenant_id = i.tenant_id and x.id = i.id;
  perform app.record_account('status.updated', null, jsonb_build_object('incident', i.id, 'n', coalesce(last, 0) + 1));
end $$;

-- What cannot be: an incident that is to come, maintenance without an end.
create or replace function app.must_have_times(i app.incidents) returns void
language plpgsql stable
set search_path = pg_catalog, pg_temp as $$
begin
  if i.kind = 'incident' and i.starts_at > now() + interval '1 minute' then
    raise exception using errcode = 'PT422', constraint = 'incidents_starts_at.future', message = 'an incident has begun';
  elsif i.kind = 'maintenance' and i.ends_at is null then
    raise exception using errcode = 'PT422', constraint = 'incidents_ends_at.required', message = 'until when';
  elsif i.ends_at <= i.starts_at and i.kind = 'maintenance' or i.ends_at < i.starts_at then
    raise exception using errcode = 'PT422', constraint = 'incidents_ends_at.ends_first', message = 'after its beginning';
  elsif i.starts_at < now() - interval '2 years' or i.ends_at > now() + interval '2 years' then
    raise exception using errcode = 'PT422', constraint = 'incidents_starts_at.two_years', message = 'within two years';
  end if;
end $$;

-- A new one with the first that is said of it. Once, however often it is sent. made:
-- which it is.
create or replace function app.make_incident(kind text, titles jsonb, texts jsonb, stage text, impact text, portals jsonb, components jsonb,
  starts_at timestamptz, ends_at timestamptz, key text) returns json
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  sent app.sent := app.sent('incidents', key, concat_ws(E'\n', kind, titles, texts, stage, impact, portals, components, starts_at, ends_at));
  i app.incidents;
begin
  perform app.must_be_at_desk();
  if sent.answer is not null then
    return app.list_status()::jsonb || sent.answer::jsonb;
  end if;
  perform pg_advisory_xact_lock(hashtextextended('incidents/' || auth.tenant_id(), 0));
  if (select count(*) from app.incidents x where x.tenant_id = auth.tenant_id() and coalesce(x.ends_at, 'infinity') > now()) >= 50
      or (select count(*) from app.incidents x where x.tenant_id = auth.tenant_id()) >= 10000 then
    raise exception using errcode = 'PT422', constraint = 'incidents_titles.too_many', message = 'fifty at once, ten thousand at most';
  end if;
  i.kind := kind;
  i.starts_at := coalesce(starts_at, now());
  i.ends_at := case kind when 'maintenance' then ends_at when 'incident' then case when stage = 'resolved' then coalesce(ends_at, greatest(now(), i.starts_at)) end end;
  perform app.must_have_times(i);
  insert into app.incidents (tenant_id, kind, titles, impact, state, portals, components, starts_at, ends_at)
    values (auth.tenant_id(), i.kind, make_incident.titles, coalesce(array_position('{minor,major,critical}', make_incident.impact), 1),
      case i.kind when 'incident' then coalesce(array_position('{investigating,identified,monitoring,resolved}', stage), 1) end,
      app.status_ids(make_incident.portals, 'portals'), app.status_ids(make_incident.components, 'components'), i.starts_at, i.ends_at)
    returning * into i;
  perform app.say_of(i, stage, texts);
  return app.list_status()::jsonb || app.remember(sent, json_build_object('made', i.id))::jsonb;
end $$;

-- What is said of all of one. An incident's end is when it was resolved, maintenance's
-- is planned.
create or replace function app.change_incident(incident bigint, titles jsonb, impact text, portals jsonb, components jsonb,
  starts_at timestamptz, ends_at timestamptz, postmortems jsonb) returns json
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  i app.incidents;
begin
  perform app.must_be_at_desk();
  select x.* into i from app.incidents x where x.tenant_id = auth.tenant_id() and x.id = incident for update;
  if not found then
    raise exception using errcode = 'PT404', message = 'no such incident';
  end if;
  i.starts_at := coalesce(change_incident.starts_at, i.starts_at);
  i.ends_at := case when i.kind = 'maintenance' or i.state = 4 then coalesce(change_incident.ends_at, i.ends_at) end;
  perform app.must_have_times(i);
  update app.incidents x set titles = coalesce(change_incident.titles, x.titles),
      impact = coalesce(array_position('{minor,major,critical}', change_incident.impact), x.impact),
      portals = case when change_incident.portals is null then x.portals else app.status_ids(change_incident.portals, 'portals') end,
      components = case when change_incident.components is null then x.components else app.status_ids(change_incident.components, 'components') end,
      starts_at = i.starts_at, ends_at = i.ends_at, postmortems = coalesce(change_incident.postmortems, x.postmortems), updated_at = now()
    where x.tenant_id = i.tenant_id and x.id = i.id;
  return app.get_incident(incident);
end $$;

-- Once, however often it is sent.
create or replace function app.update_incident(incident bigint, stage text, texts jsonb, key text) returns json
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  sent app.sent := app.sent('incident_updates', key, concat_ws(E'\n', incident, stage, texts));
  i app.incidents;
begin
  perform app.must_be_at_desk();
  if sent.answer is null then
    select x.* into i from app.incidents x where x.tenant_id = auth.tenant_id() and x.id = incident for update;
    if not found then
      raise exception using errcode = 'PT404', message = 'no such incident';
    end if;
    perform app.say_of(i, stage, texts);
    perform app.remember(sent, '{}');
  end if;
  return app.get_incident(incident);
end $$;

create or replace function app.remove_incident(incident bigint) returns json
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
begin
  perform app.must_be_at_desk();
  delete from app.incidents i where i.tenant_id = auth.tenant_id() and i.id = incident;
  if not found then
    raise exception using errcode = 'PT404', message = 'no such incident';
  end if;
  return app.list_status();
end $$;
