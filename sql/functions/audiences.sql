-- Who reads what of the knowledge base (K1). An audience counts from where it is set downwards,
-- up to the next that is set below; one question, app.readable_audiences(), answers for all of
-- a request, and policies compare with it (policies/knowledge.sql).

-- Does who is described belong to it? at: the portal and those above it; mine: their roles there.
create or replace function app.is_of_audience(a app.audiences, signed_in boolean, agent boolean, account bigint, at bigint[], mine text[])
returns boolean language sql immutable parallel safe
return (case (a).level when 1 then true when 2 then signed_in else agent end)
  and ((a).portals = '{}' or (a).portals && at)
  and ((a).accounts = '{}' or coalesce(account = any ((a).accounts), false))
  and ((a).roles = '{}' or (a).roles && mine);

-- A portal and those above it.
create or replace function app.portals_up(portal bigint) returns bigint[]
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
begin
  return array(select s / 2 from unnest(app.scopes(null, portal)) s where s % 2 = 1);
end $$;

-- Does the asker write the knowledge base? The tenant's staff does, at the desk.
create or replace function app.writes_articles() returns boolean
language sql stable
return coalesce(auth.is_agent() and auth.account_id() is null and auth.grant_id() is null, false);

-- What somebody else reads (K1, 'view as'): a visitor or a role at a portal, or a person who is staff or has asked for
-- something at the desk (of others agents know nothing).
create or replace function app.audiences_of(portal bigint, role text, person bigint) returns bigint[]
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
declare
  po app.portals;
  p app.people;
  agent boolean := false;
  mine text[] := '{}';
begin
  select x.* into po from app.portals x where x.tenant_id = auth.tenant_id() and x.id = portal;
  if not found then
    raise exception using errcode = 'PT422', constraint = 'articles_portal.unknown', message = 'no such portal';
  end if;
  if person is not null then
    select x.* into p from app.people x where x.tenant_id = auth.tenant_id() and x.id = person and (x.rank >= 2
      or exists (select from app.tickets t where t.tenant_id = x.tenant_id and t.requester_id = x.id and t.at_desk));
    if not found or not auth.may_enter(p.rank, p.doors, po.account_id, po.id) then
      raise exception using errcode = 'PT422', constraint = 'articles_person.unknown', message = 'nobody who comes there and whom agents know';
    end if;
    agent := p.rank >= 2;
    mine := app.roles_of(p.id, po.id, po.account_id);
  elsif role <> 'visitor' then
    agent := po.account_id is null;
    mine := array[role];
  end if;
  return array(select a.id from app.audiences a where a.tenant_id = auth.tenant_id()
    and (agent and po.account_id is null
      or app.is_of_audience(a, person is not null or role <> 'visitor', agent, po.account_id, app.portals_up(po.id), mine)));
end $$;

-- Where they find how many articles; of one section which ones, a thousand at most; and whether they read one.
create or replace function app.view_as(portal bigint, role text, person bigint, section bigint, article bigint) returns json
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
declare
  theirs bigint[];
begin
  perform app.must_be_at_desk();
  theirs := app.audiences_of(portal, role, person);
  return (
    with readable as materialized (
      select a.section_id, count(*) as n, case when a.section_id = view_as.section then (array_agg(a.id order by a.position, a.id))[:1000] end as ids
      from app.articles a join app.sections s on s.tenant_id = a.tenant_id and s.id = a.section_id
      where a.tenant_id = auth.tenant_id() and a.is_live and (a.expires_at is null or a.expires_at > now())
        and coalesce(a.audience_id, s.shown_to) = any (theirs)
      group by a.section_id)
    select json_build_object('sections', (select coalesce(json_agg(json_build_object('id', s.id, 'articles', coalesce(r.n, 0)) order by cardinality(s.path), s.position, s.id), '[]')
        from app.sections s left join readable r on r.section_id = s.id where s.tenant_id = auth.tenant_id() and s.shown_to = any (theirs)),
      'articles', (select r.ids from readable r where r.section_id = view_as.section),
      'reads', case when article is not null then exists (select from app.articles a join app.sections s on s.tenant_id = a.tenant_id and s.id = a.section_id
        where a.tenant_id = auth.tenant_id() and a.id = view_as.article and a.is_live and (a.expires_at is null or a.expires_at > now())
          and coalesce(a.audience_id, s.shown_to) = any (theirs)) end));
end $$;

-- All audiences that the asker is of, here. Who writes it reads all; support under a grant
-- reads what the people of that account do, in any role.
create or replace function app.readable_audiences() returns bigint[]
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
declare
  at bigint[];
  mine text[];
begin
  if app.writes_articles() then
    return array(select a.id from app.audiences a where a.tenant_id = auth.tenant_id());
  end if;
  at := app.portals_up(auth.portal_id());
  mine := case when auth.person_id() is null then '{}'
    when auth.grant_id() is not null then array['account_admin', 'portal_admin', 'main_user', 'member', 'partner']
    else app.roles_with(auth.portal_id(), auth.account_id()) end;
  return array(select a.id from app.audiences a where a.tenant_id = auth.tenant_id()
    and app.is_of_audience(a, auth.person_id() is not null, auth.is_agent() and auth.grant_id() is null, auth.account_id(), at, mine));
