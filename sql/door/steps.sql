-- The step between a password and a session: a second factor is shown, or made
-- first. It is a row of one_time whose token the browser keeps in a cookie, for
-- ten minutes and five tries. What the person then does is theirs alone: the
-- database has checked the password, the pool 'proof' checks the factor.

-- The step a browser is at, for use at this portal; behind: the last of its
-- five tries may be the one that is being looked at.
create or replace function auth.step_of(token text, behind boolean default false) returns app.one_time
language plpgsql stable
set search_path = pg_catalog, pg_temp as $$
declare
  o app.one_time;
begin
  select x.* into o from app.one_time x
    where x.tenant_id = auth.tenant_id() and x.kind = 'second_step' and x.portal_id = auth.portal_id()
      and x.id = case when token ~ '^[0-9]{1,16}-[A-Za-z0-9_-]{43}$' then split_part(token, '-', 1)::bigint end
      and x.used_at is null and x.expires_at > now()
      and case when behind then x.tries between 1 and 5 else x.tries < 5 end
      and sha256(convert_to(token, 'UTF8'))
        = sha256(convert_to(auth.one_time_token(x.tenant_id, x.kind, x.id), 'UTF8'));
  return o;
end $$;

create or replace function auth.step_new(person bigint, browser text) returns json
language plpgsql volatile
set search_path = pg_catalog, pg_temp as $$
begin
  return json_build_object('step', auth.one_time_token(auth.tenant_id(), 'second_step',
    auth.one_time_new(auth.tenant_id(), 'second_step', auth.portal_id(), person, null,
      jsonb_build_object('browser', auth.plain(browser)), interval '10 minutes')), 'seconds', 600);
end $$;

-- What a passkey is asked to sign at a step.
create or replace function auth.step_challenge(o app.one_time) returns text
language plpgsql stable
set search_path = pg_catalog, pg_temp as $$
begin
  return translate(rtrim(encode(auth.hmac('challenge|' || o.tenant_id || '|' || o.id), 'base64'), '='), '+/', '-_');
end $$;

-- Passes over: true once, for whoever is first.
create or replace function auth.step_use(o app.one_time) returns boolean
language plpgsql volatile
set search_path = pg_catalog, pg_temp as $$
begin
  update app.one_time x set used_at = now()
    where x.tenant_id = o.tenant_id and x.id = o.id and x.used_at is null;
  return found;
end $$;

-- What the page shows. secret: a new one, sealed, for an app that must be set
-- up; the one there is stays. Null: no such step (any more).
create or replace function auth.step_show(token text, host text, secret bytea) returns json
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  o app.one_time := auth.step_of(token);
  due text := auth.factor_due(o.person_id);
begin
  if o.id is null then
    return null;
  elsif due = 'make' then
    insert into app.totps as t (tenant_id, person_id, secret)
      values (o.tenant_id, o.person_id, step_show.secret)
      on conflict (tenant_id, person_id) do update
        set secret = excluded.secret, created_at = now() where t.created_at < o.created_at;
  end if;
  return (select json_build_object(
    'email', p.email, 'make', due = 'make',
    'tries', 5 - o.tries,
    'app', exists (select from app.totps t where t.tenant_id = p.tenant_id and t.person_id = p.id
      and t.confirmed_at is not null),
    'recovery', exists (select from app.recovery_codes r where r.tenant_id = p.tenant_id
      and r.person_id = p.id and r.used_at is null),
    'passkeys', (select string_agg(encode(k.credential, 'hex'), ' ') from app.passkeys k
      where k.tenant_id = p.tenant_id and k.person_id = p.id and k.host = step_show.host),
    'elsewhere', (select k.host from app.passkeys k where k.tenant_id = p.tenant_id
      and k.person_id = p.id and k.host <> step_show.host order by k.used_at desc nulls last limit 1),
    'challenge', auth.step_challenge(o),
    'secret', case when due = 'make' then (select encode(t.secret, 'hex') from app.totps t
      where t.tenant_id = p.tenant_id and t.person_id = p.id) end,
    'names', auth.totp_names(p.id))
    from app.people p where p.tenant_id = o.tenant_id and p.id = o.person_id);
end $$;

