-- Passwords that are set anew by a code from a mail.

-- Asks for a code. The same answer and the same work for any address: a row, an
-- event; whether mail goes is decided by jobs, for whoever is known there.
create or replace function app.ask_reset(address text, client text)
returns json language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  email text := lower(btrim(address));
  secret bigint;
begin
  if not app.is_email(email) then
    return json_build_object('status', 422, 'email', address, 'faults', json_build_object('email', true));
  elsif not auth.may_ask('reset', email, client) then
    return json_build_object('wait', 900);
  end if;
  secret := auth.make_secret('reset', auth.portal_id(), null, email, null, interval '15 minutes');
  perform app.record('password.reset_asked', null, null, jsonb_build_object('one_time', secret,
    'known', true, 'code', true, 'portal', auth.portal_id(), 'path', '/reset'));
  return json_build_object('asked', true, 'email', email);
end $$;

-- Sets a password: salt and derived key are made by the worker, for a right
-- code and a wrong one alike.
create or replace function app.set_password(person bigint, salt bytea, passes int,
  memory_kib int, derived_key bytea)
returns void language sql volatile security definer
set search_path = pg_catalog, pg_temp as $$
  insert into app.credentials as c (tenant_id, person_id, salt, passes, memory_kib, verifier)
    values (auth.tenant_id(), person, salt, passes, memory_kib, sha256(derived_key))
    on conflict (tenant_id, person_id) do update set salt = excluded.salt, passes = excluded.passes,
      memory_kib = excluded.memory_kib, verifier = excluded.verifier, set_at = now()
$$;

-- A password by the code that was mailed. It ends all sessions of the person,
-- confirms the address at this portal, and completes an open invitation.
create or replace function app.reset_password(address text, code text, client text, salt bytea,
  passes int, memory_kib int, derived_key bytea)
returns json language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  address_given text := lower(btrim(address));
  secret app.one_time;
  person bigint;
begin
  if not auth.may_try('reset-code', client) then
    return json_build_object('wait', 60);
  end if;
  secret := auth.try_code('reset', auth.portal_id(), address_given, regexp_replace(code, '\s', '', 'g'));
  select p.id into person from app.people p
    where p.tenant_id = auth.tenant_id() and p.email = secret.email;
  if person is null and secret.id is not null then
    person := app.accept_invitations(secret.email, null, null);
  end if;
  if person is null then
    return json_build_object('status', 422, 'asked', true, 'failed', true, 'email', address_given);
  end if;
  perform app.accept_invitations(secret.email, person, null);
  perform app.set_password(person, salt, passes, memory_kib, derived_key);
  delete from app.sessions s where s.tenant_id = auth.tenant_id() and s.person_id = person;
  perform app.confirm_address(person, secret.email);
  perform app.record('security.password_changed', null, null,
    jsonb_build_object('people', jsonb_build_array(person), 'portal', auth.portal_id()));
  return json_build_object('done', true, 'email', secret.email);
end $$;
