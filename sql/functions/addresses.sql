-- Moving a login to another address.

-- A link for one side of a move, by mail.
create or replace function app.send_move(c app.email_changes, side text, event text) returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
begin
  perform app.record(event, null, null, jsonb_build_object('path', '/confirm/', 'portal', c.portal_id,
    'one_time', auth.make_secret('address_' || side, c.portal_id, c.person_id,
      case side when 'old' then c.old_email else c.new_email end,
      jsonb_build_object('change', c.id), interval '2 days'),
    -- The new address reads nothing that somebody wrote.
    'args', case side when 'old' then jsonb_build_object('new', c.new_email) else '{}' end));
end $$;

create or replace function app.start_move(person bigint, address text, account bigint, due timestamptz)
returns app.email_changes language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  given text := lower(btrim(address));
  c app.email_changes;
begin
  update app.email_changes x set ended_at = now()
    where x.tenant_id = auth.tenant_id() and x.person_id = person and x.done_at is null and x.ended_at is null;
  insert into app.email_changes (tenant_id, person_id, account_id, portal_id, old_email, new_email, asked_by, due_at)
    select auth.tenant_id(), p.id, account,
      -- Asked at the desk, its links lead to the account's own portal.
      case when auth.account_id() is null and account is not null then app.first_portal(account, null) else auth.portal_id() end,
      p.email, given, auth.person_id(), due
    from app.people p where p.tenant_id = auth.tenant_id() and p.id = person
    returning * into strict c;
  return c;
end $$;

create or replace function app.check_new_address(address text) returns void
language plpgsql immutable
set search_path = pg_catalog, pg_temp as $$
begin
  if not app.is_email(lower(btrim(address))) then
    raise exception using errcode = 'PT422', constraint = 'moves_email_check', message = 'not an address';
  end if;
end $$;

-- One's own: a link to each of the two addresses, and it is done when both
-- have been followed.
create or replace function app.ask_move(address text) returns json
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  c app.email_changes;
begin
  perform app.check_new_address(address);
  if not auth.may_ask('address', lower(btrim(address)), null) then
    return json_build_object('wait', 3600);
  end if;
  c := app.start_move(auth.person_id(), address, null, null);
  perform app.send_move(c, 'old', 'address.change_asked');
  perform app.send_move(c, 'new', 'address.change_new');
  return app.profile();
end $$;

-- An administrator's, for somebody of the account whose mailbox can't be
-- reached: told to the old address and to the administrators. A login opens all
-- that its person may do: who is somebody elsewhere too is not theirs to move.
create or replace function app.move_login(person bigint, account bigint, address text) returns json
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  target app.people := (select p from app.people p where p.tenant_id = auth.tenant_id() and p.id = person
    and p.rank = 1 and p.id <> auth.person_id() and account = any (app.administered_accounts())
    and exists (select from app.memberships m where m.tenant_id = p.tenant_id and m.person_id = p.id
      and m.account_id = account and m.role <> 'partner'));
begin
  perform app.check_new_address(address);
  if target.id is null then
    raise exception using errcode = 'PT404', message = 'nobody of that account';
  elsif exists (select from app.memberships m where m.tenant_id = target.tenant_id and m.person_id = target.id
      and (m.role = 'partner' or m.account_id <> all (app.administered_accounts()))) then
    raise exception using errcode = 'PT422', constraint = 'moves_email.elsewhere', message = 'is somebody elsewhere too';
  elsif not auth.may_ask('address', lower(btrim(address)), null) then
    return json_build_object('wait', 3600);
  end if;
  return app.move_in_a_day(target, account, address, 'address.moving');
end $$;

-- In force tomorrow: whom it is about hears of it at the old address, and so
-- do the administrators.
create or replace function app.move_in_a_day(target app.people, account bigint, address text, event text) returns json
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  c app.email_changes := app.start_move(target.id, address, account, now() + interval '24 hours');
begin
  perform app.send_move(c, 'old', event);
  perform app.record('address.moving_told', null, null, jsonb_build_object('portal', c.portal_id,
    'people', app.admins_of(account), 'path', '/admin/people',
    'words', jsonb_build_object('person', target.name),
    'args', jsonb_build_object('person', c.old_email, 'old', c.old_email, 'new', c.new_email)));
  return json_build_object('id', c.id, 'due_at', c.due_at);
