-- What a ticket's mail carries for its receiver to mute that ticket by, signed out:
-- '<ticket>-<person>-<43 letters>', an HMAC of both and of the portal at whose host it
-- is good. It ends nothing else, so it does not end itself.
create or replace function auth.mute_token(portal bigint, ticket bigint, person bigint)
returns text language sql stable security definer
set search_path = pg_catalog, pg_temp as $$
  select ticket || '-' || person || '-' || translate(rtrim(encode(auth.hmac(
    'mute|' || auth.tenant_id() || '|' || portal || '|' || ticket || '|' || person), 'base64'), '='), '+/', '-_')
$$;

-- What mail of service status carries to get no more of it: what is left, 's<subscriber>'
-- or 'i<incident>-<person>', and an HMAC of that and the portal.
create or replace function auth.leave_token(portal bigint, what text)
returns text language sql stable security definer
set search_path = pg_catalog, pg_temp as $$
  select what || '-' || translate(rtrim(encode(auth.hmac(
    'leave|' || auth.tenant_id() || '|' || portal || '|' || what), 'base64'), '='), '+/', '-_')
$$;
