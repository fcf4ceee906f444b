-- Support contacts: one at least, found by name or typed, and how they fare.

-- The rule, at the end of each transaction. The account's row is locked first:
-- of two who remove the last two at once, the second sees what the first did.
create or replace function app.needs_contact() returns trigger
language plpgsql security definer
set search_path = pg_catalog, pg_temp as $$
declare
  changed jsonb := case when tg_op = 'INSERT' then to_jsonb(new) else to_jsonb(old) end;
  tenant bigint := (changed->>'tenant_id')::bigint;
  account bigint := (changed->>tg_argv[0])::bigint;
begin
  perform from app.accounts a where a.tenant_id = tenant and a.id = account for no key update;
  if found and not exists (select from app.support_contacts c
      where c.tenant_id = tenant and c.account_id = account) then
    raise exception using errcode = 'PT422', constraint = 'accounts_contacts.required',
      message = 'an account has at least one support contact';
  end if;
  return null;
end $$;

-- Who keeps an account's contacts: who looks after it, and its own
-- administrators if its partner made it.
create or replace function app.keeps_contacts(account bigint) returns boolean
language sql stable security definer
set search_path = pg_catalog, pg_temp as $$
  select app.looks_after(account)
    or account = any ((select app.administered_accounts())::bigint[])
      and exists (select from app.accounts a
        where a.tenant_id = (select auth.tenant_id()) and a.id = account and a.by_partner)
$$;