end $$;

-- ---- by the staff that an account is shown ---------------------------------------

-- An administrator who has a way to sign in.
create or replace function app.has_working_admin(account bigint) returns boolean
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
begin
  return exists (select from app.memberships m
    where m.tenant_id = auth.tenant_id() and m.account_id = account and m.role = 'account_admin'
      and (exists (select from app.credentials c where c.tenant_id = m.tenant_id and c.person_id = m.person_id)
        or exists (select from app.passkeys k where k.tenant_id = m.tenant_id and k.person_id = m.person_id)
        or exists (select from app.identities i where i.tenant_id = m.tenant_id and i.person_id = m.person_id)));
end $$;

-- Is that person one of them, and may they move logins that are used at that
-- portal (null: in all of the account)? Only as far as a live grant reaches,
-- or where the account has nobody who could do it.
create or replace function app.contact_may_move(person bigint, account bigint, portal bigint) returns boolean
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
begin
  return exists (select from app.named_contacts n
      join app.people p on p.tenant_id = n.tenant_id and p.id = n.person_id and p.rank >= 2
      where n.tenant_id = auth.tenant_id() and n.account_id = account and n.person_id = person)
    and (not app.has_working_admin(account)
      or exists (select from app.grants g where g.tenant_id = auth.tenant_id() and g.account_id = account
        and auth.grant_opens(g, account, coalesce(portal, app.first_portal(account, null)))));
end $$;

create or replace function app.may_move_in(account bigint, portal bigint) returns boolean
language plpgsql stable
set search_path = pg_catalog, pg_temp as $$
begin
  return auth.is_agent() and auth.grant_id() is null and app.contact_may_move(auth.person_id(), account, portal);
end $$;

-- By addresses: at the desk nobody reads a list of an account's people.
create or replace function app.move_for(account bigint, person text, address text) returns json
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  target app.people;
begin
  perform app.check_new_address(address);
  if not exists (select from app.portals po where po.tenant_id = auth.tenant_id()
      and po.account_id = account and app.may_move_in(account, po.id)) then
    raise exception using errcode = 'PT403', message = 'no grant, or not shown to that account';
  elsif not auth.may_ask('address', lower(btrim(address)), null) then
    return json_build_object('wait', 3600);
  end if;
  select p.* into target from app.people p
    where p.tenant_id = auth.tenant_id() and p.email = lower(btrim(person)) and p.rank = 1
      and exists (select from app.memberships m where m.tenant_id = p.tenant_id and m.person_id = p.id
        and m.account_id = account and m.role <> 'partner' and app.may_move_in(account, m.portal_id));
  if not found then
    raise exception using errcode = 'PT422', constraint = 'moves_person.unknown', message = 'nobody of that account';
  elsif exists (select from app.memberships m where m.tenant_id = target.tenant_id and m.person_id = target.id
      and (m.role = 'partner' or not app.may_move_in(m.account_id, m.portal_id))) then
    raise exception using errcode = 'PT422', constraint = 'moves_person.elsewhere', message = 'is somebody elsewhere too';
  end if;
  return app.move_in_a_day(target, account, address, 'address.moving_by_contact');
end $$;

-- The accounts where the asker may, and what they have begun.
create or replace function app.moves_here() returns json
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
begin
  return json_build_object(
    'accounts', (select coalesce(json_agg(json_build_object('id', a.id, 'name', a.name) order by a.name, a.id), '[]')
      from (select x.id, x.name from app.accounts x where x.tenant_id = auth.tenant_id()
        and x.id in (select n.account_id from app.named_contacts n
          where n.tenant_id = auth.tenant_id() and n.person_id = auth.person_id())
        and exists (select from app.portals po where po.tenant_id = x.tenant_id and po.account_id = x.id
          and app.may_move_in(x.id, po.id))
        order by x.name, x.id limit 200) a),
    'begun', (select coalesce(json_agg(json_build_object('id', c.id, 'account', app.account_name(c.account_id),
        'old', c.old_email, 'email', c.new_email, 'due_at', c.due_at) order by c.due_at, c.id), '[]')
      from (select x.* from app.email_changes x where x.tenant_id = auth.tenant_id() and x.asked_by = auth.person_id()
        and x.account_id is not null and x.done_at is null and x.ended_at is null
        order by x.due_at, x.id limit 50) c));