end $$;

-- As the pages and bundles say it.
create or replace function app.audience_json(audience bigint) returns json
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
begin
  return (select json_strip_nulls(json_build_object('level', (array['public', 'signed_in', 'agents'])[a.level],
      'accounts', (select json_agg(json_build_object('id', x.id, 'name', x.name) order by x.name, x.id)
        from app.accounts x where x.tenant_id = a.tenant_id and x.id = any (a.accounts)),
      'portals', (select json_agg(json_build_object('id', x.id, 'name', x.name) order by x.name, x.id)
        from app.portals x where x.tenant_id = a.tenant_id and x.id = any (a.portals)),
      'roles', case when a.roles <> '{}' then to_json(a.roles) end, 'told', a.told))
    from app.audiences a where a.tenant_id = auth.tenant_id() and a.id = audience);
end $$;

-- The one of these, made where it is not there yet. Whoever calls holds the knowledge base (app.next_change()).
create or replace function app.audience(level smallint, accounts bigint[], portals bigint[], roles text[], told jsonb) returns bigint
language plpgsql volatile
set search_path = pg_catalog, pg_temp as $$
declare
  found bigint;
begin
  select a.id into found from app.audiences a where a.tenant_id = auth.tenant_id() and a.level = audience.level
    and a.accounts = audience.accounts and a.portals = audience.portals and a.roles = audience.roles and a.told is not distinct from audience.told;
  if found is null and (select count(*) from app.audiences a where a.tenant_id = auth.tenant_id()) >= 500 then
    raise exception using errcode = 'PT422', constraint = 'knowledge_audience.too_many', message = 'five hundred different ones at most';
  elsif found is null then
    insert into app.audiences (tenant_id, level, accounts, portals, roles, told)
      values (auth.tenant_id(), level, accounts, portals, roles, told) returning id into found;
  end if;
  return found;
end $$;

-- What is said of one: {"level", "accounts": [id], "portals": [id], "roles": []}; null, or the level inherited: as above.
create or replace function app.audience_said(said jsonb) returns bigint
language plpgsql volatile
set search_path = pg_catalog, pg_temp as $$
declare
  level smallint := array_position('{public,signed_in,agents}', said->>'level');
  accounts bigint[];
  portals bigint[];
  roles text[];
begin
  if said is null or said = 'null' or said = '{"level": "inherited"}' then
    return null;
  elsif jsonb_typeof(said) <> 'object' or level is null
      or exists (select from jsonb_object_keys(said) k where k <> all ('{level,accounts,portals,roles}'))
      or exists (select from jsonb_each(said) e where e.key <> 'level' and jsonb_typeof(e.value) <> 'array') then
    raise exception using errcode = 'PT422', constraint = 'knowledge_audience.type', message = 'who reads it: public, signed_in or agents, and lists';
  end if;
  accounts := app.known_ids('accounts', said->'accounts');
  portals := app.known_ids('portals', said->'portals');
  roles := array(select distinct r from jsonb_array_elements_text(coalesce(said->'roles', '[]')) r order by r);
  if not roles <@ array['account_admin', 'portal_admin', 'main_user', 'member', 'partner'] then
    raise exception using errcode = 'PT422', constraint = 'knowledge_audience.choice', message = 'no such role';
  elsif level <> 2 and (accounts <> '{}' or roles <> '{}') then
    raise exception using errcode = 'PT422', constraint = 'knowledge_audience.signed_in', message = 'who is of an account or has a role is signed in';
  end if;
  return app.audience(level, accounts, portals, roles, null);
end $$;

-- Ids that a list names, of the tenant's, each once.
create or replace function app.known_ids(what text, said jsonb) returns bigint[]
language plpgsql stable
set search_path = pg_catalog, pg_temp as $$
declare
  ids bigint[];
begin
  if exists (select from jsonb_array_elements(coalesce(said, '[]')) e where jsonb_typeof(e) <> 'number' or e::text !~ '^[0-9]{1,16}$') then
    raise exception using errcode = 'PT422', constraint = 'knowledge_audience.type', message = 'numbers';
  elsif jsonb_array_length(coalesce(said, '[]')) > 100 then
    raise exception using errcode = 'PT422', constraint = 'knowledge_audience.too_long', message = 'a hundred at most';
  end if;
  ids := array(select distinct e::text::bigint as id from jsonb_array_elements(coalesce(said, '[]')) e order by id);
  if exists (select from unnest(ids) i where case what
      when 'accounts' then not exists (select from app.accounts a where a.tenant_id = auth.tenant_id() and a.id = i)
      else not exists (select from app.portals p where p.tenant_id = auth.tenant_id() and p.id = i) end) then
    raise exception using errcode = 'PT422', constraint = 'knowledge_audience.unknown', message = 'no such ' || what;
  end if;
  return ids;
end $$;
