-- Who may bring whom in, and how long what they offered counts.

-- Does the asker look after that account and bring in its first people: its
-- partner, and for the tenant its administrators, or staff of a partner?
create or replace function app.brings_in_first(role text, account bigint) returns boolean
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
begin
  return coalesce(account = any (app.partner_accounts())
    or auth.rank() >= 3 and role in ('account_admin', 'partner'), false);
end $$;

-- May the asker bring somebody in as that role of that account (null: the
-- tenant's staff), for that sub-portal alone or for all? Once an account has an
-- administrator who can sign in, its own people decide whom it has.
create or replace function app.may_invite(role text, account bigint, scope bigint) returns boolean
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
begin
  return auth.grant_id() is null and case
    when account is null then auth.rank() >= 3 and role in ('agent', 'tenant_admin')
    when role in ('agent', 'tenant_admin') then false
    when role = 'partner' and not exists (select from app.accounts a
      where a.tenant_id = auth.tenant_id() and a.id = account and a.is_partner) then false
    when account = any (app.administered_accounts()) then true
    when app.brings_in_first(role, account) and not app.has_working_admin(account) then true
    else account = auth.account_id() and app.roles_allow(app.roles_here(), app.setting('inviters'))
      and role in ('member', 'portal_admin')
      -- Nobody hands out more than they have.
      and (role = 'member' or scope = any (app.administered_portals()))
      and (scope is not distinct from auth.portal_id() or app.roles_here() && array['main_user'])
      -- Where nobody new is wanted, administrators alone bring somebody in.
      and (coalesce(scope = any (app.administered_portals()), false)
        or app.setting_at('registration', account, app.first_portal(account, scope)) <> 'closed') end;
end $$;

-- May the asker here, where a setting says who but administrators may? Asked for each
-- page's menu: where none is set, which is nearly everywhere, that is all there is to look at.
create or replace function app.invites_here() returns boolean
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
begin
  return app.set_value('inviters', auth.account_id(), auth.portal_id()) is not null
    and app.may_invite('member', auth.account_id(), auth.portal_id());
end $$;

-- Is it one of the staff of that account's partner?
create or replace function app.is_partners(m app.memberships, account bigint) returns boolean
language sql stable security definer
set search_path = pg_catalog, pg_temp as $$
  select m.role = 'partner' and exists (select from app.accounts a
    where a.tenant_id = m.tenant_id and a.id = account and a.partner_id = m.account_id)
$$;

-- Is that a membership by which its person may send that invitation, as far as
-- it does not hang on settings?
create or replace function app.entitles(m app.memberships, i app.invitations) returns boolean
language sql stable security definer
set search_path = pg_catalog, pg_temp as $$
  select coalesce(case m.role
    when 'tenant_admin' then i.account_id is null or i.role in ('account_admin', 'partner')
    when 'agent' then false
    when 'account_admin' then m.account_id = i.account_id
    else app.is_partners(m, i.account_id)
      or m.account_id = i.account_id and not i.is_support and (
        i.role = 'member' and (m.role = 'main_user' or i.scope_id = coalesce(m.portal_id, i.scope_id))
        or i.role = 'portal_admin' and m.role = 'portal_admin' and m.portal_id = i.scope_id) end, false)
$$;

-- Is it open, and does it still count? As long as whoever sent it has what
-- entitled them: that the account has an administrator since, takes nothing
-- back. Where nobody new is wanted, those of administrators count. It costs what it
-- costs: where one is looked for by its address, the index of open ones has to find it first,
-- which it can where that it is open is said there, too.
create or replace function app.is_offered(i app.invitations) returns boolean
language sql stable security definer cost 5000
set search_path = pg_catalog, pg_temp as $$
  select i.accepted_at is null and i.withdrawn_at is null and exists (select from app.memberships m
    where m.tenant_id = i.tenant_id and m.person_id = i.invited_by and app.entitles(m, i)
      and (i.account_id is null or m.role in ('tenant_admin', 'account_admin')
        or m.role = 'portal_admin' and m.portal_id = i.scope_id or app.is_partners(m, i.account_id)
        or app.setting_at('registration', i.account_id, i.portal_id) <> 'closed'))
$$;

-- What somebody could not send any more, now that a membership of theirs ended or
-- lets them do other things, is withdrawn in every account: else they come back by
-- an invitation of their own.
create or replace function app.withdraw_invitations(m app.memberships) returns void
language sql volatile security definer
set search_path = pg_catalog, pg_temp as $$
  update app.invitations i set withdrawn_at = now()
    where i.tenant_id = m.tenant_id and i.invited_by = m.person_id
      and i.accepted_at is null and i.withdrawn_at is null
      and not exists (select from app.memberships x
        where x.tenant_id = i.tenant_id and x.person_id = i.invited_by and app.entitles(x, i)
          and (x.role in ('tenant_admin', 'account_admin') or app.is_partners(x, i.account_id)
            or app.roles_allow(array[x.role] || case when x.is_support then array['support_user'] else '{}' end,
              app.setting_at('inviters', i.account_id, i.portal_id))))
$$;
