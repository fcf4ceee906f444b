-- Teams of agents (W1): which team has a ticket, whose turn it is in one, and who is
-- out of office. What a team is, administrators keep; who is away, each agent says.

-- ---- out of office ------------------------------------------------------------------

create or replace function app.is_away(person bigint) returns boolean
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
begin
  return exists (select from app.absences a
    where a.tenant_id = auth.tenant_id() and a.person_id = person and a.begins_at <= now() and a.ends_at > now());
end $$;

-- Who stands in for somebody now, if they are away and said so.
create or replace function app.covers(person bigint) returns bigint
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
begin
  return (select a.stand_in from app.absences a
    join app.people p on p.tenant_id = a.tenant_id and p.id = a.stand_in and p.rank >= 2
    where a.tenant_id = auth.tenant_id() and a.person_id = person and a.begins_at <= now() and a.ends_at > now());
end $$;

-- Which agents hear of what customers write in a ticket: who has it, who stands in
-- for them, and its team. Null: neither is anybody's, so all do.
create or replace function app.desk_hears(assignee bigint, team bigint) returns bigint[]
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
begin
  return nullif(array_remove(array[assignee, case when assignee is not null then app.covers(assignee) end], null)
    || array(select m.person_id from app.team_members m join app.people p on p.tenant_id = m.tenant_id and p.id = m.person_id and p.rank >= 2
      where m.tenant_id = auth.tenant_id() and m.team_id = team), '{}');
end $$;

-- Who is away or will be, by person: as the desk's choosers mark them.
create or replace function app.absences_here() returns json
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
begin
  return (select coalesce(json_object_agg(a.person_id, json_build_object('begins', a.begins_at, 'ends', a.ends_at, 'stand_in', a.stand_in)), '{}')
    from app.absences a where a.tenant_id = auth.tenant_id() and auth.is_agent() and a.ends_at > now());
end $$;

-- A moment on the wall of the asker's place: '2026-12-24T09:00'.
create or replace function app.wall_time(said text, field text) returns timestamptz
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
declare
  zone text := (select coalesce(p.time_zone, 'UTC') from app.people p where p.tenant_id = auth.tenant_id() and p.id = auth.person_id());
begin
  if said !~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}$' then
    raise exception using errcode = 'PT422', constraint = format('absences_%s.type', field), message = 'not a moment';
  end if;
  return said::timestamp at time zone zone;
exception when data_exception then
  raise exception using errcode = 'PT422', constraint = format('absences_%s.type', field), message = 'not a moment';
end $$;

-- One's own, as its form has it: in one's time zone.
create or replace function app.my_absence() returns json
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
declare
  zone text := (select coalesce(p.time_zone, 'UTC') from app.people p where p.tenant_id = auth.tenant_id() and p.id = auth.person_id());
begin
  return json_build_object('zone', zone, 'absence', (select json_build_object(
      'begins', to_char(a.begins_at at time zone zone, 'YYYY-MM-DD"T"HH24:MI'), 'ends', to_char(a.ends_at at time zone zone, 'YYYY-MM-DD"T"HH24:MI'),
      'stand_in', a.stand_in, 'now', a.begins_at <= now())
    from app.absences a where a.tenant_id = auth.tenant_id() and a.person_id = auth.person_id() and a.ends_at > now()),
    'covers', (select coalesce(json_agg(json_build_object('name', p.name, 'ends', a.ends_at) order by a.ends_at, p.name), '[]')
      from app.absences a join app.people p on p.tenant_id = a.tenant_id and p.id = a.person_id
      where a.tenant_id = auth.tenant_id() and a.stand_in = auth.person_id() and a.begins_at <= now() and a.ends_at > now()));
end $$;

-- Says it anew; begins null: now. A year at most, so that nobody is forgotten.
create or replace function app.set_absence(begins text, ends text, stand_in bigint) returns json
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  b timestamptz := coalesce(app.wall_time(begins, 'begins'), now());
  e timestamptz := app.wall_time(ends, 'ends');
  fault text := case when e is null then 'ends.required' when e <= now() then 'ends.past' when e <= b then 'ends.order' when e > b + interval '366 days' or b > now() + interval '366 days' then 'ends.too_long'
    when stand_in = auth.person_id() then 'stand_in.itself'
    when stand_in is not null and not exists (select from app.people p where p.tenant_id = auth.tenant_id() and p.id = stand_in and p.rank >= 2) then 'stand_in.choice' end;
begin
  if not auth.is_agent() then
    raise exception using errcode = 'PT403', message = 'agents are out of office';
  elsif fault is not null then
    raise exception using errcode = 'PT422', constraint = 'absences_' || fault, message = 'no such absence';
  end if;
  insert into app.absences as a (tenant_id, person_id, begins_at, ends_at, stand_in) values (auth.tenant_id(), auth.person_id(), b, e, set_absence.stand_in)
    on conflict (tenant_id, person_id) do update set begins_at = excluded.begins_at, ends_at = excluded.ends_at, stand_in = excluded.stand_in;
  return app.my_absence();
