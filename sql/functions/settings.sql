-- Settings: what there is, what holds where, who may change it.

-- kind: flag (yes, no), choice (one of choices), roles and words (several of
-- choices, by spaces), number (least..most of choices), domains (mail domains,
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
    ('languages', 'words', 'de en es fr it ja pt sv', null, 'account'),
    ('tickets_on_white_label', 'flag', 'no', null, 'account'),
    ('share_new_tickets', 'flag', 'no', null, 'account'),
    ('second_factor_roles', 'roles', '',
      array['tenant_admin', 'agent', 'partner', 'account_admin', 'portal_admin', 'main_user', 'member'], 'account'),
    ('grant_days_most', 'number', '30', array['1', '365'], 'tenant'),
    ('agent_idle_minutes', 'number', '720', array['5', '1440'], 'tenant'),
    ('customer_idle_minutes', 'number', '20160', array['5', '129600'], 'tenant');
end;

-- The scopes that speak for a portal, nearest first: itself, those above it,
-- the account, the tenant. A tree deeper than 16 is cut.
create or replace function app.scopes(account bigint, portal bigint) returns bigint[]
language sql stable security definer
set search_path = pg_catalog, pg_temp as $$
  with recursive up as (
    select po.id, po.parent_id, po.account_id, 1 as step from app.portals po
      where po.tenant_id = (select auth.tenant_id()) and po.id = portal
    union all
    select po.id, po.parent_id, po.account_id, up.step + 1 from up
      join app.portals po on po.tenant_id = (select auth.tenant_id()) and po.id = up.parent_id
      where up.step < 16)
  select coalesce((select array_agg(u.id * 2 + 1 order by u.step) from up u), '{}')
    || coalesce(coalesce(account, (select u.account_id from up u where u.step = 1)) * 2, 0)
    || 0::bigint
$$;

-- What holds for a portal, or for an account, or for the tenant (both null).
create or replace function app.setting_at(name text, account bigint, portal bigint) returns text
language sql stable security definer
set search_path = pg_catalog, pg_temp as $$
  select coalesce((
    select s.value from unnest(app.scopes(account, portal)) with ordinality c(scope, n)
      join app.settings s on s.tenant_id = (select auth.tenant_id()) and s.scope = c.scope
        and s.name = setting_at.name
      order by c.n limit 1),
    (select d.fallback from app.setting_names() d where d.name = setting_at.name))
$$;

-- What holds where the asker is.
create or replace function app.setting(name text) returns text
language sql stable
set search_path = pg_catalog, pg_temp as $$
  select app.setting_at(name, (select auth.account_id()), (select auth.portal_id()))
$$;

create or replace function app.setting_holds(name text, word text) returns boolean
language sql stable
set search_path = pg_catalog, pg_temp as $$
  select word = any (string_to_array(app.setting(name), ' '))
$$;

-- Is that a value of that setting? Null: there is no such setting.
create or replace function app.setting_fits(name text, value text) returns boolean
language sql immutable parallel safe
return (select case d.kind
    when 'flag' then value in ('yes', 'no')
    when 'choice' then value = any (d.choices)
    when 'number' then value ~ '^[0-9]{1,9}$' and value::int between d.choices[1]::int and d.choices[2]::int
    when 'domains' then value = '' or char_length(value) <= 2000 and value
      ~ '^[a-z0-9](-?[a-z0-9])*(\.[a-z0-9](-?[a-z0-9])*)+( [a-z0-9](-?[a-z0-9])*(\.[a-z0-9](-?[a-z0-9])*)+)*$'
    when 'words' then value ~ '^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*( [a-z]{2,3}(-[A-Za-z0-9]{2,8})*)*$'
    else value = '' or string_to_array(value, ' ') <@ d.choices end
  from app.setting_names() d where d.name = setting_fits.name);
