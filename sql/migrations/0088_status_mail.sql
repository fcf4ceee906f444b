-- Service status by mail: who subscribes, who is affected, which tickets come of an incident.
set role sportello_owner;
alter table app.incident_updates add column told_step smallint not null default 1, add column told_after bigint not null default 0;
alter table app.deliveries drop constraint deliveries_reason_check;
alter table app.deliveries add constraint deliveries_reason_check
  check (reason in ('support_contact', 'requester', 'access', 'desk', 'notice', 'status'));

create table app.status_subscribers (
  tenant_id bigint not null references app.tenants,
  id bigint not null default app.new_id(),
  portal_id bigint not null,
  email text check (app.is_email(email)),
  person_id bigint,
  language text check (language ~ '^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$'),
  components bigint[] not null default '{}' constraint status_subscribers_components_check check (cardinality(components) <= 200),
  since timestamptz not null default now(),
  primary key (tenant_id, id),
  constraint status_subscribers_email unique (tenant_id, email, portal_id),
  constraint status_subscribers_person unique (tenant_id, person_id, portal_id),
  check ((email is null) <> (person_id is null)),
  foreign key (tenant_id, portal_id) references app.portals on delete cascade,
  foreign key (tenant_id, person_id) references app.people on delete cascade);
create index status_subscribers_portal on app.status_subscribers (tenant_id, portal_id);

create table app.incident_people (
  tenant_id bigint not null references app.tenants,
  incident_id bigint not null,
  person_id bigint not null,
  portal_id bigint not null,
  since timestamptz not null default now(),
  primary key (tenant_id, incident_id, person_id),
  foreign key (tenant_id, incident_id) references app.incidents on delete cascade,
  foreign key (tenant_id, person_id) references app.people on delete cascade,
  foreign key (tenant_id, portal_id) references app.portals on delete cascade);
create index incident_people_person on app.incident_people (tenant_id, person_id);
create index incident_people_portal on app.incident_people (tenant_id, portal_id);

create table app.incident_tickets (
  tenant_id bigint not null references app.tenants,
  ticket_id bigint not null,
  incident_id bigint not null,
  linked_at timestamptz not null default now(),
  primary key (tenant_id, ticket_id),
  foreign key (tenant_id, ticket_id) references app.tickets on delete cascade,
  foreign key (tenant_id, incident_id) references app.incidents on delete cascade);
create index incident_tickets_incident on app.incident_tickets (tenant_id, incident_id, ticket_id);
reset role;
