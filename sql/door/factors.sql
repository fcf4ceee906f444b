-- Second factors (schema/factors.sql). The secrets are the door's own: the pool
-- 'proof', whose workers check codes and signatures, gets them for that alone.

-- ---- whether one is due ----------------------------------------------------------

create or replace function auth.has_factor(person bigint) returns boolean
language plpgsql stable
set search_path = pg_catalog, pg_temp as $$
begin
  return exists (select from app.totps t where t.tenant_id = auth.tenant_id()
      and t.person_id = person and t.confirmed_at is not null)
    or exists (select from app.passkeys k where k.tenant_id = auth.tenant_id() and k.person_id = person);
end $$;

-- Does a role of theirs want one? Any of their roles, at any portal that it
-- opens: a session is good at all of them.
create or replace function auth.wants_factor(person bigint) returns boolean
language plpgsql stable
set search_path = pg_catalog, pg_temp as $$
begin
  return exists (select from app.settings s where s.tenant_id = auth.tenant_id()
      and s.name = 'second_factor_roles' and s.value <> '')
    and exists (
      select from app.memberships m
      left join app.portals po on po.tenant_id = m.tenant_id and po.account_id = m.account_id
        and (m.portal_id is null or po.id = m.portal_id)
      where m.tenant_id = auth.tenant_id() and m.person_id = person
        and m.role = any (string_to_array(
          app.setting_at('second_factor_roles', m.account_id, po.id), ' ')));
end $$;

-- 'show' one, 'make' one first, or 'no'.
create or replace function auth.factor_due(person bigint) returns text
language plpgsql stable
set search_path = pg_catalog, pg_temp as $$
begin
  return case when auth.has_factor(person) then 'show'
    when auth.wants_factor(person) then 'make' else 'no' end;
end $$;

-- ---- acts ----------------------------------------------------------------------

-- What proves who one is may be changed for a quarter of an hour after one has
-- proven it, and not by support.
create or replace function auth.need_proof() returns bigint
language plpgsql stable
set search_path = pg_catalog, pg_temp as $$
begin
  if not exists (select from app.sessions s where s.tenant_id = auth.tenant_id()
      and s.id = auth.session_id() and s.proved_at > now() - interval '15 minutes'
      and s.grant_id is null) then
    raise exception using errcode = 'PT403', constraint = 'proof-old', message = 'signed in too long ago';
  end if;
  return auth.person_id();
end $$;

-- ---- recovery codes --------------------------------------------------------------

-- As it is stored; blanks, hyphens and case do not matter.
create or replace function auth.recovery_hash(person bigint, code text) returns bytea
language plpgsql stable
set search_path = pg_catalog, pg_temp as $$
begin
  return sha256(convert_to('recovery|' || auth.tenant_id() || '|' || person || '|'
    || translate(upper(code), ' -', ''), 'UTF8'));
end $$;

-- Ten new ones, the older end: four groups of four of 32 letters and digits.
create or replace function auth.recovery_new(person bigint) returns json
language plpgsql volatile
set search_path = pg_catalog, pg_temp as $$
declare
  letters constant text := 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789';
  random bytea;
  code text;
  codes text[] := '{}';
begin
  delete from app.recovery_codes r where r.tenant_id = auth.tenant_id() and r.person_id = person;
  for i in 1..10 loop
    -- Two of 122 random bits each, of the operating system.
    random := sha256(convert_to(gen_random_uuid()::text || gen_random_uuid()::text, 'UTF8'));
    code := '';
    for j in 0..15 loop
      code := code || case when j in (4, 8, 12) then '-' else '' end
        || substr(letters, (get_byte(random, j) & 31) + 1, 1);
    end loop;
    insert into app.recovery_codes (tenant_id, person_id, hash)
      values (auth.tenant_id(), person, auth.recovery_hash(person, code));
    codes := codes || code;
  end loop;
  return array_to_json(codes);
end $$;

-- Those of somebody who has none yet, else null: the first factor brings them.
create or replace function auth.recovery_first(person bigint) returns json
language plpgsql volatile
set search_path = pg_catalog, pg_temp as $$
begin
  return case when not exists (select from app.recovery_codes r
    where r.tenant_id = auth.tenant_id() and r.person_id = person)
    then auth.recovery_new(person) end;
end $$;