end $$;

-- Back again.
create or replace function app.end_absence() returns json
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
begin
  delete from app.absences a where a.tenant_id = auth.tenant_id() and a.person_id = auth.person_id();
  return app.my_absence();
end $$;

-- ---- a ticket's team ----------------------------------------------------------------

-- Those that the asker is in.
create or replace function app.my_teams() returns bigint[]
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
begin
  return array(select m.team_id from app.team_members m join app.teams g on g.tenant_id = m.tenant_id and g.id = m.team_id and g.archived_at is null
    where m.tenant_id = auth.tenant_id() and m.person_id = auth.person_id() order by m.team_id);
end $$;

-- A team that a ticket can be given to. Where it gives turns it is held, so that two at
-- once are not given the same one: before any ticket, or two could wait for each other.
create or replace function app.hold_team(team bigint) returns app.teams
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  g app.teams;
begin
  select x.* into g from app.teams x where x.tenant_id = auth.tenant_id() and x.id = team and x.archived_at is null;
  if g.turns > 0 then
    select x.* into g from app.teams x where x.tenant_id = auth.tenant_id() and x.id = team and x.archived_at is null for no key update;
  end if;
  if g.id is null then
    raise exception using errcode = 'PT422', constraint = 'tickets_team.choice', message = 'no such team';
  end if;
  return g;
end $$;

-- Who of a team that is held has the next turn, if anybody is there: an agent still,
-- and not away.
create or replace function app.next_turn(g app.teams) returns bigint
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  who bigint;
begin
  if g.turns = 0 then
    return null;
  end if;
  select m.person_id into who from app.team_members m
    join app.people p on p.tenant_id = m.tenant_id and p.id = m.person_id and p.rank >= 2
    where m.tenant_id = g.tenant_id and m.team_id = g.id and not app.is_away(m.person_id)
    order by case when g.turns = 2 then (select count(*) from app.tickets t
      where t.tenant_id = m.tenant_id and t.assignee_id = m.person_id and t.at_desk and t.status <= 4) end, m.turn, m.person_id
    limit 1;
  if who is not null then
    update app.teams x set turn = x.turn + 1 where x.tenant_id = g.tenant_id and x.id = g.id;
    update app.team_members m set turn = (select x.turn from app.teams x where x.tenant_id = g.tenant_id and x.id = g.id)
      where m.tenant_id = g.tenant_id and m.team_id = g.id and m.person_id = who;
  end if;
  return who;
end $$;

-- Gives a ticket at the desk to a team, or to none; one that is open and nobody's is
-- somebody's by turn. For rules of ours alone: whose right it is was asked before.
create or replace function app.put_team(ticket bigint, team bigint, by_turn boolean) returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  g app.teams;
  t app.tickets;
  who bigint;
begin
  if team is not null then
    g := app.hold_team(team);
  end if;
  select x.* into t from app.tickets x where x.tenant_id = auth.tenant_id() and x.id = ticket and x.at_desk for no key update;
  if t.id is null or t.team_id is not distinct from team then
    return;
  end if;
  if by_turn and team is not null and t.assignee_id is null and t.status <= 4 then
    who := app.next_turn(g);
  end if;
  update app.tickets x set team_id = team, assignee_id = coalesce(x.assignee_id, who) where x.tenant_id = t.tenant_id and x.id = t.id;
end $$;

-- The same for agents, and for jobs in the name of the tenant.
create or replace function app.set_team(ticket bigint, team bigint, by_turn boolean default true) returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
begin
  -- Whoever came in by a host has a portal; jobs have none.
  if not auth.is_agent() and (auth.person_id() is not null or auth.portal_id() is not null) then
    raise exception using errcode = 'PT403', message = 'the desk''s to sort';
  elsif not exists (select from app.tickets t where t.tenant_id = auth.tenant_id() and t.id = ticket and t.at_desk) then
    raise exception using errcode = 'PT404', message = 'no such ticket';
  end if;
  perform app.put_team(ticket, team, by_turn);
end $$;

-- A ticket that is new at the desk comes to the team that takes its type, or to the
-- one that takes the rest.
create or replace function app.take_to_team(ticket bigint) returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  team bigint := (select g.id from app.tickets t join app.teams g on g.tenant_id = t.tenant_id and g.archived_at is null and (t.type = any (g.types) or g.takes_rest)
    where t.tenant_id = auth.tenant_id() and t.id = ticket and t.team_id is null
    order by coalesce(t.type = any (g.types), false) desc limit 1);
begin
  if team is not null then
    perform app.put_team(ticket, team, true);
  end if;
end $$;

-- ---- kept by administrators ---------------------------------------------------------

create or replace function app.turns_name(turns smallint) returns text
language sql immutable parallel safe
return (array['off', 'turn', 'least'])[turns + 1];

-- Their names, for choosers: those that are archived too, since tickets have them.
create or replace function app.teams_here() returns json
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
declare
  mine bigint[] := app.my_teams();
