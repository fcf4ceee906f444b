-- Portals: how one is made, and the tree below an account's top one.

-- Names that mean something to mail programs, to browsers, or to whoever
-- keeps the domain: no portal is called so.
create or replace function app.is_reserved(slug text) returns boolean
language sql immutable parallel safe
return slug = any ('{abuse,admin,administrator,api,app,assets,autoconfig,autodiscover,cdn,dev,ftp,hostmaster,
imap,live,localhost,login,mail,mta-sts,mx,noc,ns,ns1,ns2,pop,pop3,postmaster,root,security,signin,sign-in,smtp,
sso,static,status,stage,staging,sportello,test,webmail,webmaster,wpad,www}'::text[]);

-- Below which domain this tenant's portals get their hosts: <slug>.<this>.
create or replace function app.base_domain() returns text
language sql stable security definer
set search_path = pg_catalog, pg_temp as $$
  select coalesce(
    (select t.base_domain from app.tenants t where t.tenant_id = (select auth.tenant_id())),
    (select nullif(regexp_replace(h.host, '^[^.]*\.?', ''), '') from app.portals po
      join app.hosts h on h.tenant_id = po.tenant_id and h.portal_id = po.id and h.is_canonical
      where po.tenant_id = (select auth.tenant_id()) and po.account_id is null
      order by po.created_at, po.id limit 1))
$$;

-- May a portal of this name be made? Raises what is wrong with it.
create or replace function app.check_slug(slug text) returns void
language plpgsql immutable
set search_path = pg_catalog, pg_temp as $$
begin
  -- Two hyphens in a row are how punycode begins: not ours to give.
  if slug !~ '^[a-z0-9](-?[a-z0-9]){1,39}$' or char_length(slug) > 40 then
    raise exception using errcode = 'PT422', constraint = 'portals_slug_check',
      message = 'a slug has 2 to 40 letters, digits and single hyphens';
  elsif app.is_reserved(slug) then
    raise exception using errcode = 'PT422', constraint = 'portals_slug.reserved', message = 'a reserved name';
  end if;
end $$;

-- How far below the top one a portal is: 1 the top, 0 it is none of the account's.
create or replace function app.portal_depth(account bigint, portal bigint) returns int
language sql stable security definer
set search_path = pg_catalog, pg_temp as $$
  with recursive up as (
    select po.parent_id, 1 as step from app.portals po
      where po.tenant_id = (select auth.tenant_id()) and po.id = portal and po.account_id = account
    union all
    select po.parent_id, up.step + 1 from up
      join app.portals po on po.tenant_id = (select auth.tenant_id()) and po.id = up.parent_id
      where up.step < 16)
  select coalesce(max(up.step), 0) from up
$$;

-- A portal of an account with its canonical host: the top one (no parent), or
-- one below another, five deep at most, two hundred an account. Whoever calls
-- this has asked already whether the person may.
create or replace function app.make_portal(account bigint, parent bigint, name text,
  slug text, locale text)
returns bigint language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  made bigint := app.new_id();
begin
  perform app.check_slug(slug), app.no_link('portals_name', name);
  -- One at a time an account, or two at once would pass its limits.
  perform from app.accounts a where a.tenant_id = auth.tenant_id() and a.id = account for update;
  if not found or parent is not null and app.portal_depth(account, parent) = 0 then
    raise exception using errcode = 'PT404', message = 'no such account or portal above';
  elsif app.portal_depth(account, parent) >= 5 then
    raise exception using errcode = 'PT422', constraint = 'portals_parent.too_deep', message = 'five deep at most';
  elsif (select count(*) from app.portals po
      where po.tenant_id = auth.tenant_id() and po.account_id = account) >= 200 then
    raise exception using errcode = 'PT422', constraint = 'portals_parent.too_many', message = 'two hundred at most';
  elsif not locale = any (app.languages_for(account, parent)) then
    raise exception using errcode = 'PT422', constraint = 'portals_language.choice', message = 'not one of its languages';
  end if;
  insert into app.portals (tenant_id, id, account_id, parent_id, name, locale)
    values (auth.tenant_id(), made, account, parent, make_portal.name, make_portal.locale);
  insert into app.hosts (tenant_id, host, portal_id)
    values (auth.tenant_id(), slug || '.' || app.base_domain(), made);
  perform app.record_account('portal.created', account, jsonb_build_object('portal', made, 'name', name, 'slug', slug));
  return made;
