-- Products are asked in turn, one message of a tenant at a time.
set role sportello_owner;
alter table app.webhooks add column next_at timestamptz not null default '-infinity';
create index webhooks_turn on app.webhooks (next_at) where is_on;
create index webhook_deliveries_turn on app.webhook_deliveries (tenant_id, next_try_at) where state = 1;
reset role;
