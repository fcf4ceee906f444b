-- Tickets that come of an incident (T8): agents say so, the ticket's people see which it is
-- and are told when it is over; and whom an update would reach.

-- Is an incident told at that portal?
create or replace function app.is_told_at(i app.incidents, portal bigint) returns boolean
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
declare
  here bigint[] := app.scopes(null, portal);
begin
  return app.concerns(i, here, app.components_here(here));
end $$;

-- What a ticket's page says of its incident, as far as that is told at the ticket's
-- portal; url: where it is told to the reader.
create or replace function app.ticket_incident(ticket bigint, portal bigint) returns json
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
declare
  i app.incidents;
begin
  select x.* into i from app.incident_tickets k join app.incidents x on x.tenant_id = k.tenant_id and x.id = k.incident_id
    where k.tenant_id = auth.tenant_id() and k.ticket_id = ticket;
  if not found or not app.sees(ticket) or not app.is_told_at(i, portal) then
    return null;
  end if;
  return json_build_object('id', i.id, 'title', app.said_in(i.titles, app.reading(null, null), app.language_of(portal)), 'over', i.ends_at <= now(),
    'url', case when app.is_told_at(i, auth.portal_id()) then '/status/' || i.id end);
end $$;

create or replace function app.ticket_to_link(ticket bigint) returns app.tickets
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  t app.tickets := app.held_ticket(ticket);
begin
  if not coalesce(auth.is_agent(), false) or auth.grant_id() is not null or not t.at_desk then
    raise exception using errcode = 'PT403', message = 'agents say what a ticket comes of';
  end if;
  return t;
end $$;

-- What a ticket at the desk may come of: what goes on or ended within a week, and is told
-- at its portal; the newest fifty.
create or replace function app.incidents_for(ticket bigint) returns json
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
declare
  t app.tickets := app.seen_ticket(ticket);
  here bigint[] := app.scopes(null, t.portal_id);
  parts bigint[] := app.components_here(here);
  lang text := app.reading(null, null);
begin
  perform app.must_be_at_desk();
  return (select json_build_object('items', coalesce(json_agg(json_build_object('id', i.id, 'title', app.said_in(i.titles, lang, app.language_of(t.portal_id)), 'state', app.state_of(i))
      order by i.starts_at desc, i.id desc), '[]'))
    from (select x.* from app.incidents x where x.tenant_id = t.tenant_id and x.starts_at <= now()
      and coalesce(x.ends_at, 'infinity') > now() - interval '7 days' and app.concerns(x, here, parts) order by x.starts_at desc, x.id desc limit 50) i);
end $$;

-- Says so, or (null) takes it back. It is told in the ticket.
create or replace function app.set_incident(ticket bigint, incident bigint) returns json
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  most constant int := 5000;
  t app.tickets := app.ticket_to_link(ticket);
  i app.incidents;
  was bigint;
begin
  select k.incident_id into was from app.incident_tickets k where k.tenant_id = t.tenant_id and k.ticket_id = t.id;
  if incident is not null then
    select x.* into i from app.incidents x where x.tenant_id = t.tenant_id and x.id = incident;
    if not found or not app.is_told_at(i, t.portal_id) then
      raise exception using errcode = 'PT422', constraint = 'tickets_incident.choice', message = 'none that is told there';
    elsif (select count(*) from (select from app.incident_tickets k where k.tenant_id = t.tenant_id and k.incident_id = i.id limit most) x) >= most then
      raise exception using errcode = 'PT422', constraint = 'tickets_incident.too_many', message = 'five thousand at most';
    end if;
  end if;
  if was is distinct from incident then
    delete from app.incident_tickets k where k.tenant_id = t.tenant_id and k.ticket_id = t.id;
    if incident is null then
      perform app.record('ticket.incident_unlinked', t.id, null, jsonb_build_object('incident', was));
    else
      insert into app.incident_tickets (tenant_id, ticket_id, incident_id) values (t.tenant_id, t.id, incident);
      update app.tickets x set has_links = true where x.tenant_id = t.tenant_id and x.id = t.id and not x.has_links;
      perform app.record('ticket.incident_linked', t.id, null, jsonb_build_object('incident', incident));
    end if;
  end if;
  return json_build_object('incident', app.ticket_incident(t.id, t.portal_id));
