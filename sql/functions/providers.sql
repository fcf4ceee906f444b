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

create or replace function app.create_provider(name text, issuer text, client_id text, client_secret bytea,
  domains text, knows_addresses boolean, has_factor boolean, parts jsonb, keys text, key text)
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
  end if;
  insert into app.providers (tenant_id, account_id, name, issuer, client_id, client_secret,
      domains, knows_addresses, has_factor, parts, keys, confirmed_at)
    values (auth.tenant_id(), auth.account_id(), create_provider.name, create_provider.issuer,
      create_provider.client_id, create_provider.client_secret, create_provider.domains,
      create_provider.knows_addresses, create_provider.has_factor, create_provider.parts,
      create_provider.keys, case when auth.account_id() is null then now() end)
    returning id into made;
  perform app.record_account('security.provider_added', auth.account_id(),
    jsonb_build_object('provider', made, 'name', name));
  return app.remember(sent, json_build_object('id', made));
end $$;

-- What of it may be changed: by null what is left as it is. An account that
-- asks for more trust, by other domains or by either of the two words about what
-- its provider does itself, waits for the tenant again, which agrees to what it
-- names.
create or replace function app.change_provider(id bigint, name text, is_on boolean,
  domains text, knows_addresses boolean, has_factor boolean, confirmed boolean)
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
      or by_tenant and p.account_id is not null and (name is not null or confirmed is not true
        and (domains is not null or knows_addresses is not null or has_factor is not null)) then
    raise exception using errcode = 'PT403', message = 'that is the other side''s to say';
  elsif confirmed and p.account_id is not null and (domains, knows_addresses, has_factor)
      is distinct from (p.domains, p.knows_addresses, p.has_factor) then
    raise exception using errcode = 'PT409', constraint = 'conflict', message = 'it says something else by now';
  end if;
  update app.providers x set
      name = coalesce(change_provider.name, x.name), is_on = coalesce(change_provider.is_on, x.is_on),
      domains = coalesce(change_provider.domains, x.domains),
      knows_addresses = coalesce(change_provider.knows_addresses, x.knows_addresses),
      has_factor = coalesce(change_provider.has_factor, x.has_factor),
      confirmed_at = case when confirmed then coalesce(x.confirmed_at, now())
        when not confirmed then null
        when not by_tenant and (change_provider.domains <> x.domains
          or change_provider.knows_addresses > x.knows_addresses or change_provider.has_factor > x.has_factor) then null
        else x.confirmed_at end
    where x.tenant_id = p.tenant_id and x.id = p.id;
  perform app.record_account('security.provider_changed', p.account_id,
    jsonb_strip_nulls(jsonb_build_object('provider', p.id, 'name', p.name, 'on', change_provider.is_on,
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
