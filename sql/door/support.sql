-- Entering a customer's portal under a grant. At the desk an agent gets a
-- secret that is good once and for 30 seconds, for that person, grant and
-- portal; at the portal it becomes a session that reads (door/lookup.sql).

create or replace function auth.new_entry(grant_id bigint, portal bigint, origin text, host text)
returns json language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  t bigint := auth.tenant_id();
  h record;
begin
  -- Without a choice: the top-level portal if it is open, else the first.
  select x.host, x.portal_id into h from app.grants g
    join app.portals po on po.tenant_id = g.tenant_id and po.account_id = g.account_id
      and po.id = coalesce(portal, po.id)
    join app.hosts x on x.tenant_id = po.tenant_id and x.portal_id = po.id and x.is_canonical and x.is_on
    where g.tenant_id = t and g.id = grant_id and auth.grant_opens(g, po.account_id, po.id)
      and auth.is_agent()
    order by po.parent_id is not null, po.name, po.id limit 1;
  if not found then
    raise exception using errcode = 'PT404', message = 'no such grant, or it does not open that portal';
  end if;
  return json_build_object('url', replace(origin, '//' || host, '//' || h.host) || '/enter/'
    || auth.one_time_token(t, 'support_entry', auth.one_time_new(t, 'support_entry', h.portal_id,
      auth.person_id(), null, jsonb_build_object('grant', grant_id, 'host', h.host), interval '30 seconds')));
end $$;

-- The session it becomes: seconds that its cookie lives, null when it is not
-- good (any more). token_hash: sha256 of a secret the worker made.
create or replace function auth.take_entry(host text, entry text, token_hash bytea)
returns json language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  o app.one_time;
  g app.grants;
  at record;
  life interval;
begin
  select x.tenant_id, po.id as portal_id, po.account_id into at from app.hosts x
    join app.portals po on po.tenant_id = x.tenant_id and po.id = x.portal_id
    where x.host = take_entry.host and x.is_on and not x.is_suspended;
  if not found then
    raise exception using errcode = 'PT404', message = 'no portal at this host';
  end if;
  o := auth.one_time_take(at.tenant_id, 'support_entry', entry, true);
  if o.id is null or o.portal_id <> at.portal_id or o.data->>'host' is distinct from take_entry.host then
    return null;
  end if;
  select x.* into g from app.grants x where x.tenant_id = at.tenant_id and x.id = (o.data->>'grant')::bigint;
  if auth.grant_opens(g, at.account_id, at.portal_id) is not true
      or not exists (select from app.people p where p.tenant_id = at.tenant_id and p.id = o.person_id and p.rank >= 2) then
    return null;
  end if;
  -- As long as the grant, and no longer than the tenant's staff at its desk.
  life := least(g.ends_at - now(), coalesce((select s.value from app.settings s
      where s.tenant_id = at.tenant_id and s.scope = 0 and s.name = 'agent_session_hours'),
    app.setting_fallback('agent_session_hours'))::int * interval '1 hour');
  insert into app.sessions (tenant_id, person_id, token_hash, host, expires_at, idle_minutes, grant_id)
    values (at.tenant_id, o.person_id, take_entry.token_hash, take_entry.host, now() + life, 60, g.id);
  insert into app.events (tenant_id, kind, actor_id, account_id, data)
    values (at.tenant_id, 'grant.entered', o.person_id, at.account_id,
      jsonb_build_object('grant', g.id, 'portal', at.portal_id));
  return json_build_object('seconds', ceil(extract(epoch from life)));
end $$;

-- Leaves, by the session's token: its context may write nothing, so that
-- auth.sign_out() is not for it.
create or replace function auth.leave(host text, token bytea) returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  s record;
begin
  delete from app.sessions x using app.hosts h, app.portals po
    where h.host = leave.host and x.tenant_id = h.tenant_id and x.token_hash = sha256(token)
      and x.grant_id is not null and po.tenant_id = h.tenant_id and po.id = h.portal_id
    returning x.tenant_id, x.person_id, x.grant_id, po.id as portal_id, po.account_id into s;
  if found then
    insert into app.events (tenant_id, kind, actor_id, account_id, data)
      values (s.tenant_id, 'grant.left', s.person_id, s.account_id,
        jsonb_build_object('grant', s.grant_id, 'portal', s.portal_id));
  end if;
end $$;
