-- Tags: words that agents put on tickets, to find them again (W1). The desk's alone:
-- no policy opens their table, and these functions answer agents only. Only what is
-- at the desk has any.

-- As it is kept: what reads the same is the same.
create or replace function app.as_tag(said text) returns text
language sql immutable strict parallel safe
return btrim(regexp_replace(normalize(lower(normalize(said, NFKC)), NFKC), '\s+', ' ', 'g'));

-- Those of tickets.
create or replace function app.tags_of(wanted bigint[]) returns table (ticket bigint, tags text[])
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
begin
  if auth.is_agent() then
    return query select g.ticket_id, array_agg(g.tag order by g.tag) from app.ticket_tags g
      where g.tenant_id = auth.tenant_id() and g.ticket_id = any (wanted) group by g.ticket_id;
  end if;
end $$;

-- Those of one ticket that the asker has before them.
create or replace function app.ticket_tags(ticket bigint) returns text[]
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
begin
  return (select array_agg(g.tag order by g.tag) from app.ticket_tags g
    where g.tenant_id = auth.tenant_id() and g.ticket_id = ticket_tags.ticket and auth.is_agent());
end $$;

-- The tenant's different ones: a step of the index each.
create or replace function app.different_tags() returns setof text
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
begin
  return query
    with recursive w (tag) as (
      (select g.tag from app.ticket_tags g where g.tenant_id = auth.tenant_id() order by g.tag limit 1)
      union all
      select (select g.tag from app.ticket_tags g where g.tenant_id = auth.tenant_id() and g.tag > w.tag order by g.tag limit 1)
      from w where w.tag is not null)
    select w.tag::text from w where w.tag is not null;
end $$;

-- Fifty of them that have these letters, those that begin with them first; on how many
-- tickets each is, as far as a thousand.
create or replace function app.list_tags(q text) returns json
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
declare
  letters text := coalesce(app.as_tag(q), '');
begin
  perform app.must_be_at_desk();
  return (select json_build_object('most', 20, 'more', count(*) > 50, 'items', coalesce(json_agg(json_build_object('tag', f.tag,
        'n', (select count(*) from (select from app.ticket_tags g where g.tenant_id = auth.tenant_id() and g.tag = f.tag limit 1000) x))
      order by f.n) filter (where f.n <= 50), '[]'))
    from (select w.tag, row_number() over (order by not starts_with(w.tag, letters), w.tag) as n
      from app.different_tags() w (tag) where position(letters in w.tag) > 0 order by n limit 51) f);
end $$;

-- The tickets that have one, as far as this many and one more.
create or replace function app.tagged(said text, most int) returns bigint[]
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
begin
  return array(select g.ticket_id from app.ticket_tags g
    where g.tenant_id = auth.tenant_id() and g.tag = app.as_tag(said) limit most + 1);
end $$;

-- What is said of tags as a list of them; refused where one is none.
create or replace function app.tag_list(said jsonb) returns text[]
language plpgsql stable
set search_path = pg_catalog, pg_temp as $$
declare
  found text[];
begin
  if said is null or said = 'null' then
    return '{}';
  elsif jsonb_typeof(said) <> 'array' or exists (select from jsonb_array_elements(said) e where jsonb_typeof(e) <> 'string') then
    raise exception using errcode = 'PT422', constraint = 'tickets_tags.type', message = 'a list of words';
  elsif jsonb_array_length(said) > 20 then
    raise exception using errcode = 'PT422', constraint = 'tickets_tags.too_many', message = 'twenty a ticket at most';
  end if;
  found := array(select distinct app.as_tag(e) from jsonb_array_elements_text(said) e);
  if '' = any (found) then
    raise exception using errcode = 'PT422', constraint = 'tickets_tags.required', message = 'an empty one';
  elsif exists (select from unnest(found) f where char_length(f) > 40) then
    raise exception using errcode = 'PT422', constraint = 'tickets_tags.too_long', message = 'forty characters at most';
  -- They are told apart by it where they are written beside each other.
  elsif exists (select from unnest(found) f where position(',' in f) > 0 or not app.is_line(f)) then
    raise exception using errcode = 'PT422', constraint = 'tickets_tags.characters', message = 'no comma, one line';
  end if;
  return found;
