-- The twin of context.h for servers where no library can be installed: the
-- same functions over a setting that carries its own signature. The signature
-- covers the backend and the start of the transaction, so that a context of
-- another connection or of an earlier transaction reads as absent.

-- The key, readable by the owner of the door alone. Two pads are kept instead
-- of one key so that a signature needs two plain sha256 (RFC 2104).
create table if not exists auth.context_key (
  one boolean primary key default true check (one),
  inner_pad bytea not null,
  outer_pad bytea not null);

do $$
declare
  key bytea := decode(repeat(replace(gen_random_uuid()::text, '-', ''), 2), 'hex');
  inner_pad bytea := decode(repeat('36', 64), 'hex');
  outer_pad bytea := decode(repeat('5c', 64), 'hex');
begin
  if exists (select from auth.context_key) then return; end if;
  -- Two uuids of 122 random bits each, not one twice.
  key := substr(key, 1, 16) || decode(replace(gen_random_uuid()::text, '-', ''), 'hex');
  for i in 0..31 loop
    inner_pad := set_byte(inner_pad, i, get_byte(inner_pad, i) # get_byte(key, i));
    outer_pad := set_byte(outer_pad, i, get_byte(outer_pad, i) # get_byte(key, i));
  end loop;
  insert into auth.context_key values (true, inner_pad, outer_pad);
end $$;

create or replace function auth.context_signature(payload text)
returns text language plpgsql stable
set search_path = pg_catalog, pg_temp as $$
declare
  k auth.context_key;
begin
  select * into strict k from auth.context_key;
  return encode(sha256(k.outer_pad || sha256(k.inner_pad || convert_to(
    payload || '|' || pg_backend_pid() || '|'
    || extract(epoch from transaction_timestamp()), 'UTF8'))), 'hex');
end $$;

-- The signed fields, or null when there is no context of this transaction.
create or replace function auth.context() returns text[]
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
declare
  signed text := nullif(current_setting('sportello.context', true), '');
  payload text := substr(signed, 66);
begin
  if signed is null or left(signed, 64) is distinct from
     auth.context_signature(payload) then
    return null;
  end if;
  -- A context for reading is none once the transaction may write again, which
  -- RESET transaction_read_only brings about.
  if left(payload, 1) = 'r' and current_setting('transaction_read_only') = 'off' then
    return null;
  end if;
  return string_to_array(substr(payload, 2), ';', '');
end $$;

create or replace function auth.set_context(
  tenant bigint, portal bigint, account bigint, person bigint, session bigint,
  rank smallint, principals bigint[], read_only boolean, support_grant bigint default null,
  tickets boolean default true, host text default null)
returns void language plpgsql volatile
set search_path = pg_catalog, pg_temp as $$
declare
  payload text := case when read_only then 'r' else 'w' end
    || concat_ws(';', tenant, coalesce(portal::text, ''),
    coalesce(account::text, ''), coalesce(person::text, ''),
    coalesce(session::text, ''), rank, principals::text, coalesce(support_grant::text, ''),
    coalesce(tickets, false), coalesce(host, ''));
begin
  if auth.context() is not null then
    raise exception using errcode = '25000', message = 'the context is set already';
  elsif tenant is null or rank is null or principals is null then
    raise exception using errcode = '22004', message = 'a context needs a tenant';
  end if;
  perform set_config('sportello.context',
    auth.context_signature(payload) || ':' || payload, true);
  if read_only then
    perform set_config('transaction_read_only', 'on', true);
  end if;
end $$;

create or replace function auth.enter(
  host text, token bytea, who smallint, writes boolean, page text default null,
  tickets boolean default false)
returns void language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  r record;
begin
  select * into r from auth.lookup(host, token);
  if not found then
    raise exception using errcode = 'PT404', message = 'no portal at this host';
  elsif tickets and not r.has_tickets then
    raise exception using errcode = 'PT421', message = 'no tickets are used at this host';
  elsif who is null or who > 0 and r.person_id is null then
    raise exception using errcode = 'PT401', message = 'nobody is signed in';
  elsif r.rank < who then
    raise exception using errcode = 'PT403', message = 'the rank is too low';
  elsif writes and r.grant_id is not null then
    raise exception using errcode = 'PT403', constraint = 'support-reads-only',
      message = 'support under a grant reads and never acts';
  end if;
  if (r.grant_id is not null or r.is_due) and not pg_is_in_recovery() then
    perform auth.note_use(r.tenant_id, r.portal_id, r.account_id, r.person_id,
      r.session_id, r.grant_id, page);
  elsif r.grant_id is not null then
    raise exception using errcode = 'PT403', message = 'support enters at the primary';
  end if;
  perform auth.set_context(r.tenant_id, r.portal_id, r.account_id, r.person_id,
    r.session_id, r.rank, r.principals, not coalesce(writes, false), r.grant_id,
    r.has_tickets, host);
end $$;

create or replace function auth.tenant_id() returns bigint
language sql stable leakproof parallel restricted
as $$ select (auth.context())[1]::bigint $$;

create or replace function auth.portal_id() returns bigint
language sql stable leakproof parallel restricted
as $$ select (auth.context())[2]::bigint $$;

create or replace function auth.account_id() returns bigint
language sql stable leakproof parallel restricted
as $$ select (auth.context())[3]::bigint $$;

create or replace function auth.person_id() returns bigint
language sql stable leakproof parallel restricted
as $$ select (auth.context())[4]::bigint $$;

create or replace function auth.session_id() returns bigint
language sql stable leakproof parallel restricted
as $$ select (auth.context())[5]::bigint $$;

create or replace function auth.grant_id() returns bigint
language sql stable leakproof parallel restricted
as $$ select (auth.context())[8]::bigint $$;

create or replace function auth.rank() returns smallint
language sql stable leakproof parallel restricted
as $$ select (auth.context())[6]::smallint $$;

create or replace function auth.is_agent() returns boolean
language sql stable leakproof parallel restricted
as $$ select coalesce((auth.context())[6]::smallint >= 2, false) $$;

create or replace function auth.host() returns text
language sql stable leakproof parallel restricted
as $$ select (auth.context())[10] $$;

create or replace function auth.has_tickets() returns boolean
language sql stable leakproof parallel restricted
as $$ select coalesce((auth.context())[9]::boolean, false) $$;

create or replace function auth.principals() returns bigint[]
language sql stable leakproof parallel restricted
as $$ select (auth.context())[7]::bigint[] $$;

-- The policy of tickets, for what hangs on one: for whoever has this rank and
-- these principals, and for the asker.
create or replace function app.sees_as(ticket bigint, rank smallint, principals bigint[]) returns boolean
language plpgsql stable strict security definer cost 1000
set search_path = pg_catalog, pg_temp as $$
begin
  return exists (select from app.tickets t
    where t.tenant_id = (select auth.tenant_id()) and t.id = ticket
      and (t.at_desk and sees_as.rank >= 2
        or exists (select from app.ticket_access a
          where a.tenant_id = t.tenant_id and a.ticket_id = t.id
            and a.principal = any (sees_as.principals))));
end $$;

create or replace function app.sees(ticket bigint) returns boolean
language plpgsql stable strict security definer cost 1000
set search_path = pg_catalog, pg_temp as $$
begin
  return coalesce(app.sees_as(ticket, auth.rank(), auth.principals()), false);
end $$;

create or replace function app.account_partner(id bigint) returns bigint
language plpgsql stable strict security definer
set search_path = pg_catalog, pg_temp as $$
begin
  return (select a.partner_id from app.accounts a
    where a.tenant_id = (select auth.tenant_id()) and a.id = account_partner.id);
end $$;

-- Names for ids that came out of rows the asker may see. Ids are random, so
-- this resolves what one has and lists nothing. Staff of the account's partner
-- is on support's side in its tickets.
create or replace function app.names(ids bigint[], account bigint default null) returns json
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
declare
  partner bigint := app.principal(app.account_partner(account), 3);
begin
  return (select coalesce(json_object_agg(p.id, json_strip_nulls(json_build_object('name', p.name,
      'side', case when p.rank >= 2 or partner = any (p.principals) then 'support' else 'customer' end,
      'photo', '/api/photos/' || p.photo))), '{}')
    from app.people p
    where p.tenant_id = (select auth.tenant_id()) and p.id = any (ids));
end $$;

-- The people with a row of their own in a ticket that one sees.
create or replace function app.ticket_people(ticket bigint) returns bigint[]
language plpgsql stable strict security definer
set search_path = pg_catalog, pg_temp as $$
begin
  return (select coalesce(array_agg(a.principal / 4 order by a.principal), '{}') from app.ticket_access a
    where a.tenant_id = (select auth.tenant_id()) and a.ticket_id = ticket and a.principal % 4 = 0
      and app.sees(ticket));
end $$;

create or replace function app.tenant_name() returns text
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
begin
  return (select n.name from app.tenants n where n.tenant_id = (select auth.tenant_id()));
end $$;

create or replace function app.account_name(id bigint) returns text
language plpgsql stable strict security definer
set search_path = pg_catalog, pg_temp as $$
begin
  return (select a.name from app.accounts a
    where a.tenant_id = (select auth.tenant_id()) and a.id = account_name.id);
end $$;

create or replace function app.portal_name(id bigint) returns text
language plpgsql stable strict security definer
set search_path = pg_catalog, pg_temp as $$
begin
  return (select po.name from app.portals po
    where po.tenant_id = (select auth.tenant_id()) and po.id = portal_name.id);
end $$;

-- Are contacts of an account asked, and has none said yes yet?
create or replace function app.awaits_contacts(account bigint) returns boolean
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
begin
  return coalesce((select bool_or(c.state = 4) and not bool_or(c.state = 1) from app.support_contacts c
    where c.tenant_id = (select auth.tenant_id()) and c.account_id = account), false);
end $$;

-- Has the tenant any word on who sees which field?
create or replace function app.has_field_policies() returns boolean
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
begin
  return exists (select from app.field_policies p where p.tenant_id = (select auth.tenant_id()));
end $$;

-- Does the tenant keep a service level?
create or replace function app.has_service_level() returns boolean
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
begin
  return exists (select from app.sla_versions v where v.tenant_id = (select auth.tenant_id()));
end $$;

-- Where a setting is set nearest: at the portal, above it, for the account, for
-- the tenant. Null: nowhere.
create or replace function app.set_value(name text, account bigint, portal bigint) returns text
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
begin
  return (select s.value from unnest(app.scopes(account, portal)) with ordinality c(scope, n)
    join app.settings s on s.tenant_id = (select auth.tenant_id()) and s.scope = c.scope
      and s.name = set_value.name
    order by c.n limit 1);
end $$;

-- The one thing said of oneself at the portal one is at: the account roles
-- that reach it, and support_user for whoever was appointed.
create or replace function app.roles_here() returns text[]
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
begin
  return (select coalesce(array_agg(m.role), '{}') || case when bool_or(m.is_support) then array['support_user'] else '{}' end
    from app.memberships m
    where m.tenant_id = (select auth.tenant_id()) and m.person_id = (select auth.person_id())
      and m.account_id = (select auth.account_id())
      and (m.portal_id is null or m.portal_id = (select auth.portal_id()))
      and auth.grant_id() is null);
end $$;

-- Has the asker confirmed the present address at this portal?
create or replace function app.is_confirmed() returns boolean
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
begin
  return (select exists (select from app.confirmations c
      join app.people p on p.tenant_id = c.tenant_id and p.id = c.person_id and p.email = c.email
      where c.tenant_id = (select auth.tenant_id()) and c.person_id = (select auth.person_id())
        and c.portal_id = (select auth.portal_id())));
end $$;
