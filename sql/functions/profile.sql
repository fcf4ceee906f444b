-- What people say of themselves, their sessions, and what administrators see
-- and change of their account's people.

-- A name as the person's language puts it together.
create or replace function app.full_name(given text, family text, locale text) returns text
language sql immutable parallel safe
return case when split_part(locale, '-', 1) in ('ja', 'zh', 'ko', 'hu') then concat_ws(' ', family, given)
  else concat_ws(' ', given, family) end;

create or replace function app.change_profile(given text, family text, job_title text, phone text,
  locale text, time_zone text)
returns json language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  first text := nullif(btrim(given), '');
  last text := nullif(btrim(family), '');
begin
  if coalesce(first, last) is null then
    raise exception using errcode = 'PT422', constraint = 'people_given_check', message = 'a name is wanted';
  end if;
  begin
    perform now() at time zone change_profile.time_zone;
  exception when invalid_parameter_value then
    raise exception using errcode = 'PT422', constraint = 'people_time_zone_check', message = 'no such zone';
  end;
  update app.people p set given_name = first, family_name = last,
      name = app.full_name(first, last, change_profile.locale),
      job_title = nullif(btrim(change_profile.job_title), ''), phone = nullif(btrim(change_profile.phone), ''),
      locale = change_profile.locale, time_zone = change_profile.time_zone
    where p.tenant_id = auth.tenant_id() and p.id = auth.person_id();
  perform app.record('person.changed', null, null, '{}');
  return app.profile();
end $$;

-- Which mail about tickets one wants: the kinds that are left out are muted.
create or replace function app.choose_mail(opened boolean, replied boolean, desk boolean)
returns json language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
begin
  update app.people p set muted = array_remove(array[case when not opened then 'opened' end,
      case when not replied then 'replied' end, case when not desk then 'desk' end], null)
    where p.tenant_id = auth.tenant_id() and p.id = auth.person_id();
  return app.profile();
end $$;

-- One's photo in place of the one before; null for none.
create or replace function app.set_photo(width int, height int, bytes bytea) returns json
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  address text := case when bytes is not null then replace(gen_random_uuid()::text, '-', '') end;
begin
  delete from app.pictures p where p.tenant_id = auth.tenant_id() and p.person_id = auth.person_id();
  if bytes is not null then
    insert into app.pictures (tenant_id, hash, type, width, height, bytes, person_id)
      values (auth.tenant_id(), address, 'image/png', set_photo.width, set_photo.height, set_photo.bytes, auth.person_id());
  end if;
  update app.people p set photo = address where p.tenant_id = auth.tenant_id() and p.id = auth.person_id();
  perform app.record('person.changed', null, null, '{}');
  return app.profile();
end $$;

-- For somebody who is signed in and was told its address with a name.
create or replace function app.photo(hash text) returns bytea
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
begin
  return (select p.bytes from app.pictures p where p.tenant_id = auth.tenant_id() and p.hash = photo.hash
    and p.person_id is not null and auth.person_id() is not null);
end $$;

-- All that the profile page shows.
create or replace function app.profile() returns json
language sql stable security definer
set search_path = pg_catalog, pg_temp as $$
  select json_build_object('name', p.name, 'email', p.email, 'locale', p.locale, 'time_zone', p.time_zone,
    'given', coalesce(p.given_name, case when p.family_name is null then p.name end), 'family', p.family_name,
    'job_title', p.job_title, 'phone', p.phone, 'photo', '/api/photos/' || p.photo,
    'mail', json_build_object('opened', not 'opened' = any (p.muted), 'replied', not 'replied' = any (p.muted),
      'desk', case when auth.is_agent() then not 'desk' = any (p.muted) end),
    'hold', case when auth.is_agent() then p.hold_seconds end,
    'moving', (select json_build_object('id', c.id, 'email', c.new_email, 'own', c.asked_by = c.person_id,
        'due_at', c.due_at, 'old_done', c.old_confirmed_at is not null, 'new_done', c.new_confirmed_at is not null)
      from app.email_changes c where c.tenant_id = p.tenant_id and c.person_id = p.id
        and c.done_at is null and c.ended_at is null),
    'sessions', (select coalesce(json_agg(s), '[]') from (
      select s.id, s.browser, s.host, s.created_at, s.seen_at, s.id = auth.session_id() as this
      from app.sessions s
      where s.tenant_id = p.tenant_id and s.person_id = p.id and s.expires_at > now()
        and s.seen_at + s.idle_minutes * interval '1 minute' > now()
      order by s.seen_at desc, s.id limit 50) s))
  from app.people p where p.tenant_id = auth.tenant_id() and p.id = auth.person_id()
