-- What happens to tickets by itself: rules that a tenant writes (W2, S4).

-- A rule is data (functions/rules.sql says what it may be): {when, if, do}. said: the
-- texts of its actions as comments have them, by action and language; '' is every
-- language. It holds for what happens from since on; past: for tickets that were there
-- before too, of which those up to past_after are looked at.
create table app.rules (
  tenant_id bigint not null references app.tenants,
  id bigint not null default app.new_id(),
  position int not null,
  name text not null constraint rules_name_check check (char_length(name) between 1 and 80 and app.is_line(name) and name ~ '\S'),
  body jsonb not null check (octet_length(body::text) <= 65536),
  said jsonb not null check (octet_length(said::text) <= 4194304),
  version int not null default 1 check (version between 1 and 1000),
  is_on boolean not null default false,
  since timestamptz not null default now(),
  past boolean not null default false,
  past_after bigint,
  removed_at timestamptz,
  primary key (tenant_id, id));
create index rules_on on app.rules (tenant_id, position, id) where is_on;

create table app.rule_versions (
  tenant_id bigint not null references app.tenants,
  rule_id bigint not null,
  version int not null,
  name text not null,
  body jsonb not null,
  author_id bigint not null,
  created_at timestamptz not null default now(),
  primary key (tenant_id, rule_id, version),
  foreign key (tenant_id, rule_id) references app.rules on delete cascade,
  foreign key (tenant_id, author_id) references app.people);
create index rule_versions_author on app.rule_versions (tenant_id, author_id);

-- What a rule did to a ticket, or what stopped it, and why. root: the event of
-- somebody's that it all began with; by none where time did it.
create table app.rule_runs (
  tenant_id bigint not null references app.tenants,
  id bigint not null default app.new_tick_id(),
  ticket_id bigint not null,
  rule_id bigint not null,
  version int not null,
  event_id bigint,
  root bigint,
  outcome text not null check (outcome in ('ran', 'again', 'depth', 'daily', 'failed')),
  why jsonb not null default '[]' check (octet_length(why::text) <= 65536),
  did jsonb not null default '[]' check (octet_length(did::text) <= 65536),
  created_at timestamptz not null default now(),
  primary key (tenant_id, id),
  foreign key (tenant_id, ticket_id) references app.tickets on delete cascade,
  foreign key (tenant_id, rule_id) references app.rules on delete cascade,
  foreign key (tenant_id, event_id) references app.events);
create index rule_runs_ticket on app.rule_runs (tenant_id, ticket_id, id desc);
create index rule_runs_rule on app.rule_runs (tenant_id, rule_id, id desc);
-- What the hourly sweep asks, of all tenants.
create index rule_runs_age on app.rule_runs (created_at);

-- When a rule of time is to look at a ticket (null: nothing to do now), from which
-- moment that is counted, and the moment for which it ran.
create table app.rule_alarms (
  tenant_id bigint not null references app.tenants,
  ticket_id bigint not null,
  rule_id bigint not null,
  base timestamptz not null,
  due_at timestamptz,
  ran_for timestamptz,
  primary key (tenant_id, ticket_id, rule_id),
  foreign key (tenant_id, ticket_id) references app.tickets on delete cascade,
  foreign key (tenant_id, rule_id) references app.rules on delete cascade);
create index rule_alarms_due on app.rule_alarms (tenant_id, due_at) where due_at is not null;
create index rule_alarms_rule on app.rule_alarms (tenant_id, rule_id);
-- Each rule has its turn.
create index rule_alarms_turn on app.rule_alarms (tenant_id, rule_id, due_at) where due_at is not null;

-- When jobs look at a tenant's alarms next.
create table app.rule_turns (
  tenant_id bigint primary key references app.tenants,
  next_at timestamptz);
create index rule_turns_next on app.rule_turns (next_at) where next_at is not null;

-- How far a ticket is escalated among the staff: 1 to 5.
create table app.ticket_levels (
  tenant_id bigint not null references app.tenants,
  ticket_id bigint not null,
  level smallint not null check (level between 1 and 5),
  since timestamptz not null default now(),
  primary key (tenant_id, ticket_id),
  foreign key (tenant_id, ticket_id) references app.tickets on delete cascade);

-- What a rule says is nobody's answer.
alter table app.comments drop constraint comments_about_check,
  add constraint comments_about_check check (about in ('priority', 'rule'));
