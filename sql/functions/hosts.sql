-- Hosts of customers' own: claimed by an account's administrators, or for the
-- tenant's desk by the tenant's. What comes of a claim is jobs' work
-- (host_jobs.sql).

-- How long a proof may be missing before its host is switched off, and how
-- many looks must have missed it.
create or replace function app.host_grace() returns interval
language sql immutable parallel safe return interval '3 days';

-- The portals here whose hosts the asker may look at, and whether he may
-- change them.
create or replace function app.host_portals() returns bigint[]
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
begin
  return case when auth.account_id() is not null then app.readable_portals()
    when auth.rank() >= 3 then array[auth.portal_id()] else '{}' end;
end $$;
create or replace function app.changes_hosts() returns boolean
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
begin
  return case when auth.account_id() is null then auth.rank() >= 3
    else auth.account_id() = any (app.administered_accounts()) end;
end $$;

-- What is shown of one.
create or replace function app.host_json(c app.host_claims) returns json
language plpgsql stable
set search_path = pg_catalog, pg_temp as $$
begin
  return json_build_object('id', c.id, 'host', c.host, 'portal', c.portal_id,
    'state', (array['waiting', 'on', 'off', 'held'])[c.state],
    'found', (array['proof', 'none', 'other', 'silence'])[c.found],
    'record', json_build_object('name', '_sportello.' || c.host, 'value', 'sportello=' || c.token),
    'checked_at', c.checked_at, 'check_at', c.check_at,
    'missing_since', c.missing_since, 'off_at', case when c.state = 2 then c.missing_since + app.host_grace() end,
    'certificate', case when c.state = 2 then json_build_object(
      'state', case when c.certificate_ends_at > now() then 'there'
        when c.certificate_answer is not null then 'failed' else 'wanted' end,
      'ends_at', c.certificate_ends_at, 'due_at', c.certificate_due_at, 'answer', c.certificate_answer) end);
end $$;

create or replace function app.list_hosts() returns json
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
declare
  mine bigint[] := app.host_portals();
begin
  if mine = '{}' then
    raise exception using errcode = 'PT403', message = 'administers no portal here';
  end if;
  return json_build_object(
    'can', app.changes_hosts(),
    'portals', (select json_agg(json_build_object('id', po.id, 'name', po.name, 'canonical', h.host,
        'tickets', app.setting_at('tickets_on_white_label', po.account_id, po.id) = 'yes')
        order by po.parent_id is not null, lower(po.name), po.id)
      from app.portals po
      left join app.hosts h on h.tenant_id = po.tenant_id and h.portal_id = po.id and h.is_canonical
      where po.tenant_id = auth.tenant_id() and po.id = any (mine)),
    'hosts', (select coalesce(json_agg(app.host_json(c) order by c.host, c.id), '[]')
      from app.host_claims c where c.tenant_id = auth.tenant_id() and c.portal_id = any (mine)));
end $$;

-- A claim, twenty a portal. The host comes in its canonical form (fcgi/host.h).
create or replace function app.add_host(portal bigint, host text, key text) returns json
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  sent app.sent := app.sent('hosts', key, concat_ws(E'\n', portal, host));
  fault text := app.host_fault(host);
  c app.host_claims;
begin
  if sent.answer is not null then
    return sent.answer;
  elsif not app.changes_hosts() then
    raise exception using errcode = 'PT403', message = 'administers not these hosts';
  elsif not coalesce(portal = any (app.host_portals()), false) then
    raise exception using errcode = 'PT404', message = 'no such portal here';
  elsif fault is null and auth.is_ours(host) then
    fault := 'reserved';
  end if;
  if fault is not null then
    raise exception using errcode = 'PT422', constraint = 'claims_host.' || fault, message = 'not a host to claim';
  end if;
  -- One at a time a portal, or two at once would pass its limit.
  perform from app.portals po where po.tenant_id = auth.tenant_id() and po.id = portal for update;
  if (select count(*) from app.host_claims x where x.tenant_id = auth.tenant_id() and x.portal_id = portal) >= 20 then
    raise exception using errcode = 'PT422', constraint = 'claims_host.too_many', message = 'twenty a portal';
  end if;
  insert into app.host_claims (tenant_id, account_id, portal_id, host, added_by)
    values (auth.tenant_id(), auth.account_id(), portal, add_host.host, auth.person_id())
    on conflict on constraint host_claims_host_key do nothing
    returning * into c;
  if not found then
    raise exception using errcode = 'PT422', constraint = 'claims_host.taken', message = 'claimed already';
  end if;
  perform app.record_account('host.added', auth.account_id(), jsonb_build_object('portal', portal, 'host', host));
  return app.remember(sent, app.host_json(c));
end $$;

-- One of those the asker may change.
create or replace function app.own_claim(id bigint) returns app.host_claims
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  c app.host_claims;
begin
  select x.* into c from app.host_claims x
    where x.tenant_id = auth.tenant_id() and x.id = own_claim.id and x.portal_id = any (app.host_portals())
    for update;
  if not found then
    raise exception using errcode = 'PT404', message = 'no such host here';
  elsif not app.changes_hosts() then
    raise exception using errcode = 'PT403', message = 'administers not these hosts';
  end if;
  return c;
end $$;

-- In force for the next request: the door reads app.hosts.
create or replace function app.remove_host(id bigint) returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  c app.host_claims := app.own_claim(id);
begin
  delete from app.hosts h
    where h.tenant_id = c.tenant_id and h.host = c.host and h.portal_id = c.portal_id and not h.is_canonical;
  delete from app.host_claims x where x.tenant_id = c.tenant_id and x.id = c.id;
  perform auth.wake_claims(c.host);
  perform app.record_account('host.removed', c.account_id, jsonb_build_object('portal', c.portal_id, 'host', c.host));
end $$;

-- A look now, ten seconds behind the last at the earliest; and another try for
-- its certificate, after ten minutes.
create or replace function app.check_host(id bigint) returns json
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  c app.host_claims := app.own_claim(id);
begin
  update app.host_claims x set asked_at = now(),
      check_at = least(x.check_at, greatest(now(), x.checked_at + interval '10 seconds')),
      certificate_due_at = case when x.state = 2 and x.certificate_ends_at is null then
        least(x.certificate_due_at, greatest(now(), x.certificate_tried_at + interval '10 minutes'))
        else x.certificate_due_at end
    where x.tenant_id = c.tenant_id and x.id = c.id
    returning x.* into c;
  return app.host_json(c);
end $$;

-- Tickets at a tenant's white-label hosts follow the setting at once.
create or replace function app.tickets_setting_changed() returns trigger
language plpgsql security definer
set search_path = pg_catalog, pg_temp as $$
declare
  tenant bigint := coalesce(new.tenant_id, old.tenant_id);
begin
  update app.hosts h set has_tickets = not h.has_tickets
    where h.tenant_id = tenant and not h.is_canonical
      and h.has_tickets <> auth.serves_tickets(tenant, h.portal_id);
  return null;
end $$;
