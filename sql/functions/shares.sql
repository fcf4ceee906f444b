-- Who else is in a ticket: people of its account, and the tenant's staff named
-- to that, each with a row of ticket_access of their own, by which they see the
-- ticket; or all of its account. Whoever is added by name follows it, too
-- (functions/followers.sql); whoever is not there yet is invited first
-- (functions/pending.sql).

-- May a person join tickets that an account has at a portal? Null; or
-- 'not_allowed', for one of the account's people who may not use support; or
-- 'outside', for everybody else, known elsewhere or to nobody: the answer must
-- not tell which.
create or replace function app.may_join(person bigint, account bigint, portal bigint) returns text
language sql stable security definer
set search_path = pg_catalog, pg_temp as $$
  select case
    when exists (select from app.named_contacts c
      join app.people p on p.tenant_id = c.tenant_id and p.id = c.person_id and p.rank >= 2
      where c.tenant_id = (select auth.tenant_id()) and c.account_id = account and c.person_id = person) then null
    when count(*) = 0 then 'outside'
    when bool_or(app.roles_allow(array[m.role] || case when m.is_support then array['support_user'] else '{}' end,
      app.setting_at('support_users', account, coalesce(m.portal_id, portal)))) then null
    else 'not_allowed' end
  from app.memberships m
  where m.tenant_id = (select auth.tenant_id()) and m.person_id = person and m.account_id = account
$$;

-- Is somebody in an account's tickets for support, and not as one of its people?
create or replace function app.is_support_in(person bigint, account bigint) returns boolean
language sql stable
return exists (select from app.people p
    where p.tenant_id = (select auth.tenant_id()) and p.id = person and p.rank >= 2)
  and not exists (select from app.memberships m
    where m.tenant_id = (select auth.tenant_id()) and m.person_id = person and m.account_id = account);

-- Those of a list of addresses: who is there, and the addresses of who is not and
-- may be invited; or a refusal that tells of each that may not join why, and the
-- name of a colleague. Staff joins what is at the desk: before that a report is
-- its partner's (A4).
create or replace function app.chosen_people(cc jsonb, account bigint, portal bigint, at_desk boolean,
  out ids bigint[], out asked text[])
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
declare
  refused json;
  brings boolean;
