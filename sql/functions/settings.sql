-- Settings: what there is, what holds where, who may change it.

-- kind: flag (yes, no), choice (one of choices), roles (several of choices, by
-- spaces), added_roles (the same, but what is set above always holds too: who is
-- nearer can only add), words (several of the languages that there are, which all
-- are where none is set), types (several of the types of tickets, the same), number (least..most of choices), domains (mail domains,
-- by spaces). by: who may set it, beside the tenant for all: account, or only
-- tenant.
create or replace function app.setting_names()
returns table (name text, kind text, fallback text, choices text[], by text)
language sql immutable parallel safe
begin atomic
  values
    ('support_users', 'roles', 'account_admin portal_admin main_user member support_user partner',
      array['account_admin', 'portal_admin', 'main_user', 'member', 'support_user', 'partner'], 'account'),
    ('inviters', 'roles', 'account_admin',
      array['account_admin', 'portal_admin', 'main_user', 'member', 'support_user', 'partner'], 'account'),
    ('registration', 'choice', 'invitation',
      array['closed', 'invitation', 'domain', 'open'], 'account'),
    ('registration_domains', 'domains', '', null, 'account'),
    ('languages', 'words', '', null, 'account'),
    ('tickets_on_white_label', 'flag', 'no', null, 'account'),
    ('share_new_tickets', 'flag', 'no', null, 'account'),
    ('ticket_types', 'types', '', null, 'account'),
    -- For how long a customer may open what was solved or closed again.
    ('reopen_days', 'number', '14', array['0', '365'], 'tenant'),
    -- Who begins to write a reply has the ticket, if nobody had it.
    ('assign_on_reply', 'flag', 'no', null, 'tenant'),
    ('second_factor_roles', 'added_roles', '',
      array['tenant_admin', 'agent', 'partner', 'account_admin', 'portal_admin', 'main_user', 'member'], 'account'),
    -- Does somebody else approve an article before it is published?
    ('articles_need_review', 'flag', 'no', null, 'tenant'),
    -- How large a file may be, in MB, and how many a comment may have.
    ('file_mb', 'number', '100', array['1', '10000'], 'tenant'),
    ('files_most', 'number', '10', array['1', '20'], 'tenant'),
    ('grant_days_most', 'number', '30', array['1', '365'], 'tenant'),
    ('agent_idle_minutes', 'number', '720', array['5', '1440'], 'tenant'),
    ('customer_idle_minutes', 'number', '20160', array['5', '129600'], 'tenant'),
    -- A session ends then, however much it is used.
    ('agent_session_hours', 'number', '12', array['1', '168'], 'tenant'),
    ('customer_session_hours', 'number', '336', array['1', '2160'], 'tenant');
end;

-- The scopes that speak for a portal, nearest first: itself, those above it,
-- the account, the tenant. A tree deeper than 16 is cut.
create or replace function app.scopes(account bigint, portal bigint) returns bigint[]
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
begin
  return (with recursive up as (
      select po.id, po.parent_id, po.account_id, 1 as step from app.portals po
        where po.tenant_id = (select auth.tenant_id()) and po.id = portal
      union all
      select po.id, po.parent_id, po.account_id, up.step + 1 from up
        join app.portals po on po.tenant_id = (select auth.tenant_id()) and po.id = up.parent_id
        where up.step < 16)
    select coalesce((select array_agg(u.id * 2 + 1 order by u.step) from up u), '{}')
      || array_remove(array[coalesce(account, (select u.account_id from up u where u.step = 1)) * 2], null)
      || 0::bigint);
end $$;

-- The words that any of these scopes has set, in the order of the choices.
create or replace function app.added_roles(name text, choices text[], scopes bigint[]) returns text
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
begin
  return (select coalesce(string_agg(c.word, ' ' order by c.n), '')
    from unnest(choices) with ordinality c (word, n)
    where exists (select from app.settings s where s.tenant_id = (select auth.tenant_id())
      and s.scope = any (scopes) and s.name = added_roles.name
      and c.word = any (string_to_array(s.value, ' '))));
