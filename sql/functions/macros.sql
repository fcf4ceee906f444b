-- Macros: answers that are given again and again (W1). The team's are its
-- administrators' to keep, one's own are one's own.

create or replace function app.macro_placeholders() returns text[]
language sql immutable parallel safe
return '{requester.name,ticket.number,ticket.title,agent.name,portal.name}'::text[];

-- Those that the asker can take: the team's and their own.
create or replace function app.list_macros() returns json
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
begin
  return json_build_object('languages', coalesce(auth.languages(), '{en}'), 'placeholders', app.macro_placeholders(),
    'team', auth.rank() >= 3, 'most', json_build_object('team', 200, 'own', 50, 'text', 8000),
    'items', (select coalesce(json_agg(json_build_object('id', m.id, 'name', m.name, 'own', m.person_id is not null, 'texts', m.texts, 'change', m.change)
        order by lower(m.name), m.id), '[]')
      from app.macros m where m.tenant_id = auth.tenant_id() and auth.is_agent() and (m.person_id is null or m.person_id = auth.person_id())));
end $$;

-- What is wrong with one, as the fields of a form.
create or replace function app.macro_faults(texts jsonb, change jsonb) returns jsonb
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
declare
  named text;
  faults jsonb := '[]';
begin
  if jsonb_typeof(texts) <> 'object' or jsonb_typeof(change) <> 'object' then
    return '[{"field": "texts", "code": "type"}]';
  elsif not app.are_languages(array(select jsonb_object_keys(texts))) then
    faults := faults || '[{"field": "texts", "code": "language"}]';
  end if;
  -- Between braces stands a placeholder, or it would go out as it is.
  select p.m[1] into named from jsonb_each_text(texts) t
    cross join lateral regexp_matches(t.value, '\{([^{}\s]{1,60})\}', 'g') p (m)
    where p.m[1] <> all (app.macro_placeholders()) limit 1;
  if named is not null then
    faults := faults || jsonb_build_array(jsonb_build_object('field', 'texts', 'code', 'placeholder', 'about', named, 'placeholders', app.macro_placeholders()));
  end if;
  if change ? 'tags' and app.tags_fault(change->'tags') then
    faults := faults || '[{"field": "tags", "code": "invalid"}]';
  end if;
  if change - '{status,priority,assignee,tags,team}'::text[] <> '{}' or change ? 'status' and (app.status_number(change->>'status') is null or change->>'status' = 'closed_escalated')
      or change->>'priority' is not null and app.priority_number(change->>'priority') is null
      or change->>'assignee' is not null and change->>'assignee' <> 'me' and not exists (select from app.people p
        where p.tenant_id = auth.tenant_id() and p.id::text = change->>'assignee' and p.rank >= 2)
      or change->>'team' is not null and not exists (select from app.teams g
        where g.tenant_id = auth.tenant_id() and g.id::text = change->>'team' and g.archived_at is null) then
    faults := faults || '[{"field": "change", "code": "choice"}]';
  end if;
  if texts = '{}' and change = '{}' then
    faults := faults || '[{"field": "texts", "code": "required"}]';
  end if;
  return faults;
end $$;

-- Makes one (id null) or says it anew.
create or replace function app.save_macro(id bigint, name text, team boolean, texts jsonb, change jsonb) returns json
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  owner bigint := case when not team then auth.person_id() end;
  faults jsonb := app.macro_faults(texts, change);
begin
  if not auth.is_agent() or team and auth.rank() < 3 then
    raise exception using errcode = 'PT403', message = 'the team''s are its administrators'' to keep';
  elsif faults <> '[]' then
    raise exception using errcode = 'PT422', message = 'not a macro', detail = faults::text;
  end if;
  if id is null then
    -- Two at once could both be the last.
    perform pg_advisory_xact_lock(hashtextextended('macros/' || auth.tenant_id(), 0));
    if (select count(*) from app.macros m where m.tenant_id = auth.tenant_id() and m.person_id is not distinct from owner) >= (case when team then 200 else 50 end) then
      raise exception using errcode = 'PT422', constraint = 'macros_name.too_many', message = '200 of the team, 50 of one''s own';
    end if;
    insert into app.macros (tenant_id, person_id, name, texts, change) values (auth.tenant_id(), owner, save_macro.name, save_macro.texts, save_macro.change);
  else
    update app.macros m set name = save_macro.name, person_id = owner, texts = save_macro.texts, change = save_macro.change
      where m.tenant_id = auth.tenant_id() and m.id = save_macro.id and (m.person_id = auth.person_id() or m.person_id is null and auth.rank() >= 3);
    if not found then
      raise exception using errcode = 'PT404', message = 'no such macro';
    end if;
  end if;
  return app.list_macros();
end $$;

create or replace function app.forget_macro(id bigint) returns json
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
begin
  delete from app.macros m where m.tenant_id = auth.tenant_id() and m.id = forget_macro.id
    and (m.person_id = auth.person_id() or m.person_id is null and auth.rank() >= 3);
  if not found then
    raise exception using errcode = 'PT404', message = 'no such macro';
  end if;
  return app.list_macros();
end $$;

-- A text for a ticket: in the language of who opened it, else the portal's, English,
-- or whichever there is; what others wrote is text in it, and no markup.
create or replace function app.macro_for(ticket bigint, id bigint) returns json
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
declare
  t app.tickets := app.seen_ticket(ticket);
  m app.macros;
  lang text;
  body text;
  said record;
begin
  select x.* into m from app.macros x where x.tenant_id = auth.tenant_id() and x.id = macro_for.id and auth.is_agent()
    and (x.person_id is null or x.person_id = auth.person_id());
  if not found then
    raise exception using errcode = 'PT404', message = 'no such macro';
  end if;
  select w.lang into lang from (
      select p.locale as lang, 1 as n from app.people p where p.tenant_id = t.tenant_id and p.id = t.requester_id
      union all select split_part(p.locale, '-', 1), 2 from app.people p where p.tenant_id = t.tenant_id and p.id = t.requester_id
      union all select q.locale, 3 from app.portals q where q.tenant_id = t.tenant_id and q.id = t.portal_id
      union all select 'en', 4
      union all select k.key, 5 from jsonb_each(m.texts) k) w
    where m.texts ? w.lang order by w.n, w.lang limit 1;
  body := m.texts->>lang;
  for said in select v.name, regexp_replace(coalesce(v.value, ''), '([\\`*_\[\]<>#|!~])', '\\\1', 'g') as value from (values
      ('requester.name', (select p.name from app.people p where p.tenant_id = t.tenant_id and p.id = t.requester_id)),
      ('ticket.number', '#' || t.id), ('ticket.title', t.title),
      ('agent.name', (select p.name from app.people p where p.tenant_id = t.tenant_id and p.id = auth.person_id())),
      ('portal.name', app.portal_name(t.portal_id))) v (name, value) loop
    -- What was put in is not looked at again.
    body := replace(body, '{' || said.name || '}', replace(said.value, '{', E'\u0001'));
  end loop;
  return json_build_object('id', m.id, 'name', m.name, 'language', lang, 'body', replace(body, E'\u0001', '{'), 'change', m.change);
end $$;
