-- Who may be written to (P9): an address reads what people write once
-- somebody has proven that they read it, and, as a support contact, has said yes.

-- Has that person proven that address?
create or replace function app.is_proven(person bigint, address text) returns boolean
language plpgsql stable as $$
begin
  return exists (select from app.confirmations c
    where c.tenant_id = (select auth.tenant_id()) and c.person_id = is_proven.person and c.email = is_proven.address);
end $$;

-- How far an event's one mail is. Null: there is no event, or it is so long ago
-- that nobody knows any more (jobs.sweep()). Only what the receiving server
-- refused has bounced: the others never came to it, since what they tell was
-- over, or for want of a server.
create or replace function app.mail_state(event bigint) returns text
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
begin
  return case when event is not null then coalesce((
    select case d.state when 1 then 'sending' when 2 then 'sent' when 4 then 'late'
      else case when d.answer ~ '^[45][0-9][0-9]' then 'bounced' else 'unsent' end end
    from app.deliveries d where d.tenant_id = auth.tenant_id() and d.event_id = event limit 1),
    case when not exists (select from app.events e where e.tenant_id = auth.tenant_id() and e.id = event
      and e.created_at < now() - interval '90 days') then 'sending' end) end;
end $$;

-- What a contact begins as: whoever said no to this account keeps to it, staff
-- with a proven address works, everybody else is asked.
create or replace function app.contact_state(account bigint, address text, person bigint) returns smallint
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
begin
  return case when exists (select from app.contact_refusals r where r.tenant_id = auth.tenant_id()
        and r.email = address and r.account_id = account) then 5
      when app.is_proven(person, address) then 1 else 4 end;
end $$;

-- The mail that asks a contact: by whose address they were named, and nothing that
-- anybody wrote. About whom it is, the page behind its link says. False: too many
-- were sent. (jobs see to what an address gets from all tenants, and that nobody
-- who said never is asked.)
create or replace function app.ask_contact(account bigint, address text) returns boolean
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  portal bigint := app.top_portal(account);
begin
  if not auth.may_ask('contact', address, null) then
    return false;
  end if;
  perform app.record_account('contact.asked', account, jsonb_build_object('portal', portal, 'path', '/confirm/',
    'one_time', auth.make_secret('contact', portal, null, address,
      jsonb_build_object('account', account, 'by', auth.person_id()), interval '14 days'),
    'args', jsonb_build_object('contact', address,
      'by', (select p.email from app.people p where p.tenant_id = auth.tenant_id() and p.id = auth.person_id()))));
  update app.support_contacts c set event_id = currval(pg_get_serial_sequence('app.events', 'id'))
    where c.tenant_id = auth.tenant_id() and c.account_id = account and c.email = address;
  return true;
end $$;

-- The same again, by whoever keeps the account's contacts.
create or replace function app.ask_contact_again(account bigint, address text) returns json
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
begin
  if not app.keeps_contacts(account) then
    raise exception using errcode = 'PT403', message = 'keeps no contacts of it';
  elsif not exists (select from app.support_contacts c where c.tenant_id = auth.tenant_id()
      and c.account_id = account and c.email = lower(trim(address)) and c.state = 4) then
    raise exception using errcode = 'PT404', message = 'nobody who is to be asked';
  elsif not app.ask_contact(account, lower(trim(address))) then
    return json_build_object('wait', 3600);
  end if;
  return json_build_object('contacts', app.contacts_of(account));
end $$;

-- Their answer, by the link: good for as long as the link is, so that it may be
-- changed. Yes proves the address of whoever it is.
create or replace function app.answer_contact(link app.one_time, no boolean) returns json
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  account bigint := (link.data->>'account')::bigint;
  person bigint;
begin
  if no then
    insert into app.contact_refusals (tenant_id, email, account_id)
      values (link.tenant_id, link.email, account) on conflict do nothing;
  else
    delete from app.contact_refusals r
      where r.tenant_id = link.tenant_id and r.email = link.email and r.account_id = account;
  end if;
  update app.support_contacts c set state = case when no then 5 else 1 end, state_at = now(), answer = null
    where c.tenant_id = link.tenant_id and c.account_id = account and c.email = link.email and c.state <> 3
    returning c.person_id into person;
  if not found and not no then
    return json_build_object('status', 410, 'open', false);
  elsif not no and person is not null then
    perform app.confirm_address(person, link.email);
  end if;
  perform app.record_account(case when no then 'contact.declined' else 'contact.accepted' end, account,
    jsonb_build_object('email', link.email));
  perform app.see_to_answers(account);
  return json_build_object('done', true, 'email', link.email, 'account', app.account_name(account),
    'refused', no, 'accepted', not no);
end $$;

-- After an address is proven: where its person is a contact, they work.
create or replace function app.address_proven() returns trigger
language plpgsql security definer
set search_path = pg_catalog, pg_temp as $$
begin
  update app.support_contacts c set state = 1, state_at = now(), answer = null
    where c.tenant_id = new.tenant_id and c.person_id = new.person_id and c.email = new.email and c.state = 4;
  return null;
end $$;

-- A contact goes where its person's login goes; one that others moved proves
-- the new address first.
create or replace function app.move_contact(person bigint, old_email text, new_email text) returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  account bigint;
begin
  delete from app.support_contacts c
    where c.tenant_id = auth.tenant_id() and c.person_id = person and c.email = old_email
      and exists (select from app.support_contacts o where o.tenant_id = c.tenant_id
        and o.account_id = c.account_id and o.email = new_email);
  for account in
    update app.support_contacts c set email = new_email, state_at = now(), answer = null, event_id = null,
        state = case when c.state = 3 then 3 else app.contact_state(c.account_id, new_email, person) end
      where c.tenant_id = auth.tenant_id() and c.person_id = person and c.email = old_email
      returning c.account_id loop
    perform app.see_to_answers(account);
  end loop;
end $$;

-- Who is written to meanwhile: those of its partner's staff who read their mail.
create or replace function app.reading_staff(partner bigint) returns setof bigint
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
begin
  return query
    select p.id from app.memberships m
    join app.people p on p.tenant_id = m.tenant_id and p.id = m.person_id
    where m.tenant_id = (select auth.tenant_id()) and m.account_id = partner and m.role = 'partner'
      and app.is_proven(p.id, p.email)
    order by p.id limit 50;
end $$;
create or replace function app.stand_ins(account bigint) returns setof bigint
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
declare
  partner bigint := app.account_partner(account);
begin
  if partner is not null and app.awaits_contacts(account) then
    return query select app.reading_staff(partner);
  end if;
end $$;

-- The same in names, for the account's people, of a report that is the tenant's
-- or not (null: of a new one). Null: its contacts are not waited for.
create or replace function app.written_to_instead(account bigint, at_desk boolean) returns json
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
declare
  partner bigint;
  partner_name text;
  tenant_name text;
begin
  if not app.awaits_contacts(account) then
    return null;
  end if;
  partner := app.account_partner(account);
  if partner is not null and exists (select from app.reading_staff(partner)) then
    partner_name := app.account_name(partner);
  end if;
  if coalesce(at_desk, app.begins_at_desk(account)) then
    tenant_name := app.tenant_name();
  end if;
  return (select json_agg(json_build_object('name', w.name) order by w.n)
    from (values (1, partner_name), (2, tenant_name)) w (n, name) where w.name is not null);
end $$;
