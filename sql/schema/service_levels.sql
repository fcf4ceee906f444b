-- The service level (SPEC S1): what each priority means, and within what time it is
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
