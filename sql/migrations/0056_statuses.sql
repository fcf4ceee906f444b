-- Tenants have words of their own for the statuses, and say which may follow which.
set role sportello_owner;
create table app.statuses (
  tenant_id bigint not null references app.tenants,
  status text not null constraint statuses_status_check check (
    status in ('new', 'in_progress', 'blocked', 'on_hold', 'solved', 'closed', 'closed_escalated')),
  agents jsonb not null default '{}' constraint statuses_agents_check check (app.texts_fit(agents, 40, true)),
  customers jsonb not null default '{}' constraint statuses_customers_check check (app.texts_fit(customers, 40, true)),
  primary key (tenant_id, status));

create table app.transitions (
  tenant_id bigint not null references app.tenants,
  role text not null constraint transitions_role_check check (role in ('agent', 'tenant_admin')),
  from_status text not null,
  to_status text not null,
  primary key (tenant_id, role, from_status, to_status),
  check (from_status <> to_status),
  check (array[from_status, to_status] <@ array['new', 'in_progress', 'blocked', 'on_hold', 'solved', 'closed', 'closed_escalated']));
reset role;
