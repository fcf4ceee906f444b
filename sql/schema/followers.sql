-- Who wants mail about a ticket; seeing it is another matter (ticket_access).
-- Who opened it gets mail without a row here, so that opening costs nothing
-- more; theirs only says otherwise. Level: 1 everything, 2 replies, 3 nothing.
create table app.followers (
  tenant_id bigint not null references app.tenants,
  ticket_id bigint not null,
  person_id bigint not null,
  level smallint not null default 1 check (level between 1 and 3),
  -- What was before is nobody's mail.
  since timestamptz not null default now(),
  primary key (tenant_id, ticket_id, person_id),
  foreign key (tenant_id, ticket_id) references app.tickets on delete cascade,
  foreign key (tenant_id, person_id) references app.people on delete cascade);
create index followers_person on app.followers (tenant_id, person_id, ticket_id);