$$;

-- Ends one of one's own sessions with those it was handed over to or from, or
-- (null) all of them.
create or replace function app.end_sessions(session bigint) returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
begin
  delete from app.sessions s where s.tenant_id = auth.tenant_id() and s.person_id = auth.person_id()
    and (session is null or coalesce(s.root_id, s.id) = (select coalesce(x.root_id, x.id) from app.sessions x
      where x.tenant_id = auth.tenant_id() and x.person_id = auth.person_id() and x.id = session));
  if not found then
    raise exception using errcode = 'PT404', message = 'no such session';
  end if;
  perform app.record('session.closed', null, null, '{}');
end $$;

-- ---- one's own password, the old one known -------------------------------------

create or replace function app.own_salt() returns json
language sql stable security definer
set search_path = pg_catalog, pg_temp as $$
  select json_build_object('salt', encode(c.salt, 'hex'), 'passes', c.passes, 'memory_kib', c.memory_kib)
  from app.credentials c where c.tenant_id = auth.tenant_id() and c.person_id = auth.person_id()
$$;

-- Ends all other sessions. {"wrong": true} and nothing done for another old one.
create or replace function app.change_password(old_key bytea, salt bytea, passes int,
  memory_kib int, derived_key bytea)
returns json language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
begin
  if not auth.may_try('password', null) then
    return json_build_object('wait', 60);
  elsif not exists (select from app.credentials c where c.tenant_id = auth.tenant_id()
      and c.person_id = auth.person_id() and c.verifier = sha256(old_key)) then
    return json_build_object('wrong', true);
  end if;
  perform app.set_password(auth.person_id(), salt, passes, memory_kib, derived_key);
  delete from app.sessions s where s.tenant_id = auth.tenant_id() and s.person_id = auth.person_id()
    and s.id <> auth.session_id();
  perform app.record('security.password_changed', null, null, jsonb_build_object(
    'people', jsonb_build_array(auth.person_id()), 'portal', auth.portal_id()));
  return '{}';
end $$;

-- ---- an account's people --------------------------------------------------------

-- Does the asker see the people of an account: its administrator, or support at
-- a portal of it that they were let into? Null is the tenant's staff.
create or replace function app.may_see_people(account bigint) returns boolean
language sql stable security definer
set search_path = pg_catalog, pg_temp as $$
  select account is null and auth.rank() >= 3 or account = any (app.administered_accounts())
    or auth.grant_id() is not null and account = auth.account_id()
$$;

-- That account, or a refusal.
create or replace function app.must_see_people(account bigint) returns bigint
language plpgsql stable
set search_path = pg_catalog, pg_temp as $$
begin
  if not coalesce(app.may_see_people(account), false) then
    raise exception using errcode = 'PT403', message = 'not theirs to see';
  end if;
  return account;
end $$;

-- Changes a membership of an account one administers: its role, the sub-portal
-- (null: all), and whether its person was appointed for support; or, by the
-- tenant's administrators, the role of one of its staff.
create or replace function app.change_membership(membership bigint, role text, scope bigint,
  support boolean)
returns json language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  m app.memberships := app.administered_membership(membership, false);
begin
  if role <> all (app.roles_of(m.account_id))
      or (role = 'portal_admin') > (scope is not null) then
    raise exception using errcode = 'PT422', constraint = 'memberships_role_check', message = 'no such role there';
  end if;
  perform app.keeps_an_admin(m, role in ('account_admin', 'tenant_admin'));
  update app.memberships x set role = change_membership.role,
      portal_id = case when m.account_id is not null then scope end, is_support = support and m.account_id is not null
    where x.tenant_id = m.tenant_id and x.id = m.id;
  if (role, scope) is distinct from (m.role, m.portal_id) or m.is_support > support then
    perform app.withdraw_invitations(m);
    perform app.stop_fallen_moves(m.account_id, m.person_id);
  end if;
  perform app.record(case when m.account_id is null then 'staff.changed' else 'membership.changed' end, null, null,
    jsonb_build_object('people', jsonb_build_array(m.person_id),
      'portal', auth.portal_id(), 'person', m.person_id, 'from', m.role, 'to', role, 'support', support));
  return json_build_object('id', m.id);
