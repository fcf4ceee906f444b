-- What a tenant calls its statuses, and which may follow which (W3).

-- Its words of a side (agents or customers), by status, in a language or what that
-- is a kind of. Where it has none the product's own word in that language stands.
create or replace function app.status_labels(lang text, side text) returns jsonb
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
begin
  return (select coalesce(jsonb_object_agg(x.status, x.label), '{}')
    from (select s.status, coalesce(w.labels->>lang, w.labels->>split_part(lang, '-', 1)) as label
      from app.statuses s
      cross join lateral (select case side when 'agents' then s.agents else s.customers end as labels) w
      where s.tenant_id = auth.tenant_id()) x
    where x.label is not null);
end $$;

-- The word for one, or null: the product's.
create or replace function app.status_label(status text, lang text, side text) returns text
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
begin
  return app.status_labels(lang, side)->>status;
end $$;

-- Those that the reader's pages show, by the keys of the texts that they stand in
-- for: customers' words, and agents' for who works on tickets. Null: none.
create or replace function app.labels_here(lang text) returns jsonb
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
begin
  if not exists (select from app.statuses s where s.tenant_id = auth.tenant_id()) then
    return null;
  end if;
  return (select jsonb_object_agg(w.key, w.label) from (
    select 'status.' || l.key as key, l.value as label from jsonb_each(app.status_labels(lang, 'customers')) l
    union all
    select 'state.' || l.key, l.value from jsonb_each(app.status_labels(lang, 'agents')) l
      where auth.grant_id() is null and (auth.is_agent() or app.roles_here() @> '{partner}')) w);
end $$;

-- ---- which may follow which -------------------------------------------------------

-- What somebody of the staff may make of each status, {"new": ["in_progress"]}; null: anything.
create or replace function app.next_of(role text) returns jsonb
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
begin
  return (select jsonb_object_agg(m.from_status, m.next) from (
    select x.from_status, jsonb_agg(x.to_status order by x.to_status) as next
    from app.transitions x where x.tenant_id = auth.tenant_id() and x.role = next_of.role group by 1) m);
end $$;

create or replace function app.nexts_here() returns jsonb
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
begin
  return case when auth.is_agent() and auth.grant_id() is null then app.next_of(case when auth.rank() >= 3 then 'tenant_admin' else 'agent' end) end;
end $$;

-- Refuses what an agent may not make of a ticket's status, and says what else. Jobs,
-- customers and partners are not bound; whom the status is hidden from hears of
-- that alone (app.must_edit_fields).
create or replace function app.must_follow(before smallint, after smallint, account bigint, portal bigint) returns void
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
declare
  held text := case when auth.rank() >= 3 then 'tenant_admin' else 'agent' end;
  old text;
begin
  if before = after or not coalesce(auth.is_agent(), false)
      or not exists (select from app.transitions x where x.tenant_id = auth.tenant_id() and x.role = held) then
    return;
  end if;
  old := app.status_name(before);
  if exists (select from app.transitions x where x.tenant_id = auth.tenant_id() and x.role = held
        and x.from_status = old and x.to_status = app.status_name(after))
      or app.has_field_policies() and app.hides('status', portal, account) then
    return;
  end if;
  raise exception using errcode = 'PT422', message = 'it may not become that',
    detail = jsonb_build_array(jsonb_build_object('field', 'status', 'code', 'transition', 'from', old,
      'allowed', coalesce(app.next_of(held)->old, '[]')))::text;
end $$;

-- ---- by the tenant's administrators -----------------------------------------------

create or replace function app.must_keep_statuses() returns void
language plpgsql stable as $$
begin
  if auth.account_id() is not null or auth.rank() < 3 then
    raise exception using errcode = 'PT403', message = 'statuses are the tenant''s to name';
  end if;
end $$;

create or replace function app.list_statuses() returns json
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
begin
  perform app.must_keep_statuses();
  return json_build_object('languages', coalesce(auth.languages(), '{en}'),
    'statuses', (select coalesce(json_object_agg(s.status, json_build_object('agents', s.agents, 'customers', s.customers)), '{}')
      from app.statuses s where s.tenant_id = auth.tenant_id()),
    'moves', json_build_object('agent', app.next_of('agent'), 'tenant_admin', app.next_of('tenant_admin')));
end $$;

