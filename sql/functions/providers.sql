-- Identity providers as administrators set them up: at the desk a tenant_admin
-- for the tenant and, to agree to their domains, for accounts; at a portal the
-- account's administrators for their own.

-- May the asker, here? Null account: the tenant's own.
create or replace function app.check_provider(account bigint) returns void
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
begin
  if auth.rank() >= 3 and auth.account_id() is null
      or account = auth.account_id() and account = any (app.administered_accounts()) then
    return;
  end if;
  raise exception using errcode = 'PT403', message = 'administers not this';
end $$;

-- It is of use once it has said what it is: `sportello hosts` asks.
create or replace function app.create_provider(name text, issuer text, client_id text, client_secret bytea,
  domains text, knows_addresses boolean, has_factor boolean, key text)
returns json language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  sent app.sent := app.sent('providers', key, concat_ws(E'\n', name, issuer, client_id, domains));
  made bigint;
begin
  if sent.answer is not null then
    return sent.answer;
  end if;
  perform app.check_provider(auth.account_id());
  if (select count(*) from app.providers p where p.tenant_id = auth.tenant_id()
      and p.account_id is not distinct from auth.account_id()) >= 20 then
    raise exception using errcode = 'PT422', constraint = 'providers_name.too_many', message = 'twenty at most';
  elsif not auth.may_try('provider', null) then
    return json_build_object('wait', 900);
  end if;
  insert into app.providers (tenant_id, account_id, name, issuer, client_id, client_secret,
      domains, knows_addresses, has_factor, parts, keys, state, ask_at, confirmed_at)
    values (auth.tenant_id(), auth.account_id(), create_provider.name, create_provider.issuer,
      create_provider.client_id, create_provider.client_secret, create_provider.domains,
      create_provider.knows_addresses, create_provider.has_factor, '{}', '{"keys":[]}', 1, now(),
      case when auth.account_id() is null then now() end)
    returning id into made;
  perform app.record_account('security.provider_added', auth.account_id(),
    jsonb_build_object('provider', made, 'name', name));
  return app.remember(sent, json_build_object('id', made));
end $$;

-- What of it may be changed: by null what is left as it is. An account that
-- asks for more trust, by other domains or by either of the two words about what
-- its provider does itself, waits for the tenant again, which agrees to what it
-- names. One that could not say what it is is asked again, perhaps elsewhere.
create or replace function app.change_provider(id bigint, name text, is_on boolean,
  domains text, knows_addresses boolean, has_factor boolean, confirmed boolean, issuer text default null)
returns json language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  p app.providers;
  by_tenant boolean := auth.account_id() is null;
begin
  select x.* into p from app.providers x
    where x.tenant_id = auth.tenant_id() and x.id = change_provider.id for update;
  if not found then
    return null;
  end if;
  perform app.check_provider(p.account_id);
  if confirmed is not null and not by_tenant
      or by_tenant and p.account_id is not null and (name is not null or issuer is not null or confirmed is not true
        and (domains is not null or knows_addresses is not null or has_factor is not null)) then
    raise exception using errcode = 'PT403', message = 'that is the other side''s to say';
  elsif confirmed and p.account_id is not null and (domains, knows_addresses, has_factor)
      is distinct from (p.domains, p.knows_addresses, p.has_factor) then
    raise exception using errcode = 'PT409', constraint = 'conflict', message = 'it says something else by now';
  elsif issuer is not null and p.state <> 3 then
    raise exception using errcode = 'PT409', constraint = 'conflict', message = 'it is the one that it is';
  elsif issuer is not null and not auth.may_try('provider', null) then
    return json_build_object('wait', 900);
  end if;
  update app.providers x set
      name = coalesce(change_provider.name, x.name), is_on = coalesce(change_provider.is_on, x.is_on),
      domains = coalesce(change_provider.domains, x.domains),
      knows_addresses = coalesce(change_provider.knows_addresses, x.knows_addresses),
      has_factor = coalesce(change_provider.has_factor, x.has_factor),
      issuer = coalesce(change_provider.issuer, x.issuer),
      state = case when change_provider.issuer is null then x.state else 1 end,
      ask_at = case when change_provider.issuer is null then x.ask_at else now() end,
      confirmed_at = case when confirmed then coalesce(x.confirmed_at, now())
        when not confirmed then null
        when not by_tenant and (change_provider.domains <> x.domains or change_provider.issuer <> x.issuer
          or change_provider.knows_addresses > x.knows_addresses or change_provider.has_factor > x.has_factor) then null
        else x.confirmed_at end
    where x.tenant_id = p.tenant_id and x.id = p.id;
  perform app.record_account('security.provider_changed', p.account_id,
    jsonb_strip_nulls(jsonb_build_object('provider', p.id, 'name', p.name, 'on', change_provider.is_on,
      'issuer', change_provider.issuer,
      'domains', change_provider.domains, 'knows_addresses', change_provider.knows_addresses,
      'has_factor', change_provider.has_factor, 'confirmed', confirmed)));
  return json_build_object('id', p.id);
end $$;

create or replace function app.remove_provider(id bigint) returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  p app.providers;
begin
  select x.* into p from app.providers x
    where x.tenant_id = auth.tenant_id() and x.id = remove_provider.id for update;
  if not found then
    return;
  end if;
  perform app.check_provider(p.account_id);
  delete from app.providers x where x.tenant_id = p.tenant_id and x.id = p.id;
  perform app.record_account('security.provider_removed', p.account_id,
    jsonb_build_object('provider', p.id, 'name', p.name));
end $$;

-- ---- what they say of themselves, asked by `sportello hosts` ---------------------

-- One that is to be asked, of the tenant whose last one is longest ago.
create or replace function jobs.take_provider(lease interval) returns json
language sql volatile security definer
set search_path = pg_catalog, pg_temp as $$
  with waiting as materialized (
    select p.tenant_id, p.id, p.ask_at from app.providers p
    where p.ask_at <= now()
    order by p.ask_at limit 200),
  next as materialized (
    select p.tenant_id, p.id from waiting w
    join app.providers p on p.tenant_id = w.tenant_id and p.id = w.id
    order by (select max(x.asked_at) from app.providers x where x.tenant_id = w.tenant_id) nulls first, w.ask_at
    limit 1 for update of p skip locked)
  update app.providers p set ask_at = now() + lease, asked_at = now()
    from next n where p.tenant_id = n.tenant_id and p.id = n.id
    returning json_build_object('tenant', p.tenant_id, 'provider', p.id, 'issuer', p.issuer)
$$;

-- What it said, or (fault) why it could not; nothing, if another was to be asked
-- meanwhile.
create or replace function jobs.provider_said(tenant bigint, provider bigint, issuer text, parts jsonb,
  keys text, fault text)
returns void language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
begin
  update app.providers p set ask_at = null, state = case when provider_said.fault is null then 2 else 3 end,
      fault = provider_said.fault, parts = coalesce(provider_said.parts, p.parts),
      keys = coalesce(provider_said.keys, p.keys), keys_at = now()
    where p.tenant_id = tenant and p.id = provider and p.issuer = provider_said.issuer and p.state = 1;
exception when check_violation then
  -- More than there is room for.
  perform jobs.provider_said(tenant, provider, issuer, null, null, 'unfit');
end $$;