end $$;

-- Is there a change of tags in it that could be carried out: {add, remove}, each a list?
create or replace function app.must_be_tags(said jsonb) returns void
language plpgsql stable
set search_path = pg_catalog, pg_temp as $$
begin
  if jsonb_typeof(said) <> 'object' or said - '{add,remove}'::text[] <> '{}' then
    raise exception using errcode = 'PT422', constraint = 'tickets_tags.type', message = 'what is added and what is removed';
  end if;
  perform app.tag_list(said->'add'), app.tag_list(said->'remove');
end $$;

-- Is it no list of tags?
create or replace function app.tags_fault(said jsonb) returns boolean
language plpgsql stable
set search_path = pg_catalog, pg_temp as $$
begin
  perform app.tag_list(said);
  return false;
exception when sqlstate 'PT422' then
  return true;
end $$;

-- Puts tags on a ticket and takes others off, whoever asks: who calls it has looked
-- whether they may. An event tells of it, to the desk alone, and no date moves.
create or replace function app.set_tags(ticket bigint, add text[], remove text[]) returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  tenant bigint := auth.tenant_id();
  has text[];
  added text[];
  removed text[];
begin
  perform from app.tickets t where t.tenant_id = tenant and t.id = ticket and t.at_desk for no key update;
  if not found then
    raise exception using errcode = 'PT404', message = 'no such ticket at the desk';
  end if;
  has := array(select g.tag from app.ticket_tags g where g.tenant_id = tenant and g.ticket_id = ticket);
  added := array(select x from unnest(app.tag_list(to_jsonb(add))) x where x <> all (has) order by x);
  removed := array(select x from unnest(app.tag_list(to_jsonb(remove))) x where x = any (has) and x <> all (added) order by x);
  if cardinality(has) + cardinality(added) - cardinality(removed) > 20 then
    raise exception using errcode = 'PT422', constraint = 'tickets_tags.too_many', message = 'twenty a ticket at most';
  end if;
  if exists (select from unnest(added) x where not exists (select from app.ticket_tags g where g.tenant_id = tenant and g.tag = x)) then
    -- Two at once could both bring the last.
    perform pg_advisory_xact_lock(hashtextextended('tags/' || tenant, 0));
    if (select count(*) from app.different_tags()) + (select count(*) from unnest(added) x
        where not exists (select from app.ticket_tags g where g.tenant_id = tenant and g.tag = x)) > 2000 then
      raise exception using errcode = 'PT422', constraint = 'tickets_tags.tags_full', message = 'a tenant has two thousand different ones at most';
    end if;
  end if;
  delete from app.ticket_tags g where g.tenant_id = tenant and g.ticket_id = ticket and g.tag = any (removed);
  insert into app.ticket_tags (tenant_id, ticket_id, tag) select tenant, ticket, x from unnest(added) x;
  if added <> '{}' or removed <> '{}' then
    perform app.record('ticket.tagged', ticket, null, jsonb_build_object('internal', true, 'added', added, 'removed', removed));
  end if;
end $$;

-- The same for an agent.
create or replace function app.change_tags(ticket bigint, said jsonb) returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
begin
  perform app.must_be_tags(said);
  if not coalesce(auth.is_agent(), false) then
    raise exception using errcode = 'PT403', message = 'tags are the desk''s';
  end if;
  perform app.held_ticket(ticket);
  perform app.set_tags(ticket, array(select jsonb_array_elements_text(nullif(said->'add', 'null'))), array(select jsonb_array_elements_text(nullif(said->'remove', 'null'))));
end $$;