-- The words for one; those of a side only where they are given.
create or replace function app.name_status(status text, agents jsonb, customers jsonb) returns json
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  wrong text;
begin
  perform app.must_keep_statuses();
  if app.status_number(status) is null then
    raise exception using errcode = 'PT404', message = 'no such status';
  end if;
  -- A word of blanks would be a chip that says nothing.
  select s.side || case when l.key is null then '.type' when not app.are_languages(array[l.key]) then '.language' else '.blank' end into wrong
    from (values ('agents', agents), ('customers', customers)) s (side, labels)
    cross join lateral (select e.key, e.value from jsonb_each_text(case jsonb_typeof(s.labels) when 'object' then s.labels else '{}' end) e
      union all select null, null where jsonb_typeof(s.labels) <> 'object') l
    where l.key is null or not app.are_languages(array[l.key]) or l.value <> btrim(l.value) or l.value !~ '[^\s\u00a0\u200b-\u200f\u2028-\u202f\u2060\u3000\ufeff]' limit 1;
  if wrong is not null then
    raise exception using errcode = 'PT422', constraint = 'statuses_' || wrong, message = 'not words for a status';
  end if;
  insert into app.statuses as s (tenant_id, status, agents, customers)
    values (auth.tenant_id(), name_status.status, coalesce(name_status.agents, '{}'), coalesce(name_status.customers, '{}'))
    on conflict on constraint statuses_pkey do update set
      agents = coalesce(name_status.agents, s.agents), customers = coalesce(name_status.customers, s.customers);
  delete from app.statuses s where s.tenant_id = auth.tenant_id() and s.agents = '{}' and s.customers = '{}';
  perform app.record_account('status.named', null, jsonb_build_object('status', status));
  return app.list_statuses();
end $$;

-- Which statuses of a graph lead nowhere (but for closed, which may be the end), and
-- which nobody gets to from new: a reply begins work by itself, and customers close.
create or replace function app.moves_fault(moves jsonb, out code text, out about text)
language plpgsql immutable
set search_path = pg_catalog, pg_temp as $$
declare
  all_of constant text[] := array['new', 'in_progress', 'blocked', 'on_hold', 'solved', 'closed', 'closed_escalated'];
  reached text[];
begin
  if jsonb_typeof(moves) <> 'object' or exists (select from jsonb_each(moves) m
      where m.key <> all (all_of) or jsonb_typeof(m.value) <> 'array') then
    code := 'type';
    return;
  end if;
  select 'choice', m.key into code, about from jsonb_each(moves) m cross join lateral jsonb_array_elements(m.value) n
    where jsonb_typeof(n) <> 'string' or n #>> '{}' <> all (all_of) or n #>> '{}' = m.key limit 1;
  if code is null then
    select 'stuck', s into code, about from unnest(all_of) s
      where s <> 'closed' and coalesce(jsonb_array_length(moves->s), 0) = 0 limit 1;
  end if;
  if code is null then
    with recursive r (status) as (
      select unnest(array['new', 'in_progress', 'closed'])
      union
      select n.value from r cross join lateral jsonb_array_elements_text(coalesce(moves->r.status, '[]')) n)
    select array_agg(r.status) into reached from r;
    select 'unreachable', s into code, about from unnest(all_of) s where s <> all (reached) limit 1;
  end if;
end $$;

-- What a role may make of a status; null: anything.
create or replace function app.limit_moves(role text, moves jsonb) returns json
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  fault record;
begin
  perform app.must_keep_statuses();
  if moves is not null then
    fault := app.moves_fault(moves);
    if fault.code is not null then
      raise exception using errcode = 'PT422', message = 'no graph to work by',
        detail = jsonb_build_array(jsonb_strip_nulls(jsonb_build_object('field', 'moves', 'code', fault.code, 'status', fault.about)))::text;
    end if;
  end if;
  -- Two at once would leave some of both.
  perform pg_advisory_xact_lock(hashtextextended('transitions/' || auth.tenant_id(), 0));
  delete from app.transitions x where x.tenant_id = auth.tenant_id() and x.role = limit_moves.role;
  insert into app.transitions (tenant_id, role, from_status, to_status)
    select distinct auth.tenant_id(), limit_moves.role, m.key, n.value
    from jsonb_each(coalesce(moves, '{}')) m cross join lateral jsonb_array_elements_text(m.value) n;
  perform app.record_account('status.moves', null, jsonb_build_object('role', role));
  return app.list_statuses();
end $$;
