-- Who is to join a ticket and is not there yet: an address, its invitation, and
-- who wants them in it. The invitation says nothing of the ticket; by accepting
-- it they follow the ticket and see it.

-- What an invitation to a ticket's account is for: the sub-portal of the ticket;
-- at the account's own portal all of it, if the asker may offer that.
create or replace function app.joiners_scope(account bigint, portal bigint) returns bigint
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
begin
  return case when not exists (select from app.portals po where po.tenant_id = auth.tenant_id()
      and po.id = portal and po.parent_id is not null) and app.may_invite('member', account, null)
    then null else portal end;
end $$;

-- Adds whom a list of addresses names: who was new. An invitation of theirs that is
-- accepted at this moment is waited for: they are there then.
create or replace function app.add_by_address(ticket bigint, cc jsonb, account bigint, portal bigint, at_desk boolean)
returns bigint[] language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  chosen record;
  added bigint[];
begin
  if jsonb_typeof(cc) = 'array' then
    perform from app.invitations i
      where i.tenant_id = auth.tenant_id() and i.accepted_at is null and i.withdrawn_at is null
        and i.email in (select lower(trim(x #>> '{}')) from jsonb_array_elements(cc) x)
      order by i.id for share;
  end if;
  chosen := app.chosen_people(cc, account, portal, at_desk);
  added := app.add_people(ticket, chosen.ids);
  if chosen.asked <> '{}' then
    perform app.ask_to_join(ticket, chosen.asked, account, portal);
  end if;
  return added;
end $$;

-- Invites addresses for a ticket, each by the invitation that it has at the account
-- or by a new one. One that can't be is a refusal of all, so that nothing was sent.
create or replace function app.ask_to_join(ticket bigint, addresses text[], account bigint, portal bigint)
returns void language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  address text;
  why text;
  refused jsonb := '[]';
begin
  delete from app.pending_shares s using app.invitations i
    where s.tenant_id = auth.tenant_id() and s.ticket_id = ticket
      and i.tenant_id = s.tenant_id and i.id = s.invitation_id and i.expires_at <= now();
  foreach address in array addresses loop
    why := app.ask_one(ticket, address, account, portal);
    if why is not null then
      refused := refused || jsonb_build_object('field', 'cc', 'code', why, 'detail', address, 'name', null);
    end if;
  end loop;
  if refused <> '[]' then
    raise exception using errcode = 'PT422', message = 'some may not join', detail = refused::text;
  end if;
  perform app.must_have_room(ticket);
  -- Nobody's mail: open pages show them.
  perform app.record('ticket.asked', ticket, null, '{}');
end $$;

-- Null, or why not: 'members', where what they would be may not use support;
-- 'stronger', where somebody offers more, which counts no longer; 'wait', where the
-- address was invited often.
create or replace function app.ask_one(ticket bigint, address text, account bigint, portal bigint)
returns text language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  scope bigint := app.joiners_scope(account, portal);
  i app.invitations;
  invitation bigint;
begin
  select x.* into i from app.invitations x
    where x.tenant_id = auth.tenant_id() and x.email = address and x.account_id = account
      and x.accepted_at is null and x.withdrawn_at is null and x.expires_at > now() and app.is_offered(x)
    order by x.portal_id = app.first_portal(account, scope) desc, x.id limit 1;
  if not app.roles_allow(array[coalesce(i.role, 'member')] || case when i.is_support then array['support_user'] else '{}' end,
      app.setting_at('support_users', account, coalesce(case when i.id is null then scope else i.scope_id end, portal))) then
    return 'members';
  end if;
  invitation := i.id;
  if invitation is null then
    if not auth.may_ask('invitation', address, null) then
      return 'wait';
    end if;
    invitation := app.offer(address, 'member', account, scope, false);
    if invitation is null then
      return 'stronger';
    end if;
    perform app.send_invitation(invitation);
  end if;
  insert into app.pending_shares (tenant_id, ticket_id, invitation_id, added_by)
    values (auth.tenant_id(), ticket, invitation, auth.person_id()) on conflict do nothing;
  return null;
end $$;

-- May the asker have an invitation sent again, for a ticket of that account? Who sees
-- the ticket alone does not bring anybody in.
create or replace function app.may_send_again(i app.invitations, account bigint) returns boolean
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
begin
  return coalesce(app.may_see_invitation(i)
    or app.may_share(account) and app.may_invite(i.role, i.account_id, i.scope_id), false);
end $$;

-- Those of a ticket that one sees, and who wants them in it.
create or replace function app.pending_of(ticket bigint, out items json, out adders bigint[])
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
begin
  select coalesce(json_agg(json_build_object('id', i.id, 'email', i.email, 'by', s.added_by, 'until', i.expires_at,
        'state', app.invitation_state(i), 'again', app.may_send_again(i, t.account_id)) order by s.created_at, i.email), '[]'),
      coalesce(array_agg(s.added_by), '{}')
    into items, adders
    from app.pending_shares s
    join app.invitations i on i.tenant_id = s.tenant_id and i.id = s.invitation_id
    join app.tickets t on t.tenant_id = s.tenant_id and t.id = s.ticket_id
    where s.tenant_id = auth.tenant_id() and s.ticket_id = ticket and app.sees(ticket)
      and i.expires_at > now() and app.is_offered(i);
end $$;

-- Sends the invitation once more, if the asker may, or takes it off the ticket, which
-- everybody may who sees that. What was made for this ticket alone is withdrawn with
-- it, where the asker may do so: else a mistyped address could still come in.
create or replace function app.change_pending(ticket bigint, invitation bigint, again boolean) returns json
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  t app.tickets := app.seen_ticket(ticket);
  i app.invitations;
  made_for_it boolean;
begin
  perform app.must_use_support();
  select x.* into i from app.invitations x
    join app.pending_shares s on s.tenant_id = x.tenant_id and s.invitation_id = x.id and s.ticket_id = t.id
    where x.tenant_id = t.tenant_id and x.id = invitation and x.expires_at > now() and app.is_offered(x)
    for update of x;
  if i.id is null and again then
    raise exception using errcode = 'PT404', message = 'nobody is asked by that';
  elsif again then
    if not app.may_send_again(i, t.account_id) then
      raise exception using errcode = 'PT403', message = 'not theirs to send';
    elsif not auth.may_ask('invitation', i.email, null) then
      return json_build_object('wait', 3600);
    end if;
    perform app.send_invitation(i.id);
  else
    delete from app.pending_shares s
      where s.tenant_id = t.tenant_id and s.ticket_id = t.id and s.invitation_id = invitation
      returning s.created_at = i.created_at into made_for_it;
    if found then
      perform app.record('ticket.asked', ticket, null, '{}');
    end if;
    if made_for_it and app.may_see_invitation(i) and not exists (select from app.pending_shares s
        where s.tenant_id = t.tenant_id and s.invitation_id = invitation) then
      perform app.change_invitation(invitation, false);
    end if;
  end if;
  return app.ticket_lists(ticket);
end $$;

-- An invitation to a ticket that is accepted at this moment is waited for: who did is
-- in it then, and goes along as everybody else.
create or replace function app.hold_pending(ticket bigint) returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
begin
  perform from app.invitations i
    where i.tenant_id = auth.tenant_id() and i.id in (select s.invitation_id from app.pending_shares s
      where s.tenant_id = auth.tenant_id() and s.ticket_id = ticket)
    order by i.id for share;
end $$;

-- Whom a ticket's people asked and could ask to another of its account, too: what is
-- split off it, or what it is a duplicate of. sees: does who asked see that one?
create or replace function app.pending_for(t app.tickets, other app.tickets)
returns table (invitation bigint, email text, adder bigint, sees boolean, since timestamptz)
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
begin
  return query
    select i.id, i.email, p.id, app.sees_as(other.id, p.rank, p.principals), s.created_at
    from app.pending_shares s
    join app.invitations i on i.tenant_id = s.tenant_id and i.id = s.invitation_id
    join app.people p on p.tenant_id = s.tenant_id and p.id = s.added_by
    where s.tenant_id = t.tenant_id and s.ticket_id = t.id and i.expires_at > now() and app.is_offered(i)
      and app.principal(other.account_id, 1) = any (p.principals) and app.may_join(p.id, other.account_id, other.portal_id) is null
      and not exists (select from app.pending_shares o
        where o.tenant_id = s.tenant_id and o.ticket_id = other.id and o.invitation_id = s.invitation_id)
    order by s.created_at, i.email;
end $$;

-- They are asked to that one too, by who sees it and as far as there is room.
create or replace function app.carry_pending(t app.tickets, other app.tickets) returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
begin
  insert into app.pending_shares (tenant_id, ticket_id, invitation_id, added_by, created_at)
    select t.tenant_id, other.id, p.invitation, p.adder, p.since from app.pending_for(t, other) p
    where p.sees order by p.since, p.email limit greatest(app.room_in(other.id), 0);
end $$;

-- Whoever accepted joins what they were asked to, as far as who wanted that could
-- still add them and there is room. Their mail of it says who that was.
create or replace function app.join_pending(invitation bigint, who bigint) returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  s app.pending_shares;
begin
  for s in delete from app.pending_shares x
      where x.tenant_id = auth.tenant_id() and x.invitation_id = invitation returning x.* loop
    if not exists (select from app.tickets t join app.people p on p.tenant_id = t.tenant_id and p.id = s.added_by
        where t.tenant_id = s.tenant_id and t.id = s.ticket_id and app.sees_as(t.id, p.rank, p.principals)
          and app.principal(t.account_id, 1) = any (p.principals)
          and app.may_join(p.id, t.account_id, t.portal_id) is null)
      or app.room_in(s.ticket_id) < 1 or app.add_people(s.ticket_id, array[who]) = '{}' then
      continue;
    end if;
    -- As app.record() does, of somebody who is not here.
    with e as (
      insert into app.events (tenant_id, kind, actor_id, ticket_id, comment_id, data)
        select s.tenant_id, 'ticket.shared', s.added_by, s.ticket_id, min(c.id), jsonb_build_object('joined', jsonb_build_array(who))
          from app.comments c where c.tenant_id = s.tenant_id and c.ticket_id = s.ticket_id and not c.is_internal
        returning tenant_id, id)
    insert into app.event_queue (tenant_id, event_id) select e.tenant_id, e.id from e;
  end loop;
end $$;

-- What ends with an invitation: one that expired is not awakened by sending it anew.
create or replace function app.end_pending() returns trigger
language plpgsql security definer
set search_path = pg_catalog, pg_temp as $$
begin
  delete from app.pending_shares s where s.tenant_id = old.tenant_id and s.invitation_id = old.id;
  return null;
end $$;
