-- Work is taken by tenants' turns: the oldest of one, then of another.
set role sportello_owner;
drop index app.event_queue_order;
drop index app.deliveries_due;
create index deliveries_due on app.deliveries (tenant_id, next_try_at) where state = 1;
reset role;
