-- Inviting people, and what an invitation becomes.

-- The portal where somebody of that role begins.
create or replace function app.first_portal(account bigint, scope bigint) returns bigint
language sql stable security definer
set search_path = pg_catalog, pg_temp as $$
  select coalesce(scope, (select po.id from app.portals po
    where po.tenant_id = (select auth.tenant_id()) and po.account_id is not distinct from account
      and po.parent_id is null order by po.created_at, po.id limit 1))
$$;

-- The mail, anew: the link before it is no longer good.
create or replace function app.send_invitation(invitation bigint) returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  i app.invitations;
  secret bigint;
begin
  update app.invitations x set expires_at = now() + interval '14 days'
    where x.tenant_id = auth.tenant_id() and x.id = invitation returning x.* into strict i;
  secret := auth.make_secret('invitation', i.portal_id, null, i.email, null, interval '14 days');
  perform app.record('person.invited', null, null, jsonb_build_object('one_time', secret,
    'portal', i.portal_id, 'path', '/invite/'));
  update app.invitations x set event_id = currval(pg_get_serial_sequence('app.events', 'id'))
    where x.tenant_id = i.tenant_id and x.id = i.id;
end $$;

-- May the asker offer something else than that open invitation does: their own,
-- or one that offers nothing they could not?
create or replace function app.may_replace(i app.invitations) returns boolean
language sql stable security definer
set search_path = pg_catalog, pg_temp as $$
  select i.invited_by = auth.person_id()
    or coalesce(app.may_invite(i.role, i.account_id, i.scope_id), false)
      and (not i.is_support or i.account_id = any (app.administered_accounts()))
$$;

-- The open invitation of an address at that portal: made, or what it offers changed.
-- Null: somebody offers more already.
create or replace function app.offer(address text, role text, account bigint, scope bigint, support boolean)
returns bigint language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  made bigint;
begin
  insert into app.invitations as i (tenant_id, email, role, is_support, account_id, portal_id,
      scope_id, invited_by, expires_at)
    values (auth.tenant_id(), address, role, support, account,
      app.first_portal(account, scope), scope, auth.person_id(), now())
    on conflict (tenant_id, email, portal_id) where accepted_at is null and withdrawn_at is null
      do update set role = excluded.role, is_support = excluded.is_support,
        scope_id = excluded.scope_id, invited_by = excluded.invited_by
      -- Asked again: it may have come since.
      where app.may_replace(i)
    returning i.id into made;
  return made;
end $$;

-- One open invitation an address and portal: a second one is the first, sent
-- again with the role that is meant now.
create or replace function app.invite(address text, role text, account bigint, scope bigint,
  support boolean, key text)
returns json language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  sent app.sent := app.sent('invitations', key, concat_ws('|', address, role, account, scope, support));
  given text := lower(btrim(address));
  made bigint;
begin
  if sent.answer is not null then
    return sent.answer;
  elsif not app.is_email(given) then
    raise exception using errcode = 'PT422', constraint = 'invitations_email_check', message = 'not an address';
  elsif not coalesce(app.may_invite(role, account, scope), false) then
    if app.brings_in_first(role, account) and app.has_working_admin(account) then
      raise exception using errcode = 'PT422', constraint = 'invitations_account.has_admin', message = 'it has administrators';
    end if;
    raise exception using errcode = 'PT403', message = 'not theirs to invite';
  elsif exists (select from app.people p join app.memberships m on m.tenant_id = p.tenant_id and m.person_id = p.id
      where p.tenant_id = auth.tenant_id() and p.email = given and m.role = invite.role
        and m.account_id is not distinct from account and m.portal_id is not distinct from scope) then
    raise exception using errcode = 'PT422', constraint = 'invitations_email.member', message = 'is here already';
  elsif support and not coalesce(account = any (app.administered_accounts()), false) then
    raise exception using errcode = 'PT422', constraint = 'invitations_support.administrators',
      message = 'appointed by administrators of the account';
  elsif exists (select from app.invitations i where i.tenant_id = auth.tenant_id() and i.email = given
      and i.portal_id = app.first_portal(account, scope) and i.accepted_at is null and i.withdrawn_at is null
      and not app.may_replace(i)) then
    raise exception using errcode = 'PT422', constraint = 'invitations_email.stronger', message = 'somebody offers more';
  elsif not auth.may_ask('invitation', given, null) then
    return json_build_object('wait', 3600);
  end if;
  made := app.offer(given, role, account, scope, coalesce(support, false));
  if made is null then
    raise exception using errcode = 'PT422', constraint = 'invitations_email.stronger', message = 'somebody offers more';
  end if;
  perform app.send_invitation(made);
  return app.remember(sent, json_build_object('id', made, 'email', given));
