-- The tree of the knowledge base (K1), and the number of its changes.

-- Holds the tenant's knowledge base until the transaction ends: before any article of it is held, so
-- that nobody waits for who waits for them.
create or replace function app.hold_knowledge() returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp as $$
begin
  insert into app.knowledge as k (tenant_id) values (auth.tenant_id())
    on conflict on constraint knowledge_pkey do update set change = k.change;
end $$;

-- The next change; holds it as well.
create or replace function app.next_change() returns bigint
language plpgsql volatile
set search_path = pg_catalog, pg_temp as $$
declare
  n bigint;
begin
  insert into app.knowledge as k (tenant_id, change) values (auth.tenant_id(), 1)
    on conflict on constraint knowledge_pkey do update set change = k.change + 1 returning k.change into n;
  return n;
end $$;

-- Ten characters of which none is taken for another.
create or replace function app.new_key() returns text
language sql volatile
return (select string_agg(substr('23456789abcdefghjkmnpqrstuvwxyz', 1 + floor(random() * 31)::int, 1), '') from generate_series(1, 10));

-- What lies over all; made with the first that is written. Whoever is signed in reads
-- what says nothing else.
create or replace function app.root_section() returns bigint
language plpgsql volatile
set search_path = pg_catalog, pg_temp as $$
declare
  root bigint;
begin
  select s.id into root from app.sections s where s.tenant_id = auth.tenant_id() and s.parent_id is null;
  if root is null then
    root := app.new_id();
    insert into app.sections (tenant_id, id, key, audience_id, shown_to, path)
      select auth.tenant_id(), root, 'root', a, a, array[root] from app.audience(2::smallint, '{}', '{}', '{}', null) a;
  end if;
  return root;
end $$;

-- Below a section, and of itself: where it lies, and who reads it.
create or replace function app.spread_section(section bigint, change bigint) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp as $$
begin
  with recursive down as (
    select s.id, coalesce(p.path, '{}') || s.id as path, coalesce(s.audience_id, p.shown_to) as shown_to
      from app.sections s left join app.sections p on p.tenant_id = s.tenant_id and p.id = s.parent_id
      where s.tenant_id = auth.tenant_id() and s.id = section
    union all
    select s.id, d.path || s.id, coalesce(s.audience_id, d.shown_to)
      from down d join app.sections s on s.tenant_id = auth.tenant_id() and s.parent_id = d.id
      where cardinality(d.path) < 10)
  update app.sections s set path = d.path, shown_to = d.shown_to, changed = change
    from down d where s.tenant_id = auth.tenant_id() and s.id = d.id;
exception when check_violation then
  raise exception using errcode = 'PT422', constraint = 'sections_parent.eight_deep', message = 'eight below each other at most';
end $$;

-- A new one (null), or what is said of one; what is null stays. parent 0: a category. before: the one
-- it is to stand in front of; 0: the last.
create or replace function app.write_section(section bigint, parent bigint, names jsonb, abouts jsonb, audience jsonb, before bigint) returns bigint
language plpgsql volatile
set search_path = pg_catalog, pg_temp as $$
declare
  change bigint;
  above app.sections;
  was app.sections;
begin
  perform app.must_be_at_desk();
  change := app.next_change();
  if section is not null then
    select s.* into was from app.sections s where s.tenant_id = auth.tenant_id() and s.id = section and s.parent_id is not null;
    if not found then
      raise exception using errcode = 'PT404', message = 'no such section';
    end if;
  end if;
  parent := coalesce(nullif(coalesce(parent, was.parent_id, 0), 0), app.root_section());
  names := coalesce(names, was.names, '{}');
  select s.* into above from app.sections s where s.tenant_id = auth.tenant_id() and s.id = parent;
  if not found then
    raise exception using errcode = 'PT422', constraint = 'sections_parent.unknown', message = 'no such section';
  end if;
  if section is not null then
    if section = any (above.path) then
      raise exception using errcode = 'PT422', constraint = 'sections_parent.circle', message = 'it cannot lie in itself';
    end if;
  elsif (select count(*) from app.sections s where s.tenant_id = auth.tenant_id()) > 2000 then
    raise exception using errcode = 'PT422', constraint = 'sections_names.too_many', message = 'two thousand at most';
  end if;
  if names = '{}' then
    raise exception using errcode = 'PT422', constraint = 'sections_names.required', message = 'a name in one language at least';
  end if;
  insert into app.sections as x (tenant_id, id, key, parent_id, position, names, abouts, audience_id, shown_to, path)
    values (auth.tenant_id(), coalesce(section, app.new_id()), coalesce(was.key, app.new_key()), parent,
      coalesce(was.position, (select coalesce(max(y.position), 0) + 1 from app.sections y where y.tenant_id = auth.tenant_id() and y.parent_id = parent)),
      names, coalesce(abouts, was.abouts, '{}'), case when audience is null then was.audience_id else app.audience_said(audience) end, above.shown_to, above.path)
    on conflict on constraint sections_pkey do update set parent_id = excluded.parent_id, names = excluded.names,
      abouts = excluded.abouts, audience_id = excluded.audience_id
    returning x.id into section;
  if before is not null then
    with turns as (
      select x.id, row_number() over (order by x.position, x.id) * 2 as turn
      from app.sections x where x.tenant_id = auth.tenant_id() and x.parent_id = parent)
    update app.sections x set position = case when x.id = section
        then coalesce((select b.turn - 1 from turns b where b.id = before), 2 * 2000 + 1) else t.turn end
      from turns t where x.tenant_id = auth.tenant_id() and x.id = t.id;
  end if;
  perform app.spread_section(section, change);
  perform app.record_account('article.section', null, jsonb_build_object('section', section));
  return section;
