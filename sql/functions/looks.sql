-- How portals look and what they say of themselves.

-- Would a mail program, or a reader, make a web address of it?
create or replace function app.has_link(t text) returns boolean
language sql immutable parallel safe
return coalesce(t ~* '(://|\mwww\.|\mmailto:|[a-z0-9]\.[a-z]{2,}[/?#])', false);

-- Invitations tell names and welcomes to people who know nobody here yet: with a
-- web address in them they would be somebody's advertisement, or a trap.
create or replace function app.no_link(field text, value text) returns void
language plpgsql immutable
set search_path = pg_catalog, pg_temp as $$
begin
  if app.has_link(value) then
    raise exception using errcode = 'PT422', constraint = field || '.link', message = 'no web addresses';
  end if;
end $$;

-- The wanted language, its mother, the portal's own, English, any. What pages ask often is PL/pgSQL here, or
-- without a subselect: another function in SQL is planned anew for each statement that calls it.
create or replace function app.any_text(texts jsonb) returns text
language plpgsql immutable strict parallel safe
set search_path = pg_catalog, pg_temp as $$
begin
  return (select e.value from jsonb_each_text(texts) e order by e.key limit 1);
end $$;
create or replace function app.in_language(texts jsonb, lang text, fallback text) returns text
language sql immutable parallel safe
return coalesce(texts->>lang, texts->>split_part(lang, '-', 1), texts->>fallback, texts->>'en', app.any_text(texts));

-- The languages that a portal's pages are in; null: nobody has set any, so all
-- that there are texts for.
create or replace function app.languages_of(portal bigint) returns text[]
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
begin
  return (select string_to_array(s.value, ' ') from unnest(app.scopes(null, portal)) with ordinality c (scope, n)
    join app.settings s on s.tenant_id = (select auth.tenant_id()) and s.scope = c.scope and s.name = 'languages'
    order by c.n limit 1);
end $$;

-- Its own; one that is not among them any more gives way to the first of them.
create or replace function app.language_of(portal bigint) returns text
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
declare
  offered text[] := app.languages_of(portal);
begin
  return (select case when offered is null or po.locale = any (offered) then po.locale else offered[1] end
    from app.portals po where po.tenant_id = (select auth.tenant_id()) and po.id = portal);
end $$;

-- The language somebody reads here, of those that the portal has: chosen here,
-- else their own, else the browser's (several by spaces, the dearest first), else
-- the portal's. A language of their own that it has not is that of their mails.
create or replace function app.reading(chosen text, browser text) returns text
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
declare
  offered text[] := app.languages_of(auth.portal_id());
begin
  return coalesce((select w.lang from unnest(array[chosen, (select p.locale from app.people p
        where p.tenant_id = auth.tenant_id() and p.id = auth.person_id())]
      || string_to_array(browser, ' ')) with ordinality w (lang, n)
    where w.lang is not null and (offered is null or w.lang = any (offered)) order by w.n limit 1),
    app.language_of(auth.portal_id()));
end $$;

-- {"hash", "url", "width", "height", "type"}
create or replace function app.picture(hash text) returns json
language plpgsql stable strict security definer
set search_path = pg_catalog, pg_temp as $$
begin
  return (select json_build_object('hash', p.hash, 'url', '/picture/' || p.hash
      || case p.type when 'image/svg+xml' then '.svg' else '.png' end,
    'width', p.width, 'height', p.height, 'type', p.type)
  from app.pictures p where p.tenant_id = (select auth.tenant_id()) and p.hash = picture.hash
    and p.person_id is null);
end $$;

-- How a portal looks to somebody who reads this language. The address of what
-- the worker derives from the colours changes with them, and (the 2) with how.
create or replace function app.look(portal bigint, lang text)
returns table (brand text, brand_bg text, round smallint, theme text, logo json, mail_logo json,
  favicon json, mail_name text, headline text, welcome text, footer text, links json)
