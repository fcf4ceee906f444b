-- Accounts: who looks after one, how one is made and changed, and how a report
-- goes from its partner to the tenant.

-- The partner accounts one is staff of.
create or replace function app.staffed_partners() returns bigint[]
language sql stable security definer
set search_path = pg_catalog, pg_temp as $$
  select coalesce(array_agg(m.account_id), '{}') from app.memberships m
  where m.tenant_id = (select auth.tenant_id()) and m.person_id = (select auth.person_id())
    and m.role = 'partner' and auth.grant_id() is null
$$;

-- The portals of the accounts that one's partner accounts look after.
create or replace function app.partner_portals() returns bigint[]
language sql stable security definer
set search_path = pg_catalog, pg_temp as $$
  select coalesce(array_agg(po.id), '{}') from app.portals po
  where po.tenant_id = (select auth.tenant_id())
    and po.account_id = any ((select app.partner_accounts())::bigint[])
$$;

-- Does one look after it: its partner, or a tenant_admin at the desk?
create or replace function app.looks_after(account bigint) returns boolean
language sql stable security definer
set search_path = pg_catalog, pg_temp as $$
  select account = any ((select app.partner_accounts())::bigint[])
    or (select auth.rank()) >= 3 and exists (select from app.accounts a
      where a.tenant_id = (select auth.tenant_id()) and a.id = account)
$$;

-- Whom it is shown of the tenant's staff: for itself and who looks after it.
create or replace function app.named_contacts(account bigint) returns json
language sql stable security definer
set search_path = pg_catalog, pg_temp as $$
  select coalesce(json_agg(json_build_object('kind', c.kind, 'id', p.id, 'name', p.name, 'email', p.email)
    order by array_position('{customer_success,implementation,key_account,delivery}', c.kind), p.name, p.id), '[]')
  from app.named_contacts c
  join app.people p on p.tenant_id = c.tenant_id and p.id = c.person_id and p.rank >= 2
  where c.tenant_id = (select auth.tenant_id()) and c.account_id = account
    and (app.principal(account, 1) = any ((select auth.principals())::bigint[])
      or (select app.looks_after(account)))
$$;

-- A partner's staff, for the tenant's administrators, who can end them; two
-- hundred at most. Null for anybody else, and of any other account.
create or replace function app.partner_staff(account bigint) returns json
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
begin
  return case when auth.rank() >= 3 and auth.grant_id() is null and exists (select from app.accounts a
      where a.tenant_id = auth.tenant_id() and a.id = account and a.is_partner) then (
    select coalesce(json_agg(json_build_object('membership', s.id, 'name', s.name, 'email', s.email) order by s.name, s.id), '[]')
    from (select m.id, p.name, p.email from app.memberships m
      join app.people p on p.tenant_id = m.tenant_id and p.id = m.person_id
      where m.tenant_id = auth.tenant_id() and m.account_id = account and m.role = 'partner'
      order by p.name, m.id limit 200) s) end;
end $$;

-- ---- making one ----------------------------------------------------------------

-- For whom the asker may make accounts: at a partner's portal for that
-- partner; a tenant_admin for any partner or none.
create or replace function app.partner_for(wanted bigint) returns bigint
language plpgsql stable
set search_path = pg_catalog, pg_temp as $$
begin
  if auth.account_id() = any (app.staffed_partners()) then
    return auth.account_id();
  elsif coalesce(auth.rank(), 0) < 3 then
    raise exception using errcode = 'PT403', message = 'makes no accounts';
  elsif wanted is not null and not exists (select from app.accounts a
      where a.tenant_id = auth.tenant_id() and a.id = wanted and a.is_partner) then
    raise exception using errcode = 'PT422', constraint = 'accounts_partner_check', message = 'no such partner';
  end if;
  return wanted;
end $$;

-- An account, its top portal with a host, and its contacts: all of it or
-- nothing. routing: partner or tenant; by itself its partner comes first.
create or replace function app.create_account(name text, slug text, contacts jsonb,
  partner bigint, is_partner boolean, routing text, language text, key text)
