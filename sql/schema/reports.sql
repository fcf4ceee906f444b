-- What reports are made of (I3), beside the tickets themselves.

-- When whoever works on it first answered, or solved it.
alter table app.tickets add column answered_at timestamptz;

-- What became of each promise: kept or broken, as app.fold_clocks() has it, and made
-- anew with the clocks. turn: of the next responses each that was owed has one.
create table app.clock_results (
  tenant_id bigint not null references app.tenants,
  ticket_id bigint not null,
  kind smallint not null check (kind between 1 and 3),
  turn int not null check (turn > 0),
  met boolean not null,
  -- When it was kept, or broken.
  at timestamptz not null,
  used bigint not null,
  target bigint not null,
  due_at timestamptz,
  -- Null: broken, and not over.
  ended_at timestamptz,
  version int,
  plan text,
  priority smallint,
  primary key (tenant_id, ticket_id, kind, turn),
  foreign key (tenant_id, ticket_id) references app.tickets on delete cascade);
create index clock_results_at on app.clock_results (tenant_id, at);

-- A table, and a calendar, as they would be: without opens, the calendar is as its version
-- says. As a calendar's spans: the last one has no end.
create type app.what_if as (body jsonb, calendar bigint, version int, opens timestamptz[], closes timestamptz[], before bigint[]);
