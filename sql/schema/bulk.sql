-- One change of many tickets, which jobs carry out in the name of who asked (W1).

-- change: {status, priority, assignee, team, tags}, as app.change_ticket() takes it; none
-- when the job takes another one back (undoes). State: 1 at work, 2 done, 3 stopped.
create table app.bulk_jobs (
  tenant_id bigint not null references app.tenants,
  id bigint not null default app.new_id(),
  person_id bigint not null,
  change jsonb not null check (jsonb_typeof(change) = 'object' and octet_length(change::text) <= 4000),
  undoes bigint,
  state smallint not null default 1 check (state between 1 and 3),
  total int not null,
  done int not null default 0,
  same int not null default 0,
  refused int not null default 0,
  created_at timestamptz not null default now(),
  ended_at timestamptz,
  due_at timestamptz not null default now(),  -- its next part
  hold smallint not null default 0 check (hold between 0 and 30),  -- so many seconds nobody is told of it
  tries smallint not null default 0,  -- how often that has failed
  primary key (tenant_id, id),
  foreign key (tenant_id, person_id) references app.people,
  foreign key (tenant_id, undoes) references app.bulk_jobs on delete cascade,
  check ((state = 1) = (ended_at is null)));
create index bulk_jobs_person on app.bulk_jobs (tenant_id, person_id, created_at);
create index bulk_jobs_created on app.bulk_jobs (tenant_id, created_at);
create index bulk_jobs_due on app.bulk_jobs (tenant_id, due_at) where state = 1;
-- Taken back once.
create unique index bulk_jobs_undoes on app.bulk_jobs (tenant_id, undoes) where undoes is not null;

-- Each of its tickets, which may not be there. State: 1 waits, 2 changed, 3 refused, 4 so already. before, after: what
-- was of what is changed, and what is since.
create table app.bulk_rows (
  tenant_id bigint not null references app.tenants,
  job_id bigint not null,
  ticket_id bigint not null,
  state smallint not null default 1 check (state between 1 and 4),
  before jsonb,
  after jsonb,
  code text,
  primary key (tenant_id, job_id, ticket_id),
  foreign key (tenant_id, job_id) references app.bulk_jobs on delete cascade);
create index bulk_rows_waiting on app.bulk_rows (tenant_id, job_id, ticket_id) where state = 1;
create index bulk_rows_refused on app.bulk_rows (tenant_id, job_id, ticket_id) where state = 3;
