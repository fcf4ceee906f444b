-- Teams of agents, whose turn it is in one, and who is out of office (W1).

create table app.teams (
  tenant_id bigint not null references app.tenants,
  id bigint not null default app.new_id(),
  name text not null constraint teams_name_check check (char_length(name) between 1 and 80 and app.is_line(name) and name = btrim(name)),
  -- Who gets a ticket of the team's that nobody has: 0 nobody, 1 whose turn it is,
  -- 2 who has the fewest open ones.
  turns smallint not null default 0 check (turns between 0 and 2),
  -- How many turns there were.
  turn bigint not null default 0,
  -- Whose new tickets come to it: of these types, or of all that no other team takes.
  types text[] not null default '{}' check (cardinality(types) <= 100),
  takes_rest boolean not null default false,
  archived_at timestamptz,
  primary key (tenant_id, id));

-- turn: the last one that they had.
create table app.team_members (
  tenant_id bigint not null references app.tenants,
  team_id bigint not null,
  person_id bigint not null,
  turn bigint not null default 0,
  primary key (tenant_id, team_id, person_id),
  foreign key (tenant_id, team_id) references app.teams on delete cascade,
  foreign key (tenant_id, person_id) references app.people on delete cascade);
create index team_members_person on app.team_members (tenant_id, person_id);

-- One absence a person, which is or will be; who stands in hears of their tickets.
create table app.absences (
  tenant_id bigint not null references app.tenants,
  person_id bigint not null,
  begins_at timestamptz not null,
  ends_at timestamptz not null,
  stand_in bigint,
  primary key (tenant_id, person_id),
  check (begins_at < ends_at and stand_in <> person_id),
  foreign key (tenant_id, person_id) references app.people on delete cascade,
  foreign key (tenant_id, stand_in) references app.people on delete cascade);
create index absences_stand_in on app.absences (tenant_id, stand_in) where stand_in is not null;

-- A column of the ticket, since each row of the queue shows it; its index has those
-- alone that have a team, so that tenants without teams write no entry more.
alter table app.tickets add column team_id bigint, add foreign key (tenant_id, team_id) references app.teams;
create index tickets_team on app.tickets (tenant_id, team_id, desk_updated_at desc, id desc) where at_desk and team_id is not null;
-- Who has how many open ones.
create index tickets_held on app.tickets (tenant_id, assignee_id) where at_desk and status <= 4;
-- Does any team take new tickets?
alter table app.ticket_counters add column has_teams boolean not null default false;