create or replace function auth.recovery_make() returns json
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  person bigint := auth.need_proof();
begin
  if not auth.has_factor(person) then
    raise exception using errcode = 'PT409', constraint = 'factor-none', message = 'nothing to recover from';
  end if;
  perform app.tell('security.recovery_made', person);
  return json_build_object('recovery', auth.recovery_new(person));
end $$;

-- ---- one's own -------------------------------------------------------------------

create or replace function auth.factors() returns json
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
begin
  if auth.grant_id() is not null then
    return null;
  end if;
  return json_build_object(
    'app', (select json_build_object('created_at', t.confirmed_at, 'used_at', t.used_at)
      from app.totps t where t.tenant_id = auth.tenant_id() and t.person_id = auth.person_id()
        and t.confirmed_at is not null),
    'passkeys', (select coalesce(json_agg(json_build_object('id', k.id, 'name', k.name, 'host', k.host,
        'created_at', k.created_at, 'used_at', k.used_at) order by k.created_at, k.id), '[]')
      from app.passkeys k where k.tenant_id = auth.tenant_id() and k.person_id = auth.person_id()),
    'recovery', (select count(*) from app.recovery_codes r where r.tenant_id = auth.tenant_id()
      and r.person_id = auth.person_id() and r.used_at is null),
    'required', auth.wants_factor(auth.person_id()),
    'providers', (select coalesce(json_agg(json_build_object('id', i.provider_id, 'name', pr.name,
        'created_at', i.created_at, 'used_at', i.used_at) order by pr.name, i.provider_id), '[]')
      from app.identities i join app.providers pr on pr.tenant_id = i.tenant_id and pr.id = i.provider_id
      where i.tenant_id = auth.tenant_id() and i.person_id = auth.person_id()),
    'proved', exists (select from app.sessions s where s.tenant_id = auth.tenant_id()
      and s.id = auth.session_id() and s.proved_at > now() - interval '15 minutes'));
end $$;

-- Whoever must have a factor keeps one.
create or replace function auth.keep_one(person bigint) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp as $$
begin
  if auth.has_factor(person) then
    return;
  elsif auth.wants_factor(person) then
    raise exception using errcode = 'PT409', constraint = 'factor-last', message = 'the role wants one';
  end if;
  delete from app.recovery_codes r where r.tenant_id = auth.tenant_id() and r.person_id = person;
end $$;

-- ---- an authenticator app --------------------------------------------------------

-- A secret to be set up; what the app will show beside its codes.
create or replace function auth.totp_start(secret bytea) returns json
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  person bigint := auth.need_proof();
begin
  perform auth.totp_put(person, secret);
  return auth.totp_names(person);
end $$;

create or replace function auth.totp_put(person bigint, secret bytea) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp as $$
begin
  insert into app.totps as t (tenant_id, person_id, secret)
    values (auth.tenant_id(), person, totp_put.secret)
    on conflict (tenant_id, person_id) do update
      set secret = excluded.secret, created_at = now() where t.confirmed_at is null;
  if not found then
    raise exception using errcode = 'PT409', constraint = 'factor-there', message = 'an app is set up';
  end if;
end $$;

create or replace function auth.totp_names(person bigint) returns json
language plpgsql stable
set search_path = pg_catalog, pg_temp as $$
begin
  return (select json_build_object('issuer', po.name, 'account', p.email)
    from app.people p join app.portals po on po.tenant_id = p.tenant_id and po.id = auth.portal_id()
    where p.tenant_id = auth.tenant_id() and p.id = person);
end $$;

-- The secret being set up, for the worker to check its first code. A wrong code
-- costs one of thirty an hour: null then, and no refusal, which would give it
-- back.
create or replace function auth.totp_pending() returns json
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  person bigint := auth.need_proof();
begin
  if not auth.take('code', auth.tenant_id() || '|' || person, 30, interval '1 hour') then
    return null;
  end if;
  return (select json_build_object('secret', encode(t.secret, 'hex')) from app.totps t
    where t.tenant_id = auth.tenant_id() and t.person_id = person and t.confirmed_at is null
      and t.created_at > now() - interval '1 hour');
end $$;

create or replace function auth.totp_confirm(step bigint) returns json
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
begin
  return json_build_object('recovery', auth.totp_done(auth.need_proof(), step));
end $$;

