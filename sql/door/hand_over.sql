-- Hosts that are not a portal's canonical one: whose names they are, whether
-- tickets are used there, and staying signed in from one to the other.

-- Does the setting tickets_on_white_label hold for a portal? As app.setting_at()
-- says, for whoever has no context.
create or replace function auth.serves_tickets(tenant bigint, portal bigint) returns boolean
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
begin
  return (with recursive up as (
    select po.id * 2 + 1 as scope, po.parent_id, po.account_id, 1 as step from app.portals po
      where po.tenant_id = tenant and po.id = portal
    union all
    select po.id * 2 + 1, po.parent_id, po.account_id, up.step + 1 from up
      join app.portals po on po.tenant_id = tenant and po.id = up.parent_id
      where up.step < 16)
  select coalesce((
    select s.value = 'yes' from (
        select u.scope, u.step from up u
        union all select u.account_id * 2, 17 from up u where u.step = 1 and u.account_id is not null
        union all select 0, 18) c
      join app.settings s on s.tenant_id = tenant and s.scope = c.scope and s.name = 'tickets_on_white_label'
      order by c.step limit 1), false));
end $$;

-- Is that name the operator's to give: a domain portals lie below, or a name
-- below one?
create or replace function auth.is_ours(host text) returns boolean
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
declare
  above text[] := (select array_agg(array_to_string(l[n:], '.'))
    from string_to_array(is_ours.host, '.') l, generate_subscripts(l, 1) n);
begin
  return exists (select from app.hosts h where h.is_canonical and app.domain_of(h.host) = any (above))
    or exists (select from app.tenants t where t.base_domain = any (above));
end $$;

-- Others who want that name are looked at anew.
create or replace function auth.wake_claims(host text) returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
begin
  update app.host_claims c set check_at = now() where c.host = wake_claims.host and c.state in (3, 4);
end $$;

-- ---- from one host to another ----------------------------------------------------

-- The other host's browser asked, and `proof` is the hash of what it keeps
-- in a cookie: whoever else gets hold of the secret can't use it. Null: nobody
-- is signed in here whose session may be handed over.
create or replace function auth.hand_over(target text, proof text) returns text
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
begin
  if auth.person_id() is null or auth.grant_id() is not null or not exists (
      select from app.hosts h where h.tenant_id = auth.tenant_id() and h.host = target
        and h.portal_id = auth.portal_id() and h.is_on)
      or not auth.take('hand_over', auth.tenant_id() || '|' || auth.person_id(), 20, interval '1 minute') then
    return null;
  end if;
  return auth.one_time_token(auth.tenant_id(), 'hand_over', auth.one_time_new(
    auth.tenant_id(), 'hand_over', auth.portal_id(), auth.person_id(), null,
    jsonb_build_object('session', auth.session_id(), 'host', target, 'proof', proof),
    interval '30 seconds'));
end $$;

-- Opens a session here for whom the secret is, as long as the one it came from
-- and no longer than that one has left. A secret that comes to another host, or from another
-- browser, is used up. Null: no.
create or replace function auth.arrive(token text, proof text, token_hash bytea, old_token bytea)
returns json language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  o app.one_time := auth.one_time_take(auth.tenant_id(), 'hand_over', token, true);
  s app.sessions;
  opened json;
begin
  select x.* into s from app.sessions x
    where x.tenant_id = auth.tenant_id() and x.id = (o.data->>'session')::bigint and x.person_id = o.person_id
      and x.expires_at > now() and x.seen_at + x.idle_minutes * interval '1 minute' > now();
  if not found or o.portal_id <> auth.portal_id() or o.data->>'host' is distinct from auth.host()
      or o.data->>'proof' is distinct from proof then
    return null;
  end if;
  -- Whatever was asked for there is not asked for again, and proves no more here.
  opened := auth.let_in(o.person_id, token_hash, old_token, s.browser, true);
  if opened is not null then
    update app.sessions n set root_id = coalesce(s.root_id, s.id), expires_at = least(n.expires_at, s.expires_at),
        proved_at = s.proved_at
      where n.tenant_id = auth.tenant_id() and n.token_hash = arrive.token_hash;
    opened := json_build_object('seconds', least((opened->>'seconds')::int,
      extract(epoch from s.expires_at - now())::int));
  end if;
  return opened;
end $$;