returns json language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  sent app.sent := app.sent('accounts', key, concat_ws(E'\n', name, slug, contacts::text, partner, is_partner, routing, language));
  owner bigint := app.partner_for(partner);
  made bigint := app.new_id();
  portal bigint;
begin
  if sent.answer is not null then
    return sent.answer;
  elsif coalesce(is_partner, false) and (owner is not null or coalesce(auth.rank(), 0) < 3) then
    raise exception using errcode = 'PT422', constraint = 'accounts_is_partner_check', message = 'a partner has no partner';
  elsif routing = 'partner' and owner is null then
    raise exception using errcode = 'PT422', constraint = 'accounts_routing_check', message = 'it has no partner';
  end if;
  perform app.no_link('accounts_name', name);
  insert into app.accounts (tenant_id, id, name, is_partner, partner_id, routing, by_partner)
    values (auth.tenant_id(), made, trim(create_account.name), coalesce(create_account.is_partner, false), owner,
      case when owner is not null and coalesce(create_account.routing, 'partner') = 'partner' then 2 else 1 end,
      auth.account_id() is not null);
  portal := app.make_portal(made, null, trim(name), lower(trim(slug)), coalesce(language,
    (select po.locale from app.portals po where po.tenant_id = auth.tenant_id() and po.id = auth.portal_id())));
  perform app.add_contacts(made, contacts);
  perform app.record_account('account.created', made, jsonb_build_object('name', trim(name)));
  return app.remember(sent, json_build_object('id', made, 'portal', portal,
    'host', (select h.host from app.hosts h where h.tenant_id = auth.tenant_id() and h.portal_id = portal)));
end $$;

-- ---- changing it ---------------------------------------------------------------

-- Name, routing, and whom of the staff it is shown, each only when it is
-- given; the last by tenant_admins alone, as [{"kind": …, "person": …}].
create or replace function app.change_account(account bigint, name text, routing text, named jsonb)
returns json language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  was app.accounts;
begin
  if not app.looks_after(account) then
    raise exception using errcode = 'PT404', message = 'no such account, or not to be seen';
  end if;
  select a.* into was from app.accounts a
    where a.tenant_id = auth.tenant_id() and a.id = account for update;
  if routing = 'partner' and was.partner_id is null then
    raise exception using errcode = 'PT422', constraint = 'accounts_routing_check', message = 'it has no partner';
  elsif named is not null and auth.rank() < 3 then
    raise exception using errcode = 'PT403', message = 'only a tenant_admin names staff';
  end if;
  perform app.no_link('accounts_name', name);
  update app.accounts a set name = coalesce(trim(change_account.name), a.name),
      routing = case change_account.routing when 'partner' then 2 when 'tenant' then 1 else a.routing end
    where a.tenant_id = auth.tenant_id() and a.id = account;
  if named is not null then
    perform app.set_named_contacts(account, named);
  end if;
  perform app.record_account('account.changed', account, jsonb_strip_nulls(jsonb_build_object(
    'name', trim(name), 'routing', routing, 'named', named)));
  return json_build_object('id', account, 'name', coalesce(trim(name), was.name));
end $$;

create or replace function app.set_named_contacts(account bigint, named jsonb) returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
begin
  if jsonb_typeof(named) <> 'array' or jsonb_array_length(named) > 20
      or exists (select from jsonb_array_elements(named) n
        where not coalesce(n->>'person' ~ '^[0-9]{1,16}$'
          and n->>'kind' in ('customer_success', 'implementation', 'key_account', 'delivery'), false)
        or not exists (select from app.people p where p.tenant_id = auth.tenant_id()
          and p.id = substring(n->>'person' from '^[0-9]{1,16}$')::bigint and p.rank >= 2)) then
    raise exception using errcode = 'PT422', constraint = 'accounts_named_check',
      message = 'twenty of the staff at most, each with its kind';
  end if;
  delete from app.named_contacts c where c.tenant_id = auth.tenant_id() and c.account_id = account;
  insert into app.named_contacts (tenant_id, account_id, kind, person_id)
    select distinct auth.tenant_id(), account, n->>'kind', (n->>'person')::bigint
    from jsonb_array_elements(named) n;
  perform app.stop_fallen_moves(account, null);