end $$;

create or replace function app.admins_of(account bigint) returns jsonb
language sql stable security definer
set search_path = pg_catalog, pg_temp as $$
  select coalesce(jsonb_agg(distinct m.person_id), '[]') from app.memberships m
  where m.tenant_id = auth.tenant_id() and m.account_id = account and m.role = 'account_admin'
$$;

-- An administrator other than the one who asked says yes at once; any of them,
-- whom it is about, and whoever asked, stops it.
create or replace function app.decide_move(change bigint, yes boolean) returns json
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  c app.email_changes := (select x from app.email_changes x where x.tenant_id = auth.tenant_id()
    and x.id = change and x.done_at is null and x.ended_at is null
    and (x.account_id = any (app.administered_accounts()) or auth.person_id() in (x.person_id, x.asked_by) and not yes));
begin
  if c.id is null then
    raise exception using errcode = 'PT404', message = 'no such move';
  elsif yes and c.asked_by = auth.person_id() then
    raise exception using errcode = 'PT403', message = 'somebody else must say yes';
  elsif yes then
    perform app.finish_move(c);
  else
    perform app.stop_move(c);
  end if;
  return json_build_object('id', c.id, 'done', app.is_moved(c.id));
end $$;

create or replace function app.is_moved(change bigint) returns boolean
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
begin
  return exists (select from app.email_changes x
    where x.tenant_id = auth.tenant_id() and x.id = change and x.done_at is not null);
end $$;

create or replace function app.stop_move(c app.email_changes) returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
begin
  update app.email_changes x set ended_at = now() where x.tenant_id = c.tenant_id and x.id = c.id
    and x.done_at is null and x.ended_at is null;
  if not found then
    return;
  end if;
  perform app.record('address.move_stopped', null, null, jsonb_build_object('portal', c.portal_id,
    'people', jsonb_build_array(c.person_id) || case when c.account_id is null then '[]' else app.admins_of(c.account_id) end));
end $$;

-- Could whoever began it begin it now? They have what let them, wherever the login
-- opens something, and it is still a customer's. One's own always stands.
create or replace function app.move_stands(c app.email_changes) returns boolean
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
begin
  return c.asked_by = c.person_id
    or exists (select from app.people p where p.tenant_id = c.tenant_id and p.id = c.person_id and p.rank = 1)
      and exists (select from app.memberships m where m.tenant_id = c.tenant_id and m.person_id = c.person_id
        and m.account_id = c.account_id)
      and not exists (select from app.memberships m where m.tenant_id = c.tenant_id and m.person_id = c.person_id
        and (m.role = 'partner' or not exists (select from app.memberships a
            where a.tenant_id = c.tenant_id and a.person_id = c.asked_by
              and a.account_id = m.account_id and a.role = 'account_admin')
          and not app.contact_may_move(c.asked_by, m.account_id, m.portal_id)));
end $$;

-- After what somebody may do has changed, or what an account lets others do: the
-- moves that they began, or that are about them or of that account, and that
-- could not be begun any more.
create or replace function app.stop_fallen_moves(account bigint, person bigint) returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
begin
  perform app.stop_move(c) from app.email_changes c
    where c.tenant_id = auth.tenant_id() and c.done_at is null and c.ended_at is null
      and (c.account_id = account or person in (c.asked_by, c.person_id)) and not app.move_stands(c);
end $$;

-- A login that others moved begins anew: its sessions end and its address is to
-- be confirmed.
create or replace function app.carry_out_move(c app.email_changes) returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  own boolean := c.asked_by = c.person_id;
begin
  update app.people p set email = c.new_email where p.tenant_id = c.tenant_id and p.id = c.person_id;
  update app.email_changes x set done_at = now() where x.tenant_id = c.tenant_id and x.id = c.id;
  if own then
    insert into app.confirmations (tenant_id, person_id, portal_id, email)
      select y.tenant_id, y.person_id, y.portal_id, c.new_email from app.confirmations y
      where y.tenant_id = c.tenant_id and y.person_id = c.person_id and y.email = c.old_email
      on conflict do nothing;
  else
    delete from app.sessions s where s.tenant_id = c.tenant_id and s.person_id = c.person_id;
  end if;
  perform app.move_contact(c.person_id, c.old_email, c.new_email);
  perform app.record('address.changed', null, null, jsonb_build_object('portal', c.portal_id,
    'emails', jsonb_build_array(c.old_email),
    'people', case when own then '[]' else app.admins_of(c.account_id) end,
    'args', jsonb_build_object('new', c.new_email, 'old', c.old_email)));