-- One try: what the worker needs to check it. It is spent whatever comes of it,
-- so nobody may raise behind this. Null: the step is over, or too many were
-- wrong in this hour.
create or replace function auth.step_try(token text, host text, credential bytea) returns json
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  o app.one_time := auth.step_of(token);
begin
  update app.one_time x set tries = x.tries + 1
    where x.tenant_id = o.tenant_id and x.id = o.id and x.tries < 5 and x.used_at is null;
  if not found or credential is null and not auth.take('code', o.tenant_id || '|' || o.person_id,
      30, interval '1 hour') then
    return null;
  end if;
  return json_build_object(
    'secret', (select encode(t.secret, 'hex') from app.totps t
      where t.tenant_id = o.tenant_id and t.person_id = o.person_id),
    'challenge', auth.step_challenge(o),
    'key', (select json_build_object('algorithm', k.algorithm, 'public_key', encode(k.public_key, 'hex'))
      from app.passkeys k where k.tenant_id = o.tenant_id and k.person_id = o.person_id
        and k.host = step_try.host and k.credential = step_try.credential));
end $$;

-- The app's code was right: let in, unless that code or a later one was used
-- before. Or the app is now set up, and its recovery codes are told.
create or replace function auth.step_code(token text, step bigint, token_hash bytea, old_token bytea)
returns json language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  o app.one_time := auth.step_of(token, true);
  codes json;
begin
  if o.id is null then
    return null;
  elsif auth.factor_due(o.person_id) = 'make' then
    codes := auth.totp_done(o.person_id, step);
  else
    update app.totps t set last_step = step, used_at = now()
      where t.tenant_id = o.tenant_id and t.person_id = o.person_id
        and t.confirmed_at is not null and t.last_step < step;
    if not found then
      return null;
    end if;
  end if;
  return auth.step_pass(o, token_hash, old_token, codes);
end $$;

-- The passkey's signature was right: let in, unless its counter went back, as
-- that of a copy would.
create or replace function auth.step_passkey(token text, host text, credential bytea, uses bigint,
  token_hash bytea, old_token bytea)
returns json language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  o app.one_time := auth.step_of(token, true);
begin
  update app.passkeys k set uses = step_passkey.uses, used_at = now()
    where k.tenant_id = o.tenant_id and k.person_id = o.person_id and k.host = step_passkey.host
      and k.credential = step_passkey.credential
      and (k.uses < step_passkey.uses or k.uses = 0 and step_passkey.uses = 0);
  return case when found then auth.step_pass(o, token_hash, old_token, null) end;
end $$;

-- A first passkey, where one must be made.
create or replace function auth.step_ask(token text) returns json
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  o app.one_time := auth.step_of(token);
begin
  return case when o.id is not null and auth.factor_due(o.person_id) = 'make'
    then auth.passkey_ask(o.person_id) end;
end $$;

create or replace function auth.step_made(token text, challenge text, host text, credential bytea,
  algorithm int, public_key bytea, uses bigint, name text, token_hash bytea, old_token bytea)
returns json language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  o app.one_time := auth.step_of(token);
begin
  if o.id is null or auth.factor_due(o.person_id) <> 'make' then
    return null;
  end if;
  return auth.step_pass(o, token_hash, old_token, auth.passkey_put(o.person_id, challenge, host,
    credential, algorithm, public_key, uses, name)->'recovery');
end $$;

-- A recovery code, which the database checks itself. It costs a try too.
create or replace function auth.step_recover(token text, code text, token_hash bytea, old_token bytea)
returns json language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  o app.one_time := auth.step_of(token);
begin
  if auth.step_try(token, null, null) is null then
    return null;
  end if;
  update app.recovery_codes r set used_at = now()
    where r.tenant_id = o.tenant_id and r.person_id = o.person_id and r.used_at is null
      and r.hash = auth.recovery_hash(o.person_id, code);
  if not found then
    return null;
  end if;
  perform app.tell('security.recovery_used', o.person_id, jsonb_build_object('left', (
    select count(*) from app.recovery_codes r where r.tenant_id = o.tenant_id
      and r.person_id = o.person_id and r.used_at is null)::text));
  return auth.step_pass(o, token_hash, old_token, null);
end $$;

-- Over to a session; codes: recovery codes to be shown once.
create or replace function auth.step_pass(o app.one_time, token_hash bytea, old_token bytea, codes json)
returns json language plpgsql volatile
set search_path = pg_catalog, pg_temp as $$
declare
  session json;
begin
  if not auth.step_use(o) then
    return null;
  end if;
  session := auth.let_in(o.person_id, token_hash, old_token, o.data->>'browser', true);
  return case when session is not null then json_build_object('rank', session->'rank',
    'seconds', session->'seconds', 'mark', session->'mark', 'recovery', codes) end;
end $$;
