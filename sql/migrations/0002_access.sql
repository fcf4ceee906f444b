-- Support access, settings that are inherited, secrets that are good once, and
-- what the door must know for them.
set role sportello_owner;
alter table app.tenants add column suspended_at timestamptz;
alter table app.hosts add column is_on boolean not null default true;
alter table app.hosts add column is_suspended boolean not null default false;
alter table app.memberships add column is_support boolean not null default false;

create table app.grants (
  tenant_id bigint not null references app.tenants,
  id bigint not null default app.new_id(),
  account_id bigint not null,
  portals bigint[] check (cardinality(portals) between 1 and 200),
  reason text not null constraint grants_reason_check
    check (char_length(reason) between 1 and 500 and app.is_text(reason)),
  ticket_id bigint,
  granted_by bigint not null,
  created_at timestamptz not null default now(),
  ends_at timestamptz not null,
  ended_at timestamptz,
  ended_by bigint,
  primary key (tenant_id, id),
  foreign key (tenant_id, account_id) references app.accounts on delete cascade,
  foreign key (tenant_id, ticket_id) references app.tickets,
  foreign key (tenant_id, granted_by) references app.people,
  foreign key (tenant_id, ended_by) references app.people);
create index grants_account on app.grants (tenant_id, account_id, created_at desc);

-- What was done under it: the door writes a row for each page that is read.
create table app.grant_visits (
  tenant_id bigint not null references app.tenants,
  id bigint not null default app.new_time_id(),
  grant_id bigint not null,
  account_id bigint not null,
  portal_id bigint not null,
  person_id bigint not null,
  page text not null check (char_length(page) <= 300 and app.is_line(page)),
  created_at timestamptz not null default now(),
  primary key (tenant_id, id),
  foreign key (tenant_id, grant_id) references app.grants on delete cascade,
  foreign key (tenant_id, person_id) references app.people);
create index grant_visits_account on app.grant_visits (tenant_id, account_id, id desc);

alter table app.sessions
  add column idle_minutes int not null default 20160 check (idle_minutes between 5 and 525600),
  add column seen_at timestamptz not null default now(),
  add column browser text check (char_length(browser) <= 200 and app.is_line(browser)),
  add column grant_id bigint,
  add foreign key (tenant_id, grant_id) references app.grants on delete cascade;
create index sessions_grant on app.sessions (tenant_id, grant_id) where grant_id is not null;

-- What a tenant, an account or a portal has set for itself: the nearest wins
-- (functions/settings.sql has the names, kinds and defaults). Scope: 0 the
-- tenant, twice an account's id, or twice a portal's and one.
create table app.settings (
  tenant_id bigint not null references app.tenants,
  scope bigint not null,
  name text not null check (name ~ '^[a-z][a-z_]{1,60}$'),
  value text not null check (char_length(value) <= 8000 and app.is_text(value)),
  account_id bigint,
  portal_id bigint,
  set_by bigint,
  set_at timestamptz not null default now(),
  primary key (tenant_id, scope, name),
  foreign key (tenant_id, account_id) references app.accounts on delete cascade,
  foreign key (tenant_id, portal_id) references app.portals on delete cascade,
  foreign key (tenant_id, set_by) references app.people on delete set null (set_by),
  constraint settings_scope_check check (
    scope = coalesce(portal_id * 2 + 1, account_id * 2, 0)
    and (account_id is null or portal_id is null)));
-- Secrets that are good once: links and codes in mails, hand-overs between
-- hosts. The secret itself is not stored: it is an HMAC of the row's id
-- (door/one_time.sql), so that jobs can write the mail and a copy of this
-- table opens nothing.
create table app.one_time (
  tenant_id bigint not null references app.tenants,
  id bigint not null default app.new_id(),
  kind text not null check (kind ~ '^[a-z_]{3,40}$'),
  portal_id bigint,
  person_id bigint,
  email text check (app.is_email(email)),
  data jsonb not null default '{}' check (octet_length(data::text) <= 8192),
  tries smallint not null default 0,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  used_at timestamptz,
  primary key (tenant_id, id),
  foreign key (tenant_id, portal_id) references app.portals on delete cascade,
  foreign key (tenant_id, person_id) references app.people on delete cascade);
create index one_time_email on app.one_time (tenant_id, kind, email);
create index one_time_age on app.one_time (expires_at);

alter table app.events add column account_id bigint,
  add foreign key (tenant_id, account_id) references app.accounts;
create index events_account on app.events (tenant_id, account_id, id) where account_id is not null;
alter table app.deliveries drop constraint deliveries_reason_check,
  add constraint deliveries_reason_check
    check (reason in ('support_contact', 'requester', 'access', 'desk', 'notice'));
reset role;
drop function if exists auth.enter(text, bytea, smallint, boolean);
drop function if exists auth.set_context(bigint, bigint, bigint, bigint, bigint, smallint, bigint[], boolean);
drop function if exists auth.lookup(text, bytea);
drop function if exists jobs.recipients(bigint);
drop function if exists jobs.mail(bigint, text, text);
