-- Secrets that are good once (schema/one_time.sql): made, told, tried, used.
-- All of it is the door's own: whoever has the secret need not be signed in.

-- HMAC-SHA-256 (RFC 2104) under the installation's secret.
create or replace function auth.hmac(message text) returns bytea
language plpgsql stable
set search_path = pg_catalog, pg_temp as $$
declare
  key bytea;
  inner_pad bytea := decode(repeat('36', 64), 'hex');
  outer_pad bytea := decode(repeat('5c', 64), 'hex');
begin
  select s.secret into strict key from auth.secrets s;
  for i in 0..length(key) - 1 loop
    inner_pad := set_byte(inner_pad, i, get_byte(inner_pad, i) # get_byte(key, i));
    outer_pad := set_byte(outer_pad, i, get_byte(outer_pad, i) # get_byte(key, i));
  end loop;
  return sha256(outer_pad || sha256(inner_pad || convert_to(message, 'UTF8')));
end $$;

-- '<id>-<43 letters>': what a link carries.
create or replace function auth.one_time_token(tenant bigint, kind text, id bigint)
returns text language sql stable
set search_path = pg_catalog, pg_temp as $$
  select id || '-' || translate(rtrim(encode(
    auth.hmac('token|' || tenant || '|' || kind || '|' || id), 'base64'), '='), '+/', '-_')
$$;

-- Eight digits: what a person types.
create or replace function auth.one_time_code(tenant bigint, kind text, id bigint)
returns text language sql stable
set search_path = pg_catalog, pg_temp as $$
  select lpad(((('x' || left(encode(auth.hmac('code|' || tenant || '|' || kind || '|' || id),
    'hex'), 15))::bit(60)::bigint) % 100000000)::text, 8, '0')
$$;

-- A new one; older ones of that kind, portal and address end.
create or replace function auth.one_time_new(tenant bigint, kind text, portal bigint,
  person bigint, email text, data jsonb, life interval)
returns bigint language plpgsql volatile
set search_path = pg_catalog, pg_temp as $$
declare
  made bigint;
begin
  update app.one_time o set used_at = now()
    where o.tenant_id = tenant and o.kind = one_time_new.kind and o.email = one_time_new.email
      and o.portal_id is not distinct from portal and o.used_at is null;
  insert into app.one_time (tenant_id, kind, portal_id, person_id, email, data, expires_at)
    values (tenant, one_time_new.kind, portal, person, one_time_new.email,
      coalesce(one_time_new.data, '{}'), now() + life)
    returning id into made;
  return made;
end $$;

-- The row a link's token belongs to, while it is good; and used up, if so
-- asked. Two at once: one gets it.
create or replace function auth.one_time_take(tenant bigint, kind text, token text, use boolean)
returns app.one_time language plpgsql volatile
set search_path = pg_catalog, pg_temp as $$
declare
  number bigint := case when token ~ '^[0-9]{1,16}-[A-Za-z0-9_-]{43}$'
    then split_part(token, '-', 1)::bigint end;
  o app.one_time;
begin
  select x.* into o from app.one_time x
    where x.tenant_id = tenant and x.id = number and x.kind = one_time_take.kind
      and x.used_at is null and x.expires_at > now()
      and sha256(convert_to(token, 'UTF8'))
        = sha256(convert_to(auth.one_time_token(tenant, x.kind, x.id), 'UTF8'))
    for update;
  if found and use then
    update app.one_time x set used_at = now() where x.tenant_id = tenant and x.id = o.id;
  end if;
  return o;
end $$;

-- The newest for an address, if the code is right; five tries each. A wrong
-- one costs a try: so the caller must not raise afterwards.
create or replace function auth.one_time_try(tenant bigint, kind text, portal bigint,
  email text, code text, use boolean)
returns app.one_time language plpgsql volatile
set search_path = pg_catalog, pg_temp as $$
declare
  o app.one_time;
  none app.one_time;
begin
  update app.one_time x set tries = x.tries + 1
    where (x.tenant_id, x.id) = (
      select y.tenant_id, y.id from app.one_time y
      where y.tenant_id = tenant and y.kind = one_time_try.kind and y.email = one_time_try.email
        and y.portal_id is not distinct from portal and y.used_at is null
        and y.expires_at > now() and y.tries < 5
      order by y.created_at desc, y.id desc limit 1)
    returning x.* into o;
  if o.id is null or sha256(convert_to(auth.one_time_code(tenant, o.kind, o.id), 'UTF8'))
      is distinct from sha256(convert_to(code, 'UTF8')) then
    return none;
  end if;
  if use then
    update app.one_time x set used_at = now() where x.tenant_id = tenant and x.id = o.id;
  end if;
  return o;
end $$;

-- ---- how often -----------------------------------------------------------------

-- One bucket a kind and key, across tenants and workers: most so many acts in
-- a time, then one each time a share of it is over. The key is kept as a hash.
-- A rollback gives the act back: whoever asks must not raise afterwards, but
-- answer.
create unlogged table if not exists auth.buckets (
  key bytea primary key,
  full_until timestamptz not null);
create index if not exists buckets_age on auth.buckets (full_until);

create or replace function auth.take(kind text, key text, most int, per interval)
returns boolean language plpgsql volatile
set search_path = pg_catalog, pg_temp as $$
declare
  name bytea := sha256(convert_to(kind || '|' || take.key, 'UTF8'));
  share interval := per / most;
  allowed boolean;
begin
  insert into auth.buckets as b (key, full_until) values (name, clock_timestamp() + share)
    on conflict on constraint buckets_pkey do update
      set full_until = greatest(b.full_until, clock_timestamp()) + share
      where greatest(b.full_until, clock_timestamp()) + share <= clock_timestamp() + per;
  return found;
end $$;

-- Is there nothing left to take? For what is only counted when it fails.
create or replace function auth.is_spent(kind text, key text, most int, per interval)
returns boolean language sql stable
set search_path = pg_catalog, pg_temp as $$
  select exists (select from auth.buckets b
    where b.key = sha256(convert_to(is_spent.kind || '|' || is_spent.key, 'UTF8'))
      and greatest(b.full_until, clock_timestamp()) + per / most > clock_timestamp() + per)
$$;

-- Whom an address speaks for: itself, or the network that one customer of a
-- provider has of IPv6.
create or replace function auth.network(client text) returns text
language plpgsql immutable parallel safe
set search_path = pg_catalog, pg_temp as $$
begin
  return coalesce(case family(client::inet) when 6 then network(set_masklen(client::inet, 64))::text
    else host(client::inet) end, '');
exception when data_exception then
  return '';
end $$;

-- ---- the same for what runs as the tables' owner, in the tenant that was entered ----

create or replace function auth.make_secret(kind text, portal bigint, person bigint,
  email text, data jsonb, life interval)
returns bigint language sql volatile security definer
set search_path = pg_catalog, pg_temp as $$
  select auth.one_time_new(auth.tenant_id(), kind, portal, person, email, data, life)
$$;

create or replace function auth.spend_secret(kind text, token text, use boolean)
returns app.one_time language sql volatile security definer
set search_path = pg_catalog, pg_temp as $$
  select auth.one_time_take(auth.tenant_id(), kind, token, use)
$$;

create or replace function auth.try_code(kind text, portal bigint, email text, code text)
returns app.one_time language sql volatile security definer
set search_path = pg_catalog, pg_temp as $$
  select auth.one_time_try(auth.tenant_id(), kind, portal, email, code, true)
$$;

-- Who is counted: the person who is signed in (client: null), or else whom the
-- client's address speaks for.
create or replace function auth.asker(client text) returns text
language sql stable security definer
set search_path = pg_catalog, pg_temp as $$
  select case when client is null then format('person %s|%s', auth.tenant_id(), auth.person_id())
    else auth.network(client) end
$$;

-- May they have mail sent to that address? Counted for them, and for the
-- address at this tenant. What an address gets from all tenants together must
-- not be told here: jobs.may_write_to() sees to it.
create or replace function auth.may_ask(kind text, email text, client text)
returns boolean language sql volatile security definer
set search_path = pg_catalog, pg_temp as $$
  select auth.take(kind, auth.asker(client), 30, interval '1 hour')
    and auth.take(kind, auth.tenant_id() || '|' || email, 5, interval '1 hour')
$$;

-- May they try this once more?
create or replace function auth.may_try(kind text, client text)
returns boolean language sql volatile security definer
set search_path = pg_catalog, pg_temp as $$
  select auth.take(kind, auth.asker(client), 40, interval '15 minutes')
$$;

-- A session for somebody who proved who they are in another way.
create or replace function auth.open_session(person bigint, token_hash bytea,
  old_token bytea, browser text)
returns json language sql volatile security definer
set search_path = pg_catalog, pg_temp as $$
  select auth.let_in(person, token_hash, old_token, browser)
$$;
