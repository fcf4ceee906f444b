-- The service level (S1): what each priority means, and within what time it is
-- answered and solved.

-- The whole table of a tenant, as it was saved (app.sla_faults() says what it may
-- be). The newest holds; older ones stay, since clocks go by the one that was valid.
create table app.sla_versions (
  tenant_id bigint not null references app.tenants,
  version int not null check (version between 1 and 1000),
  valid_from timestamptz not null default now(),
  author_id bigint,
  body jsonb not null check (octet_length(body::text) <= 262144),
  primary key (tenant_id, version),
  foreign key (tenant_id, author_id) references app.people);

-- Which plan an account has, since when; no row, or no plan: the first of the table.
create table app.account_plans (
  tenant_id bigint not null references app.tenants,
  account_id bigint not null,
  since timestamptz not null default now(),
  plan text check (plan ~ '^[a-z][a-z0-9_]{0,39}$'),
  author_id bigint,
  primary key (tenant_id, account_id, since),
  foreign key (tenant_id, account_id) references app.accounts on delete cascade,
  foreign key (tenant_id, author_id) references app.people);

-- What states something by itself, and is nobody's answer: the priority.
alter table app.comments add column about text check (about in ('priority'));

-- The clocks of a ticket (S4): what app.fold_clocks() makes of its events, kept
-- so that lists and jobs need not ask again. kind: 1 first response, 2 next response,
-- 3 solution. state: 1 runs, 2 is paused, 3 is stopped and may go on, 4 is over.
create table app.ticket_clocks (
  tenant_id bigint not null references app.tenants,
  ticket_id bigint not null,
  kind smallint not null check (kind between 1 and 3),
  state smallint not null check (state between 1 and 4),
  started_at timestamptz not null,
  -- Runs since then; used are the seconds before that.
  running_since timestamptz,
  used bigint not null default 0,
  ended_at timestamptz,
  -- Seconds that are promised; null: nothing is. By which version of the table, for
  -- which priority and plan, counted by which version of which calendar (null: every hour).
  target bigint,
  version int,
  plan text,
  priority smallint,
  calendar bigint,
  calendar_version int,
  -- Where it runs, or was late.
  due_at timestamptz,
  warn_at timestamptz,
  late boolean not null default false,
  -- The due time of which somebody was told; and when there is something to tell.
  warned_for timestamptz,
  late_for timestamptz,
  alarm_at timestamptz,
  -- The first of its ticket to come.
  is_next boolean not null default false,
  primary key (tenant_id, ticket_id, kind),
  foreign key (tenant_id, ticket_id) references app.tickets on delete cascade);
-- What jobs ask, of all tenants.
create index ticket_clocks_alarm on app.ticket_clocks (alarm_at) where alarm_at is not null;
-- The queue by what is due first.
create index ticket_clocks_due on app.ticket_clocks (tenant_id, due_at, ticket_id) where is_next;
