-- Quotas: counted where something is made, told at 80 %, refused above.

create or replace function app.quota_used(what text) returns bigint
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
begin
  return (select case what
      when 'people' then (select count(*) from app.people p where p.tenant_id = (select auth.tenant_id()))
      when 'storage' then (select greatest(coalesce(sum(u.storage), 0), 0)::bigint from app.usage u where u.tenant_id = (select auth.tenant_id()))
      when 'mails' then coalesce((select u.mails from app.usage u where u.tenant_id = (select auth.tenant_id())
        and u.day = current_date), 0) end);
end $$;

create or replace function app.quota_of(what text) returns bigint
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
begin
  return (select case what when 'people' then q.people when 'storage' then q.storage else q.mails end
    from app.quotas q where q.tenant_id = (select auth.tenant_id()));
end $$;

-- Tells the tenant's administrators that most of it will be used, each kind at
-- most once a week: from 80 % on, also where it goes far above at once; of storage
-- too where less is left than one picture may take, since what is refused can
-- tell nobody. No mail about mails that are used up: that one waits as well.
create or replace function app.quota_tell(what text, used bigint, most bigint) returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
begin
  if most is null or used * 5 < most * 4 and (what <> 'storage' or most - used >= 262144) then
    return;
  end if;
  update app.quotas q set
      people_told_at = case what when 'people' then now() else q.people_told_at end,
      storage_told_at = case what when 'storage' then now() else q.storage_told_at end,
      mails_told_at = case what when 'mails' then now() else q.mails_told_at end
    where q.tenant_id = auth.tenant_id() and coalesce(case what when 'people' then q.people_told_at
      when 'storage' then q.storage_told_at else q.mails_told_at end, '-infinity') < now() - interval '7 days';
  if found then
    perform app.record_account('quota.near', null, jsonb_build_object('what', what, 'path', '/agent/settings',
      'people', (select coalesce(jsonb_agg(p.id), '[]') from app.people p where p.tenant_id = auth.tenant_id() and p.rank = 3)));
  end if;
end $$;

-- Is there room for so much more?
create or replace function app.quota_allows(what text, more bigint) returns boolean
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  most bigint := app.quota_of(what);
  used bigint;
begin
  if most is null then
    return true;
  end if;
  used := app.quota_used(what) + more;
  perform app.quota_tell(what, used, most);
  return used <= most;
end $$;

-- Who takes of what is counted at once waits for the others of the tenant who do:
-- two that would fit one by one do not both get in.
create or replace function app.quota_hold() returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
begin
  perform from app.quotas q where q.tenant_id = auth.tenant_id() for no key update;
end $$;

create or replace function app.quota_take(what text, more bigint) returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
begin
  if not app.quota_allows(what, more) then
    raise exception using errcode = 'PT40Q', constraint = 'quota-' || what, message = 'the tenant''s quota is used up';
  end if;
end $$;

-- Rows that are loaded without a context are counted by whoever loads them.
create or replace function app.person_counted() returns trigger
language plpgsql security definer
set search_path = pg_catalog, pg_temp as $$
begin
  if new.tenant_id = auth.tenant_id() then
    perform app.quota_hold();
    perform app.quota_take('people', 1);
  end if;
  return new;
end $$;

-- So many bytes more, or (below 0) less.
create or replace function app.count_storage(size bigint) returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
begin
  if size > 0 then
    perform app.quota_hold();
    perform app.quota_take('storage', size);
  end if;
  insert into app.usage as u (tenant_id, day, storage) values (auth.tenant_id(), current_date, size)
    on conflict (tenant_id, day) do update set storage = u.storage + excluded.storage;
end $$;

-- One that is there already comes in as an update, and is not counted again.
create or replace function app.picture_counted() returns trigger
language plpgsql security definer
set search_path = pg_catalog, pg_temp as $$
begin
  if tg_op = 'INSERT' and new.tenant_id = auth.tenant_id() then
    perform app.count_storage(octet_length(new.bytes));
  elsif tg_op = 'DELETE' and old.tenant_id = auth.tenant_id() then
    perform app.count_storage(-octet_length(old.bytes));
  end if;
  return null;
end $$;

-- So many mails of an event more. Those that are too many for today wait for tomorrow.
create or replace function app.count_mails(event bigint, more bigint) returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
begin
  if not app.quota_allows('mails', more) then
    update app.deliveries d set next_try_at = current_date + interval '1 day'
      from app.events e
      where d.tenant_id = auth.tenant_id() and d.event_id = event and d.state = 1
        and e.tenant_id = d.tenant_id and e.id = d.event_id and not e.data ? 'one_time';
  end if;
  insert into app.usage as u (tenant_id, day, mails) values (auth.tenant_id(), current_date, more)
    on conflict (tenant_id, day) do update set mails = u.mails + excluded.mails;
end $$;

-- What an event has cost, by jobs: its mails, and the text it is about. So that
-- whoever writes does not wait for others of the tenant, texts count some
-- seconds later. Mails that are too many for today wait for tomorrow: nothing is
-- lost. A code or link would be: it is counted and goes.
create or replace function app.count_event(event bigint) returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  n bigint := (select count(*) from app.deliveries d where d.tenant_id = auth.tenant_id() and d.event_id = event
    -- Those are counted as they are worked out (app.tell_status()).
    and d.reason <> 'status');
  size bigint := coalesce((select octet_length(c.source) + octet_length(c.html)
    from app.events e
    join app.comments c on c.tenant_id = e.tenant_id and c.ticket_id = e.ticket_id and c.id = e.comment_id
    where e.tenant_id = auth.tenant_id() and e.id = event
      and e.kind in ('ticket.opened', 'ticket.replied', 'ticket.prioritised', 'ticket.noted')), 0)
    + coalesce((select sum(octet_length(v.value::text)) from app.events e
    join app.ticket_values v on v.tenant_id = e.tenant_id and v.ticket_id = e.ticket_id
    where e.tenant_id = auth.tenant_id() and e.id = event and e.kind = 'ticket.opened'), 0);
begin
  if n > 0 then
    perform app.count_mails(event, n);
  end if;
  if size > 0 then
    insert into app.usage as u (tenant_id, day, storage) values (auth.tenant_id(), current_date, size)
      on conflict (tenant_id, day) do update set storage = u.storage + excluded.storage;
  end if;
  if size > 0 then
    perform app.quota_tell('storage', app.quota_used('storage'), app.quota_of('storage'));
  end if;
end $$;

-- What is limited and how much of it is used, for whoever may see it.
create or replace function app.quota_lines() returns json
language sql stable security definer
set search_path = pg_catalog, pg_temp as $$
  select coalesce(json_agg(json_build_object('what', w.what, 'used', app.quota_used(w.what), 'most', app.quota_of(w.what))), '[]')
  from unnest(array['people', 'storage', 'mails']) w (what) where app.quota_of(w.what) is not null
$$;
