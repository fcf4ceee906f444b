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
  primary key (tenant_id, id),
  constraint incidents_ends_at_check check (ends_at >= starts_at),
  constraint incidents_over_check check (case kind when 'incident' then (state = 4) = (ends_at is not null) and state is not null else state is null end));
-- What goes on, and what is over by when it ended.
create index incidents_ends on app.incidents (tenant_id, coalesce(ends_at, 'infinity') desc, id desc);

-- What was said of one, in turn.
create table app.incident_updates (
  tenant_id bigint not null references app.tenants,
  incident_id bigint not null,
  n int not null,
  state smallint check (state between 1 and 4),
  texts jsonb not null constraint incidents_texts_check check (texts <> '{}' and app.texts_fit(texts, 2000, false)),
  author_id bigint,
  said_at timestamptz not null default now(),
  primary key (tenant_id, incident_id, n),
  foreign key (tenant_id, incident_id) references app.incidents on delete cascade,
  foreign key (tenant_id, author_id) references app.people);
create index incident_updates_newest on app.incident_updates (tenant_id, said_at desc);
