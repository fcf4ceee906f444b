-- Files: brought in parts, attached to a comment, ended.

create or replace function app.file_state(state smallint) returns text
language sql immutable parallel safe
return (array['coming', 'checking', 'ready', 'refused'])[state];

-- What pages show in themselves, by the type that the content has: nothing
-- that could hold a script.
create or replace function app.file_kind(type text) returns text
language sql immutable parallel safe
return case when type in ('image/png', 'image/jpeg', 'image/gif', 'image/webp') then 'picture'
  when type in ('video/mp4', 'video/webm') then 'video' else 'file' end;

create or replace function app.shown_file(f app.files) returns json
language sql stable parallel safe
return json_build_object('id', f.id, 'comment', f.comment_id, 'name', f.name, 'size', f.size,
  'kind', app.file_kind(f.type), 'state', app.file_state(f.state), 'received', f.received,
  'created_at', f.created_at, 'expires_at', case when f.ticket_id is null and f.article_id is null then f.created_at + interval '24 hours' end);

-- How large one may be, and how many a comment may have. most: what the
-- operator allows.
create or replace function app.file_limits(most bigint) returns json
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
begin
  return json_build_object('size', least(app.setting('file_mb')::bigint * 1000000, most),
    'count', app.setting('files_most')::int);
end $$;

-- A new one. All of it counts as the tenant's storage from now on, so that one
-- person's that wait are bounded: fifty, and five times the largest.
create or replace function app.create_file(name text, size bigint, most bigint) returns json
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  largest bigint := (app.file_limits(most)->>'size')::bigint;
  f app.files;
begin
  perform app.must_use_support();
  if size > largest then
    raise exception using errcode = 'PT413', constraint = 'file-too-large', message = 'larger than a file may be';
  end if;
  -- One after another, or two would both be the last.
  perform from app.people p where p.tenant_id = auth.tenant_id() and p.id = auth.person_id() for no key update;
  if (select count(*) >= 50 or coalesce(sum(o.size), 0) + create_file.size > 5 * largest from app.files o
      where o.tenant_id = auth.tenant_id() and o.owner_id = auth.person_id() and o.ticket_id is null and o.article_id is null) then
    raise exception using errcode = 'PT422', constraint = 'files_files.too_many', message = 'too much waits to be attached';
  end if;
  insert into app.files (tenant_id, owner_id, name, size)
    values (auth.tenant_id(), auth.person_id(), create_file.name, create_file.size)
    returning * into f;
  return app.shown_file(f);
end $$;

-- The asker goes on with one where it ended: {"writer", "size", "sum"}. Whoever
-- was at it before can't add to it any more.
create or replace function app.take_file(file bigint, at bigint) returns json
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  f app.files;
begin
  perform app.must_use_support();
  select o.* into f from app.files o where o.tenant_id = auth.tenant_id() and o.id = file
    and o.owner_id = auth.person_id() and o.ticket_id is null and o.article_id is null and o.created_at > now() - interval '24 hours' for update;
  if not found then
    raise exception using errcode = 'PT404', message = 'no such file';
  elsif f.received <> at then
    raise exception using errcode = 'PT409', constraint = 'offset', message = 'it ends elsewhere';
  end if;
  f.writer := app.new_id();
  update app.files o set writer = f.writer where o.tenant_id = f.tenant_id and o.id = f.id;
  return json_build_object('writer', f.writer, 'size', f.size, 'sum', encode(f.sum, 'hex'), 'expires_at',
    to_char(f.created_at at time zone 'UTC' + interval '24 hours', 'Dy, DD Mon YYYY HH24:MI:SS "GMT"'));
end $$;

-- What is there of its last chunk, if that is not full.
create or replace function app.file_rest(file bigint) returns bytea
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
begin
  return coalesce((select substring(c.data for (f.received % 262144)::int)
    from app.files f
    join app.file_chunks c on c.tenant_id = f.tenant_id and c.file_id = f.id and c.seq = f.received / 262144
    where f.tenant_id = auth.tenant_id() and f.id = file and f.owner_id = auth.person_id()
      and f.received % 262144 > 0), '');
