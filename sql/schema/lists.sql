-- What somebody has read, and the lists that they keep.

-- Up to which change of a ticket a person has read it. No row: up to
-- people.read_until, or a month ago. A change writes nothing here, however many
-- follow the ticket; rows end after that month.
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

-- A list by name: what stands in the page's address after the '?'.
create table app.views (
  tenant_id bigint not null references app.tenants,
  id bigint not null default app.new_id(),
  person_id bigint not null,
  place text not null check (place in ('tickets', 'inbox', 'queue')),
  name text not null constraint views_name_check check (char_length(name) between 1 and 80 and app.is_line(name)),
  query text not null constraint views_query_check check (octet_length(query) <= 2000 and query ~ '^[!-~]*$'),
  position int not null,
  -- Agents' lists of the queue: for all of them.
  is_shared boolean not null default false check (not is_shared or place = 'queue'),
  primary key (tenant_id, id),
  foreign key (tenant_id, person_id) references app.people on delete cascade);
create index views_person on app.views (tenant_id, person_id, place, position, id);
create index views_shared on app.views (tenant_id) where is_shared;

-- Tickets that the desk has put aside, until then or until somebody answers.
create table app.snoozes (
  tenant_id bigint not null references app.tenants,
  ticket_id bigint not null,
  person_id bigint not null,
  until_at timestamptz not null,
  primary key (tenant_id, ticket_id),
  foreign key (tenant_id, ticket_id) references app.tickets on delete cascade,
  foreign key (tenant_id, person_id) references app.people);
create index snoozes_due on app.snoozes (until_at);