end $$;

-- Its title, for the line of an event of these; null: it is not told there any more.
create or replace function app.incident_line(data jsonb, portal bigint) returns jsonb
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
declare
  i app.incidents;
begin
  select x.* into i from app.incidents x where x.tenant_id = auth.tenant_id() and x.id = (data->>'incident')::bigint;
  return case when found and app.is_told_at(i, portal) then jsonb_build_object('incident', app.in_language(i.titles, app.reading(null, null), app.language_of(portal))) else '{}' end;
end $$;

-- Whom something would reach that was told now: of an incident that there is, or of a new
-- one (null); at these portals and about these components (null: the incident's own); over:
-- it says that it is resolved. How many addresses, why, and at which portals, ten at most.
create or replace function app.status_audience(incident bigint, portals jsonb, components jsonb, over boolean) returns json
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
declare
  i app.incidents;
  about bigint[];
  answer json;
begin
  perform app.must_be_at_desk();
  if incident is not null then
    select x.* into i from app.incidents x where x.tenant_id = auth.tenant_id() and x.id = incident;
    if not found then
      raise exception using errcode = 'PT404', message = 'no such incident';
    end if;
  end if;
  i.portals := case when portals is null and i.portals is not null then i.portals else app.status_ids(status_audience.portals, 'portals') end;
  i.components := case when components is null and i.components is not null then i.components else app.status_ids(status_audience.components, 'components') end;
  about := app.components_about(i.components);
  with reached as materialized (
    select s.portal_id, coalesce(p.email, s.email) as email, 1 as why
      from app.status_subscribers s left join app.people p on p.tenant_id = s.tenant_id and p.id = s.person_id
      where s.tenant_id = auth.tenant_id() and app.wants(s.components, i.components, about)
        and (s.person_id is null or p.rank > 0 and exists (select from app.confirmations c where c.tenant_id = p.tenant_id and c.person_id = p.id and c.email = p.email))
    union all
    select x.portal_id, p.email, 2 from app.incident_people x join app.people p on p.tenant_id = x.tenant_id and p.id = x.person_id
      where x.tenant_id = auth.tenant_id() and x.incident_id = i.id and p.rank > 0
        and exists (select from app.confirmations c where c.tenant_id = p.tenant_id and c.person_id = p.id and c.email = p.email)
    union all
    select t.portal_id, h.email, 3 from app.incident_tickets x join app.tickets t on t.tenant_id = x.tenant_id and t.id = x.ticket_id
      cross join lateral app.ticket_hearers(t.id) h
      where over and x.tenant_id = auth.tenant_id() and x.incident_id = i.id),
  places as materialized (
    select p.portal_id from (select distinct r.portal_id from reached r) p where app.is_told_at(i, p.portal_id)),
  -- Each once, for the first of its reasons.
  once as materialized (
    select distinct on (r.email) r.email, r.why, r.portal_id from reached r join places p on p.portal_id = r.portal_id order by r.email, r.why, r.portal_id),
  by_portal as (
    select o.portal_id, count(*) as n, row_number() over (order by count(*) desc, o.portal_id) as turn from once o group by o.portal_id)
  select json_build_object('all', count(*), 'subscribers', count(*) filter (where o.why = 1), 'affected', count(*) filter (where o.why = 2), 'tickets', count(*) filter (where o.why = 3),
      'portals', (select coalesce(json_agg(json_build_object('name', app.portal_name(b.portal_id), 'n', b.n) order by b.turn), '[]') from by_portal b where b.turn <= 10),
      'more', (select count(*) from by_portal b where b.turn > 10)) into answer
    from once o;
  return answer;
end $$;
