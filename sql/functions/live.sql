-- Live updates (SPEC V7): hints that something changed, never what. A browser
-- asks for its session's channel, listens there, and fetches what it may see.

-- The channel of the session in the context, for an hour. The same one again,
-- so that a browser that comes back hears what it missed.
create or replace function app.listen() returns json
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  tenant bigint := auth.tenant_id();
  session bigint := auth.session_id();
  mine bigint[] := auth.principals() || case when auth.is_agent() then array[0]::bigint[] else '{}' end;
  own text := coalesce((select l.channel from app.listeners l
      where l.tenant_id = tenant and l.session_id = session limit 1), replace(gen_random_uuid()::text, '-', ''));
begin
  insert into app.listeners as l (tenant_id, principal, session_id, channel, expires_at)
    select tenant, m.p, session, own, now() + interval '1 hour'
    from (select distinct unnest(mine) as p order by 1) m
    on conflict (tenant_id, principal, session_id) do update set expires_at = excluded.expires_at;
  -- Another tab may have come first.
  return (select json_build_object('channel', l.channel) from app.listeners l
    where l.tenant_id = tenant and l.session_id = session limit 1);
end $$;

-- What ends a session ends its channel; so does a change of what its person may
-- see: the browser comes again and listens by the new rights. Sessions end across
-- tenants too, so these are the door's.
create or replace function auth.listeners_gone() returns trigger
language plpgsql security definer
set search_path = pg_catalog, pg_temp as $$
begin
  insert into app.closed_channels (tenant_id, channel)
    select distinct g.tenant_id, g.channel from gone g on conflict do nothing;
  return null;
end $$;

create or replace function auth.rights_changed() returns trigger
language plpgsql security definer
set search_path = pg_catalog, pg_temp as $$
begin
  delete from app.listeners l using app.sessions s
    where s.tenant_id = new.tenant_id and s.person_id = new.id
      and l.tenant_id = s.tenant_id and l.session_id = s.id;
  return null;
end $$;

-- Whom an event is told, and what: {"hint": {"ticket": 42}, "channels": [...]}.
-- Null: nobody. An internal note is the desk's alone; who left a ticket is told,
-- so that the page goes. Two thousand at most: the others' pages ask by
-- themselves every half minute.
create or replace function jobs.hints(event bigint) returns json
language plpgsql stable
set search_path = pg_catalog, pg_temp as $$
begin
  return (
    with e as (
      select ev.tenant_id, ev.ticket_id, ev.kind = 'ticket.noted' as internal, t.at_desk, (ev.data->>'left')::bigint as gone
      from app.events ev
      join app.tickets t on t.tenant_id = ev.tenant_id and t.id = ev.ticket_id
      where ev.tenant_id = (select auth.tenant_id()) and ev.id = event),
    heard as (
      select l.channel from e
        join app.listeners l on l.tenant_id = e.tenant_id and l.principal = 0 and e.at_desk
      union
      select l.channel from e
        join app.ticket_access a on a.tenant_id = e.tenant_id and a.ticket_id = e.ticket_id and not e.internal
        join app.listeners l on l.tenant_id = e.tenant_id and l.principal = a.principal
      union
      select l.channel from e
        join app.listeners l on l.tenant_id = e.tenant_id and l.principal = app.principal(e.gone, 0)
      limit 2000)
    select json_build_object('hint', json_build_object('ticket', e.ticket_id),
      'channels', (select json_agg(h.channel) from heard h))
    from e where exists (select from heard));
end $$;

-- Channels to be closed, taken off the list. Null: none.
create or replace function jobs.take_closed_channels() returns json
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  taken json;
begin
  with f as materialized (
    select c.tenant_id, c.channel from app.closed_channels c
    order by c.tenant_id, c.channel limit 100 for update skip locked),
  d as (
    delete from app.closed_channels c using f
      where c.tenant_id = f.tenant_id and c.channel = f.channel returning c.channel)
  select json_agg(d.channel) into taken from d;
  return taken;
end $$;
