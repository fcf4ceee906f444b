-- What one has begun to write (N8): one's own alone, in at most a hundred places,
-- for thirty days (jobs.sweep()). What it says is the pages' matter.

-- Drafts of new tickets are a portal's.
create or replace function app.draft_portal(place text) returns bigint
language sql stable
return case when place like 'new.%' then auth.portal_id() else 0 end;

-- Has the asker something to write at a place? What belongs to a ticket is for who
-- sees it, at a host that has tickets.
create or replace function app.may_draft(place text) returns boolean
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
begin
  return place !~ '^[0-9]{1,16}\.' or auth.has_tickets() and app.sees(split_part(place, '.', 1)::bigint);
end $$;

-- Under a grant nobody writes, and nothing of one's own is there.
create or replace function app.list_drafts() returns json
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
begin
  return json_build_object('items', (select coalesce(json_agg(json_build_object('place', d.place,
      'version', d.version, 'updated_at', d.updated_at) order by d.updated_at desc), '[]')
    from app.drafts d where d.tenant_id = auth.tenant_id() and d.person_id = auth.person_id()
      and d.portal_id in (0, auth.portal_id()) and auth.grant_id() is null and app.may_draft(d.place)));
end $$;

-- The draft at a place; null where there is none.
create or replace function app.draft(place text) returns json
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
begin
  return json_build_object('draft', (select json_build_object('version', d.version,
      'updated_at', d.updated_at, 'body', d.body)
    from app.drafts d where d.tenant_id = auth.tenant_id() and d.person_id = auth.person_id()
      and d.portal_id = app.draft_portal(draft.place) and d.place = draft.place and auth.grant_id() is null and app.may_draft(d.place)));
end $$;

-- Keeps it, if nobody wrote there since that version (null: none was known); else
-- says what is there, and changes nothing. Of a hundred and one the oldest goes.
create or replace function app.save_draft(place text, body jsonb, version bigint) returns json
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  made app.drafts;
begin
  if not app.may_draft(place) then
    raise exception using errcode = 'PT404', message = 'no such ticket';
  end if;
  insert into app.drafts as d (tenant_id, person_id, portal_id, place, body)
    values (auth.tenant_id(), auth.person_id(), app.draft_portal(save_draft.place), save_draft.place, save_draft.body)
    on conflict on constraint drafts_pkey do update
      set body = excluded.body, version = excluded.version, updated_at = now()
      where d.version = save_draft.version
    returning d.* into made;
  if not found then
    return app.draft(place);
  end if;
  delete from app.drafts d using (
      select x.portal_id, x.place from app.drafts x
      where x.tenant_id = auth.tenant_id() and x.person_id = auth.person_id()
      order by x.updated_at desc, x.version offset 100) old
    where d.tenant_id = auth.tenant_id() and d.person_id = auth.person_id()
      and d.portal_id = old.portal_id and d.place = old.place;
  return json_build_object('version', made.version, 'updated_at', made.updated_at);
end $$;

-- It was sent, or thrown away.
create or replace function app.end_draft(place text) returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
begin
  delete from app.drafts d where d.tenant_id = auth.tenant_id() and d.person_id = auth.person_id()
    and d.portal_id = app.draft_portal(end_draft.place) and d.place = end_draft.place and app.may_draft(d.place);
end $$;
