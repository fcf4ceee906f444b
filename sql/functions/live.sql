-- Live updates (V7): hints that something changed, never what. A browser
-- asks for its session's channel, listens there, and fetches what it may see.

-- The channel of the session in the context, for ten minutes: pages come again
-- before. The same one again, so that a browser that comes back hears what it
-- missed. By the rights that hold now: a change of them waits, or is seen.
create or replace function app.listen() returns json
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  tenant bigint := auth.tenant_id();
  session bigint := auth.session_id();
  me app.people;
  mine bigint[];
  own text;
begin
  select p.* into me from app.people p where p.tenant_id = tenant and p.id = auth.person_id() for share;
  mine := array(select distinct m from unnest(auth.principals()) m where m = any (me.principals)
    union select 0 where auth.is_agent() and me.rank >= 2 order by 1);
  own := coalesce((select l.channel from app.listeners l
    where l.tenant_id = tenant and l.session_id = session limit 1), replace(gen_random_uuid()::text, '-', ''));
  insert into app.listeners as l (tenant_id, principal, session_id, channel, expires_at)
    select tenant, m, session, own, now() + interval '10 minutes' from unnest(mine) m
    on conflict (tenant_id, principal, session_id) do update set expires_at = excluded.expires_at;
  delete from app.listeners l where l.tenant_id = tenant and l.session_id = session and l.principal <> all (mine);
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

-- Does an event say nothing that customers see? A note does, a file of one, a
-- change of the team or of fields alone that are hidden from them, and what a hidden status would tell.
create or replace function app.is_desks_alone(kind text, data jsonb, account bigint, portal bigint) returns boolean
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
begin
  return kind in ('ticket.noted', 'ticket.note_mentioned', 'ticket.reasoned', 'ticket.linked', 'ticket.unlinked', 'ticket.warned', 'ticket.late', 'ticket.levelled', 'rule.mailed', 'ticket.held_back', 'ticket.snoozed', 'ticket.woken') or coalesce((data->>'internal')::boolean, false)
    or kind in ('ticket.solved', 'ticket.closed', 'ticket.reopened', 'ticket.merged') and not app.customers_see('status', account, portal)
    or kind = 'ticket.changed' and data <> '{}' and not exists (
    select from (select jsonb_array_elements_text(coalesce(data->'fields', '[]')) as name
      union all select jsonb_object_keys(data - '{fields,team,turn,by,rule,version,chain,root}'::text[])) f
    where app.customers_see(f.name, account, portal));
end $$;

-- Whom an event is told, and what: {"hint": {"ticket": 42}, "channels": [...]}.
-- Null: nobody. What is the desk's alone is told there; who left a ticket is told,
-- one person or all of an account, so that the page goes. Two thousand at most:
-- the others' pages ask by themselves every half minute.
create or replace function jobs.hints(event bigint) returns json
language plpgsql stable
set search_path = pg_catalog, pg_temp as $$
begin
  return (
    with e as (
      select ev.tenant_id, ev.ticket_id, app.is_desks_alone(ev.kind, ev.data, t.account_id, t.portal_id) as internal, t.at_desk,
        case ev.kind when 'ticket.unshared' then coalesce(app.principal((ev.data->>'left')::bigint, 0), app.principal((ev.data->>'account')::bigint, 1))
          else app.principal((ev.data->>'left')::bigint, 0) end as gone
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
        join app.listeners l on l.tenant_id = e.tenant_id and l.principal = e.gone
      limit 2000)
    select json_build_object('hint', json_build_object('ticket', e.ticket_id),
      'channels', (select json_agg(h.channel) from heard h))
    from e where exists (select from heard));
end $$;

-- A hundred channels that are to be closed. Null: none.
create or replace function jobs.closed_channels() returns json
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
begin
  return (select json_agg(c.channel) from (select o.channel from app.closed_channels o
    order by o.tenant_id, o.channel limit 100) c);
end $$;

-- The live server was told: they are off the list, at whose head they were. What
-- has slipped by is told again.
create or replace function jobs.channels_closed(channels text[]) returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
begin
  with f as materialized (
    select o.tenant_id, o.channel from app.closed_channels o
    order by o.tenant_id, o.channel limit 200 for update skip locked)
  delete from app.closed_channels c using f
    where c.tenant_id = f.tenant_id and c.channel = f.channel and f.channel = any (channels);
end $$;

-- ---- who else is there -----------------------------------------------------------

-- An agent reads a ticket, types in it, or leaves it; which others do. Said again
-- every dozen seconds; who says nothing for half a minute is gone.
create or replace function app.be_here(ticket bigint, how text) returns json
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  me bigint := auth.person_id();
  ends timestamptz := case how when 'gone' then now() else now() + interval '30 seconds' end;
begin
  if not auth.is_agent() or not app.sees(ticket) then
    raise exception using errcode = 'PT404', message = 'no such ticket';
  end if;
  delete from app.presence p where p.tenant_id = auth.tenant_id() and p.expires_at < now() - interval '5 minutes' and p.person_id <> me;
  insert into app.presence as p (tenant_id, ticket_id, person_id, types, expires_at)
    values (auth.tenant_id(), ticket, me, how = 'types', ends)
    on conflict (tenant_id, ticket_id, person_id) do update set types = excluded.types, expires_at = excluded.expires_at,
      told = p.told and p.types = excluded.types and p.expires_at > now() and how <> 'gone';
  return json_build_object('here', (
    select coalesce(json_agg(json_build_object('id', o.id, 'name', o.name, 'types', o.types) order by o.types desc, o.name), '[]')
    from (select q.id, q.name, p.types from app.presence p
      join app.people q on q.tenant_id = p.tenant_id and q.id = p.person_id and q.rank >= 2
      where p.tenant_id = auth.tenant_id() and p.ticket_id = ticket and p.person_id <> me and p.expires_at > now()
      order by p.types desc, q.name limit 20) o));
end $$;

-- What of it is news, for those who have the same ticket before them. Null: nothing.
create or replace function jobs.presence_hints() returns json
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  news json;
begin
  with f as materialized (
    select o.tenant_id, o.ticket_id, o.person_id from app.presence o
    where not o.told order by o.tenant_id, o.ticket_id limit 100 for update skip locked),
  d as (
    update app.presence p set told = true from f
      where p.tenant_id = f.tenant_id and p.ticket_id = f.ticket_id and p.person_id = f.person_id
      returning p.tenant_id, p.ticket_id)
  select json_agg(json_build_object('hint', json_build_object('ticket', t.ticket_id, 'here', true), 'channels', c.list)) into news
    from (select distinct d.tenant_id, d.ticket_id from d) t
    cross join lateral (select json_agg(x.channel) as list from (
      select distinct l.channel from app.presence o
        join app.sessions s on s.tenant_id = o.tenant_id and s.person_id = o.person_id
        join app.listeners l on l.tenant_id = s.tenant_id and l.principal = 0 and l.session_id = s.id
      where o.tenant_id = t.tenant_id and o.ticket_id = t.ticket_id and o.expires_at > now() limit 200) x) c
    where c.list is not null;
  return news;
end $$;
