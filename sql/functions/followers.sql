-- The three lists of a ticket: followers get mail, shares may see it, routing
-- contacts must get mail. Never mixed: here are the first, functions/shares.sql
-- has the second, functions/contacts.sql the third.

create or replace function app.level_name(level smallint) returns text
language sql immutable parallel safe
return (array['all', 'replies', 'none'])[level];

-- What somebody wants of a ticket's mail. Who opened it: everything, unless they
-- said otherwise.
create or replace function app.level_of(t app.tickets, person bigint) returns smallint
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
begin
  return coalesce((select f.level from app.followers f
      where f.tenant_id = t.tenant_id and f.ticket_id = t.id and f.person_id = person),
    case when t.requester_id = person then 1 else 3 end);
end $$;

-- Those who want any, and see it still.
create or replace function app.following(t app.tickets)
returns table (person bigint, level smallint, side text, own boolean)
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
begin
  return query
    select p.id, w.level, app.side_of(p.principals, t.account_id),
      exists (select from app.ticket_access a where a.tenant_id = t.tenant_id and a.ticket_id = t.id and a.principal = app.principal(p.id, 0))
    from (select f.person_id, f.level from app.followers f where f.tenant_id = t.tenant_id and f.ticket_id = t.id
      union all
      select t.requester_id, 1::smallint where not exists (select from app.followers f
        where f.tenant_id = t.tenant_id and f.ticket_id = t.id and f.person_id = t.requester_id)) w
    join app.people p on p.tenant_id = t.tenant_id and p.id = w.person_id
    where w.level < 3 and p.rank > 0 and app.sees_as(t.id, p.rank, p.principals);
end $$;

-- The lists as a page shows them, fifty followers at most. Of the followers on
-- another side than the asker's only those are named who are in it themselves.
create or replace function app.ticket_lists(ticket bigint) returns json
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
declare
  t app.tickets := app.seen_ticket(ticket);
  mine text := app.my_side(t.account_id);
  added bigint[] := app.ticket_people(ticket);
begin
  return (
    with every as materialized (select * from app.following(t)),
    f as materialized (select x.person, x.level from every x where x.side = mine or x.own),
    named as (select f.* from f order by f.person = t.requester_id desc, f.person limit 50)
    select json_build_object(
      'mine', app.level_name(app.level_of(t, auth.person_id())),
      'followers', (select coalesce(json_agg(json_build_object('person', n.person, 'level', app.level_name(n.level))), '[]') from named n),
      'count', (select count(*) from every),
      'shared', added,
      'account', case when exists (select from app.ticket_access a where a.tenant_id = t.tenant_id and a.ticket_id = t.id
        and a.principal = app.principal(t.account_id, 1)) then json_build_object('id', t.account_id, 'name', app.account_name(t.account_id)) end,
      'pending', p.items,
      'people', app.names((select array_agg(n.person) from named n) || added || p.adders, t.account_id))
    from app.pending_of(ticket) p);
end $$;

-- Sets one's own level. Following twice is following once.
create or replace function app.follow(ticket bigint, level text) returns json
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  t app.tickets := app.seen_ticket(ticket);
  me bigint := auth.person_id();
begin
  perform app.must_use_support();
  if level = 'none' and me <> t.requester_id then
    delete from app.followers f where f.tenant_id = t.tenant_id and f.ticket_id = t.id and f.person_id = me;
  else
    insert into app.followers (tenant_id, ticket_id, person_id, level, since)
      values (t.tenant_id, t.id, me, array_position(array['all', 'replies', 'none'], follow.level),
        case when me = t.requester_id then t.created_at else now() end)
      on conflict (tenant_id, ticket_id, person_id) do update set level = excluded.level;
  end if;
  return app.ticket_lists(ticket);
end $$;

-- Takes somebody off the list; who opened it decides that alone. What they may
-- see stays as it is.
create or replace function app.unfollow(ticket bigint, person bigint) returns json
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  t app.tickets := app.seen_ticket(ticket);
begin
  perform app.must_use_support();
  if person = t.requester_id and person <> auth.person_id() then
    raise exception using errcode = 'PT422', constraint = 'tickets_person.requester', message = 'opened it';
  elsif person = auth.person_id() then
    return app.follow(ticket, 'none');
  end if;
  delete from app.followers f where f.tenant_id = t.tenant_id and f.ticket_id = t.id and f.person_id = unfollow.person;
  if found then
    perform app.record('ticket.unfollowed', ticket, null, jsonb_build_object('left', person));
  end if;
  return app.ticket_lists(ticket);
end $$;

-- Whoever sees it no more follows it no more, and nobody joins by them.
create or replace function app.drop_followers(ticket bigint) returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
begin
  delete from app.followers f using app.people p
    where f.tenant_id = auth.tenant_id() and f.ticket_id = ticket
      and p.tenant_id = f.tenant_id and p.id = f.person_id
      and not app.sees_as(ticket, p.rank, p.principals);
  delete from app.pending_shares s using app.people p
    where s.tenant_id = auth.tenant_id() and s.ticket_id = ticket
      and p.tenant_id = s.tenant_id and p.id = s.added_by
      and not app.sees_as(ticket, p.rank, p.principals);
end $$;