end $$;

-- The move, if it still stands. Somebody who has that address already keeps it:
-- then it is stopped, and nobody learns why.
create or replace function app.finish_move(c app.email_changes) returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
begin
  if app.move_stands(c) and not exists (select from app.people p
      where p.tenant_id = c.tenant_id and p.email = c.new_email and p.id <> c.person_id) then
    perform app.carry_out_move(c);
  else
    perform app.stop_move(c);
  end if;
end $$;

-- The same when its day has passed, for jobs. What can't be done is over: it
-- must not come first for ever.
create or replace function app.finish_due_move(change bigint) returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  c app.email_changes;
begin
  select x.* into c from app.email_changes x where x.tenant_id = auth.tenant_id() and x.id = change
    and x.due_at <= now() and x.done_at is null and x.ended_at is null for update skip locked;
  if found then
    perform app.finish_move(c);
  end if;
exception when others then
  update app.email_changes x set ended_at = now() where x.tenant_id = c.tenant_id and x.id = c.id;
end $$;

-- ---- links that are followed ----------------------------------------------------

-- What a link asks, for its page: nothing is done before its button.
create or replace function app.link_of(token text, use boolean) returns app.one_time
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  o app.one_time;
  kind text;
begin
  foreach kind in array array['confirmation', 'address_old', 'address_new', 'contact'] loop
    o := auth.spend_secret(kind, token, use);
    exit when o.id is not null;
  end loop;
  if o.portal_id is distinct from auth.portal_id() then
    o := null;
  end if;
  return o;
end $$;

create or replace function app.see_link(token text) returns json
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  o app.one_time := app.link_of(token, false);
begin
  return json_build_object('open', o.id is not null, 'email', o.email,
    'confirmation', o.kind = 'confirmation', 'old', o.kind = 'address_old', 'new', o.kind = 'address_new',
    'contact', o.kind = 'contact', 'account', app.account_name((o.data->>'account')::bigint),
    'by', (select p.name || ' (' || p.email || ')' from app.people p
      where p.tenant_id = o.tenant_id and p.id = (o.data->>'by')::bigint),
    'moved', (select c.new_email from app.email_changes c
      where c.tenant_id = o.tenant_id and c.id = (o.data->>'change')::bigint and o.kind = 'address_old'));
end $$;

create or replace function app.follow_link(token text, stop boolean) returns json
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  o app.one_time := app.link_of(token, false);
  c app.email_changes;
begin
  if o.id is null then
    return json_build_object('status', 410, 'open', false);
  elsif o.kind = 'contact' then
    return app.answer_contact(o, stop);
  end if;
  o := app.link_of(token, true);
  if o.kind = 'confirmation' then
    insert into app.confirmations (tenant_id, person_id, portal_id, email)
      values (o.tenant_id, o.person_id, o.portal_id, o.email) on conflict do nothing;
    return json_build_object('done', true, 'confirmation', true);
  end if;
  update app.email_changes x set
      old_confirmed_at = case when o.kind = 'address_old' then now() else x.old_confirmed_at end,
      new_confirmed_at = case when o.kind = 'address_new' then now() else x.new_confirmed_at end
    where x.tenant_id = o.tenant_id and x.id = (o.data->>'change')::bigint
      and x.done_at is null and x.ended_at is null
    returning x.* into c;
  if c.id is null then
    return json_build_object('status', 410, 'open', false);
  elsif stop then
    perform app.stop_move(c);
    return json_build_object('done', true, 'stopped', true);
  elsif c.asked_by <> c.person_id or c.old_confirmed_at is not null and c.new_confirmed_at is not null then
    perform app.finish_move(c);
    return case when app.is_moved(c.id) then json_build_object('done', true, 'moved', c.new_email)
      else json_build_object('done', true, 'stopped', true) end;
  end if;
  return json_build_object('done', true, 'half', true);
end $$;