-- Adds addresses, each once; one of the partner's staff is that person. Whoever
-- has not proven theirs is asked first.
create or replace function app.add_contacts(account bigint, added jsonb) returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  one app.support_contacts;
begin
  if jsonb_typeof(added) <> 'array' or exists (select from jsonb_array_elements(added) e
      where jsonb_typeof(e) <> 'string' or not app.is_email(lower(trim(e #>> '{}')))) then
    raise exception using errcode = 'PT422', constraint = 'accounts_contacts.email', message = 'not an e-mail address';
  end if;
  for one in insert into app.support_contacts (tenant_id, account_id, email, person_id, state)
    select auth.tenant_id(), account, e.email, s.id, app.contact_state(account, e.email, s.id)
    from (select distinct lower(trim(x #>> '{}')) as email from jsonb_array_elements(added) x) e
    left join lateral (select p.id from app.accounts a
      join app.people p on p.tenant_id = a.tenant_id and p.email = e.email
      join app.memberships m on m.tenant_id = a.tenant_id and m.person_id = p.id
        and m.account_id = a.partner_id and m.role = 'partner'
      where a.tenant_id = auth.tenant_id() and a.id = account limit 1) s on true
    on conflict do nothing returning * loop
    if one.state = 4 then
      perform app.ask_contact(account, one.email);
    end if;
  end loop;
  if (select count(*) from app.support_contacts c
      where c.tenant_id = auth.tenant_id() and c.account_id = account) > 50 then
    raise exception using errcode = 'PT422', constraint = 'accounts_contacts.too_many', message = 'fifty at most';
  end if;
end $$;

-- What was added and removed since the page was loaded: two who save at once
-- do not undo each other.
create or replace function app.change_contacts(account bigint, added jsonb, removed jsonb, key text)
returns json language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  sent app.sent := app.sent('contacts/' || account, key, concat_ws(E'\n', added::text, removed::text));
begin
  if sent.answer is not null then
    return sent.answer;
  elsif not app.keeps_contacts(account) then
    raise exception using errcode = 'PT403', message = 'keeps no contacts of it';
  elsif jsonb_typeof(removed) <> 'array' then
    raise exception using errcode = 'PT422', constraint = 'accounts_remove_check', message = 'a list of addresses';
  end if;
  perform from app.accounts a where a.tenant_id = auth.tenant_id() and a.id = account for no key update;
  delete from app.support_contacts c
    where c.tenant_id = auth.tenant_id() and c.account_id = account
      and c.email = any (array(select jsonb_array_elements_text(removed)))
      and not added ? c.email;
  perform app.add_contacts(account, added);
  perform app.record_account('account.contacts_changed', account,
    jsonb_build_object('added', added, 'removed', removed));
  perform app.see_to_answers(account);
  return app.remember(sent, json_build_object('contacts', app.contacts_of(account)));
end $$;

-- An account's contacts as its pages show them.
create or replace function app.contacts_of(account bigint) returns json
language sql stable
set search_path = pg_catalog, pg_temp as $$
  select coalesce(json_agg(json_build_object('email', c.email, 'person', c.person_id,
      'name', app.names(array[c.person_id])->(c.person_id::text)->>'name',
      'state', (array['works', 'bounced', 'departed', 'asked', 'declined'])[c.state],
      'state_at', c.state_at, 'answer', c.answer,
      'mail', case when c.state = 4 then app.mail_state(c.event_id) end) order by c.email), '[]')
  from app.support_contacts c
  where c.tenant_id = (select auth.tenant_id()) and c.account_id = account
$$;

-- ---- the people field ----------------------------------------------------------

-- Words without accents and capitals, for comparing.
create or replace function app.plain(t text) returns text
language sql immutable parallel safe
return lower(regexp_replace(normalize(t, NFKD), '[\u0300-\u036f]', '', 'g'));

-- Does each word of the question begin one of the text's, or all of it stand
-- at its beginning?
create or replace function app.begins(t text, question text) returns boolean
language sql immutable parallel safe
return (select bool_and(exists (select from regexp_split_to_table(app.plain(t), '[\s@.,_+-]+') w
      where starts_with(w, q)))
    from regexp_split_to_table(trim(app.plain(question)), '[\s@.,_+-]+') q where q <> '');

-- Staff of partners whose name or address begins so: of an account's partner,
-- for who keeps its contacts; or, for an account that is still to be made, of
-- the partner it will be for (null, for a tenant_admin: of all of them). It
-- begins at the partners' memberships; eight at most.
create or replace function app.find_contacts(question text, account bigint, partner bigint)
returns json language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
declare
  owners bigint[];
begin
  if account is not null and not app.keeps_contacts(account) then
    raise exception using errcode = 'PT403', message = 'keeps no contacts of it';
  end if;
  partner := case when account is null then app.partner_for(partner)
    else (select a.partner_id from app.accounts a where a.tenant_id = auth.tenant_id() and a.id = account) end;
  owners := case when partner is not null then array[partner]
    when auth.rank() >= 3 then array(select a.id from app.accounts a
      where a.tenant_id = auth.tenant_id() and a.is_partner limit 200) end;
  return (select json_build_object('items', coalesce(json_agg(f order by f.name, f.id), '[]')) from (
    select distinct p.name, p.id, p.email, app.account_name(m.account_id) as partner
    from app.memberships m
    join app.people p on p.tenant_id = m.tenant_id and p.id = m.person_id
    where m.tenant_id = auth.tenant_id() and m.account_id = any (owners) and m.role = 'partner'
      and app.begins(p.name || ' ' || p.email, question)
    order by p.name, p.id limit 8) f);
end $$;

-- ---- how they fare (A7) -----------------------------------------------------

-- Says that a contact does not work any more: to its partner's staff, to the
-- account's administrators; and sees to it that somebody answers.
create or replace function app.flag_contact(account bigint, address text, new_state smallint, why text)
returns void language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  a app.accounts;
  place record;
begin
  update app.support_contacts c set state = new_state, state_at = now(), answer = left(why, 500)
    where c.tenant_id = auth.tenant_id() and c.account_id = account and c.email = address
      -- One who has not said yes can only leave.
      and (c.state = 1 or new_state = 3 and c.state <> 3);
  if not found then
    return;
  end if;
  select x.* into strict a from app.accounts x where x.tenant_id = auth.tenant_id() and x.id = account;
  for place in select v.at, v.role, v.path from (values
      (a.partner_id, 'partner', '/accounts/' || a.id), (a.id, 'account_admin', '/admin/contacts')) v(at, role, path)
      where v.at is not null loop
    perform app.record_account(case new_state when 2 then 'contact.bounced' else 'contact.departed' end, account,
      jsonb_build_object('path', place.path, 'portal', app.top_portal(place.at),
        'people', app.staff_of(place.at, place.role, address),
        'args', jsonb_build_object('account', a.name, 'contact', address)));
  end loop;
  perform app.see_to_answers(account);
end $$;

create or replace function app.top_portal(account bigint) returns bigint
language sql stable security definer
set search_path = pg_catalog, pg_temp as $$
  select po.id from app.portals po
  where po.tenant_id = (select auth.tenant_id()) and po.account_id = account and po.parent_id is null
  order by po.created_at, po.id limit 1
$$;

-- Whom a notice is for, but for one address: fifty at most.
create or replace function app.staff_of(account bigint, role text, but text) returns jsonb
language sql stable security definer
set search_path = pg_catalog, pg_temp as $$
  select coalesce(jsonb_agg(s.id), '[]') from (
    select p.id from app.memberships m
    join app.people p on p.tenant_id = m.tenant_id and p.id = m.person_id and p.email <> but
    where m.tenant_id = (select auth.tenant_id()) and m.account_id is not distinct from staff_of.account
      and m.role = staff_of.role
    order by p.id limit 50) s
$$;

-- When nobody works any more for an account, the tenant_admins are told, and
-- what is open with its partner comes to the desk.
create or replace function app.see_to_answers(account bigint) returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  ticket bigint;
begin
  if app.is_reachable(account) then
    return;
  end if;
  -- Told once an hour at most: it may be the last of several to go.
  if not exists (select from app.events e where e.tenant_id = auth.tenant_id()
      and e.account_id = account and e.kind = 'account.unreachable' and e.created_at > now() - interval '1 hour') then
    perform app.record_account('account.unreachable', account, jsonb_build_object(
      'path', '/agent/accounts/' || account, 'people', (select coalesce(jsonb_agg(s.id), '[]') from (
        select p.id from app.people p where p.tenant_id = auth.tenant_id() and p.rank = 3 limit 50) s),
      'args', jsonb_build_object('account', app.account_name(account))));
  end if;
  for ticket in select t.id from app.tickets t
      where t.tenant_id = auth.tenant_id() and t.account_id = account and t.status <= 4 and not t.at_desk loop
    perform app.hand_over(ticket, 'unreachable');
  end loop;
end $$;

-- After a mail to a contact: given up means flagged, taken means it works.
create or replace function app.contact_written_to() returns trigger
language plpgsql security definer
set search_path = pg_catalog, pg_temp as $$
declare
  account bigint := (select t.account_id from app.events e
    join app.tickets t on t.tenant_id = e.tenant_id and t.id = e.ticket_id
    where e.tenant_id = new.tenant_id and e.id = new.event_id);
begin
  if new.state = 2 then
    update app.support_contacts c set state = 1, state_at = now(), answer = null
      where c.tenant_id = new.tenant_id and c.account_id = account and c.email = new.email and c.state = 2;
  else
    perform app.flag_contact(account, new.email, 2::smallint, new.answer);
  end if;
  return null;
end $$;

-- After a change of a partner's staff: who has left is flagged where they are
-- a contact, who comes back works again.
create or replace function app.partner_staff_changed() returns trigger
language plpgsql security definer
set search_path = pg_catalog, pg_temp as $$
declare
  m app.memberships := case when tg_op = 'DELETE' then old else new end;
  c record;
begin
  if tg_op = 'UPDATE' and old.role = 'partner' then
    m := old;
  end if;
  for c in select s.account_id, s.email, exists (select from app.memberships k
        where k.tenant_id = m.tenant_id and k.person_id = m.person_id and k.account_id = m.account_id
          and k.role = 'partner') as is_there
      from app.support_contacts s
      join app.accounts a on a.tenant_id = s.tenant_id and a.id = s.account_id and a.partner_id = m.account_id
      where s.tenant_id = m.tenant_id and s.person_id = m.person_id loop
    if c.is_there then
      update app.support_contacts s set state_at = now(), answer = null,
          state = app.contact_state(s.account_id, s.email, s.person_id)
        where s.tenant_id = m.tenant_id and s.account_id = c.account_id and s.email = c.email and s.state = 3;
    else
      perform app.flag_contact(c.account_id, c.email, 3::smallint, null);
    end if;
  end loop;
  -- The last of the staff need not have been anybody's contact.
  if not exists (select from app.memberships k where k.tenant_id = m.tenant_id
      and k.account_id = m.account_id and k.role = 'partner') then
    perform app.see_to_answers(a.id) from app.accounts a
      where a.tenant_id = m.tenant_id and a.partner_id = m.account_id;
  end if;
  return null;
end $$;
