-- What a tenant may use, as its operator set it (no row, or null: as much as it
-- likes), and what it uses.
create table app.quotas (
  tenant_id bigint primary key references app.tenants,
  people bigint check (people > 0),
  storage bigint check (storage > 0),    -- bytes of texts and pictures
  mails bigint check (mails > 0),        -- a day
  -- When its administrators were last told that most of it is used.
  people_told_at timestamptz,
  storage_told_at timestamptz,
  mails_told_at timestamptz);

-- A row a day, so that what is written today meets no other day's.
create table app.usage (
  tenant_id bigint not null references app.tenants,
  day date not null,
  storage bigint not null default 0,
  mails bigint not null default 0,
  primary key (tenant_id, day));
