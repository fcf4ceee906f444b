-- Business calendars (S2): when a tenant is open. What was promised by one must be worked
-- out again in the same way, so a change is a new version, and versions stay as they are.

-- What is wrong with a week's hours, [[[480,720],[780,1020]],…] from Monday on, in minutes
-- of the local day, to 1440; null: nothing.
create or replace function app.hours_fault(hours jsonb) returns text
language plpgsql immutable parallel safe
set search_path = pg_catalog, pg_temp as $$
declare
  day jsonb;
  x record;
  last int;
  any_open boolean := false;
begin
  if jsonb_typeof(hours) is distinct from 'array' then
    return 'type';
  elsif jsonb_array_length(hours) <> 7 then
    return 'type';
  end if;
  for day in select d from jsonb_array_elements(hours) d loop
    if jsonb_typeof(day) <> 'array' or day::text !~ '^\[(\[\d{1,5}, \d{1,5}\](, |(?=\]$)))*\]$' then
      return 'type';
    elsif jsonb_array_length(day) > 6 then
      return 'too_many';
    end if;
    last := 0;
    for x in select (s->>0)::int as opens, (s->>1)::int as closes from jsonb_array_elements(day) s order by 1, 2 loop
      if x.closes > 1440 or x.opens > 1440 then
        return 'range';
      elsif x.closes <= x.opens then
        return 'reversed';
      elsif x.opens < last then
        return 'overlap';
      end if;
      last := x.closes;
      any_open := true;
    end loop;
  end loop;
  return case when not any_open then 'never_open' end;
end $$;

-- What is wrong with a list of holidays, [{"day": "2026-12-25", "name": "…", "yearly": true},…];
-- "to" is the last of several days, a hundred at most.
create or replace function app.holidays_fault(days jsonb, most int) returns text
language plpgsql immutable parallel safe
set search_path = pg_catalog, pg_temp as $$
declare
  h jsonb;
  fault text;
  first date;
  last date;
begin
  if jsonb_typeof(days) is distinct from 'array' then
    return 'type';
  elsif jsonb_array_length(days) > most then
    return 'too_many';
  end if;
  for h in select d from jsonb_array_elements(days) d loop
    fault := case
      when jsonb_typeof(h) <> 'object' or jsonb_typeof(h->'name') is distinct from 'string'
        or coalesce(jsonb_typeof(h->'yearly'), 'boolean') <> 'boolean' or h - '{day,to,name,yearly}'::text[] <> '{}' then 'type'
      when coalesce(h->>'day', '') !~ '^(19[7-9]\d|20\d\d)-\d\d-\d\d$' or h ? 'to' and coalesce(h->>'to', '') !~ '^(19[7-9]\d|20\d\d)-\d\d-\d\d$' then 'date'
      when char_length(h->>'name') not between 1 and 80 or not app.is_line(h->>'name') then 'holiday_name' end;
    if fault is not null then
      return fault;
    end if;
    first := make_date(left(h->>'day', 4)::int, substr(h->>'day', 6, 2)::int, right(h->>'day', 2)::int);
    last := case when h ? 'to' then make_date(left(h->>'to', 4)::int, substr(h->>'to', 6, 2)::int, right(h->>'to', 2)::int) else first end;
    if last < first then
      return 'last_day';
    elsif last - first > 99 then
      return 'range_long';
    end if;
  end loop;
  return case when (select count(distinct d->>'day') from jsonb_array_elements(days) d) < jsonb_array_length(days) then 'twice' end;
exception when datetime_field_overflow then
  return 'date';
end $$;

-- version: the newest. feed_state: 1 is to be asked, 2 was read, 3 could not be
-- (feed_fault, a word); what a feed said last stays until it says something else.
-- due_at: when its feed is to be read, or it is to be laid out for another year.
create table app.calendars (
  tenant_id bigint not null references app.tenants,
  id bigint not null default app.new_id(),
  name text not null constraint calendars_name_check check (char_length(name) between 1 and 80 and app.is_line(name) and name ~ '\S'),
  version int not null default 1 check (version > 0),
  feed_url text constraint calendars_feed_url_check check (char_length(feed_url) <= 2000 and feed_url ~ '^https://[!-~]+$'),
  feed_state smallint check (feed_state between 1 and 3),
  feed_fault text check (feed_fault ~ '^[a-z_]{1,20}$'),
  feed_asked_at timestamptz,
  feed_read_at timestamptz,
  due_at timestamptz,
  archived_at timestamptz,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id),
  constraint calendars_feed_check check ((feed_url is null) = (feed_state is null)));
create unique index calendars_name_key on app.calendars (tenant_id, name) where archived_at is null;
-- What jobs ask, of all tenants.
create index calendars_due on app.calendars (due_at) where due_at is not null;

-- Laid out from the day since to the day before until, both of its zone. created_by:
-- null is the feed, or time, which goes on.
create table app.calendar_versions (
  tenant_id bigint not null references app.tenants,
  calendar_id bigint not null,
  version int not null check (version > 0),
  zone text not null check (char_length(zone) between 1 and 60),
  hours jsonb not null constraint calendars_hours_check check (app.hours_fault(hours) is null),
  holidays jsonb not null default '[]' constraint calendars_holidays_check check (app.holidays_fault(holidays, 500) is null),
  feed_days jsonb not null default '[]' constraint calendars_feed_days_check check (app.holidays_fault(feed_days, 2000) is null),
  since date not null,
  until date not null,
  created_by bigint,
  created_at timestamptz not null default now(),
  primary key (tenant_id, calendar_id, version),
  foreign key (tenant_id, calendar_id) references app.calendars on delete cascade,
  foreign key (tenant_id, created_by) references app.people,
  constraint calendar_versions_range check (until > since and until - since <= 20 * 366));
create index calendar_versions_author on app.calendar_versions (tenant_id, created_by);

-- When a version is open, without gaps between touching hours. before: the open
-- seconds of all that comes before, so that a difference of two of them, and not
-- a walk, says what lies between. The first row may be empty and begins the range;
-- the last one has no end and ends it.
create table app.calendar_spans (
  tenant_id bigint not null references app.tenants,
  calendar_id bigint not null,
  version int not null,
  opens timestamptz not null,
  closes timestamptz,
  before bigint not null check (before >= 0),
  primary key (tenant_id, calendar_id, version, opens),
  foreign key (tenant_id, calendar_id, version) references app.calendar_versions on delete cascade,
  constraint calendar_spans_order check (closes >= opens));
create index calendar_spans_before on app.calendar_spans (tenant_id, calendar_id, version, before, opens);
