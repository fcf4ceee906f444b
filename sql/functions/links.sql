-- Typed links (W1): agents say that a ticket relates to another, blocks it or is the
-- cause of it. They are the desk's alone; what customers find of their tickets'
-- splits and duplicates is app.links_of().

-- How a link is stored, seen from a ticket: {kind, from, to}.
create or replace function app.typed_link(ticket bigint, kind text, other bigint, out name text, out earlier bigint, out later bigint)
language plpgsql immutable
set search_path = pg_catalog, pg_temp as $$
begin
  name := case kind when 'blocked_by' then 'blocks' when 'caused_by' then 'causes' else kind end;
  if kind in ('blocked_by', 'caused_by') or kind = 'relates' and other < ticket then
    earlier := other;
    later := ticket;
  else
    earlier := ticket;
    later := other;
  end if;
end $$;

-- Those of a ticket, as its page lists them.
create or replace function app.typed_links(ticket bigint) returns json
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
begin
  return (select coalesce(json_agg(json_build_object('kind', k.kind, 'number', k.id, 'title', k.title) order by k.kind, k.id), '[]')
    from (select t.id, t.title, case when l.kind = 'relates' then 'relates' when l.from_id = ticket then l.kind when l.kind = 'blocks' then 'blocked_by' else 'caused_by' end as kind
      from app.ticket_links l join app.tickets t on t.tenant_id = l.tenant_id and t.id = case when l.from_id = ticket then l.to_id else l.from_id end and t.at_desk
      where l.tenant_id = auth.tenant_id() and ticket in (l.from_id, l.to_id) and l.kind in ('relates', 'blocks', 'causes') and auth.is_agent()
      order by l.kind, t.id limit 100) k);
end $$;

-- Does one of a kind lead from a ticket to another, over others? A thousand at most
-- are looked at: of more than that it is said to.
create or replace function app.leads_to(kind text, earlier bigint, later bigint) returns boolean
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
declare
  reached bigint[] := array[earlier];
  edge bigint[] := reached;
begin
  while edge <> '{}' and later <> all (reached) and cardinality(reached) < 1000 loop
    edge := array(select distinct l.to_id from app.ticket_links l
      where l.tenant_id = auth.tenant_id() and l.from_id = any (edge) and l.kind = leads_to.kind and l.to_id <> all (reached));
    reached := reached || edge;
  end loop;
  return edge <> '{}' or later = any (reached);
end $$;

create or replace function app.set_link(ticket bigint, kind text, other bigint) returns json
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  t app.tickets;
  l record := app.typed_link(ticket, kind, other);
  fault text;
begin
  -- Two at once could close a ring between them; and each holds its tickets in one order.
  perform pg_advisory_xact_lock(hashtextextended('links/' || auth.tenant_id(), 0));
  perform from app.tickets x where x.tenant_id = auth.tenant_id() and x.id in (ticket, other) order by x.id for no key update;
  t := app.ticket_at_work(ticket);
  fault := case when ticket = other then 'itself'
    when not exists (select from app.tickets x where x.tenant_id = t.tenant_id and x.id = other and x.at_desk) then 'choice'
    when exists (select from app.ticket_links x where x.tenant_id = t.tenant_id and x.from_id = l.earlier and x.to_id = l.later and x.kind = l.name) then 'there'
    when (select max(n) from (select count(*) as n from unnest(array[ticket, other]) o (id) join app.ticket_links x on x.tenant_id = t.tenant_id and o.id in (x.from_id, x.to_id)
      and x.kind in ('relates', 'blocks', 'causes') group by o.id) c) >= 50 then 'too_many'
    when l.name <> 'relates' and app.leads_to(l.name, l.later, l.earlier) then 'ring' end;
  -- Twice is once.
  if fault = 'there' then
    return app.typed_links(ticket);
  elsif fault is not null then
    raise exception using errcode = 'PT422', constraint = 'tickets_to.' || fault, message = 'no such link';
  end if;
  perform app.link_tickets(l.earlier, l.later, l.name);
  perform app.record('ticket.linked', o.id, null, jsonb_build_object('kind', l.name, 'number', o.to)) from (values (ticket, other), (other, ticket)) o (id, "to");
  return app.typed_links(ticket);
end $$;

create or replace function app.drop_link(ticket bigint, kind text, other bigint) returns json
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  t app.tickets := app.ticket_at_work(ticket);
  l record := app.typed_link(ticket, kind, other);
begin
  delete from app.ticket_links x where x.tenant_id = t.tenant_id and x.from_id = l.earlier and x.to_id = l.later and x.kind = l.name and l.name in ('relates', 'blocks', 'causes');
  if not found then
    raise exception using errcode = 'PT404', message = 'no such link';
  end if;
  perform app.record('ticket.unlinked', o.id, null, jsonb_build_object('kind', l.name, 'number', o.to)) from (values (ticket, other), (other, ticket)) o (id, "to");
  return app.typed_links(ticket);
end $$;

-- Takes a merging back, within thirty days: the ticket stands as it did before, and
-- who came into the other one by it stays there, as they may have answered.
create or replace function app.unmerge_ticket(ticket bigint) returns json
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  t app.tickets := app.ticket_at_work(ticket);
  l app.ticket_links;
  before smallint;
begin
  select x.* into l from app.ticket_links x where x.tenant_id = t.tenant_id and x.to_id = ticket and x.kind = 'duplicate' for update;
  if not found or l.created_at < now() - interval '30 days' then
    raise exception using errcode = 'PT422', constraint = case when l.to_id is null then 'tickets_into.unmerged' else 'tickets_into.late' end, message = 'nothing to take back';
  end if;
  before := (select app.status_number(e.data->'status'->>0) from app.events e
    where e.tenant_id = t.tenant_id and e.ticket_id = t.id and e.kind = 'ticket.changed' and e.data->'status'->>1 = 'closed'
      and e.xid = (select m.xid from app.events m where m.tenant_id = t.tenant_id and m.ticket_id = t.id and m.kind = 'ticket.merged' order by m.id desc limit 1) limit 1);
  delete from app.ticket_links x where x.tenant_id = t.tenant_id and x.from_id = l.from_id and x.to_id = l.to_id and x.kind = 'duplicate';
  perform app.record('ticket.unmerged', o.id, null, jsonb_build_object('number', o.to)) from (values (t.id, l.from_id), (l.from_id, t.id)) o (id, "to");
  -- What had ended before stays so, as whoever went on with it since.
  if t.status = 6 and before < 5 then
    update app.tickets x set status = before where x.tenant_id = t.tenant_id and x.id = t.id;
  end if;
  return json_build_object('number', l.from_id);
end $$;