begin
  return (select coalesce(json_agg(json_build_object('id', g.id, 'name', g.name, 'mine', g.id = any (mine), 'archived', g.archived_at is not null) order by lower(g.name), g.id), '[]')
    from app.teams g where g.tenant_id = auth.tenant_id() and auth.is_agent());
end $$;

create or replace function app.list_teams() returns json
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
begin
  if not auth.is_agent() or auth.rank() < 3 then
    raise exception using errcode = 'PT403', message = 'its administrators alone';
  end if;
  return json_build_object('most', json_build_object('teams', 200, 'members', 100),
    'types', (select coalesce(json_agg(json_build_object('key', y.key, 'labels', y.labels) order by y.position, y.key), '[]')
      from app.ticket_types y where y.tenant_id = auth.tenant_id() and y.archived_at is null),
    'items', (select coalesce(json_agg(json_build_object('id', g.id, 'name', g.name, 'turns', app.turns_name(g.turns), 'types', g.types, 'rest', g.takes_rest,
          'archived', g.archived_at is not null, 'members', (select coalesce(json_agg(json_build_object('id', p.id, 'name', p.name) order by p.name, p.id), '[]')
            from app.team_members m join app.people p on p.tenant_id = m.tenant_id and p.id = m.person_id and p.rank >= 2
            where m.tenant_id = g.tenant_id and m.team_id = g.id)) order by g.archived_at is not null, lower(g.name), g.id), '[]')
      from app.teams g where g.tenant_id = auth.tenant_id()));
end $$;

-- Makes one (id null) or says it anew: who is in it, how it gives turns, and which new
-- tickets come to it. A type comes to one team, and the rest to one.
create or replace function app.save_team(id bigint, name text, turns text, types jsonb, rest boolean, members jsonb, archived boolean) returns json
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  tenant bigint := auth.tenant_id();
  called text := btrim(name);
  how smallint := array_position('{off,turn,least}'::text[], turns) - 1;
  keys text[];
  chosen bigint[];
  team bigint := id;
  fault text;
begin
  if auth.rank() < 3 then
    raise exception using errcode = 'PT403', message = 'its administrators'' to keep';
  elsif jsonb_typeof(types) <> 'array' or jsonb_typeof(members) <> 'array' then
    raise exception using errcode = 'PT422', constraint = case when jsonb_typeof(types) <> 'array' then 'teams_types.type' else 'teams_members.type' end, message = 'lists';
  end if;
  keys := array(select distinct k from jsonb_array_elements_text(types) k);
  chosen := array(select p.id from app.people p where p.tenant_id = tenant and p.rank >= 2 and members @> to_jsonb(p.id));
  -- Two at once could both take a name, or a type.
  perform pg_advisory_xact_lock(hashtextextended('teams/' || tenant, 0));
  fault := case when called = '' then 'name.required'
    when not archived and exists (select from app.teams g where g.tenant_id = tenant and g.archived_at is null and g.id is distinct from save_team.id and lower(g.name) = lower(called)) then 'name.taken'
    when jsonb_array_length(members) > 100 then 'members.too_many'
    when cardinality(chosen) < (select count(distinct m) from jsonb_array_elements(members) m) then 'members.choice'
    when cardinality(keys) > 100 then 'types.too_many'
    when exists (select from unnest(keys) k where not exists (select from app.ticket_types y where y.tenant_id = tenant and y.key = k)) then 'types.choice'
    when not archived and exists (select from app.teams g where g.tenant_id = tenant and g.archived_at is null and g.id is distinct from save_team.id and g.types && keys) then 'types.taken'
    when not archived and rest and exists (select from app.teams g where g.tenant_id = tenant and g.archived_at is null and g.id is distinct from save_team.id and g.takes_rest) then 'rest.taken'
    when (select count(*) from app.teams g where g.tenant_id = tenant and g.id is distinct from save_team.id) >= 200 then 'name.too_many' end;
  if fault is not null then
    raise exception using errcode = 'PT422', constraint = 'teams_' || fault, message = 'no such team';
  end if;
  if id is null then
    insert into app.teams as g (tenant_id, name, turns, types, takes_rest, archived_at) values (tenant, called, how, keys, rest, case when archived then now() end)
      returning g.id into team;
  else
    update app.teams g set name = called, turns = how, types = keys, takes_rest = rest, archived_at = case when archived then coalesce(g.archived_at, now()) end
      where g.tenant_id = tenant and g.id = save_team.id;
    if not found then
      raise exception using errcode = 'PT404', message = 'no such team';
    end if;
  end if;
  delete from app.team_members m where m.tenant_id = tenant and m.team_id = team and m.person_id <> all (chosen);
  insert into app.team_members (tenant_id, team_id, person_id) select tenant, team, c from unnest(chosen) c on conflict do nothing;
  update app.ticket_counters c set has_teams = has.any
    from (select exists (select from app.teams g where g.tenant_id = tenant and g.archived_at is null and (g.takes_rest or g.types <> '{}')) as any) has
    where c.tenant_id = tenant and c.has_teams <> has.any;
  return app.list_teams();
end $$;
