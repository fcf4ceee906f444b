-- Lists that somebody keeps by name: an address's query, of one place. Agents may
-- share those of the queue: each then reads them with their own eyes ('me' is the reader).

create or replace function app.list_views(place text) returns json
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
begin
  return json_build_object('items', (select coalesce(json_agg(json_build_object('id', v.id, 'name', v.name, 'query', v.query, 'shared', v.is_shared, 'own', v.own)
      order by not v.own, case when v.own then v.position end, lower(v.name), v.id), '[]')
    from (select o.*, true as own from app.views o where o.tenant_id = auth.tenant_id() and o.person_id = auth.person_id() and o.place = list_views.place
      union all
      -- Of who is an agent still.
      select s.*, false from app.views s join app.people p on p.tenant_id = s.tenant_id and p.id = s.person_id and p.rank >= 2
        where list_views.place = 'queue' and auth.is_agent() and s.tenant_id = auth.tenant_id() and s.is_shared and s.person_id <> auth.person_id()) v));
end $$;

-- Keeps one more, at the end; fifty a person. Asked again, as after a lost answer,
-- it is there already.
create or replace function app.keep_view(place text, name text, query text) returns json
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
begin
  -- Two at once could both be the fiftieth.
  perform pg_advisory_xact_lock(hashtextextended('views/' || auth.tenant_id() || '/' || auth.person_id(), 0));
  if exists (select from app.views v where v.tenant_id = auth.tenant_id() and v.person_id = auth.person_id()
      and v.place = keep_view.place and v.name = keep_view.name and v.query = keep_view.query) then
    return app.list_views(place);
  elsif (select count(*) from app.views v where v.tenant_id = auth.tenant_id() and v.person_id = auth.person_id()) >= 50 then
    raise exception using errcode = 'PT422', constraint = 'views_name.too_many', message = 'fifty at most';
  end if;
  insert into app.views (tenant_id, person_id, place, name, query, position)
    select auth.tenant_id(), auth.person_id(), keep_view.place, keep_view.name, keep_view.query,
      coalesce((select max(v.position) from app.views v where v.tenant_id = auth.tenant_id() and v.person_id = auth.person_id()
        and v.place = keep_view.place), 0) + 1;
  return app.list_views(place);
end $$;

-- Names it anew, says what it shows, puts it before another one (0: last), or shares
-- it with the other agents: fifty a tenant.
create or replace function app.change_view(id bigint, name text, query text, before bigint, shared boolean) returns json
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  own app.views;
begin
  perform pg_advisory_xact_lock(hashtextextended('views/' || auth.tenant_id() || '/' || auth.person_id(), 0));
  if shared then
    perform pg_advisory_xact_lock(hashtextextended('shared views/' || auth.tenant_id(), 0));
    if not auth.is_agent() then
      raise exception using errcode = 'PT403', message = 'agents share their lists';
    elsif (select count(*) from app.views v where v.tenant_id = auth.tenant_id() and v.is_shared and v.id <> change_view.id) >= 50 then
      raise exception using errcode = 'PT422', constraint = 'views_shared.too_many', message = 'fifty a tenant at most';
    end if;
  end if;
  update app.views v set name = coalesce(change_view.name, v.name), query = coalesce(change_view.query, v.query), is_shared = coalesce(shared, v.is_shared)
    where v.tenant_id = auth.tenant_id() and v.person_id = auth.person_id() and v.id = change_view.id returning * into own;
  if not found then
    raise exception using errcode = 'PT404', message = 'no such view';
  end if;
  if before is not null then
    with turns as (
      select v.id, row_number() over (order by v.position, v.id) * 2 as turn from app.views v
      where v.tenant_id = own.tenant_id and v.person_id = own.person_id and v.place = own.place)
    update app.views v set position = case when v.id = own.id then coalesce((select b.turn - 1 from turns b where b.id = before), 1000) else t.turn end
      from turns t where v.tenant_id = own.tenant_id and v.id = t.id;
  end if;
  return app.list_views(own.place);
end $$;

create or replace function app.forget_view(id bigint) returns json
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  place text;
begin
  delete from app.views v where v.tenant_id = auth.tenant_id() and v.person_id = auth.person_id() and v.id = forget_view.id
    returning v.place into place;
  if not found then
    raise exception using errcode = 'PT404', message = 'no such view';
  end if;
  return app.list_views(place);
end $$;
