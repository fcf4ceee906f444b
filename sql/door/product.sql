-- What the tenant's own product can check: tokens about a grant, and messages.
-- Their secrets come from the installation's own, and are told only to whoever
-- signs: the login pool, jobs, and the tenant's administrators (the webhook's).

create or replace function auth.grant_key(tenant bigint, id bigint) returns bytea
language sql stable
set search_path = pg_catalog, pg_temp as $$
  select auth.hmac('grant-key|' || tenant || '|' || id)
$$;

create or replace function auth.webhook_secret(tenant bigint, generation int) returns text
language sql stable
set search_path = pg_catalog, pg_temp as $$
  select 'whsec_' || encode(auth.hmac('webhook|' || tenant || '|' || generation), 'base64')
$$;

create or replace function auth.base64url(bytes bytea) returns text
language sql immutable
return translate(rtrim(encode(bytes, 'base64'), E'=\n'), E'+/\n', '-_');

-- A token about a live grant, for an agent: header and claims as they are
-- signed, and the key. A key signs for 90 days and is published for a day more;
-- two that are made at once are both good.
create or replace function auth.grant_token(grant_id bigint, origin text) returns json
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  t bigint := auth.tenant_id();
  g app.grants;
  k app.grant_keys;
  ends timestamptz;
begin
  select x.* into g from app.grants x where x.tenant_id = t and x.id = grant_id
    and x.ended_at is null and x.ends_at > now() and auth.is_agent();
  if not found then
    raise exception using errcode = 'PT404', message = 'no such grant';
  end if;
  select x.* into k from app.grant_keys x where x.tenant_id = t and x.retired_at is null
    and x.created_at > now() - interval '90 days' order by x.created_at desc, x.id desc limit 1;
  if not found then
    insert into app.grant_keys (tenant_id) values (t) returning * into k;
  end if;
  ends := least(g.ends_at, now() + interval '5 minutes');
  return json_build_object('kid', k.id, 'public', k.public, 'seed', auth.base64url(auth.grant_key(t, k.id)),
    'expires_at', ends,
    'header', json_build_object('alg', 'EdDSA', 'typ', 'JWT', 'kid', k.id::text)::text,
    'claims', (select jsonb_build_object(
        'iss', origin, 'aud', 'sportello-grants:' || n.slug, 'sub', p.id::text, 'name', p.name, 'email', p.email,
        'jti', gen_random_uuid(), 'iat', floor(extract(epoch from now())), 'nbf', floor(extract(epoch from now())),
        'exp', floor(extract(epoch from ends)), 'read_only', true, 'grant', g.id::text,
        'account', g.account_id::text, 'portals', to_jsonb(g.portals), 'ticket', g.ticket_id,
        'grant_ends', floor(extract(epoch from g.ends_at)))::text
      from app.people p join app.tenants n on n.tenant_id = p.tenant_id
      where p.tenant_id = t and p.id = auth.person_id()));
end $$;

-- The public half, by whoever computed it first.
create or replace function auth.publish_key(kid bigint, public text) returns void
language sql volatile security definer
set search_path = pg_catalog, pg_temp as $$
  update app.grant_keys k set public = publish_key.public
    where k.tenant_id = auth.tenant_id() and k.id = kid and k.public is null and auth.is_agent()
$$;

-- The webhook's secret, for the tenant's administrators.
create or replace function auth.own_webhook_secret() returns text
language sql stable security definer
set search_path = pg_catalog, pg_temp as $$
  select auth.webhook_secret(w.tenant_id, w.generation) from app.webhooks w
  where w.tenant_id = auth.tenant_id() and auth.rank() >= 3
$$;

-- ---- jobs ----------------------------------------------------------------------

-- Takes one message that is due, of the tenant whose product was asked longest
-- ago. One of a tenant is on its way at a time: a slow product holds up others by
-- one answer, however much waits for it and however many processes send.
create or replace function jobs.take_webhook(lease interval) returns json
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  turn bigint;
  d app.webhook_deliveries;
begin
  if not exists (select from app.webhook_deliveries o where o.state = 1 and o.next_try_at <= now()) then
    return null;
  end if;
  select w.tenant_id into turn from app.webhooks w
    where w.is_on and w.next_at <= now()
      and exists (select from app.webhook_deliveries o
        where o.tenant_id = w.tenant_id and o.state = 1 and o.next_try_at <= now())
      -- What was waiting when its tenant was suspended.
      and (select t.suspended_at from app.tenants t where t.tenant_id = w.tenant_id) is null
    order by w.next_at, w.tenant_id limit 1 for update of w skip locked;
  update app.webhooks w set next_at = now() + lease where w.tenant_id = turn;
  update app.webhook_deliveries w set attempts = w.attempts + 1, next_try_at = now() + lease
    where w.tenant_id = turn and w.id = (select o.id from app.webhook_deliveries o
      where o.tenant_id = turn and o.state = 1 and o.next_try_at <= now() order by o.next_try_at, o.id limit 1)
    returning w.* into d;
  if not found then
    return null;
  end if;
  return (select json_build_object('tenant', d.tenant_id, 'delivery', d.id, 'attempts', d.attempts,
      'id', 'msg_' || d.tenant_id || '_' || d.id, 'body', d.body, 'url', w.url,
      'key', auth.base64url(auth.hmac('webhook|' || w.tenant_id || '|' || w.generation)))
    from app.webhooks w where w.tenant_id = d.tenant_id);
end $$;

-- Ends what has had its time, of the tenant that waits longest: the record then
-- says so, the product is told, and so ends what somebody began by it. The door
-- has refused since the moment itself. How many there were: 0, none is left.
create or replace function jobs.end_grants() returns bigint
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  turn bigint := (select o.tenant_id from app.grants o
    where o.ended_at is null and o.ends_at <= now() order by o.ends_at limit 1);
  g app.grants;
  n bigint := 0;
begin
  if turn is null then
    return n;
  end if;
  perform jobs.enter(turn);
  for g in
    with f as materialized (
      select o.tenant_id, o.id from app.grants o
      where o.tenant_id = turn and o.ended_at is null and o.ends_at <= now()
      order by o.ends_at limit 50 for update skip locked)
    update app.grants x set ended_at = x.ends_at from f
      where x.tenant_id = f.tenant_id and x.id = f.id returning x.* loop
    perform app.record_account('grant.ended', g.account_id,
      jsonb_build_object('grant', g.id, 'until', g.ends_at), g.ticket_id);
    perform app.stop_fallen_moves(g.account_id, null);
    n := n + 1;
  end loop;
  return n;
end $$;