end $$;

-- Ends one: in force for the very next request, since the door reads what
-- follows from it.
create or replace function app.end_membership(membership bigint) returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  m app.memberships := app.administered_membership(membership, true);
begin
  perform app.keeps_an_admin(m, false);
  delete from app.memberships x where x.tenant_id = m.tenant_id and x.id = m.id;
  perform app.withdraw_invitations(m);
  perform app.stop_fallen_moves(m.account_id, m.person_id);
  if m.account_id is not null then
    perform app.record_account('membership.ended', m.account_id, jsonb_build_object('person', m.person_id,
      'role', m.role, 'account', m.account_id) || app.ended_from_outside(m));
    return;
  end if;
  -- Who is staff no more is shown to no account as a contact.
  delete from app.named_contacts n using app.people p
    where n.tenant_id = m.tenant_id and n.person_id = m.person_id
      and p.tenant_id = n.tenant_id and p.id = n.person_id and p.rank < 2;
  perform app.record('staff.ended', null, null, jsonb_build_object('people', jsonb_build_array(m.person_id),
    'portal', auth.portal_id(), 'person', m.person_id, 'role', m.role));
end $$;

-- A partner's administrators hear when the tenant's end one of its staff.
create or replace function app.ended_from_outside(m app.memberships) returns jsonb
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
begin
  return case when m.account_id = any (app.administered_accounts()) then '{}' else (
    select jsonb_build_object('people', to_jsonb(app.account_admins(m.account_id)),
      'portal', app.top_portal(m.account_id), 'path', '/admin/people',
      'args', jsonb_build_object('account', app.account_name(m.account_id), 'email', p.email, 'by', me.email),
      'words', jsonb_build_object('by', me.name || ' (' || me.email || ')'))
    from app.people p join app.people me on me.tenant_id = p.tenant_id and me.id = auth.person_id()
    where p.tenant_id = m.tenant_id and p.id = m.person_id) end;
end $$;

-- One that the asker may change: of an account they administer, or of the tenant's
-- staff. A partner's staff is ended by the tenant's administrators too, who did
-- not make it what it is and so make nothing else of it.
create or replace function app.administered_membership(membership bigint, to_end boolean) returns app.memberships
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
declare
  m app.memberships;
begin
  select x.* into m from app.memberships x where x.tenant_id = auth.tenant_id() and x.id = membership
    and (x.account_id = any (app.administered_accounts())
      or auth.rank() >= 3 and auth.grant_id() is null and (x.account_id is null or to_end and x.role = 'partner'));
  if not found then
    raise exception using errcode = 'PT404', message = 'no such membership';
  end if;
  return m;
end $$;

-- The roles that somebody of that account (null: of the staff) can have.
create or replace function app.roles_of(account bigint) returns text[]
language sql stable security definer
set search_path = pg_catalog, pg_temp as $$
  select case when account is null then array['agent', 'tenant_admin']
    else array['account_admin', 'portal_admin', 'main_user', 'member']
      || (select array['partner'] from app.accounts a
        where a.tenant_id = auth.tenant_id() and a.id = account and a.is_partner) end
$$;

-- An account, and the tenant, keeps somebody who can look after it. Its row is
-- held, so that two at once can't each take the other away.
create or replace function app.keeps_an_admin(m app.memberships, stays boolean) returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
begin
  if m.account_id is null then
    perform 1 from app.tenants t where t.tenant_id = m.tenant_id for no key update;
  else
    perform 1 from app.accounts a where a.tenant_id = m.tenant_id and a.id = m.account_id for update;
  end if;
  if m.role in ('account_admin', 'tenant_admin') and not stays and not exists (select from app.memberships x
      where x.tenant_id = m.tenant_id and x.account_id is not distinct from m.account_id and x.role = m.role and x.id <> m.id) then
    raise exception using errcode = 'PT422', constraint = 'memberships_last_check', message = 'the last administrator';
  end if;
end $$;