end $$;

-- What is registered of one. Immutable, so that a plan has the words of a name
-- that is known when it is made.
create or replace function app.setting_kind(name text) returns text
language sql immutable parallel safe
return (select x.kind from app.setting_names() x where x.name = setting_kind.name);
create or replace function app.setting_fallback(name text) returns text
language sql immutable parallel safe
return (select x.fallback from app.setting_names() x where x.name = setting_fallback.name);

create or replace function app.added_setting(name text, account bigint, portal bigint) returns text
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
begin
  return app.added_roles(name, (select x.choices from app.setting_names() x where x.name = added_setting.name),
    app.scopes(account, portal));
end $$;

-- What holds for a portal, or for an account, or for the tenant (both null).
create or replace function app.setting_at(name text, account bigint, portal bigint) returns text
language sql stable
return case app.setting_kind(name)
  when 'added_roles' then app.added_setting(name, account, portal)
  else coalesce(app.set_value(name, account, portal), app.setting_fallback(name)) end;

-- What holds where the asker is.
create or replace function app.setting(name text) returns text
language sql stable
return app.setting_at(name, auth.account_id(), auth.portal_id());

create or replace function app.setting_holds(name text, word text) returns boolean
language sql stable
return word = any (string_to_array(app.setting(name), ' '));

-- Is that a value of that setting? Null: there is no such setting.
create or replace function app.setting_fits(name text, value text) returns boolean
language sql immutable parallel safe
return (select case d.kind
    when 'flag' then value in ('yes', 'no')
    when 'choice' then value = any (d.choices)
    when 'number' then value ~ '^[0-9]{1,9}$' and value::int between d.choices[1]::int and d.choices[2]::int
    when 'domains' then value = '' or char_length(value) <= 2000 and value
      ~ '^[a-z0-9](-?[a-z0-9])*(\.[a-z0-9](-?[a-z0-9])*)+( [a-z0-9](-?[a-z0-9])*(\.[a-z0-9](-?[a-z0-9])*)+)*$'
    when 'types' then value ~ '^[a-z][a-z0-9_]{0,39}( [a-z][a-z0-9_]{0,39})*$'
    when 'words' then value ~ '^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*( [a-z]{2,3}(-[A-Za-z0-9]{2,8})*)*$'
    else value = '' or string_to_array(value, ' ') <@ d.choices end
  from app.setting_names() d where d.name = setting_fits.name);

-- ---- by administrators ---------------------------------------------------------

-- A scope is the portal named, else the account here, else (at the desk) the
-- tenant. Read by whoever administers it and by support that was let in, set
-- by the former alone.
create or replace function app.check_scope(portal bigint, to_set boolean) returns void
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
declare
  account bigint := auth.account_id();
begin
  if portal is not null and not exists (select from app.portals po
      where po.tenant_id = auth.tenant_id() and po.id = portal and po.account_id = account) then
    raise exception using errcode = 'PT404', message = 'no such portal of this account';
  elsif account is null and auth.rank() >= 3
      or portal = any (app.administered_portals())
      or portal is null and account = any (app.administered_accounts())
      or not to_set and (portal = any (app.readable_portals())
        or portal is null and account = any (app.readable_accounts())) then
    return;
  end if;
  raise exception using errcode = 'PT403', message = 'administers not this';
end $$;

-- Which scopes the asker may look at here: 0 the account (or the tenant), else
-- a portal's id.
create or replace function app.setting_scopes() returns json
language sql stable security definer
set search_path = pg_catalog, pg_temp as $$
  select json_build_object(
    'name', case when auth.account_id() is null then (select t.name from app.tenants t where t.tenant_id = auth.tenant_id())
      else app.account_name(auth.account_id()) end,
    'whole', auth.account_id() is null or auth.account_id() = any (app.readable_accounts()),
    'portals', (select coalesce(json_agg(json_build_object('id', po.id, 'name', po.name)
        order by po.parent_id is not null, lower(po.name), po.id), '[]')
      from app.portals po where po.tenant_id = auth.tenant_id() and po.id = any (app.readable_portals())))