end $$;

-- ---- whose turn ----------------------------------------------------------------

-- Is one staff of its partner?
create or replace function app.is_partner_of(account bigint) returns boolean
language sql stable
return coalesce(app.principal(app.account_partner(account), 3) = any (auth.principals()), false);

-- On whose side one speaks in a ticket of an account: desk, partner, customer.
create or replace function app.side_in(account bigint) returns text
language plpgsql stable
set search_path = pg_catalog, pg_temp as $$
begin
  return case when auth.is_agent() then 'desk'
    when app.is_partner_of(account) then 'partner' else 'customer' end;
end $$;

-- Has it a support contact that works, and its partner, if it has one, staff? Or
-- one that is still asked, and somebody who is written to instead? If not, its
-- reports are the tenant's from the beginning.
create or replace function app.is_reachable(account bigint) returns boolean
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
begin
  return (select exists (select from app.accounts a
      where a.tenant_id = (select auth.tenant_id()) and a.id = account
        and (exists (select from app.support_contacts c
            where c.tenant_id = a.tenant_id and c.account_id = a.id and c.state = 1)
          and (a.partner_id is null or exists (select from app.memberships m
            where m.tenant_id = a.tenant_id and m.account_id = a.partner_id and m.role = 'partner'))
        or exists (select from app.support_contacts c
            where c.tenant_id = a.tenant_id and c.account_id = a.id and c.state = 4)
          and (a.partner_id is null or exists (select from app.stand_ins(a.id))))));
end $$;

-- Is a new report of it the tenant's from the beginning?
create or replace function app.begins_at_desk(account bigint) returns boolean
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
begin
  return (select a.routing = 1 or not app.is_reachable(a.id) from app.accounts a
    where a.tenant_id = (select auth.tenant_id()) and a.id = account);
end $$;

-- A report goes to the tenant's desk. Its people learn who has it now, the
-- desk gets it as a new one; the partner keeps its access.
create or replace function app.hand_over(ticket bigint, by text) returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  t app.tickets;
begin
  update app.tickets x set at_desk = true, updated_at = now(), desk_updated_at = now()
    where x.tenant_id = auth.tenant_id() and x.id = ticket and not x.at_desk
    returning x.* into t;
  if not found then
    return;
  end if;
  perform app.record('ticket.escalated', ticket,
    (select c.id from app.comments c where c.tenant_id = t.tenant_id and c.ticket_id = t.id
      and not c.is_internal order by c.id limit 1),
    jsonb_build_object('by', by, 'portal', t.portal_id, 'path', '/t/' || t.id,
      'people', (select coalesce(jsonb_agg(p.id), '[]') from (
        select a.principal / 4 as id from app.ticket_access a
        where a.tenant_id = t.tenant_id and a.ticket_id = t.id and a.principal % 4 = 0
          and a.principal / 4 is distinct from auth.person_id() limit 200) p),
      'words', jsonb_build_object('title', t.title),
      'args', jsonb_build_object('number', t.id::text, 'title', '#' || t.id,
        'tenant', (select n.name from app.tenants n where n.tenant_id = t.tenant_id))));
  perform app.take_to_team(ticket);
end $$;

-- The partner hands a report on. Doing it twice is doing it once.
create or replace function app.escalate(ticket bigint) returns json
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  t app.tickets := app.held_ticket(ticket);
begin
  if not app.is_partner_of(t.account_id) then
    raise exception using errcode = 'PT403', message = 'only its partner hands a report on';
  end if;
  perform app.hand_over(ticket, 'partner');
  return json_build_object('number', ticket, 'with',
    (select n.name from app.tenants n where n.tenant_id = auth.tenant_id()));
end $$;