create or replace function auth.totp_done(person bigint, step bigint) returns json
language plpgsql volatile
set search_path = pg_catalog, pg_temp as $$
begin
  update app.totps t set confirmed_at = now(), used_at = now(), last_step = step
    where t.tenant_id = auth.tenant_id() and t.person_id = person and t.confirmed_at is null;
  if not found then
    raise exception using errcode = 'PT409', constraint = 'factor-there', message = 'an app is set up';
  end if;
  perform app.tell('security.app_added', person);
  return auth.recovery_first(person);
end $$;

create or replace function auth.totp_remove() returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  person bigint := auth.need_proof();
begin
  delete from app.totps t
    where t.tenant_id = auth.tenant_id() and t.person_id = person and t.confirmed_at is not null;
  if found then
    perform auth.keep_one(person);
    perform app.tell('security.app_removed', person);
  end if;
end $$;

-- ---- passkeys --------------------------------------------------------------------

-- What a browser is asked to sign: the token of a secret that is good once.
create or replace function auth.passkey_start() returns json
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
begin
  return auth.passkey_ask(auth.need_proof());
end $$;

create or replace function auth.passkey_ask(person bigint) returns json
language plpgsql volatile
set search_path = pg_catalog, pg_temp as $$
begin
  return (select json_build_object(
    'challenge', auth.one_time_token(auth.tenant_id(), 'passkey', auth.one_time_new(
      auth.tenant_id(), 'passkey', auth.portal_id(), person, null, null, interval '10 minutes')),
    -- The same at every portal, and nobody's number.
    'user', encode(sha256(convert_to('passkey|' || auth.tenant_id() || '|' || person, 'UTF8')), 'hex'),
    'name', p.email, 'shown', p.name,
    'known', (select coalesce(json_agg(encode(k.credential, 'hex')), '[]') from app.passkeys k
      where k.tenant_id = p.tenant_id and k.person_id = p.id))
    from app.people p where p.tenant_id = auth.tenant_id() and p.id = person);
end $$;

-- Its signature was good (fcgi/webauthn.c): is the challenge ours, and theirs?
create or replace function auth.passkey_add(challenge text, host text, credential bytea,
  algorithm int, public_key bytea, uses bigint, name text)
returns json language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
begin
  return auth.passkey_put(auth.need_proof(), challenge, host, credential, algorithm, public_key, uses, name);
end $$;

create or replace function auth.passkey_put(person bigint, challenge text, host text, credential bytea,
  algorithm int, public_key bytea, uses bigint, name text)
returns json language plpgsql volatile
set search_path = pg_catalog, pg_temp as $$
declare
  o app.one_time := auth.one_time_take(auth.tenant_id(), 'passkey', challenge, true);
  made bigint;
begin
  if o.id is null or o.person_id <> person or o.portal_id <> auth.portal_id() then
    raise exception using errcode = 'PT422', constraint = 'passkeys_challenge.over', message = 'not a challenge of ours';
  elsif (select count(*) from app.passkeys k
      where k.tenant_id = auth.tenant_id() and k.person_id = person) >= 20 then
    raise exception using errcode = 'PT422', constraint = 'passkeys_name.too_many', message = 'twenty at most';
  end if;
  insert into app.passkeys (tenant_id, person_id, host, credential, algorithm, public_key, uses, name)
    values (auth.tenant_id(), person, passkey_put.host, passkey_put.credential, passkey_put.algorithm,
      passkey_put.public_key, passkey_put.uses, passkey_put.name)
    returning id into made;
  perform app.tell('security.passkey_added', person);
  return json_build_object('id', made, 'recovery', auth.recovery_first(person));
end $$;

create or replace function auth.passkey_rename(id bigint, name text) returns json
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
begin
  update app.passkeys k set name = passkey_rename.name
    where k.tenant_id = auth.tenant_id() and k.person_id = auth.person_id() and k.id = passkey_rename.id
      and auth.grant_id() is null;
  return case when found then json_build_object('id', passkey_rename.id) end;
end $$;

create or replace function auth.passkey_remove(id bigint) returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  person bigint := auth.need_proof();
begin
  delete from app.passkeys k
    where k.tenant_id = auth.tenant_id() and k.person_id = person and k.id = passkey_remove.id;
  if found then
    perform auth.keep_one(person);
    perform app.tell('security.passkey_removed', person);
  end if;
end $$;