language plpgsql stable security definer rows 1
set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_column
begin
  return query
  with s as materialized (
    select l.*, c.n from unnest(app.scopes(null, look.portal)) with ordinality c (scope, n)
      join app.looks l on l.tenant_id = (select auth.tenant_id()) and l.scope = c.scope),
  l as (
    select coalesce((array_agg(s.brand order by s.n) filter (where s.brand is not null))[1], '#2f5d50') as brand,
      coalesce((array_agg(s.brand_bg order by s.n) filter (where s.brand_bg is not null))[1], '#17322b') as brand_bg,
      coalesce((array_agg(s.round order by s.n) filter (where s.round is not null))[1], 1::smallint) as round,
      -- A logo and its twin for mails are one thing.
      (array_agg(s.logo order by s.n) filter (where s.logo is not null))[1] as logo,
      (array_agg(s.mail_logo order by s.n) filter (where s.logo is not null))[1] as mail_logo,
      (array_agg(s.favicon order by s.n) filter (where s.favicon is not null))[1] as favicon,
      (array_agg(s.mail_name order by s.n) filter (where s.mail_name is not null))[1] as mail_name,
      (array_agg(s.headline order by s.n) filter (where s.headline is not null))[1] as headline,
      (array_agg(s.welcome order by s.n) filter (where s.welcome is not null))[1] as welcome,
      (array_agg(s.footer order by s.n) filter (where s.footer is not null))[1] as footer,
      (array_agg(s.links order by s.n) filter (where s.links is not null))[1] as links
    from s)
  select l.brand, l.brand_bg, l.round, t.theme || '.css', app.picture(l.logo),
    app.picture(coalesce(l.mail_logo, l.logo)),
    coalesce(app.picture(l.favicon), json_build_object('url', t.theme || '.svg', 'type', 'image/svg+xml')),
    l.mail_name, app.in_language(l.headline, lang, po.locale), app.in_language(l.welcome, lang, po.locale),
    app.in_language(l.footer, lang, po.locale),
    (select json_agg(json_build_object('url', e->>'url', 'text', app.in_language(e->'text', lang, po.locale)) order by n)
      from jsonb_array_elements(l.links) with ordinality e (e, n))
  from l, app.portals po,
    lateral (select '/theme/' || left(md5(l.brand || l.brand_bg || l.round || '2'), 12) as theme) t
  where po.tenant_id = (select auth.tenant_id()) and po.id = look.portal;
end $$;

-- The same for a mail: its logo with its whole address, in the size it is
-- shown, if it is a picture that mail programs show.
create or replace function app.mail_look(portal bigint, lang text, base text) returns json
language sql stable
set search_path = pg_catalog, pg_temp as $$
  select json_build_object('brand', l.brand, 'brand_bg', l.brand_bg, 'name', l.mail_name,
    'logo', case when l.mail_logo->>'type' = 'image/png' then json_build_object(
      'url', base || (l.mail_logo->>'url'), 'width', round((l.mail_logo->>'width')::int * f.by),
      'height', round((l.mail_logo->>'height')::int * f.by)) end,
    'footer', l.footer, 'links', l.links)
  from app.look(portal, lang) l
  cross join lateral (select least(1, 220.0 / (l.mail_logo->>'width')::int,
    48.0 / (l.mail_logo->>'height')::int) as by) f
$$;

-- ---- by administrators ---------------------------------------------------------

-- The portal named, or (null) the account here; whose nothing but a portal is
-- and who names none means that.
create or replace function app.look_at(portal bigint) returns bigint
language sql stable security definer
set search_path = pg_catalog, pg_temp as $$
  select case when portal is null and not auth.account_id() = any (app.readable_accounts())
    then (select v from unnest(app.readable_portals()) v order by v <> auth.portal_id(), v limit 1)
    else portal end
$$;

-- The account's portals that have set something themselves.
create or replace function app.looks_below(account bigint) returns json
language sql stable security definer
set search_path = pg_catalog, pg_temp as $$
  select coalesce(json_agg(x.name order by lower(x.name)), '[]') from (
    select po.name from app.portals po
    join app.looks l on l.tenant_id = po.tenant_id and l.portal_id = po.id
    where po.tenant_id = auth.tenant_id() and po.account_id = account
      and jsonb_strip_nulls(to_jsonb(l) - '{tenant_id,scope,account_id,portal_id}'::text[]) <> '{}'
    order by lower(po.name) limit 20) x
