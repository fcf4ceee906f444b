-- Functions begin with no right for PUBLIC, whoever makes them.
alter default privileges revoke execute on functions from public;
-- Schemas, ids, and checks that several tables share.

create schema if not exists app authorization sportello_owner;
create schema if not exists auth authorization sportello_auth;
create schema if not exists jobs authorization sportello_owner;

set role sportello_owner;

-- Random, so that an id tells nothing about how many others there are, and
-- below 2^51, so that a principal made of it (see below) is below 2^53 and
-- JavaScript can hold either.
create or replace function app.new_id() returns bigint
language sql volatile parallel safe
return floor(random() * 2251799813685247)::bigint + 1;

-- Increasing with time (milliseconds since 2024, then ten random bits), so
-- that comments are stored and paged in their order without another index.
create or replace function app.new_time_id() returns bigint
language sql volatile parallel safe
return (floor(extract(epoch from clock_timestamp()) * 1000)::bigint - 1704067200000) * 1024
  + floor(random() * 1024)::bigint;

-- Who a row of ticket_access admits: an id and a kind in one number. Kinds:
-- 0 one person, 1 everybody of an account, 2 the main users and
-- administrators of an account, 3 the staff of a partner account.
create or replace function app.principal(id bigint, kind int) returns bigint
language sql immutable parallel safe
return id * 4 + kind;

-- Text that every output can carry: no character outside XML 1.0.
create or replace function app.is_text(t text) returns boolean
language sql immutable parallel safe
return t !~ '[\u0001-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]';

-- One line of it.
create or replace function app.is_line(t text) returns boolean
language sql immutable parallel safe
return t !~ '[\u0001-\u001f\u007f-\u009f\u2028\u2029\ufffe\uffff]';

-- An address as we store it: lower case, one @, nothing that could break out
-- of a mail header or an SMTP command.
create or replace function app.is_email(t text) returns boolean
language sql immutable parallel safe
return char_length(t) <= 254 and t = lower(t)
  and t ~ '^[a-z0-9.!#$%&''*+/=?^_`{|}~-]{1,64}@[a-z0-9](-?[a-z0-9])*(\.[a-z0-9](-?[a-z0-9])*)+$';

reset role;
set role sportello_owner;
alter default privileges revoke execute on functions from public;
-- Tenants, their accounts, and the front doors: portals and hosts.

create table app.tenants (
  tenant_id bigint primary key default app.new_id(),
  slug text not null unique check (slug ~ '^[a-z0-9](-?[a-z0-9]){1,40}$'),
  name text not null check (char_length(name) between 1 and 200 and app.is_line(name)),
  created_at timestamptz not null default now());

-- A customer of the tenant, or (is_partner) one that looks after others.
create table app.accounts (
  tenant_id bigint not null references app.tenants,
  id bigint not null default app.new_id() check (id between 1 and 2251799813685247),
  name text not null check (char_length(name) between 1 and 200 and app.is_line(name)),
  is_partner boolean not null default false,
  partner_id bigint,
  -- Whose queue a problem report enters: 1 tenant first, 2 partner first.
  routing smallint not null default 1 check (routing in (1, 2)),
  created_at timestamptz not null default now(),
  primary key (tenant_id, id),
  foreign key (tenant_id, partner_id) references app.accounts,
  constraint accounts_routing_check2 check (routing = 1 or partner_id is not null));
create index accounts_partner on app.accounts (tenant_id, partner_id);

-- A front door. Without an account it is the tenant's own desk, where agents
-- sign in; with one it is the account's top portal or, below another, a
-- sub-portal.
create table app.portals (
  tenant_id bigint not null references app.tenants,
  id bigint not null default app.new_id(),
  account_id bigint,
  parent_id bigint,
  name text not null check (char_length(name) between 1 and 200 and app.is_line(name)),
  locale text not null default 'en' check (locale ~ '^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$'),
  brand text not null default '#2f5d50' check (brand ~ '^#[0-9a-f]{6}$'),
  brand_bg text not null default '#17322b' check (brand_bg ~ '^#[0-9a-f]{6}$'),
  round smallint not null default 1 check (round between 0 and 2),
  mail_name text check (char_length(mail_name) <= 100 and app.is_line(mail_name)),
  created_at timestamptz not null default now(),
  primary key (tenant_id, id),
  unique (tenant_id, id, account_id),
  foreign key (tenant_id, account_id) references app.accounts,
  foreign key (tenant_id, parent_id, account_id)
    references app.portals (tenant_id, id, account_id));