end $$;

-- One's own, and those of the accounts one administers.
create or replace function app.may_see_invitation(i app.invitations) returns boolean
language sql stable security definer
set search_path = pg_catalog, pg_temp as $$
  select i.tenant_id = auth.tenant_id() and auth.grant_id() is null
    and (i.invited_by = auth.person_id() or i.account_id = any (app.administered_accounts())
      or i.account_id is null and auth.rank() >= 3)
$$;

create or replace function app.change_invitation(invitation bigint, again boolean) returns json
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  i app.invitations := (select x from app.invitations x
    where x.tenant_id = auth.tenant_id() and x.id = invitation and app.may_see_invitation(x)
      and x.accepted_at is null and x.withdrawn_at is null);
begin
  if i.id is null then
    raise exception using errcode = 'PT404', message = 'no such invitation';
  elsif not again then
    update app.invitations x set withdrawn_at = now() where x.tenant_id = i.tenant_id and x.id = i.id;
    perform app.record('person.uninvited', null, null, jsonb_build_object('email', i.email));
  elsif not auth.may_ask('invitation', i.email, null) then
    return json_build_object('wait', 3600);
  else
    perform app.send_invitation(i.id);
  end if;
  return json_build_object('id', i.id);
end $$;

-- Sent, bounced, expired: how far an open invitation is, and its mail
-- (app.mail_state()).
create or replace function app.invitation_state(i app.invitations) returns text
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
begin
  return case when i.accepted_at is not null then 'accepted'
    when i.withdrawn_at is not null then 'withdrawn'
    when i.expires_at < now() then 'expired'
    else coalesce(app.mail_state(i.event_id), 'sending') end;
end $$;

-- ---- the invited side ----------------------------------------------------------

-- What a mail's link opens: an invitation, or the proof of an address of
-- somebody who registers themselves. Null: nothing, or nothing any more.
create or replace function app.invitation_of(token text, use boolean) returns app.one_time
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  secret app.one_time := auth.spend_secret('invitation', token, use);
begin
  if secret.id is null then
    secret := auth.spend_secret('registration', token, use);
  end if;
  if secret.portal_id is distinct from auth.portal_id()
      or secret.kind = 'invitation' and not exists (select from app.invitations i
        where i.tenant_id = auth.tenant_id() and i.email = secret.email and i.portal_id = secret.portal_id
          and i.accepted_at is null and i.withdrawn_at is null and app.is_offered(i) and i.expires_at > now()) then
    secret := null;
  end if;
  return secret;
end $$;

create or replace function app.see_invitation(token text) returns json
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  secret app.one_time := app.invitation_of(token, false);
begin
  return json_build_object('open', secret.id is not null, 'email', secret.email,
    'known', exists (select from app.people p
      join app.credentials c on c.tenant_id = p.tenant_id and c.person_id = p.id
      where p.tenant_id = auth.tenant_id() and p.email = secret.email));
end $$;

-- Makes of all open invitations of an address at this portal what they offer,
-- and the person where there is none. Null: there was none to accept.
create or replace function app.accept_invitations(address text, person bigint, name text)
returns bigint language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  who bigint := person;
  i app.invitations;
