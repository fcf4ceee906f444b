-- Escalated tickets wait for an engineering item; when a release that has it is
-- published, each of its tickets says so and its customer is asked whether it is
-- fixed (W4).

create or replace function app.must_keep_releases() returns void
language plpgsql stable as $$
begin
  perform app.must_be_at_desk();
  if auth.rank() < 3 then
    raise exception using errcode = 'PT403', message = 'releases are the administrators''';
  end if;
end $$;

-- ---- items ------------------------------------------------------------------------

-- One, with the release it is in and how many tickets wait for it, counted to a thousand.
create or replace function app.item_json(i app.engineering_items) returns jsonb
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
begin
  return jsonb_build_object('id', i.id, 'key', i.key, 'title', i.title, 'url', i.url, 'state', i.state,
    'release', (select jsonb_build_object('id', r.id, 'name', r.name, 'published_at', r.published_at)
      from app.releases r where r.tenant_id = i.tenant_id and r.id = i.release_id),
    'tickets', (select count(*) from (select from app.ticket_items x
      where x.tenant_id = i.tenant_id and x.item_id = i.id limit 1000) x));
end $$;

-- May tickets still wait for it?
create or replace function app.is_awaited(i app.engineering_items) returns boolean
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
begin
  return i.state <> 'dropped' and not exists (select from app.releases r
    where r.tenant_id = i.tenant_id and r.id = i.release_id and r.published_at is not null);
end $$;

-- The newest fifty whose key or title has these letters; of what: those that tickets may
-- wait for (awaited), or of a state.
create or replace function app.list_items(q text, what text) returns json
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
declare
  items jsonb;
begin
  perform app.must_be_at_desk();
  select jsonb_agg(app.item_json(i::app.engineering_items) order by i.created_at desc, i.id desc) into items
    from (select x.* from app.engineering_items x
      where x.tenant_id = auth.tenant_id()
        and (q is null or position(lower(btrim(q)) in lower(x.key || ' ' || x.title)) > 0)
        and (what is null or what = x.state or what = 'awaited' and app.is_awaited(x))
      order by x.created_at desc, x.id desc limit 51) i;
  return json_build_object('items', coalesce(items - 50, '[]'), 'more', jsonb_array_length(items) > 50);
end $$;

-- One with the newest fifty of its tickets.
create or replace function app.get_item(item bigint) returns json
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
declare
  i app.engineering_items;
begin
  perform app.must_be_at_desk();
  select x.* into i from app.engineering_items x where x.tenant_id = auth.tenant_id() and x.id = item;
  if not found then
    raise exception using errcode = 'PT404', message = 'no such item';
  end if;
  return json_build_object('item', app.item_json(i),
    'waiting', (select coalesce(json_agg(json_build_object('number', t.id, 'title', t.title,
        'status', case when 'status' <> all (t.hidden) then app.status_name(t.status) end,
        'account', app.account_name(t.account_id), 'told_at', t.told_at, 'fixed', t.fixed) order by t.linked_at desc, t.id desc), '[]')
      from (select k.id, k.title, k.status, k.account_id, x.told_at, x.fixed, x.linked_at,
          case when app.has_field_policies() then app.hidden_fields(k.portal_id, k.account_id) else '{}' end as hidden
        from app.ticket_items x join app.tickets k on k.tenant_id = x.tenant_id and k.id = x.ticket_id
        where x.tenant_id = i.tenant_id and x.item_id = i.id and app.sees(k.id)
        order by x.linked_at desc, k.id desc limit 50) t));
end $$;

-- A new one, or what is said of one, each only where it is given; a release only as
-- long as it is not published.
create or replace function app.save_item(item bigint, key text, title text, url text, state text) returns json
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  i app.engineering_items;
begin
  perform app.must_be_at_desk();
  perform pg_advisory_xact_lock(hashtextextended('items/' || auth.tenant_id(), 0));
  if item is not null then
    select x.* into i from app.engineering_items x where x.tenant_id = auth.tenant_id() and x.id = item for update;
    if not found then
      raise exception using errcode = 'PT404', message = 'no such item';
    end if;
  elsif (select count(*) from app.engineering_items x where x.tenant_id = auth.tenant_id()) >= 5000 then
    raise exception using errcode = 'PT422', constraint = 'items_key.too_many', message = 'five thousand at most';
  end if;
  if exists (select from app.engineering_items x where x.tenant_id = auth.tenant_id() and x.key = btrim(save_item.key) and x.id is distinct from item) then
    raise exception using errcode = 'PT422', constraint = 'items_key.taken', message = 'there is one';
  elsif state = 'dropped' and not app.is_awaited(i) then
    raise exception using errcode = 'PT422', constraint = 'items_state.released', message = 'it is released';
  end if;
  insert into app.engineering_items as x (tenant_id, id, key, title, url, state)
    values (auth.tenant_id(), coalesce(i.id, app.new_id()), btrim(coalesce(save_item.key, i.key)), btrim(coalesce(save_item.title, i.title)),
      case when save_item.url is null then i.url else nullif(btrim(save_item.url), '') end, coalesce(save_item.state, i.state, 'open'))
    on conflict on constraint engineering_items_pkey do update set key = excluded.key, title = excluded.title, url = excluded.url, state = excluded.state,
      release_id = case when excluded.state <> 'dropped' then x.release_id end
    returning * into i;
  return app.item_json(i);