end $$;

-- Up to four chunks from seq on, the last one as far as it has come. at: how much
-- of the file is there then; null: nobody knows yet whether it is right, so that
-- it does not count. With the last one come the hash, and whether a scanner is to
-- look first.
create or replace function app.put_chunks(file bigint, writer bigint, seq int, data bytea, type text,
  at bigint, sum bytea, sha256 bytea, scan boolean)
returns void language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
begin
  if at not between put_chunks.seq * 262144::bigint + 1 and put_chunks.seq * 262144::bigint + octet_length(data) then
    raise exception using errcode = 'PT409', constraint = 'offset', message = 'not where it ends';
  end if;
  update app.files f set received = coalesce(at, f.received), type = coalesce(put_chunks.type, f.type),
      sum = case when at is null then f.sum else put_chunks.sum end, sha256 = put_chunks.sha256,
      state = case when at is distinct from f.size then 1 when scan then 2 else 3 end,
      scan_at = case when at = f.size and scan then now() end
    where f.tenant_id = auth.tenant_id() and f.id = file and f.owner_id = auth.person_id()
      and f.state = 1 and f.writer = put_chunks.writer;
  if not found then
    raise exception using errcode = 'PT409', constraint = 'offset', message = 'another request goes on with it';
  end if;
  insert into app.file_chunks as c (tenant_id, file_id, seq, data)
    select auth.tenant_id(), file, put_chunks.seq + n, substring(put_chunks.data from n * 262144 + 1 for 262144)
    from generate_series(0, least(octet_length(put_chunks.data) - 1, 1048575) / 262144) n
    on conflict on constraint file_chunks_pkey do update set data = excluded.data;
end $$;

-- One that is not attached, by its owner. A large one is only over: jobs take it
-- away, piece by piece.
create or replace function app.end_file(file bigint) returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
begin
  delete from app.files f where f.tenant_id = auth.tenant_id() and f.id = file
    and f.owner_id = auth.person_id() and f.ticket_id is null and f.article_id is null and f.size <= 64 * 1048576;
  if found then
    return;
  end if;
  update app.files f set created_at = f.created_at - interval '24 hours'
    where f.tenant_id = auth.tenant_id() and f.id = file and f.owner_id = auth.person_id() and f.ticket_id is null and f.article_id is null
      and f.created_at > now() - interval '24 hours';
  if not found then
    raise exception using errcode = 'PT404', message = 'no such file';
  end if;
end $$;

-- Their ids, with what the asker has just written: whole ones of their own
-- that nothing else has.
create or replace function app.attach_files(files jsonb, ticket bigint, comment bigint) returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  ids bigint[];
  n bigint;
begin
  if jsonb_typeof(files) <> 'array' or exists (select from jsonb_array_elements(files) e
      where jsonb_typeof(e) <> 'number' or e::text !~ '^[0-9]{1,16}$') then
    raise exception using errcode = 'PT422', constraint = 'files_files.type', message = 'not a list of ids';
  end if;
  ids := array(select distinct e::bigint from jsonb_array_elements_text(files) e);
  if cardinality(ids) > app.setting('files_most')::int then
    raise exception using errcode = 'PT422', constraint = 'files_files.too_many', message = 'too many files';
  end if;
  update app.files f set ticket_id = c.ticket_id, comment_id = c.id, is_internal = c.is_internal,
      sum = null, writer = null
    from app.comments c
    where c.tenant_id = auth.tenant_id() and c.ticket_id = ticket and c.id = comment and c.author_id = auth.person_id()
      and f.tenant_id = c.tenant_id and f.id = any (ids) and f.owner_id = c.author_id
      and f.ticket_id is null and f.article_id is null and f.state in (2, 3) and f.created_at > now() - interval '24 hours';
  get diagnostics n = row_count;
  update app.tickets t set has_files = true
    where t.tenant_id = auth.tenant_id() and t.id = ticket and n > 0 and not t.has_files;
  if n < cardinality(ids) then
    raise exception using errcode = 'PT422', constraint = 'files_files.choice', message = 'not all are whole, own and free';
  end if;