create index portals_account on app.portals (tenant_id, account_id);

-- The map from a request's host to tenant and portal. A host name is unique
-- in the world, so its index is one of the two that do not begin with the
-- tenant (the other is tenants.slug).
create table app.hosts (
  tenant_id bigint not null references app.tenants,
  host text not null check (host ~ '^[a-z0-9](-?[a-z0-9])*(\.[a-z0-9](-?[a-z0-9])*)*$'
    and char_length(host) <= 253),
  portal_id bigint not null,
  is_canonical boolean not null default true,
  primary key (tenant_id, host),
  constraint hosts_host_key unique (host),
  foreign key (tenant_id, portal_id) references app.portals);
create unique index hosts_canonical on app.hosts (tenant_id, portal_id) where is_canonical;
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
create index memberships_account on app.memberships (tenant_id, account_id);

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

create table app.sessions (
  tenant_id bigint not null references app.tenants,
  id bigint not null default app.new_id(),
  person_id bigint not null,
  token_hash bytea not null check (octet_length(token_hash) = 32),
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  primary key (tenant_id, id),
  constraint sessions_token_key unique (tenant_id, token_hash),
  foreign key (tenant_id, person_id) references app.people on delete cascade);
create index sessions_expiry on app.sessions (expires_at);
create index sessions_person on app.sessions (tenant_id, person_id);

-- Every problem report of an account is mailed to all of these: a person of
-- the account's partner, or a bare address.
create table app.support_contacts (
  tenant_id bigint not null references app.tenants,
  account_id bigint not null,
  email text not null constraint support_contacts_email_check check (app.is_email(email)),
  person_id bigint,
  created_at timestamptz not null default now(),
  primary key (tenant_id, account_id, email),
  foreign key (tenant_id, account_id) references app.accounts on delete cascade,
  foreign key (tenant_id, person_id) references app.people);
-- Tickets, their conversation, and who may see them.

create table app.ticket_counters (
  tenant_id bigint primary key references app.tenants,
  last bigint not null default 0);

-- Status: 1 new, 2 in progress, 3 blocked (waits for the customer), 4 on hold,
-- 5 solved, 6 closed, 7 closed – escalated. Priority: 1 low … 4 urgent.
-- Numbers, not enums: an enum's = is not leakproof and so of no use to an
-- index under row-level security.
create table app.tickets (
  tenant_id bigint not null references app.tenants,
  id bigint not null,  -- the number people see, counted per tenant
  portal_id bigint not null,
  account_id bigint not null,
  requester_id bigint not null,
  assignee_id bigint,
  title text not null constraint tickets_title_check
    check (char_length(title) between 1 and 200 and app.is_line(title)),
  status smallint not null default 1 check (status between 1 and 7),
  priority smallint check (priority between 1 and 4),
  -- False for a partner-first report until it is escalated: agents then do
  -- not see it at all.
  at_desk boolean not null,
  created_at timestamptz not null default now(),
  -- The last change a customer may know of; and the last of any kind, so that
  -- an internal note does not show in the customer's dates.
  updated_at timestamptz not null default now(),
  desk_updated_at timestamptz not null default now(),
  primary key (tenant_id, id),
  foreign key (tenant_id, portal_id, account_id)
    references app.portals (tenant_id, id, account_id),
  foreign key (tenant_id, requester_id) references app.people,
  foreign key (tenant_id, assignee_id) references app.people);
-- The agents' queue, whole and by what it is filtered by.
create index tickets_desk on app.tickets (tenant_id, desk_updated_at desc, id desc) where at_desk;
create index tickets_created on app.tickets (tenant_id, created_at desc, id desc) where at_desk;
create index tickets_assignee on app.tickets (tenant_id, assignee_id, desk_updated_at desc, id desc) where at_desk;
create index tickets_priority on app.tickets (tenant_id, priority, created_at desc, id desc) where at_desk;
create index tickets_requester on app.tickets (tenant_id, requester_id);

