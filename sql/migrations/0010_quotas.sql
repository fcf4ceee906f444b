-- What a tenant may use, and what it uses.
set role sportello_owner;
create table app.quotas (
  tenant_id bigint primary key references app.tenants,
  people bigint check (people > 0),
  storage bigint check (storage > 0),    -- bytes of texts
  mails bigint check (mails > 0),        -- a day
  -- When its administrators were last told that most of it is used.
  told_at timestamptz);

-- A row a day, so that what is written today meets no other day's.
create table app.usage (
  tenant_id bigint not null references app.tenants,
  day date not null,
  storage bigint not null default 0,
  mails bigint not null default 0,
  primary key (tenant_id, day));
reset role;
-- What is there already.
insert into app.usage (tenant_id, day, storage)
  select c.tenant_id, c.created_at::date, sum(octet_length(c.source) + octet_length(c.html))
  from app.comments c group by 1, 2;
