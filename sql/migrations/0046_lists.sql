-- What somebody has read, by ticket; lists that they keep.
set role sportello_owner;
alter table app.people add column read_until timestamptz not null default now();
alter table app.tickets add column changed_by bigint, add column desk_changed_by bigint;

create table app.seen (
  tenant_id bigint not null references app.tenants,
  person_id bigint not null,
  ticket_id bigint not null,
  seen_at timestamptz not null,
  primary key (tenant_id, person_id, ticket_id),
  foreign key (tenant_id, person_id) references app.people on delete cascade,
  foreign key (tenant_id, ticket_id) references app.tickets on delete cascade);
create index seen_ticket on app.seen (tenant_id, ticket_id);
create index seen_age on app.seen (seen_at);

create table app.views (
  tenant_id bigint not null references app.tenants,
  id bigint not null default app.new_id(),
  person_id bigint not null,
  place text not null check (place in ('tickets', 'inbox', 'queue')),
  name text not null constraint views_name_check check (char_length(name) between 1 and 80 and app.is_line(name)),
  query text not null constraint views_query_check check (octet_length(query) <= 2000 and query ~ '^[!-~]*$'),
  position int not null,
  primary key (tenant_id, id),
  foreign key (tenant_id, person_id) references app.people on delete cascade);
create index views_person on app.views (tenant_id, person_id, place, position, id);
