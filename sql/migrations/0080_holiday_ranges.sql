-- Holidays of several days in a row.
set role sportello_owner;
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
reset role;
