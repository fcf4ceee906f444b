-- An account's permission for the tenant's agents to enter its portals, and
-- the sessions that come of signing in or of entering under one.

-- portals: which of the account's; null: all of them. A grant lives until
-- ends_at, or until it is ended before.
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
-- Those that nobody has ended: few, and sought by ticket and by their end too.
create index grants_live on app.grants (tenant_id, account_id) where ended_at is null;
create index grants_ticket on app.grants (tenant_id, ticket_id) where ended_at is null;
create index grants_due on app.grants (ends_at) where ended_at is null;

-- An agent asks for one, from a ticket. Only an administrator of the account
-- opens it. State: 1 open, 2 approved, 3 refused, 4 withdrawn, or lapsed with
-- its ticket.
create table app.grant_requests (
  tenant_id bigint not null references app.tenants,
  id bigint not null default app.new_id(),
  account_id bigint not null,
  ticket_id bigint not null,
  portals bigint[] check (cardinality(portals) between 1 and 200),
  reason text not null constraint grants_reason_check
    check (char_length(reason) between 1 and 500 and app.is_text(reason)),
  days int not null constraint grants_days_check check (days between 1 and 365),
  asked_by bigint not null,
  created_at timestamptz not null default now(),
  state smallint not null default 1 check (state between 1 and 4),
  decided_by bigint,
  decided_at timestamptz,
  grant_id bigint,
  primary key (tenant_id, id),
  foreign key (tenant_id, account_id) references app.accounts on delete cascade,
  foreign key (tenant_id, ticket_id) references app.tickets,
  foreign key (tenant_id, asked_by) references app.people,
  foreign key (tenant_id, decided_by) references app.people,
  foreign key (tenant_id, grant_id) references app.grants);
-- One at a time of an agent and a ticket.
create unique index grant_requests_open on app.grant_requests (tenant_id, ticket_id, asked_by) where state = 1;
create index grant_requests_account on app.grant_requests (tenant_id, account_id, created_at) where state = 1;
create index grant_requests_ticket on app.grant_requests (tenant_id, ticket_id, created_at);

-- What was done under it: the door writes a row for each page that is read.
create table app.grant_visits (
  tenant_id bigint not null references app.tenants,
  id bigint not null default app.new_tick_id(),
  grant_id bigint not null,
  account_id bigint not null,
  portal_id bigint not null,
  person_id bigint not null,
  page text not null check (char_length(page) <= 300 and app.is_line(page)),
  created_at timestamptz not null default now(),
  primary key (tenant_id, id),
  foreign key (tenant_id, grant_id) references app.grants on delete cascade,
  foreign key (tenant_id, person_id) references app.people);
create index grant_visits_account on app.grant_visits (tenant_id, account_id, created_at desc, id desc);

create table app.sessions (
  tenant_id bigint not null references app.tenants,
  id bigint not null default app.new_id(),
  person_id bigint not null,
  token_hash bytea not null check (octet_length(token_hash) = 32),
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  -- It ends sooner when it is not used for so long. The door notes the use,
  -- at most every five minutes.
  idle_minutes int not null default 20160 check (idle_minutes between 5 and 525600),
  seen_at timestamptz not null default now(),
  -- What the browser says it is, for the list of one's sessions.
  browser text check (char_length(browser) <= 200 and app.is_line(browser)),
  -- A session of the tenant's support at a customer's portal, as long as the
  -- grant lives: it reads, and never acts.
  grant_id bigint,
  -- The session it was handed over from, at another host: one sign-out ends
  -- both.
  root_id bigint,
  -- When the person last proved who they are: asked for changes of what proves
  -- it. A session that is made from another one takes the other's.
  proved_at timestamptz not null default now(),
  -- Where it was made, and is good. Null: at any, as they were before this was
  -- kept.
  host text check (char_length(host) <= 253),
  primary key (tenant_id, id),
  constraint sessions_token_key unique (tenant_id, token_hash),
  foreign key (tenant_id, person_id) references app.people on delete cascade,
  foreign key (tenant_id, grant_id) references app.grants on delete cascade);
create index sessions_grant on app.sessions (tenant_id, grant_id) where grant_id is not null;
create index sessions_expiry on app.sessions (expires_at);
create index sessions_person on app.sessions (tenant_id, person_id);
