-- What a tenant calls its statuses, and which may follow which (functions/statuses.sql).
-- Statuses stand here by the words of the API; tickets have their numbers.

-- Labels by language, {"sv": "…"}: what agents read, and what customers do. Where
-- there is none the product has a word of its own.
create table app.statuses (
  tenant_id bigint not null references app.tenants,
  status text not null constraint statuses_status_check check (
    status in ('new', 'in_progress', 'blocked', 'on_hold', 'solved', 'closed', 'closed_escalated')),
  agents jsonb not null default '{}' constraint statuses_agents_check check (app.texts_fit(agents, 40, true)),
  customers jsonb not null default '{}' constraint statuses_customers_check check (app.texts_fit(customers, 40, true)),
  primary key (tenant_id, status));

-- What a role of the tenant's staff may make of a ticket's status. A role without
-- rows may make any of it.
create table app.transitions (
  tenant_id bigint not null references app.tenants,
  role text not null constraint transitions_role_check check (role in ('agent', 'tenant_admin')),
  from_status text not null,
  to_status text not null,
  primary key (tenant_id, role, from_status, to_status),
  check (from_status <> to_status),
  check (array[from_status, to_status] <@ array['new', 'in_progress', 'blocked', 'on_hold', 'solved', 'closed', 'closed_escalated']));
