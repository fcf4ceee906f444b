-- A reply may mention people.
set role sportello_owner;
create table app.mentions (
  tenant_id bigint not null references app.tenants,
  ticket_id bigint not null,
  comment_id bigint not null,
  person_id bigint not null,
  primary key (tenant_id, ticket_id, comment_id, person_id),
  foreign key (tenant_id, ticket_id, comment_id) references app.comments on delete cascade,
  foreign key (tenant_id, person_id) references app.people on delete cascade);
create index mentions_person on app.mentions (tenant_id, person_id);
reset role;
