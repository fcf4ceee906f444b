-- The service level: the table by version, accounts' plans, and what a comment states by itself.
set role sportello_owner;
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
reset role;