end $$;

-- ---- a ticket's item ------------------------------------------------------------------

-- What an agent's ticket waits for; null: nothing any more.
create or replace function app.set_item(ticket bigint, item bigint) returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  t app.tickets := app.held_ticket(ticket);
  i app.engineering_items;
begin
  if not coalesce(auth.is_agent(), false) or not t.at_desk then
    raise exception using errcode = 'PT403', message = 'agents hand it to the engineers';
  end if;
  if item is null then
    if t.status = 7 then
      raise exception using errcode = 'PT422', constraint = 'tickets_item.required', message = 'it waits for one';
    end if;
    delete from app.ticket_items x where x.tenant_id = t.tenant_id and x.ticket_id = t.id;
  else
    select x.* into i from app.engineering_items x where x.tenant_id = t.tenant_id and x.id = item for share;
    if not found then
      raise exception using errcode = 'PT422', constraint = 'tickets_item.choice', message = 'no such item';
    elsif exists (select from app.ticket_items x where x.tenant_id = t.tenant_id and x.ticket_id = t.id and x.item_id = item and x.told_at is null) then
      return;
    elsif not app.is_awaited(i) then
      raise exception using errcode = 'PT422', constraint = 'tickets_item.released', message = 'nothing comes of it any more';
    end if;
    insert into app.ticket_items as x (tenant_id, ticket_id, item_id) values (t.tenant_id, t.id, item)
      on conflict on constraint ticket_items_pkey do update set item_id = excluded.item_id, linked_at = now(),
        told_at = null, comment_id = null, fixed = null, answered_by = null;
  end if;
  perform app.record('ticket.item', ticket, null, '{"internal": true}');
end $$;

-- An escalated ticket carries an item that is still to come, and agents alone escalate.
create or replace function app.must_carry_item(ticket bigint) returns void
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
begin
  if auth.person_id() is null then
    return;
  elsif not auth.is_agent() then
    raise exception using errcode = 'PT422', constraint = 'tickets_status.choice', message = 'agents escalate';
  elsif not exists (select from app.ticket_items x where x.tenant_id = auth.tenant_id() and x.ticket_id = must_carry_item.ticket and x.told_at is null) then
    raise exception using errcode = 'PT422', constraint = 'tickets_item.required', message = 'an escalated ticket carries an item';
  end if;
end $$;

-- What agents see of it beside a ticket.
create or replace function app.ticket_item(ticket bigint) returns jsonb
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
begin
  if not coalesce(auth.is_agent(), false) or auth.account_id() is not null then
    return null;
  end if;
  return (select app.item_json(i) || jsonb_build_object('told_at', x.told_at, 'fixed', x.fixed)
    from app.ticket_items x join app.engineering_items i on i.tenant_id = x.tenant_id and i.id = x.item_id
    where x.tenant_id = auth.tenant_id() and x.ticket_id = ticket_item.ticket and app.sees(x.ticket_id));
end $$;

-- ---- releases -----------------------------------------------------------------------

-- The newest thirty; of how many tickets, how many were told and what was answered.
create or replace function app.list_releases() returns json
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
begin
  perform app.must_be_at_desk();
  return (select json_build_object('can', auth.rank() >= 3, 'languages', coalesce(auth.languages(), '{en}'),
    'more', count(*) > 30, 'releases', coalesce(jsonb_agg(jsonb_build_object('id', r.id, 'name', r.name, 'notes', r.notes,
        'published_at', r.published_at, 'by', (select p.name from app.people p where p.tenant_id = r.tenant_id and p.id = r.published_by),
        'items', (select coalesce(jsonb_agg(jsonb_build_object('id', i.id, 'key', i.key, 'title', i.title) order by i.key), '[]')
          from app.engineering_items i where i.tenant_id = r.tenant_id and i.release_id = r.id),
        'tickets', n.tickets, 'told', n.told, 'yes', n.yes, 'no', n.no) order by r.created_at desc, r.id desc) filter (where r.n <= 30), '[]'))
    from (select x.*, row_number() over (order by x.created_at desc, x.id desc) as n from app.releases x
      where x.tenant_id = auth.tenant_id() order by x.created_at desc, x.id desc limit 31) r
    cross join lateral (select count(*) as tickets, count(x.told_at) as told, count(*) filter (where x.fixed) as yes, count(*) filter (where not x.fixed) as no
      from app.engineering_items i join app.ticket_items x on x.tenant_id = i.tenant_id and x.item_id = i.id
      where i.tenant_id = r.tenant_id and i.release_id = r.id) n);
