-- Service status: the parts of what a tenant runs, and what is or will be amiss with
-- them. Texts are by language, {"en": "…"}.

-- A part: a product, or (parent_id) a part of one. portals: where there is one, and
-- below; none named: everywhere.
create table app.components (
  tenant_id bigint not null references app.tenants,
  id bigint not null default app.new_id(),
  parent_id bigint,
  position int not null default 0,
  names jsonb not null constraint components_names_check check (names <> '{}' and app.texts_fit(names, 80, true)),
  portals bigint[] not null default '{}' constraint components_portals_check check (cardinality(portals) <= 50),
  created_at timestamptz not null default now(),
  primary key (tenant_id, id),
  foreign key (tenant_id, parent_id) references app.components on delete cascade);

-- impact: 1 slower or in part, 2 much of it, 3 all of it. state: 1 investigating,
-- 2 identified, 3 monitoring, 4 resolved; maintenance has none, its times say it.
-- ends_at: when an incident was resolved; until when maintenance is planned.
-- components: those it is about. portals: as above; it is told where both are.
create table app.incidents (
  tenant_id bigint not null references app.tenants,
  id bigint not null default app.new_id(),
  kind text not null constraint incidents_kind_check check (kind in ('incident', 'maintenance')),
  titles jsonb not null constraint incidents_titles_check check (titles <> '{}' and app.texts_fit(titles, 120, true)),
  impact smallint not null default 1 constraint incidents_impact_check check (impact between 1 and 3),
  state smallint constraint incidents_state_check check (state between 1 and 4),
  portals bigint[] not null default '{}' constraint incidents_portals_check check (cardinality(portals) <= 50),
  components bigint[] not null default '{}' constraint incidents_components_check check (cardinality(components) <= 50),
  starts_at timestamptz not null default now(),
  ends_at timestamptz,
  -- What it came of, told when it is over.
  postmortems jsonb not null default '{}' constraint incidents_postmortems_check check (app.texts_fit(postmortems, 4000, false)),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  -- When maintenance begins or ends next, which is said then.
  clock_at timestamptz,
  primary key (tenant_id, id),
  constraint incidents_ends_at_check check (ends_at >= starts_at),
  constraint incidents_over_check check (case kind when 'incident' then (state = 4) = (ends_at is not null) and state is not null else state is null end));
-- What goes on, and what is over by when it ended.
create index incidents_ends on app.incidents (tenant_id, coalesce(ends_at, 'infinity') desc, id desc);

create index incidents_clock on app.incidents (clock_at) where clock_at is not null;

-- What was said of one, in turn.
create table app.incident_updates (
  tenant_id bigint not null references app.tenants,
  incident_id bigint not null,
  n int not null,
  state smallint check (state between 1 and 4),
  texts jsonb not null constraint incidents_texts_check check (texts <> '{}' and app.texts_fit(texts, 2000, false)),
  author_id bigint,
  said_at timestamptz not null default now(),
  -- How far its mails are worked out: 1 subscribers, 2 who is affected, 3 tickets, up to
  -- which of them (app.tell_status()).
  told_step smallint not null default 1,
  told_after bigint not null default 0,
  primary key (tenant_id, incident_id, n),
  foreign key (tenant_id, incident_id) references app.incidents on delete cascade,
  foreign key (tenant_id, author_id) references app.people);
create index incident_updates_newest on app.incident_updates (tenant_id, said_at desc);

-- Who gets mail of what is told at a portal: an address that said yes by a link, or a
-- person. components: what they want to hear of; none: everything. language: of a bare
-- address.
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

-- Who said 'I'm affected too', and at which portal.
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

-- Which incident a ticket comes of, one at a time.
create table app.incident_tickets (
  tenant_id bigint not null references app.tenants,
  ticket_id bigint not null,
  incident_id bigint not null,
  linked_at timestamptz not null default now(),
  primary key (tenant_id, ticket_id),
  foreign key (tenant_id, ticket_id) references app.tickets on delete cascade,
  foreign key (tenant_id, incident_id) references app.incidents on delete cascade);
create index incident_tickets_incident on app.incident_tickets (tenant_id, incident_id, ticket_id);
