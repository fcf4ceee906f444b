-- Who follows a ticket is a list of its own: whoever was added got mail by their
-- access, and gets it as a follower now.
set role sportello_owner;
create table app.followers (
  tenant_id bigint not null references app.tenants,
  ticket_id bigint not null,
  person_id bigint not null,
  level smallint not null default 1 check (level between 1 and 3),
  since timestamptz not null default now(),
  primary key (tenant_id, ticket_id, person_id),
  foreign key (tenant_id, ticket_id) references app.tickets on delete cascade,
  foreign key (tenant_id, person_id) references app.people on delete cascade);
create index followers_person on app.followers (tenant_id, person_id, ticket_id);
reset role;
insert into app.followers (tenant_id, ticket_id, person_id)
  select a.tenant_id, a.ticket_id, a.principal / 4 from app.ticket_access a
  join app.tickets t on t.tenant_id = a.tenant_id and t.id = a.ticket_id
  where a.principal % 4 = 0 and a.principal / 4 <> t.requester_id;
