-- People, what they may do, how they prove who they are.

create table app.people (
  tenant_id bigint not null references app.tenants,
  id bigint not null default app.new_id() check (id between 1 and 2251799813685247),
  email text not null constraint people_email_check check (app.is_email(email)),
  name text not null check (char_length(name) between 1 and 200 and app.is_line(name)),
  locale text check (locale ~ '^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$'),
  time_zone text not null default 'UTC' check (time_zone ~ '^[A-Za-z0-9_+/-]{1,64}$'),
  -- Three columns that follow from memberships and are kept by a trigger, so
  -- that the door reads one row: the highest rank (1 customer, 2 agent,
  -- 3 tenant_admin, 0 nobody), the principals, and which doors open: twice
  -- an account's id for all of its portals, twice a portal's and one for
  -- that portal alone.
  rank smallint not null default 0 check (rank between 0 and 3),
  principals bigint[] not null default '{}',
  doors bigint[] not null default '{}',
  created_at timestamptz not null default now(),
  given_name text constraint people_given_check check (char_length(given_name) between 1 and 100 and app.is_line(given_name)),
  family_name text constraint people_family_check check (char_length(family_name) between 1 and 100 and app.is_line(family_name)),
  job_title text constraint people_job_title_check check (char_length(job_title) between 1 and 120 and app.is_line(job_title)),
  phone text constraint people_phone_check check (phone ~ '^\+?[0-9 ()./-]{3,40}$'),
  -- Kinds of mail about tickets that one does not want.
  muted text[] not null default '{}' constraint people_muted_check check (muted <@ array['opened', 'replied', 'desk']),
  -- The hash of one's picture (app.pictures), kept here for app.names().
  photo text check (photo ~ '^[0-9a-f]{32}$'),
  -- All that changed before is taken as read.
  read_until timestamptz not null default now(),
  -- How long what an agent sends can be taken back.
  hold_seconds smallint not null default 10 constraint people_hold_seconds_check check (hold_seconds in (0, 5, 10, 30)),
  primary key (tenant_id, id),
  constraint people_email_key unique (tenant_id, email));
-- The tenant's staff: few among many.
create index people_staff on app.people (tenant_id, id) where rank >= 2;

create table app.memberships (
  tenant_id bigint not null references app.tenants,
  id bigint not null default app.new_id(),
  person_id bigint not null,
  role text not null check (role in ('tenant_admin', 'agent', 'partner',
    'account_admin', 'portal_admin', 'main_user', 'member')),
  account_id bigint,
  portal_id bigint,
  -- Appointed by an account_admin to deal with support, beside the role.
  is_support boolean not null default false,
  primary key (tenant_id, id),
  unique nulls not distinct (tenant_id, person_id, role, account_id, portal_id),
  foreign key (tenant_id, person_id) references app.people on delete cascade,
  foreign key (tenant_id, account_id) references app.accounts,
  foreign key (tenant_id, portal_id, account_id)
    references app.portals (tenant_id, id, account_id),
  -- Tenant-side roles are over the tenant, the others over an account and,
  -- where a portal is named, over that sub-portal only.
  constraint memberships_scope_check check (
    (account_id is null) = (role in ('tenant_admin', 'agent'))
    and (portal_id is null or role in ('portal_admin', 'member'))));
-- Of an account by role: else the plan reads all of a tenant by the unique index.
create index memberships_account on app.memberships (tenant_id, account_id, role, person_id);

-- argon2id of the password is computed by the worker; here is only a hash of
-- the result. Read by the door alone.
create table app.credentials (
  tenant_id bigint not null references app.tenants,
  person_id bigint not null,
  salt bytea not null check (octet_length(salt) = 16),
  passes int not null check (passes between 1 and 10),
  memory_kib int not null check (memory_kib between 8192 and 262144),
  verifier bytea not null check (octet_length(verifier) = 32),
  set_at timestamptz not null default now(),
  primary key (tenant_id, person_id),
  foreign key (tenant_id, person_id) references app.people on delete cascade);

-- Every problem report of an account is mailed to all of these that work: a
-- person of the account's partner, or a bare address. There is always one: a
-- deferred trigger sees to it. State: 1 works, 2 mail came back, 3 the person
-- has left the partner, 4 nobody has proven the address and said yes yet, 5 they
-- said no; since when, and what the mail server said. Only 1 and 2 are written to.
create table app.support_contacts (
  tenant_id bigint not null references app.tenants,
  account_id bigint not null,
  email text not null constraint support_contacts_email_check check (app.is_email(email)),
  person_id bigint,
  created_at timestamptz not null default now(),
  state smallint not null default 1 check (state between 1 and 5),
  state_at timestamptz not null default now(),
  answer text check (char_length(answer) <= 500),
  -- The newest mail that asked them.
  event_id bigint,
  primary key (tenant_id, account_id, email),
  foreign key (tenant_id, account_id) references app.accounts on delete cascade,
  foreign key (tenant_id, person_id) references app.people);
create index support_contacts_person on app.support_contacts (tenant_id, person_id) where person_id is not null;

-- Who does not want to be an account's contact. It outlives the contact: whoever
-- says never is not asked again, by no account of the tenant.
create table app.contact_refusals (
  tenant_id bigint not null references app.tenants,
  email text not null check (app.is_email(email)),
  account_id bigint not null,
  refused_at timestamptz not null default now(),
  primary key (tenant_id, email, account_id),
  foreign key (tenant_id, account_id) references app.accounts on delete cascade);

-- Staff who are shown to an account, and as what.
create table app.named_contacts (
  tenant_id bigint not null references app.tenants,
  account_id bigint not null,
  kind text not null check (kind in ('customer_success', 'implementation', 'key_account', 'delivery')),
  person_id bigint not null,
  primary key (tenant_id, account_id, kind, person_id),
  foreign key (tenant_id, account_id) references app.accounts on delete cascade,
  foreign key (tenant_id, person_id) references app.people on delete cascade);