begin
  if jsonb_typeof(cc) <> 'array' then
    raise exception using errcode = 'PT422', constraint = 'tickets_cc.type', message = 'a list of addresses';
  elsif jsonb_array_length(cc) > 20 then
    raise exception using errcode = 'PT422', constraint = 'tickets_cc.too_many', message = 'twenty at most';
  end if;
  brings := coalesce(app.may_invite('member', account, app.joiners_scope(account, portal)), false);
  select coalesce(array_agg(c.id) filter (where c.why is null), '{}'),
      coalesce(array_agg(c.email order by c.n) filter (where c.why = 'outside' and brings), '{}'),
      json_agg(json_build_object('field', 'cc', 'code', c.why,
        'detail', left(c.email, case c.why when 'email' then 64 else 254 end),
        'name', case when c.why in ('not_allowed', 'not_at_desk') then c.name end) order by c.n)
        filter (where c.why is not null and not (c.why = 'outside' and brings))
    into ids, asked, refused
    from (select e.email, e.n, p.id, p.name, case when not app.is_email(e.email) then 'email'
          when p.id is null then 'outside' else coalesce(app.may_join(p.id, account, portal),
            case when not at_desk and app.is_support_in(p.id, account) then 'not_at_desk' end) end as why
      from (select lower(trim(coalesce(x #>> '{}', ''))) as email, min(n) as n
        from jsonb_array_elements(cc) with ordinality a(x, n) group by 1) e
      left join app.people p on p.tenant_id = auth.tenant_id() and p.email = e.email) c;
  if refused is not null then
    raise exception using errcode = 'PT422', message = 'some may not join', detail = refused::text;
  end if;
end $$;

-- How many more a ticket may have: twenty, and who opened it, with those who are asked.
create or replace function app.room_in(ticket bigint) returns bigint
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
begin
  return 21 - (select count(*) from app.ticket_access a where a.tenant_id = auth.tenant_id()
      and a.ticket_id = ticket and a.principal % 4 = 0)
    - (select count(*) from app.pending_shares s
      join app.invitations i on i.tenant_id = s.tenant_id and i.id = s.invitation_id and i.expires_at > now()
      where s.tenant_id = auth.tenant_id() and s.ticket_id = ticket);
end $$;

create or replace function app.must_have_room(ticket bigint) returns void
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
begin
  if app.room_in(ticket) < 0 then
    raise exception using errcode = 'PT422', constraint = 'tickets_cc.too_many', message = 'twenty at most';
  end if;
end $$;

-- Gives them their rows: who is new in it. Twenty at most, beside who opened it
-- and with those who are only asked.
-- Their memberships are held meanwhile: who is of the account no more when it comes
-- to that gets none.
create or replace function app.add_people(ticket bigint, ids bigint[]) returns bigint[]
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  added bigint[];
begin
  perform from app.memberships m where m.tenant_id = auth.tenant_id() and m.person_id = any (ids) for share;
  with a as (
    insert into app.ticket_access (tenant_id, ticket_id, principal, updated_at)
      select t.tenant_id, t.id, app.principal(i, 0), t.updated_at
      from app.tickets t cross join unnest(ids) i
      where t.tenant_id = auth.tenant_id() and t.id = ticket and app.may_join(i, t.account_id, t.portal_id) is null
      on conflict do nothing returning principal / 4 as id)
  select coalesce(array_agg(a.id), '{}') into added from a;
  -- Who opened it and came back may be one too many: that refuses nobody else's words.
  if added <> '{}' then
    perform app.must_have_room(ticket);
  end if;
  insert into app.followers (tenant_id, ticket_id, person_id)
    select auth.tenant_id(), add_people.ticket, i from unnest(added) i
    where i <> (select t.requester_id from app.tickets t where t.tenant_id = auth.tenant_id() and t.id = ticket)
    on conflict do nothing;
  return added;
end $$;

-- Are the account's tickets one's own organisation's, to share? Its body becomes
-- part of the query that asks.
create or replace function app.may_share(account bigint) returns boolean
language sql stable
return coalesce(app.principal(account, 1) = any (auth.principals()), false);

-- A ticket whose people the asker may change, held until the end, so that two
-- who add at once do not pass the limit together.
create or replace function app.ticket_to_share(ticket bigint) returns app.tickets
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  t app.tickets;
begin
  if not app.sees(ticket) then
    raise exception using errcode = 'PT404', message = 'no such ticket';
  end if;
  select x.* into strict t from app.tickets x
    where x.tenant_id = auth.tenant_id() and x.id = ticket for no key update;
  if not app.may_share(t.account_id) then
    raise exception using errcode = 'PT403', message = 'not of its organisation';
  end if;
  perform app.must_use_support();
  return t;
end $$;

create or replace function app.share_ticket(ticket bigint, cc jsonb) returns json
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  t app.tickets := app.ticket_to_share(ticket);
  added bigint[] := app.add_by_address(ticket, cc, t.account_id, t.portal_id, t.at_desk);
begin
  if added <> '{}' then
    -- Their mail shows what was asked.
    perform app.record('ticket.shared', ticket, (select c.id from app.comments c
      where c.tenant_id = t.tenant_id and c.ticket_id = t.id and not c.is_internal order by c.id limit 1),
      jsonb_build_object('joined', to_jsonb(added)));
  end if;
  return app.ticket_lists(ticket);
end $$;

-- Shows it to all of its own account, or no more. That is nobody's mail.
create or replace function app.share_with_account(ticket bigint, account bigint) returns json
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  t app.tickets := app.ticket_to_share(ticket);
begin
  if account <> t.account_id then
    raise exception using errcode = 'PT422', constraint = 'tickets_account.choice', message = 'only its own account';
  end if;
  insert into app.ticket_access (tenant_id, ticket_id, principal, updated_at)
    values (t.tenant_id, t.id, app.principal(account, 1), t.updated_at) on conflict do nothing;
  if found then
    perform app.record('ticket.shared', ticket, null, jsonb_build_object('account', account));
  end if;
  return app.ticket_lists(ticket);
end $$;

-- Takes one of a ticket's shares away, which everybody may who sees it, oneself
-- included: the page says before who loses access (app.who_loses()). Who
-- opened it stays in it.
create or replace function app.unshare(ticket bigint, principal bigint, left_by jsonb) returns json
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  t app.tickets := app.seen_ticket(ticket);
begin
  perform app.must_use_support();
  perform from app.tickets x where x.tenant_id = t.tenant_id and x.id = t.id for no key update;
  if principal = app.principal(t.requester_id, 0) then
    raise exception using errcode = 'PT422', constraint = 'tickets_person.requester', message = 'opened it';
  end if;
  delete from app.ticket_access a
    where a.tenant_id = t.tenant_id and a.ticket_id = t.id and a.principal = unshare.principal;
  if found then
    perform app.drop_followers(ticket);
    perform app.record('ticket.unshared', ticket, null, left_by);
  end if;
  return case when app.sees(ticket) then app.ticket_lists(ticket) else '{"gone": true}' end;
end $$;

create or replace function app.unshare_ticket(ticket bigint, person bigint) returns json
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
begin
  return app.unshare(ticket, app.principal(person, 0), jsonb_build_object('left', person));
end $$;

create or replace function app.unshare_account(ticket bigint, account bigint) returns json
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
begin
  return app.unshare(ticket, app.principal(account, 1), jsonb_build_object('account', account));
end $$;

-- Eight at most: the people of a ticket's account (null: of the one here) whose
-- name or address begins so, and, where support has it, the staff named to it;
-- without a question these alone. may is false for who may not use support; invite is true for
-- who may add somebody who is not there yet.
create or replace function app.find_colleagues(question text, ticket bigint) returns json
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
declare
  account bigint := auth.account_id();
  portal bigint := auth.portal_id();
  at_desk boolean;
begin
  if ticket is not null then
    select t.account_id, t.portal_id, t.at_desk into account, portal, at_desk from app.tickets t
      where t.tenant_id = auth.tenant_id() and t.id = ticket and app.sees(ticket);
  else
    at_desk := app.begins_at_desk(account);
  end if;
  if not app.may_share(account) then
    raise exception using errcode = 'PT403', message = 'not of its organisation';
  end if;
  return (select json_build_object('items', coalesce(json_agg(json_build_object('id', f.id, 'name', f.name,
      'email', f.email, 'kind', f.kind, 'may', app.may_join(f.id, account, portal) is null) order by f.name, f.id), '[]'),
      'invite', coalesce(app.may_invite('member', account, app.joiners_scope(account, portal)), false))
    from (select p.id, p.name, p.email, min(w.kind) as kind
      from (select m.person_id, null as kind from app.memberships m
          where m.tenant_id = auth.tenant_id() and m.account_id = account and question is not null
        union all
        select c.person_id, c.kind from app.named_contacts c
          where c.tenant_id = auth.tenant_id() and c.account_id = account
            and (at_desk or not app.is_support_in(c.person_id, account))) w
      join app.people p on p.tenant_id = auth.tenant_id() and p.id = w.person_id
        and (w.kind is null or p.rank >= 2) and p.id <> auth.person_id()
      where question is null or app.begins(p.name || ' ' || p.email, question)
      group by p.id, p.name, p.email order by p.name, p.id limit 8) f);
end $$;

-- Access goes with the membership: who is of an account no more, or of the
-- staff, keeps no row in its tickets and follows none that they can't see; who
-- comes back has what they opened.
create or replace function app.membership_shares() returns trigger
language plpgsql security definer
set search_path = pg_catalog, pg_temp as $$
begin
  if tg_op <> 'INSERT' then
    delete from app.ticket_access a using app.tickets t
      where a.tenant_id = old.tenant_id and a.principal = app.principal(old.person_id, 0)
        and t.tenant_id = a.tenant_id and t.id = a.ticket_id
        and not exists (select from app.memberships m
          where m.tenant_id = a.tenant_id and m.person_id = old.person_id
            and (m.account_id is null or m.account_id = t.account_id));
    delete from app.followers f using app.people p
      where f.tenant_id = old.tenant_id and f.person_id = old.person_id
        and p.tenant_id = f.tenant_id and p.id = f.person_id
        and not app.sees_as(f.ticket_id, p.rank, p.principals);
    delete from app.pending_shares s using app.people p
      where s.tenant_id = old.tenant_id and s.added_by = old.person_id
        and p.tenant_id = s.tenant_id and p.id = s.added_by
        and not app.sees_as(s.ticket_id, p.rank, p.principals);
  end if;
  if tg_op <> 'DELETE' then
    insert into app.ticket_access (tenant_id, ticket_id, principal, updated_at)
      select t.tenant_id, t.id, app.principal(new.person_id, 0), t.updated_at from app.tickets t
      where t.tenant_id = new.tenant_id and t.requester_id = new.person_id and t.account_id = new.account_id
      on conflict do nothing;
  end if;
  return null;
end $$;