end $$;

create or replace function app.save_section(section bigint, parent bigint, names jsonb, abouts jsonb, audience jsonb, before bigint) returns json
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
begin
  section := app.write_section(section, parent, names, abouts, audience, before);
  return app.section_desk(section);
end $$;

-- A new one, once however often it is sent.
create or replace function app.make_section(parent bigint, names jsonb, abouts jsonb, audience jsonb, before bigint, key text) returns json
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  sent app.sent := app.sent('sections', key, concat_ws(E'\n', parent, names, abouts, audience, before));
begin
  perform app.must_be_at_desk();
  if names is null then
    raise exception using errcode = 'PT422', constraint = 'sections_names.required', message = 'a name in one language at least';
  end if;
  sent.answer := coalesce(sent.answer, app.remember(sent, json_build_object('id', app.write_section(null, parent, names, abouts, audience, before))));
  return app.section_desk((sent.answer->>'id')::bigint);
end $$;

-- Who reads what says nothing else.
create or replace function app.set_root_audience(audience jsonb) returns json
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  root bigint;
  chosen bigint;
  change bigint;
begin
  perform app.must_be_at_desk();
  change := app.next_change();
  root := app.root_section();
  chosen := app.audience_said(audience);
  if chosen is null then
    raise exception using errcode = 'PT422', constraint = 'knowledge_audience.required', message = 'there is nothing above';
  end if;
  update app.sections s set audience_id = chosen where s.tenant_id = auth.tenant_id() and s.id = root;
  perform app.spread_section(root, change);
  perform app.record_account('article.section', null, jsonb_build_object('section', root));
  return app.knowledge_desk();
end $$;

-- As its writers see it. parent: null is a category.
create or replace function app.section_desk(section bigint) returns json
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
begin
  perform app.must_be_at_desk();
  return (select json_build_object('id', s.id, 'key', s.key, 'parent', case when cardinality(s.path) > 2 then s.parent_id end,
      'position', s.position, 'names', s.names, 'abouts', s.abouts, 'audience', app.audience_json(s.audience_id), 'shown_to', app.audience_json(s.shown_to))
    from app.sections s where s.tenant_id = auth.tenant_id() and s.id = section and s.parent_id is not null);
end $$;

-- The whole tree, with how many articles are right in each, and how many of them are live. Audiences
-- are told once each.
create or replace function app.knowledge_desk() returns json
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
begin
  perform app.must_be_at_desk();
  return (
    with counted as (
      select a.section_id as id, count(*) as articles, count(*) filter (where a.is_live) as live from app.articles a
      where a.tenant_id = auth.tenant_id() group by a.section_id)
    select json_build_object('change', coalesce((select k.change from app.knowledge k where k.tenant_id = auth.tenant_id()), 0),
      'needs_review', app.needs_review(), 'languages', coalesce(auth.languages(), '{en}'),
      'portals', (select coalesce(json_agg(json_build_object('id', x.id, 'name', x.name) order by x.name, x.id), '[]')
        from (select po.id, po.name from app.portals po
          where po.tenant_id = auth.tenant_id() and po.account_id is not null order by po.name, po.id limit 500) x),
      'audience', (select s.shown_to from app.sections s where s.tenant_id = auth.tenant_id() and s.parent_id is null),
      'audiences', (select coalesce(json_object_agg(a.id, app.audience_json(a.id)), '{}') from app.audiences a
        where a.tenant_id = auth.tenant_id() and exists (select from app.sections s where s.tenant_id = a.tenant_id and s.shown_to = a.id)),
      'articles', coalesce((select c.articles from counted c join app.sections s on s.tenant_id = auth.tenant_id() and s.id = c.id and s.parent_id is null), 0),
      'sections', (select coalesce(json_agg(json_build_object('id', s.id, 'key', s.key, 'parent', case when cardinality(s.path) > 2 then s.parent_id end,
          'names', s.names, 'abouts', s.abouts, 'audience', s.audience_id, 'shown_to', s.shown_to, 'articles', coalesce(c.articles, 0), 'live', coalesce(c.live, 0))
          order by cardinality(s.path), s.position, s.id), '[]')
        from app.sections s left join counted c on c.id = s.id where s.tenant_id = auth.tenant_id() and s.parent_id is not null)));
end $$;

-- Accounts that may read something, by how a word of their names begins: twenty at most.
create or replace function app.find_readers(question text) returns json
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
begin
  perform app.must_be_at_desk();
  return (select json_build_object('accounts', coalesce(json_agg(json_build_object('id', x.id, 'name', x.name) order by x.name, x.id), '[]'))
    from (select a.id, a.name from app.accounts a where a.tenant_id = auth.tenant_id() and app.begins(a.name, question) order by a.name, a.id limit 20) x);
end $$;

-- An empty one goes.
create or replace function app.remove_section(section bigint) returns json
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
begin
  perform app.must_be_at_desk();
  perform app.next_change();
  if exists (select from app.sections s where s.tenant_id = auth.tenant_id() and s.parent_id = section)
      or exists (select from app.articles a where a.tenant_id = auth.tenant_id() and a.section_id = section) then
    raise exception using errcode = 'PT422', constraint = 'sections_section.in_use', message = 'move or remove what is in it first';
  end if;
  delete from app.sections s where s.tenant_id = auth.tenant_id() and s.id = section and s.parent_id is not null;
  if not found then
    raise exception using errcode = 'PT404', message = 'no such section';
  end if;
  perform app.record_account('article.section', null, jsonb_build_object('section', section));
  return '{}';
end $$;