$$;

-- All of a scope: what is set here, and what would hold without it and where
-- that comes from; below: who keeps a look of its own.
create or replace function app.get_look(named bigint) returns json
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
declare
  account bigint := auth.account_id();
  portal bigint := app.look_at(named);
  scopes bigint[] := app.scopes(account, portal);
  own jsonb := app.look_own(portal) - 'name';
  inherited jsonb;
begin
  perform app.check_scope(portal, false);
  select jsonb_object_agg(f.name, coalesce(h.value, jsonb_build_object('value', f.fallback, 'from', null)))
    into inherited
    from (values ('brand', '"#2f5d50"'::jsonb), ('brand_bg', '"#17322b"'), ('round', '1'), ('logo', null),
      ('mail_logo', null), ('favicon', null), ('mail_name', null), ('headline', null), ('welcome', null),
      ('footer', null), ('links', null)) f (name, fallback)
    left join lateral (
      select jsonb_build_object('value', to_jsonb(l)->f.name, 'from', app.scope_name(c.scope)) as value
      from unnest(scopes) with ordinality c (scope, n)
      join app.looks l on l.tenant_id = auth.tenant_id() and l.scope = c.scope
      where c.scope <> scopes[1] and to_jsonb(l)->>case f.name when 'mail_logo' then 'logo' else f.name end is not null
      order by c.n limit 1) h on true;
  return json_build_object('at', portal, 'scopes', app.setting_scopes(),
    'name', (select po.name from app.portals po where po.tenant_id = auth.tenant_id() and po.id = portal),
    'language', (select po.locale from app.portals po
      where po.tenant_id = auth.tenant_id() and po.id = coalesce(portal, auth.portal_id())),
    'languages', coalesce(app.languages_for(account, portal), '{}'),
    'own', own, 'inherited', inherited,
    'below', case when portal is null then app.looks_below(account) else '[]' end,
    'pictures', (select coalesce(json_object_agg(p.hash, app.picture(p.hash)), '{}') from app.pictures p
      where p.tenant_id = auth.tenant_id() and p.hash in (own->>'logo', own->>'favicon',
        inherited->'logo'->>'value', inherited->'favicon'->>'value')),
    'can', auth.grant_id() is null);
end $$;

-- What is set there and nowhere above it, a portal's name too.
create or replace function app.look_own(portal bigint) returns jsonb
language sql stable security definer
set search_path = pg_catalog, pg_temp as $$
  select coalesce((select jsonb_strip_nulls(to_jsonb(l) - '{tenant_id,scope,account_id,portal_id}'::text[]) from app.looks l
      where l.tenant_id = auth.tenant_id() and l.scope = (app.scopes(auth.account_id(), look_own.portal))[1]), '{}')
    || coalesce((select jsonb_build_object('name', po.name) from app.portals po
      where po.tenant_id = auth.tenant_id() and po.id = look_own.portal), '{}')
$$;

-- Members of change: a value sets one, null lets what is above hold again; a
-- portal's name too.
create or replace function app.change_look(portal bigint, change jsonb) returns json
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  account bigint := auth.account_id();
  w app.looks := jsonb_populate_record(null::app.looks, change - 'name');
  picture text;
  -- What is on the record as it was and is: texts only by their field's name.
  short text[] := array['name', 'brand', 'brand_bg', 'round', 'logo', 'favicon', 'mail_name'];
  was jsonb := app.look_own(portal);
  is_now jsonb;
