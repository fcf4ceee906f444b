-- How people come in and stay: invitations, proofs of an address, and moves
-- of a login to another one.

-- The person is made when it is accepted: until then the address is only one
-- that somebody typed. The link goes to the invitation's portal; scope_id is
-- the sub-portal that the role is for, or null.
create table app.invitations (
  tenant_id bigint not null references app.tenants,
  id bigint not null default app.new_id(),
  email text not null constraint invitations_email_check check (app.is_email(email)),
  role text not null constraint invitations_role_check check (role in ('tenant_admin', 'agent',
    'partner', 'account_admin', 'portal_admin', 'main_user', 'member')),
  is_support boolean not null default false,
  account_id bigint,
  portal_id bigint not null,
  scope_id bigint,
  invited_by bigint not null,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  -- The newest mail's event: how its delivery went is the invitation's state.
  event_id bigint,
  accepted_at timestamptz,
  withdrawn_at timestamptz,
  primary key (tenant_id, id),
  foreign key (tenant_id, account_id) references app.accounts on delete cascade,
  foreign key (tenant_id, portal_id) references app.portals on delete cascade,
  foreign key (tenant_id, scope_id, account_id) references app.portals (tenant_id, id, account_id) on delete cascade,
  foreign key (tenant_id, invited_by) references app.people on delete cascade,
  foreign key (tenant_id, event_id) references app.events,
  constraint invitations_scope_check check (
    (account_id is null) = (role in ('tenant_admin', 'agent'))
    and (scope_id is null or role in ('portal_admin', 'member'))
    and (role <> 'portal_admin' or scope_id is not null)));
create unique index invitations_open on app.invitations (tenant_id, email, portal_id)
  where accepted_at is null and withdrawn_at is null;
create index invitations_account on app.invitations (tenant_id, account_id, created_at desc);
create index invitations_inviter on app.invitations (tenant_id, invited_by, created_at desc);

-- That an address is read by the person who signs in with it: once a portal,
-- and anew when the address changes.
create table app.confirmations (
  tenant_id bigint not null references app.tenants,
  person_id bigint not null,
  portal_id bigint not null,
  email text not null check (app.is_email(email)),
  confirmed_at timestamptz not null default now(),
  primary key (tenant_id, person_id, portal_id, email),
  foreign key (tenant_id, person_id) references app.people on delete cascade,
  foreign key (tenant_id, portal_id) references app.portals on delete cascade);

-- A login's move to another address. One's own wants a yes from both; an
-- administrator's (asked_by somebody else) comes into force after a day, or
-- at once when an administrator or the old address says so.
create table app.email_changes (
  tenant_id bigint not null references app.tenants,
  id bigint not null default app.new_id(),
  person_id bigint not null,
  account_id bigint,
  portal_id bigint not null,
  old_email text not null check (app.is_email(old_email)),
  new_email text not null constraint email_changes_email_check check (app.is_email(new_email)),
  asked_by bigint not null,
  created_at timestamptz not null default now(),
  old_confirmed_at timestamptz,
  new_confirmed_at timestamptz,
  due_at timestamptz,
  done_at timestamptz,
  ended_at timestamptz,
  primary key (tenant_id, id),
  foreign key (tenant_id, person_id) references app.people on delete cascade,
  foreign key (tenant_id, account_id) references app.accounts on delete cascade,
  foreign key (tenant_id, portal_id) references app.portals on delete cascade,
  foreign key (tenant_id, asked_by) references app.people on delete cascade);
create unique index email_changes_open on app.email_changes (tenant_id, person_id)
  where done_at is null and ended_at is null;
create index email_changes_due on app.email_changes (due_at) where done_at is null and ended_at is null;