$$;

-- The list as pages show it.
create or replace function app.shown_settings()
returns table (name text, kind text, fallback text, choices text[], by text)
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
declare
  languages text[] := coalesce(auth.languages(), '{}');
  types text[] := array(select y.key from app.ticket_types y
    where y.tenant_id = auth.tenant_id() and y.archived_at is null order by y.position, y.key);
begin
  return query select d.name, d.kind,
      case d.kind when 'words' then array_to_string(languages, ' ') when 'types' then array_to_string(types, ' ') else d.fallback end,
      case d.kind when 'words' then languages when 'types' then types else d.choices end, d.by
    from app.setting_names() d where d.kind <> 'types' or types <> '{}';
end $$;

-- How people call its choices, where the tenant says it: {"<choice>": {"en": "…"}}.
create or replace function app.choice_names(kind text) returns jsonb
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
begin
  return case when kind = 'types' then (select jsonb_object_agg(y.key, y.labels) from app.ticket_types y
    where y.tenant_id = auth.tenant_id()) end;
end $$;

-- All settings of a scope: the value, whether it is set here, where it comes
-- from, what would hold without it, and what holds in any case (floor).
create or replace function app.list_settings(at_portal bigint) returns json
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
declare
  account bigint := auth.account_id();
  portal bigint := app.look_at(at_portal);
  -- Nearest first; the first one is the scope itself.
  scopes bigint[] := app.scopes(account, portal);
begin
  perform app.check_scope(portal, false);
  return (with held as (
      select d.*, d.n as turn, h.*,
        -- Those behind this scope, nearest first.
        (select json_agg(json_build_object('value', s.value, 'from', app.scope_name(c.scope)) order by c.n)
          from unnest(scopes) with ordinality c (scope, n)
          join app.settings s on s.tenant_id = auth.tenant_id() and s.scope = c.scope and s.name = d.name
          where c.n > 1) as above,
        case d.kind when 'added_roles' then app.added_roles(d.name, d.choices, scopes[2:]) end as added
      from app.shown_settings() with ordinality d (name, kind, fallback, choices, by, n)
      left join lateral (select s.value as own, s.set_at from app.settings s
        where s.tenant_id = auth.tenant_id() and s.scope = scopes[1] and s.name = d.name) h on true)
    select json_build_object('at', portal, 'scopes', app.setting_scopes(),
      'log', case when auth.grant_id() is null then app.setting_log(portal) end,
      'usage', case when account is null then app.quota_lines() end,
      'settings', json_agg(json_build_object('name', h.name, 'kind', h.kind,
        'choices', h.choices, 'names', app.choice_names(h.kind),
        'own', h.own is not null,
        'value', case when h.added is null then coalesce(h.own, h.above->0->>'value', h.fallback)
          else app.added_roles(h.name, h.choices, scopes) end,
        'inherited', json_build_object('value', coalesce(h.added, h.above->0->>'value', h.fallback), 'from', h.above->0->'from'),
        'floor', case when h.added <> '' then h.above end,
        'can', auth.grant_id() is null and (account is null or h.by = 'account')) order by h.turn))
    from held h);
end $$;

