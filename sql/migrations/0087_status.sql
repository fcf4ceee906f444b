-- Service status has tables of its own: what was an incident or maintenance among the signposts moves there.
set role sportello_owner;
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
  postmortems jsonb not null default '{}' constraint incidents_postmortems_check check (app.texts_fit(postmortems, 4000, false)),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (tenant_id, id),
  constraint incidents_ends_at_check check (ends_at >= starts_at),
  constraint incidents_over_check check (case kind when 'incident' then (state = 4) = (ends_at is not null) and state is not null else state is null end));
create index incidents_ends on app.incidents (tenant_id, coalesce(ends_at, 'infinity') desc, id desc);

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
reset role;
insert into app.incidents (tenant_id, id, kind, titles, impact, state, portals, starts_at, ends_at, created_at, updated_at)
  select s.tenant_id, s.id, s.kind, s.titles, 1, case when s.kind = 'maintenance' then null when s.ends_at <= now() then 4 else 1 end,
    array_remove(array[s.portal_id], null), s.starts_at,
    case when s.kind = 'maintenance' or s.ends_at <= now() then s.ends_at end, s.created_at, s.created_at
  from app.signposts s where s.kind in ('incident', 'maintenance');
insert into app.incident_updates (tenant_id, incident_id, n, state, texts, said_at)
  select s.tenant_id, s.id, 1, case s.kind when 'incident' then 1 end, case when s.texts = '{}' then s.titles else s.texts end, s.created_at
  from app.signposts s where s.kind in ('incident', 'maintenance');
delete from app.signposts where kind in ('incident', 'maintenance');
set role sportello_owner;
alter table app.signposts drop constraint signposts_kind_check, drop constraint signposts_leads_check;
alter table app.signposts add constraint signposts_kind_check check (kind in ('first_aid', 'elsewhere')),
  add constraint signposts_leads_check check (case kind when 'elsewhere' then (url is null) <> (contact is null) else contact is null end),
  drop column starts_at, drop column ends_at;
drop function if exists app.save_signpost(bigint, text, jsonb, jsonb, text, text, jsonb, bigint, timestamptz, timestamptz, bigint);
drop function if exists app.make_signpost(text, jsonb, jsonb, text, text, jsonb, bigint, timestamptz, timestamptz, text);
drop function if exists app.signpost_time(text, text);