end $$;

-- A new one (null), or all that is said of one and which items it has, as long as it
-- is not published. made: which it is.
create or replace function app.save_release(release bigint, name text, notes jsonb, said jsonb, items jsonb) returns json
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  r app.releases;
  wanted bigint[];
begin
  perform app.must_keep_releases();
  perform pg_advisory_xact_lock(hashtextextended('releases/' || auth.tenant_id(), 0));
  if release is not null then
    select x.* into r from app.releases x where x.tenant_id = auth.tenant_id() and x.id = release for update;
    if not found then
      raise exception using errcode = 'PT404', message = 'no such release';
    elsif r.published_at is not null then
      raise exception using errcode = 'PT422', constraint = 'releases_name.released', message = 'it is published';
    end if;
  elsif (select count(*) from app.releases x where x.tenant_id = auth.tenant_id()) >= 1000 then
    raise exception using errcode = 'PT422', constraint = 'releases_name.too_many', message = 'a thousand at most';
  end if;
  if exists (select from app.releases x where x.tenant_id = auth.tenant_id() and x.name = btrim(save_release.name) and x.id is distinct from release) then
    raise exception using errcode = 'PT422', constraint = 'releases_name.taken', message = 'there is one';
  elsif jsonb_typeof(items) <> 'array' or jsonb_array_length(items) > 200
      or exists (select from jsonb_array_elements(items) e where jsonb_typeof(e) <> 'number' or e #>> '{}' !~ '^[0-9]{1,18}$') then
    raise exception using errcode = 'PT422', constraint = 'releases_items.too_many', message = 'two hundred ids at most';
  elsif jsonb_typeof(notes) <> 'object' or not app.are_languages(array(select jsonb_object_keys(notes))) then
    raise exception using errcode = 'PT422', constraint = 'releases_notes.language', message = 'in languages that there are';
  end if;
  wanted := array(select e::bigint from jsonb_array_elements_text(items) e);
  if exists (select from unnest(wanted) w (id) where not exists (select from app.engineering_items i
      where i.tenant_id = auth.tenant_id() and i.id = w.id and app.is_awaited(i) and (i.release_id is null or i.release_id = release))) then
    raise exception using errcode = 'PT422', constraint = 'releases_items.choice', message = 'one is none, dropped, or in another release';
  end if;
  insert into app.releases as x (tenant_id, id, name, notes, said)
    values (auth.tenant_id(), coalesce(r.id, app.new_id()), btrim(save_release.name), save_release.notes, save_release.said)
    on conflict on constraint releases_pkey do update set name = excluded.name, notes = excluded.notes, said = excluded.said
    returning * into r;
  update app.engineering_items i set release_id = null where i.tenant_id = r.tenant_id and i.release_id = r.id and i.id <> all (wanted);
  update app.engineering_items i set release_id = r.id where i.tenant_id = r.tenant_id and i.id = any (wanted) and i.release_id is null;
  return app.list_releases()::jsonb || jsonb_build_object('made', r.id);
end $$;

-- It is out: jobs tell its tickets. Publishing it again does nothing.
create or replace function app.publish_release(release bigint) returns json
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  r app.releases;
begin
  perform app.must_keep_releases();
  select x.* into r from app.releases x where x.tenant_id = auth.tenant_id() and x.id = release for update;
  if not found then
    raise exception using errcode = 'PT404', message = 'no such release';
  elsif r.published_at is null then
    if not exists (select from app.engineering_items i where i.tenant_id = r.tenant_id and i.release_id = r.id) then
      raise exception using errcode = 'PT422', constraint = 'releases_items.required', message = 'nothing is in it';
    end if;
    update app.releases x set published_at = now(), published_by = auth.person_id() where x.tenant_id = r.tenant_id and x.id = r.id;
    -- All of them: who links a ticket to one waits, and finds it released.
    update app.engineering_items i set state = 'done' where i.tenant_id = r.tenant_id and i.release_id = r.id;
    perform app.record_account('release.published', null, jsonb_build_object('release', r.id));
  end if;
  return app.list_releases();
end $$;

create or replace function app.remove_release(release bigint) returns json
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
begin
  perform app.must_keep_releases();
  update app.engineering_items i set release_id = null from app.releases x
    where x.tenant_id = auth.tenant_id() and x.id = release and x.published_at is null and i.tenant_id = x.tenant_id and i.release_id = x.id;
  delete from app.releases x where x.tenant_id = auth.tenant_id() and x.id = release and x.published_at is null;
  if not found then
    raise exception using errcode = 'PT404', message = 'no such release that is not published';
  end if;
  return app.list_releases();
end $$;

-- Tells tickets of the release that an event published, each in the language of who
-- opened it, in the name of who published it. Two hundred at a time: true says that
-- there may be more, and that the event comes again for them, after what others wait for. What is told
-- is marked with it, so that it is told once wherever this is broken off. A duplicate
-- goes on in another ticket, which has an item of its own.
create or replace function app.tell_release(event bigint) returns boolean
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  most constant int := 200;
  r app.releases;
  w record;
  said bigint;
  n int := 0;
begin
  select x.* into r from app.events e
    join app.releases x on x.tenant_id = e.tenant_id and x.id = (e.data->>'release')::bigint and x.published_at is not null
    where e.tenant_id = auth.tenant_id() and e.id = event and e.kind = 'release.published';
  if not found then
    return false;
  end if;
  for w in select x.ticket_id as id, r.said->l.lang as body, t.at_desk and not (t.has_links and exists (select from app.ticket_links d
        where d.tenant_id = t.tenant_id and d.from_id = t.id and d.kind = 'duplicate')) as hears
      from app.engineering_items i
      join app.ticket_items x on x.tenant_id = i.tenant_id and x.item_id = i.id and x.told_at is null
      join app.tickets t on t.tenant_id = x.tenant_id and t.id = x.ticket_id
      join app.people p on p.tenant_id = t.tenant_id and p.id = t.requester_id
      cross join lateral (select k.lang from unnest(array[p.locale, split_part(p.locale, '-', 1), app.language_of(t.portal_id), 'en']) with ordinality k (lang, n)
        where r.said ? k.lang order by k.n limit 1) l
      where i.tenant_id = r.tenant_id and i.release_id = r.id
      order by x.ticket_id limit most for update of x, t loop
    n := n + 1;
    said := null;
    if w.hears then
      insert into app.comments (tenant_id, ticket_id, author_id, is_internal, source, html)
        values (r.tenant_id, w.id, r.published_by, false, w.body->>'source', w.body->>'html') returning id into said;
    end if;
    update app.ticket_items x set told_at = clock_timestamp(), comment_id = said where x.tenant_id = r.tenant_id and x.ticket_id = w.id;
  end loop;
  if n = most then
    insert into app.event_queue (tenant_id, event_id, not_before)
      values (auth.tenant_id(), event, now() + interval '1 second');
  end if;
  return n = most;
end $$;

-- ---- 'fixed?' -----------------------------------------------------------------------

-- The release that a ticket's customers are asked about, as long as nobody answered.
create or replace function app.asked_release(ticket bigint) returns json
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
begin
  return (select json_build_object('name', r.name)
    from app.ticket_items x
    join app.engineering_items i on i.tenant_id = x.tenant_id and i.id = x.item_id
    join app.releases r on r.tenant_id = i.tenant_id and r.id = i.release_id
    where x.tenant_id = auth.tenant_id() and x.ticket_id = asked_release.ticket and x.comment_id is not null and x.fixed is null and app.sees(x.ticket_id));
end $$;

-- Yes closes it; no opens it again, with what is still wrong. The first answer counts.
create or replace function app.answer_release(ticket bigint, fixed boolean, source text, html text) returns json
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  t app.tickets := app.ticket_to_end(ticket);
begin
  if not fixed and coalesce(source, '') !~ '\S' then
    raise exception using errcode = 'PT422', constraint = 'tickets_body.required', message = 'what is still wrong?';
  end if;
  perform from app.ticket_items x where x.tenant_id = t.tenant_id and x.ticket_id = t.id and x.comment_id is not null and x.fixed is null for update;
  if found and t.status = 7 then
    update app.ticket_items x set fixed = answer_release.fixed, answered_by = auth.person_id()
      where x.tenant_id = t.tenant_id and x.ticket_id = t.id;
    update app.tickets x set status = case when answer_release.fixed then 6 else 2 end where x.tenant_id = t.tenant_id and x.id = t.id;
    if not fixed then
      insert into app.comments (tenant_id, ticket_id, author_id, is_internal, source, html)
        values (t.tenant_id, t.id, auth.person_id(), false, answer_release.source, answer_release.html);
    end if;
  elsif not exists (select from app.ticket_items x where x.tenant_id = t.tenant_id and x.ticket_id = t.id
      and x.fixed = answer_release.fixed and x.answered_by = auth.person_id()) then
    raise exception using errcode = 'PT422', constraint = 'tickets_fixed.choice', message = 'nobody asks, or somebody answered';
  end if;
  return app.ticket_state(ticket);
end $$;