-- Public replies and internal notes. What the person wrote (Markdown) and its
-- canonical form (the XHTML subset of fcgi/markup.h) are both kept.
create table app.comments (
  tenant_id bigint not null references app.tenants,
  ticket_id bigint not null,
  id bigint not null default app.new_time_id(),
  author_id bigint not null,
  is_internal boolean not null default false,
  source text not null constraint comments_body_check
    check (source ~ '\S' and octet_length(source) <= 65536 and app.is_text(source)),
  html text not null check (octet_length(html) <= 524288),
  created_at timestamptz not null default now(),
  primary key (tenant_id, ticket_id, id),
  foreign key (tenant_id, ticket_id) references app.tickets,
  foreign key (tenant_id, author_id) references app.people);
create index comments_author on app.comments (tenant_id, author_id);

-- The flattened answer to 'who may see this ticket': written only by
-- app.open_ticket() and its like, checked by the policies, and where lists
-- and counts begin. updated_at is the ticket's, so that a list is one walk
-- of an index a principal.
create table app.ticket_access (
  tenant_id bigint not null references app.tenants,
  principal bigint not null,
  ticket_id bigint not null,
  updated_at timestamptz not null,
  primary key (tenant_id, ticket_id, principal),
  foreign key (tenant_id, ticket_id) references app.tickets on delete cascade);
create index ticket_access_newest on app.ticket_access
  (tenant_id, principal, updated_at desc, ticket_id desc);
-- What happened, and what follows from it.

-- Appended in the transaction of the change. The transaction's own id is
-- kept so that a reader can stop below the oldest one still running.
create table app.events (
  tenant_id bigint not null references app.tenants,
  id bigint generated always as identity,
  xid xid8 not null default pg_current_xact_id(),
  kind text not null check (kind ~ '^[a-z]+\.[a-z_]+$'),
  actor_id bigint,
  ticket_id bigint,
  comment_id bigint,
  data jsonb not null default '{}' check (octet_length(data::text) <= 16384),
  created_at timestamptz not null default now(),
  primary key (tenant_id, id),
  foreign key (tenant_id, actor_id) references app.people,
  foreign key (tenant_id, ticket_id) references app.tickets,
  foreign key (tenant_id, ticket_id, comment_id) references app.comments);
create index events_ticket on app.events (tenant_id, ticket_id, id);

-- Events whose deliveries are not worked out yet: a row leaves in the
-- transaction that writes them.
create table app.event_queue (
  tenant_id bigint not null references app.tenants,
  event_id bigint not null,
  primary key (tenant_id, event_id),
  foreign key (tenant_id, event_id) references app.events);
create index event_queue_order on app.event_queue (event_id);

-- One message to one address about one event, and how far it came. The key
-- makes a second one impossible. State: 1 waiting, 2 sent, 3 given up,
-- 4 not sent since the person may not see the ticket any more.
create table app.deliveries (
  tenant_id bigint not null references app.tenants,
  id bigint not null default app.new_id(),
  event_id bigint not null,
  email text not null check (app.is_email(email)),
  person_id bigint,
  reason text not null check (reason in ('support_contact', 'requester', 'access', 'desk')),
  state smallint not null default 1 check (state between 1 and 4),
  attempts smallint not null default 0,
  next_try_at timestamptz not null default now(),
  answer text check (char_length(answer) <= 500),
  sent_at timestamptz,
  primary key (tenant_id, id),
  constraint deliveries_once unique (tenant_id, event_id, email),
  foreign key (tenant_id, event_id) references app.events,
  foreign key (tenant_id, person_id) references app.people);
create index deliveries_due on app.deliveries (next_try_at) where state = 1;

-- The stored answer of a write, so that sending twice does it once. Kept 24 h.
create table app.idempotency_keys (
  tenant_id bigint not null references app.tenants,
  person_id bigint not null,
  route text not null,
  key text not null check (key ~ '^[A-Za-z0-9_-]{8,64}$'),
  -- Of the input: the same key with another body is a mistake to be told.
  fingerprint bytea not null,
  answer json,
  created_at timestamptz not null default now(),
  primary key (tenant_id, person_id, route, key),
  foreign key (tenant_id, person_id) references app.people on delete cascade);
create index idempotency_keys_age on app.idempotency_keys (created_at);

-- Which migrations this database has had.
create table if not exists app.migrations (
  number int primary key,
  applied_at timestamptz not null default now());
reset role;
