-- Files that a virus scanner looks at before anybody may have them (N6).

create or replace function app.chunk_to_scan(file bigint, seq int) returns bytea
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
begin
  return (select c.data from app.file_chunks c
    join app.files f on f.tenant_id = c.tenant_id and f.id = c.file_id and f.state = 2
    where c.tenant_id = auth.tenant_id() and c.file_id = file and c.seq = chunk_to_scan.seq);
end $$;

-- What the scanner says: 'clean', 'refused', or 'later' with how long until then.
-- Of one that is refused nothing is left but its name, for who sees its ticket;
-- its owner gets a mail. Open pages follow.
create or replace function app.scanned(file bigint, verdict text, wait interval) returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  f app.files;
  staff boolean;
begin
  update app.files x set state = case verdict when 'clean' then 3 when 'refused' then 4 else 2 end,
      scan_at = case when verdict = 'later' then now() + wait end
    where x.tenant_id = auth.tenant_id() and x.id = file and x.state = 2 returning x.* into f;
  if not found or verdict = 'later' then
    return;
  end if;
  if verdict = 'clean' then
    if f.ticket_id is not null then
      perform app.record('file.checked', f.ticket_id, null, jsonb_build_object('file', f.id, 'internal', f.is_internal));
    end if;
    return;
  end if;
  delete from app.file_chunks c where c.tenant_id = f.tenant_id and c.file_id = f.id;
  perform app.count_storage(-f.size);
  staff := exists (select from app.people p where p.tenant_id = f.tenant_id and p.id = f.owner_id and p.rank >= 2);
  perform app.record_account('file.refused', null, jsonb_strip_nulls(jsonb_build_object(
    'file', f.id, 'internal', f.is_internal, 'people', jsonb_build_array(f.owner_id), 'args', jsonb_build_object('file', f.name),
    'path', case when staff then '/agent' else '' end || '/t/' || f.ticket_id,
    'portal', case when not staff then (select t.portal_id from app.tickets t where t.tenant_id = f.tenant_id and t.id = f.ticket_id) end)), f.ticket_id);
end $$;

-- Takes a tenant's file that waits longest: {"tenant", "file", "size", "tries"}. Null: none.
create or replace function jobs.take_scan(lease interval) returns json
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  f record;
  turn record;
begin
  for turn in select * from jobs.turns('scan') loop
    with due as materialized (
      select o.tenant_id, o.id from app.files o
      where o.state = 2 and o.scan_at <= now() and o.tenant_id >= turn.lowest and o.tenant_id < turn.below
      order by o.tenant_id, o.scan_at limit 1 for update skip locked)
    update app.files x set scan_at = now() + lease, scans = least(x.scans + 1, 10000)
      from due where x.tenant_id = due.tenant_id and x.id = due.id
      returning x.tenant_id, x.id, x.size, x.scans into f;
    exit when found;
  end loop;
  if f.id is not null then
    perform jobs.had_turn('scan', f.tenant_id);
  end if;
  return case when f.id is not null then json_build_object('tenant', f.tenant_id, 'file', f.id, 'size', f.size, 'tries', f.scans) end;
end $$;

create or replace function jobs.scan_part(tenant bigint, file bigint, seq int) returns bytea
language plpgsql volatile
set search_path = pg_catalog, pg_temp as $$
begin
  perform jobs.enter(tenant);
  return app.chunk_to_scan(file, seq);
end $$;

create or replace function jobs.scanned(tenant bigint, file bigint, verdict text, wait interval) returns void
language plpgsql volatile
set search_path = pg_catalog, pg_temp as $$
begin
  perform jobs.enter(tenant);
  perform app.scanned(file, verdict, wait);
end $$;
