-- A ticket is muted by a link in its mail (M3, the journey 'follow and mute'):
-- whoever has the link need not be signed in. Looking changes nothing, a press of its
-- button does, and so does the request that mail programs send by themselves (RFC 8058).

-- Whose link it is, and about which ticket; null where it is no link of this portal's.
create or replace function app.mute_of(token text, out ticket bigint, out person bigint)
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
begin
  if token ~ '^[0-9]{1,16}-[0-9]{1,16}-[A-Za-z0-9_-]{43}$' then
    select t.id, p.id into ticket, person
      from app.tickets t join app.people p on p.tenant_id = t.tenant_id and p.id = split_part(token, '-', 2)::bigint
      where t.tenant_id = auth.tenant_id() and t.id = split_part(token, '-', 1)::bigint
        and sha256(convert_to(token, 'UTF8')) = sha256(convert_to(auth.mute_token(auth.portal_id(), t.id, p.id), 'UTF8'));
  end if;
end $$;

create or replace function app.see_mute(token text) returns json
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
declare
  m record := app.mute_of(token);
begin
  return json_build_object('open', m.ticket is not null, 'number', m.ticket);
end $$;

create or replace function app.mute(token text) returns json
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  m record := app.mute_of(token);
begin
  if m.ticket is null then
    return json_build_object('status', 410, 'open', false);
  end if;
  -- Who sees it no more follows it no more, and gets nothing anyway.
  insert into app.followers (tenant_id, ticket_id, person_id, level)
    select p.tenant_id, m.ticket, p.id, 3 from app.people p
    where p.tenant_id = auth.tenant_id() and p.id = m.person and app.sees_as(m.ticket, p.rank, p.principals)
    on conflict (tenant_id, ticket_id, person_id) do update set level = 3;
  return json_build_object('done', true, 'number', m.ticket);
end $$;

create or replace function app.has_muted(ticket bigint, person bigint) returns boolean
language sql stable
return exists (select from app.followers f
  where f.tenant_id = (select auth.tenant_id()) and f.ticket_id = ticket and f.person_id = person and f.level = 3);
