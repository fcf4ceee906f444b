-- Each rule of time has its turn, and what rules did is forgotten after ninety days.
set role sportello_owner;
create index rule_runs_age on app.rule_runs (created_at);
create index rule_alarms_turn on app.rule_alarms (tenant_id, rule_id, due_at) where due_at is not null;
reset role;