-- The newest twenty changes of settings and looks: all of the account here (at
-- the desk: the tenant), or a portal's. Null stands for what is above.
create or replace function app.setting_log(portal bigint) returns json
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
begin
  return (with e as (
      select v.* from app.events v
      where v.tenant_id = auth.tenant_id() and coalesce(v.account_id, 0) = coalesce(auth.account_id(), 0)
        and v.kind in ('setting.changed', 'look.changed')
        and (setting_log.portal is null or (v.data->>'portal')::bigint = setting_log.portal)
      order by v.id desc limit 20)
    select json_build_object(
      'items', coalesce(json_agg(json_build_object('id', e.id::text, 'at', e.created_at, 'person', e.actor_id,
        'portal', po.name, 'name', e.data->>'name', 'was', e.data->'was', 'value', e.data->'value',
        'fields', e.data->'fields') order by e.id desc), '[]'),
      'people', app.names(array_agg(distinct e.actor_id)))
    from e left join app.portals po on po.tenant_id = e.tenant_id and po.id = (e.data->>'portal')::bigint);
end $$;

-- What holds for an account by the tenant's own settings or by none. What it has
-- set for itself is not for the desk: support reads that under a grant.
create or replace function app.tenant_settings() returns json
language plpgsql stable
set search_path = pg_catalog, pg_temp as $$
begin
  return (select json_agg(json_build_object('name', d.name, 'kind', d.kind, 'choices', d.choices, 'names', app.choice_names(d.kind),
      'value', coalesce(s.value, d.fallback), 'own', s.name is not null) order by d.n)
    from app.shown_settings() with ordinality d (name, kind, fallback, choices, by, n)
    left join app.settings s on s.tenant_id = (select auth.tenant_id()) and s.scope = 0 and s.name = d.name);
end $$;

-- Who a value comes from: {"kind": "portal"|"account"|"tenant", "name": …}.
create or replace function app.scope_name(scope bigint) returns json
language sql stable security definer
set search_path = pg_catalog, pg_temp as $$
  select case when scope = 0 then (select json_build_object('kind', 'tenant', 'name', t.name)
      from app.tenants t where t.tenant_id = auth.tenant_id())
    when scope % 2 = 1 then (select json_build_object('kind', 'portal', 'name', po.name)
      from app.portals po where po.tenant_id = auth.tenant_id() and po.id = scope / 2)
    else (select json_build_object('kind', 'account', 'name', a.name)
      from app.accounts a where a.tenant_id = auth.tenant_id() and a.id = scope / 2) end
$$;

-- Sets one, or lets what is above hold again, and answers with all of them.
create or replace function app.set_setting(name text, value text, inherit boolean, portal bigint)
returns json
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  account bigint := auth.account_id();
  here bigint := (app.scopes(account, portal))[1];
  was text;
begin
  perform app.check_scope(portal, true);
  if app.setting_fits(name, coalesce(value, '')) is null then
    raise exception using errcode = 'PT422', constraint = 'settings_name.choice', message = 'no such setting';
  elsif inherit = (value is not null) then
    raise exception using errcode = 'PT422', constraint = 'settings_value.required', message = 'a value, or inherit';
  elsif not app.setting_fits(name, value)
      or name = 'languages' and not app.are_languages(string_to_array(value, ' '))
      or name = 'ticket_types' and not string_to_array(value, ' ') <@ array(select y.key from app.ticket_types y where y.tenant_id = auth.tenant_id()) then
    raise exception using errcode = 'PT422', constraint = 'settings_value.choice', message = 'not a value of it';
  elsif account is not null and (select d.by from app.setting_names() d where d.name = set_setting.name) = 'tenant' then
    raise exception using errcode = 'PT403', message = 'only the tenant sets this';
  end if;
  delete from app.settings s
    where s.tenant_id = auth.tenant_id() and s.scope = here and s.name = set_setting.name
    returning s.value into was;
  if value is not null then
    insert into app.settings (tenant_id, scope, name, value, account_id, portal_id, set_by)
      values (auth.tenant_id(), here, set_setting.name, set_setting.value,
        case when portal is null then account end, portal, auth.person_id());
  end if;
  if value is distinct from was then
    perform app.record_account('setting.changed', account, jsonb_build_object(
      'name', name, 'portal', portal, 'was', was, 'value', value));
  end if;
  return app.list_settings(portal);
end $$;
