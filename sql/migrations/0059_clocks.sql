-- The clocks of tickets, as they are worked out.
set role sportello_owner;
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
reset role;