begin
  for i in
    update app.invitations x set accepted_at = now()
      where x.tenant_id = auth.tenant_id() and x.email = address and x.portal_id = auth.portal_id()
        and x.accepted_at is null and x.withdrawn_at is null and app.is_offered(x) and x.expires_at > now()
      returning x.* loop
    who := coalesce(who, app.new_person(address, name));
    insert into app.memberships as m (tenant_id, person_id, role, account_id, portal_id, is_support)
      values (i.tenant_id, who, i.role, i.account_id, i.scope_id, i.is_support)
      on conflict (tenant_id, person_id, role, account_id, portal_id)
        do update set is_support = m.is_support or excluded.is_support;
    perform app.record_account('person.joined', i.account_id,
      jsonb_build_object('person', who, 'role', i.role) || app.joined_as_admin(i, who));
    perform app.join_pending(i.id, who);
  end loop;
  return who;
end $$;

-- The other administrators of an account hear of a new one, and who invited them.
create or replace function app.joined_as_admin(i app.invitations, who bigint) returns jsonb
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
begin
  return case when i.role <> 'account_admin' then '{}' else (
    select jsonb_build_object('people', to_jsonb(array_remove(app.account_admins(i.account_id), who)),
      'portal', app.top_portal(i.account_id), 'path', '/admin/people',
      'args', jsonb_build_object('account', app.account_name(i.account_id), 'email', i.email, 'by', p.email),
      'words', jsonb_build_object('by', p.name || ' (' || p.email || ')'))
    from app.people p where p.tenant_id = i.tenant_id and p.id = i.invited_by) end;
end $$;

-- Without a name the address's first part stands for one until they tell it.
create or replace function app.new_person(address text, name text) returns bigint
language sql volatile security definer
set search_path = pg_catalog, pg_temp as $$
  insert into app.people (tenant_id, email, name)
    values (auth.tenant_id(), address, coalesce(nullif(btrim(name), ''), split_part(address, '@', 1)))
    returning id
$$;

-- Accepts with a name and a password, and signs in. Whoever has a password
-- already only gets what they were offered: they sign in as they do.
create or replace function app.accept_invitation(token text, name text, locale text, client text, salt bytea,
  passes int, memory_kib int, derived_key bytea, token_hash bytea, old_token bytea, browser text)
returns json language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  secret app.one_time;
  who bigint;
begin
  if not auth.may_try('invite', client) then
    return json_build_object('wait', 60);
  end if;
  secret := app.invitation_of(token, false);
  select p.id into who from app.people p where p.tenant_id = auth.tenant_id() and p.email = secret.email;
  if secret.id is null then
    return json_build_object('status', 410, 'open', false);
  elsif derived_key is null and not exists (select from app.credentials c
      where c.tenant_id = auth.tenant_id() and c.person_id = who) then
    return json_build_object('status', 422, 'open', true, 'email', secret.email,
      'faults', json_build_object('password', true));
  end if;
  secret := app.invitation_of(token, true);
  if secret.kind = 'registration' then
    who := app.join_by_registration(secret.email, who, name);
  else
    who := app.accept_invitations(secret.email, who, name);
  end if;
  perform app.confirm_address(who, secret.email);
  if exists (select from app.credentials c where c.tenant_id = auth.tenant_id() and c.person_id = who) then
    return json_build_object('to', '/sign-in?to=/');
  end if;
  update app.people p set name = coalesce(nullif(btrim(accept_invitation.name), ''), p.name),
      locale = case when accept_invitation.locale = any (coalesce(app.languages_of(auth.portal_id()), array[accept_invitation.locale]))
        then accept_invitation.locale else p.locale end
    where p.tenant_id = auth.tenant_id() and p.id = who;
  perform app.set_password(who, salt, passes, memory_kib, derived_key);
  return json_build_object('session', auth.open_session(who, token_hash, old_token, browser));
end $$;

-- A new link for an address whose invitation is over: the same answer and work
-- for any address.
create or replace function app.ask_invitation(address text, client text) returns json
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  given text := lower(btrim(address));
  secret bigint;