begin
  perform app.check_scope(portal, true);
  if change ? 'name' and portal is null then
    raise exception using errcode = 'PT422', constraint = 'looks_name.unknown', message = 'only a portal has one';
  end if;
  perform app.no_link('looks_name', change->>'name'), app.no_link('looks_mail_name', change->>'mail_name');
  perform app.no_link('looks_welcome', x.value) from jsonb_each_text(nullif(change->'welcome', 'null')) x;
  foreach picture in array array['logo', 'mail_logo', 'favicon'] loop
    if app.picture(change->>picture) is null and change->>picture is not null then
      raise exception using errcode = 'PT422', constraint = 'looks_' || picture || '.choice', message = 'no such picture';
    end if;
  end loop;
  if change ? 'name' then
    update app.portals po set name = change->>'name'
      where po.tenant_id = auth.tenant_id() and po.id = portal;
  end if;
  insert into app.looks as l (tenant_id, scope, account_id, portal_id, brand, brand_bg, round, logo, mail_logo,
      favicon, mail_name, headline, welcome, footer, links)
    values (auth.tenant_id(), (app.scopes(account, portal))[1], case when portal is null then account end, portal,
      w.brand, w.brand_bg, w.round, w.logo, w.mail_logo, w.favicon, w.mail_name, w.headline, w.welcome, w.footer, w.links)
    on conflict (tenant_id, scope) do update set
      brand = case when change ? 'brand' then w.brand else l.brand end,
      brand_bg = case when change ? 'brand_bg' then w.brand_bg else l.brand_bg end,
      round = case when change ? 'round' then w.round else l.round end,
      logo = case when change ? 'logo' then w.logo else l.logo end,
      mail_logo = case when change ? 'mail_logo' or change ? 'logo' then w.mail_logo else l.mail_logo end,
      favicon = case when change ? 'favicon' then w.favicon else l.favicon end,
      mail_name = case when change ? 'mail_name' then w.mail_name else l.mail_name end,
      headline = case when change ? 'headline' then w.headline else l.headline end,
      welcome = case when change ? 'welcome' then w.welcome else l.welcome end,
      footer = case when change ? 'footer' then w.footer else l.footer end,
      links = case when change ? 'links' then w.links else l.links end;
  is_now := app.look_own(portal);
  if is_now is distinct from was then
    perform app.record_account('look.changed', account, (select jsonb_build_object('portal', portal,
        'fields', jsonb_agg(k order by k), 'was', coalesce(jsonb_object_agg(k, was->k) filter (where k = any (short)), '{}'),
        'value', coalesce(jsonb_object_agg(k, is_now->k) filter (where k = any (short)), '{}'))
      from jsonb_object_keys(was || is_now) k where was->k is distinct from is_now->k));
  end if;
  return app.get_look(portal);
end $$;

-- ---- pictures --------------------------------------------------------------------

-- Sixty an hour a person: decoding one is work.
create or replace function auth.take_picture() returns boolean
language sql volatile security definer
set search_path = pg_catalog, pg_temp as $$
  select auth.take('picture', auth.tenant_id() || '/' || auth.person_id(), 60, interval '1 hour')
$$;

-- A person's own photo needs no right but to be somebody.
create or replace function app.may_bring_photo() returns json
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
begin
  return json_build_object('now', auth.take_picture());
end $$;

-- May the asker hand one in here, and now? Refused to whoever administers
-- nothing here; false: too many.
create or replace function app.may_bring_picture() returns json
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
begin
  perform app.check_scope(app.look_at(null), true);
  return json_build_object('now', auth.take_picture());
end $$;

-- Keeps one, and forgets those that nobody has used within a day: whatever
-- else comes to refer to a picture must be asked here too.
create or replace function app.add_picture(type text, width int, height int, bytes bytea) returns json
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  made text := left(encode(sha256(bytes), 'hex'), 32);
begin
  delete from app.pictures p
    where p.tenant_id = auth.tenant_id() and p.created_at < now() - interval '1 day' and p.hash <> made
      and p.person_id is null and not exists (select from app.looks l where l.tenant_id = p.tenant_id
        and p.hash in (l.logo, l.mail_logo, l.favicon));
  insert into app.pictures (tenant_id, hash, type, width, height, bytes)
    values (auth.tenant_id(), made, add_picture.type, add_picture.width, add_picture.height, add_picture.bytes)
    on conflict (tenant_id, hash) do update set created_at = now();
  return app.picture(made);
end $$;
