-- What the tenant's own product is told of grants: tokens that it can check,
-- and messages to an address of its own (Standard Webhooks).

-- Keys that sign tokens. The secret half is an HMAC of the row's id
-- (door/product.sql), so that a copy of this table signs nothing; the public
-- half is written by whoever computes it first.
create table app.grant_keys (
  tenant_id bigint not null references app.tenants,
  id bigint not null default app.new_id(),
  public text check (public ~ '^[A-Za-z0-9_-]{43}$'),
  created_at timestamptz not null default now(),
  retired_at timestamptz,
  primary key (tenant_id, id));
create index grant_keys_newest on app.grant_keys (tenant_id, created_at desc);

-- One a tenant. Its secret is an HMAC too, of this generation.
create table app.webhooks (
  tenant_id bigint primary key references app.tenants,
  url text not null constraint webhooks_url_check
    check (char_length(url) <= 2000 and url ~ '^https://[A-Za-z0-9.-]+(:[0-9]{1,5})?(/[!-~]*)?$' and url !~ '[#"<>\\^`{|}]'),
  is_on boolean not null default true,
  generation int not null default 1,
  set_by bigint,
  set_at timestamptz not null default now(),
  -- Since when its product may be asked again; later than now: it is being asked.
  next_at timestamptz not null default '-infinity',
  foreign key (tenant_id, set_by) references app.people on delete set null (set_by));
create index webhooks_turn on app.webhooks (next_at) where is_on;

-- One message. State: 1 waiting, 2 taken by the product, 3 given up.
create table app.webhook_deliveries (
  tenant_id bigint not null references app.tenants,
  id bigint not null default app.new_tick_id(),
  event_id bigint,
  kind text not null check (kind ~ '^[a-z]+\.[a-z_]+$'),
  body text not null check (octet_length(body) <= 65536),
  state smallint not null default 1 check (state between 1 and 3),
  attempts smallint not null default 0,
  next_try_at timestamptz not null default now(),
  status int,
  answer text check (char_length(answer) <= 500),
  created_at timestamptz not null default now(),
  sent_at timestamptz,
  primary key (tenant_id, id),
  constraint webhook_deliveries_once unique (tenant_id, event_id),
  foreign key (tenant_id, event_id) references app.events);
create index webhook_deliveries_due on app.webhook_deliveries (next_try_at) where state = 1;
create index webhook_deliveries_turn on app.webhook_deliveries (tenant_id, next_try_at) where state = 1;