begin
  if not app.is_email(given) then
    return json_build_object('status', 422, 'email', address, 'faults', json_build_object('email', true));
  elsif not auth.may_ask('invitation-again', given, client) then
    return json_build_object('wait', 900);
  end if;
  -- Whether there is one, and is still offered, is looked at when the mail is made
  -- (app.renew_invitation()): here it would take a time that tells.
  secret := auth.make_secret('invitation', auth.portal_id(), null, given, null, interval '14 days');
  perform app.record('person.invited', null, null, jsonb_build_object('one_time', secret, 'known', true,
    'portal', auth.portal_id(), 'path', '/invite/'));
  return json_build_object('asked', true, 'email', given);
end $$;

-- An invitation that was asked for once more is good for as long as its new link.
create or replace function app.renew_invitation(event bigint) returns void
language sql volatile security definer
set search_path = pg_catalog, pg_temp as $$
  update app.invitations i set expires_at = o.expires_at
    from app.events e join app.one_time o on o.tenant_id = e.tenant_id and o.id = (e.data->>'one_time')::bigint
    where e.tenant_id = auth.tenant_id() and e.id = event and e.kind = 'person.invited' and (e.data->>'known')::boolean
      and i.tenant_id = e.tenant_id and i.email = o.email and i.portal_id = o.portal_id
      and i.accepted_at is null and i.withdrawn_at is null and app.is_offered(i)
$$;

-- ---- registering ----------------------------------------------------------------

-- May that address register at this portal? Only an account's has members.
create or replace function app.may_register(address text) returns boolean
language sql stable security definer
set search_path = pg_catalog, pg_temp as $$
  select auth.account_id() is not null and case app.setting('registration')
    when 'open' then true
    when 'domain' then split_part(address, '@', 2) = any (string_to_array(app.setting('registration_domains'), ' '))
    else false end
$$;

create or replace function app.register(address text, client text) returns json
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  given text := lower(btrim(address));
  page jsonb := app.registration()::jsonb || jsonb_build_object('email', given);
begin
  if not app.is_email(given) then
    return page || jsonb_build_object('status', 422, 'faults', jsonb_build_object('email', true));
  elsif not app.may_register(given) then
    return page || jsonb_build_object('status', 422, 'faults', jsonb_build_object('domain', true));
  elsif not auth.may_ask('registration', given, client) then
    return json_build_object('wait', 900);
  end if;
  perform app.record('person.registering', null, null, jsonb_build_object('path', '/invite/',
    'portal', auth.portal_id(), 'one_time', auth.make_secret('registration', auth.portal_id(), null,
      given, null, interval '2 days')));
  return page || jsonb_build_object('asked', true);
end $$;

create or replace function app.registration() returns json
language sql stable
set search_path = pg_catalog, pg_temp as $$
  select json_build_object('mode', x.mode, 'open', x.mode in ('open', 'domain'),
    'closed', x.mode = 'closed' and (select auth.account_id()) is not null,
    'domains', case x.mode when 'domain' then replace(app.setting('registration_domains'), ' ', ', ') end)
  from (select case when (select auth.account_id()) is null then 'closed' else app.setting('registration') end as mode) x
$$;

-- What holds is asked again: the setting may have changed since the mail.
create or replace function app.join_by_registration(address text, person bigint, name text)
returns bigint language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  who bigint := person;
  below bigint := (select po.id from app.portals po where po.tenant_id = auth.tenant_id()
    and po.id = auth.portal_id() and po.parent_id is not null);
begin
  if not app.may_register(address) then
    raise exception using errcode = 'PT403', message = 'registration is closed';
  end if;
  who := coalesce(who, app.new_person(address, name));
  insert into app.memberships (tenant_id, person_id, role, account_id, portal_id)
    select auth.tenant_id(), who, 'member', auth.account_id(), below
    where not exists (select from app.memberships m where m.tenant_id = auth.tenant_id()
      and m.person_id = who and m.account_id = auth.account_id()
      and (m.portal_id is null or m.portal_id = below));
  perform app.record('person.joined', null, null, jsonb_build_object('person', who, 'role', 'member'));
  return who;
end $$;