exception when unique_violation then
  -- Whose it is, nobody is told.
  raise exception using errcode = 'PT422', constraint = 'portals_slug.taken', message = 'this host is taken';
end $$;

-- ---- by its administrators -----------------------------------------------------

-- The portals of the account here that the asker may look into: those one
-- administers, or those that support was let into.
create or replace function app.readable_portals() returns bigint[]
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
begin
  return (select coalesce(array_agg(po.id), '{}') from app.portals po
    where po.tenant_id = (select auth.tenant_id()) and po.account_id = (select auth.account_id())
      and case when auth.grant_id() is null then po.id = any ((select app.administered_portals())::bigint[])
        else exists (select from app.grants g where g.tenant_id = po.tenant_id and g.id = auth.grant_id()
          and auth.grant_opens(g, po.account_id, po.id)) end);
end $$;

-- The accounts whose own settings and looks the asker may look at: those he
-- administers and, where the top-level portal was opened to him, that one.
create or replace function app.readable_accounts() returns bigint[]
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
begin
  return app.administered_accounts() || app.granted_accounts();
end $$;

-- Them as a tree, in its order, and what the asker may do. Refused to whoever
-- administers none.
create or replace function app.portal_tree() returns json
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
declare
  mine bigint[] := app.readable_portals();
  account bigint := auth.account_id();
  may_make boolean := account = any (app.administered_accounts());
begin
  if mine = '{}' then
    raise exception using errcode = 'PT403', message = 'administers no portal here';
  end if;
  return (with recursive tree as (
      select po.id, po.parent_id, po.name, po.locale, 1 as depth, array[lower(po.name), po.id::text] as place
      from app.portals po
      where po.tenant_id = auth.tenant_id() and po.account_id = account and po.parent_id is null
      union all
      select po.id, po.parent_id, po.name, po.locale, tree.depth + 1, tree.place || lower(po.name) || po.id::text
      from tree join app.portals po on po.tenant_id = auth.tenant_id() and po.account_id = account
        and po.parent_id = tree.id
      where tree.depth < 16)
    select json_build_object(
      'portals', json_agg(json_build_object('id', t.id, 'parent', t.parent_id, 'name', t.name,
        'language', t.locale, 'depth', t.depth, 'host', h.host,
        'can', json_build_object('change', t.id = any (app.administered_portals()),
          'make', may_make and t.depth < 5)) order by t.place),
      'domain', app.base_domain(),
      'languages', coalesce(app.languages_for(account, null), '{}'),
      'left', greatest(200 - (select count(*) from app.portals po
        where po.tenant_id = auth.tenant_id() and po.account_id = account), 0))
    from tree t
    left join app.hosts h on h.tenant_id = auth.tenant_id() and h.portal_id = t.id and h.is_canonical
    where t.id = any (mine));
end $$;

-- A portal below another one: by the account's administrators.
create or replace function app.create_portal(parent bigint, name text, slug text, language text, key text)
returns json language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  sent app.sent := app.sent('portals', key, concat_ws(E'\n', parent, name, slug, language));
begin
  if sent.answer is not null then
    return sent.answer;
  elsif not auth.account_id() = any (app.administered_accounts()) then
    raise exception using errcode = 'PT403', message = 'administers not this account';
  end if;
  return app.remember(sent, json_build_object(
    'id', app.make_portal(auth.account_id(), parent, name, slug, language)));
end $$;

-- Its name and language, each only when it is given.
create or replace function app.change_portal(portal bigint, name text, language text)
returns json language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  was app.portals;
begin
  select po.* into was from app.portals po
    where po.tenant_id = auth.tenant_id() and po.id = portal and po.account_id = auth.account_id();
  if not found or not portal = any (app.readable_portals()) then
    raise exception using errcode = 'PT404', message = 'no such portal, or not to be seen';
  elsif language <> was.locale
      and not language = any (app.languages_for(was.account_id, portal)) then
    raise exception using errcode = 'PT422', constraint = 'portals_language.choice', message = 'not one of its languages';
  end if;
  perform app.no_link('portals_name', name);
  update app.portals po set name = coalesce(change_portal.name, po.name), locale = coalesce(language, po.locale)
    where po.tenant_id = auth.tenant_id() and po.id = portal;
  perform app.record_account('portal.changed', was.account_id, jsonb_strip_nulls(jsonb_build_object(
    'portal', portal, 'name', name, 'language', language)));
  return json_build_object('id', portal, 'name', coalesce(name, was.name), 'language', coalesce(language, was.locale));
end $$;