end $$;

-- Those of a comment, as pages show them.
create or replace function app.files_of(ticket bigint, comment bigint) returns json
language plpgsql stable
set search_path = pg_catalog, pg_temp as $$
begin
  return (select coalesce(json_agg(app.shown_file(f) order by f.created_at, f.id), '[]') from app.files f
    where f.tenant_id = (select auth.tenant_id()) and f.ticket_id = ticket and f.comment_id = comment);
end $$;

-- The newest 500 of a ticket.
create or replace function app.ticket_files(ticket bigint) returns json
language plpgsql stable
set search_path = pg_catalog, pg_temp as $$
begin
  return (select coalesce(json_agg(app.shown_file(f) order by f.comment_id, f.id), '[]') from (
    select x.* from app.files x where x.tenant_id = (select auth.tenant_id()) and x.ticket_id = ticket
    order by x.comment_id desc limit 500) f);
end $$;

-- The same with who brought each, and whether the desk alone has it.
create or replace function app.all_files(ticket bigint) returns json
language plpgsql stable
set search_path = pg_catalog, pg_temp as $$
declare
  account bigint := (select t.account_id from app.tickets t where t.tenant_id = (select auth.tenant_id()) and t.id = ticket);
begin
  if account is null then
    raise exception using errcode = 'PT404', message = 'no such ticket';
  end if;
  return (
    with f as materialized (
      select x.* from app.files x where x.tenant_id = (select auth.tenant_id()) and x.ticket_id = ticket
      order by x.comment_id desc limit 500)
    select json_build_object(
      'files', (select coalesce(json_agg(app.shown_file(f)::jsonb || jsonb_build_object('by', f.owner_id, 'internal', f.is_internal)
        order by f.comment_id desc, f.id desc), '[]') from f),
      'people', app.names(array(select distinct f.owner_id from f), account)));
end $$;

create or replace function app.file_counted() returns trigger
language plpgsql security definer
set search_path = pg_catalog, pg_temp as $$
begin
  if tg_op = 'INSERT' and new.tenant_id = auth.tenant_id() then
    perform app.count_storage(new.size);
  elsif tg_op = 'DELETE' and old.tenant_id = auth.tenant_id() and old.state <> 4 then
    perform app.count_storage(-old.size);
  end if;
  return null;
end $$;

-- ---- by jobs ------------------------------------------------------------------

-- Some of one whose day is over, 256 chunks, from its end; and the last of it with
-- the file itself.
create or replace function app.forget_file(file bigint) returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  n int;
begin
  perform from app.files f where f.tenant_id = auth.tenant_id() and f.id = file and f.ticket_id is null and f.article_id is null
    and f.created_at < now() - interval '24 hours' for update;
  if not found then
    return;
  end if;
  -- One that was refused has nothing left, and counts no more: it stays so.
  update app.files f set state = 1, received = 0, sum = null, sha256 = null, writer = null
    where f.tenant_id = auth.tenant_id() and f.id = file and f.state <> 4;
  delete from app.file_chunks c
    where c.tenant_id = auth.tenant_id() and c.file_id = file and c.seq > (select max(l.seq) - 256 from app.file_chunks l
      where l.tenant_id = auth.tenant_id() and l.file_id = file);
  get diagnostics n = row_count;
  if n < 256 then
    delete from app.files f where f.tenant_id = auth.tenant_id() and f.id = file;
  end if;
end $$;

-- Ends some of one that nobody attached within a day. How many were at it: one or
-- none.
create or replace function jobs.end_file() returns bigint
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  d record;
begin
  select f.tenant_id, f.id into d from app.files f
    where f.ticket_id is null and f.article_id is null and f.created_at < now() - interval '24 hours'
    order by f.created_at limit 1;
  if not found then
    return 0;
  end if;
  perform jobs.enter(d.tenant_id);
  perform app.forget_file(d.id);
  return 1;
end $$;
