-- Agents put tickets aside for a time.
set role sportello_owner;
create table app.snoozes (
  tenant_id bigint not null references app.tenants,
  ticket_id bigint not null,
  person_id bigint not null,
  until_at timestamptz not null,
  primary key (tenant_id, ticket_id),
  foreign key (tenant_id, ticket_id) references app.tickets on delete cascade,
  foreign key (tenant_id, person_id) references app.people);
create index snoozes_due on app.snoozes (until_at);
reset role;
