-- Messages to the tenant's own product, and what its administrators set.

-- What a message says of a grant.
create or replace function jobs.grant_message(event bigint) returns text
language sql stable
set search_path = pg_catalog, pg_temp as $$
  select json_build_object('type', e.kind,
    'timestamp', to_char(e.created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
    'data', json_build_object('grant', g.id::text,
      'account', json_build_object('id', a.id::text, 'name', a.name),
      'all_portals', g.portals is null,
      'portals', (select coalesce(json_agg(json_build_object('id', po.id::text, 'name', po.name, 'host', h.host) order by po.name, po.id), '[]')
        from (select x.* from app.portals x where x.tenant_id = g.tenant_id and x.account_id = g.account_id
          and (g.portals is null or x.id = any (g.portals)) order by x.name, x.id limit 200) po
        left join app.hosts h on h.tenant_id = po.tenant_id and h.portal_id = po.id and h.is_canonical),
      'ticket', g.ticket_id, 'opened_at', g.created_at, 'ends_at', g.ends_at, 'ended_at', g.ended_at))::text
  from app.events e
  join app.grants g on g.tenant_id = e.tenant_id and g.id = (e.data->>'grant')::bigint
  join app.accounts a on a.tenant_id = g.tenant_id and a.id = g.account_id
  where e.tenant_id = (select auth.tenant_id()) and e.id = event
    and e.kind in ('grant.opened', 'grant.changed', 'grant.ended')
$$;

-- For each event of a grant one message, if there is somewhere to send it.
create or replace function jobs.fan_out_webhook(event bigint) returns void
language sql volatile
set search_path = pg_catalog, pg_temp as $$
  insert into app.webhook_deliveries (tenant_id, event_id, kind, body)
    select auth.tenant_id(), event, e.kind, m.body
    from app.events e
    join app.webhooks w on w.tenant_id = e.tenant_id and w.is_on
    cross join lateral (select jobs.grant_message(event) as body) m
    where e.tenant_id = (select auth.tenant_id()) and e.id = event and m.body is not null
    on conflict do nothing
$$;

-- How it went. What waits for the same address waits as long: one that is away
-- is asked once, not once a message. 410 is the product's 'no more'.
create or replace function jobs.finish_webhook(tenant bigint, delivery bigint, state smallint,
  status int, answer text, wait interval)
returns void language plpgsql volatile
set search_path = pg_catalog, pg_temp as $$
begin
  perform jobs.enter(tenant);
  update app.webhook_deliveries d set state = finish_webhook.state, status = finish_webhook.status,
      answer = left(finish_webhook.answer, 500), next_try_at = now() + coalesce(wait, '0'),
      sent_at = case when finish_webhook.state = 2 then now() end
    where d.tenant_id = auth.tenant_id() and d.id = delivery and d.state = 1;
  update app.webhooks w set next_at = now() where w.tenant_id = auth.tenant_id();
  if finish_webhook.state = 1 then
    update app.webhook_deliveries d set next_try_at = now() + wait
      where d.tenant_id = auth.tenant_id() and d.state = 1 and d.next_try_at < now() + wait;
  elsif status = 410 then
    update app.webhooks w set is_on = false where w.tenant_id = auth.tenant_id();
  end if;
end $$;

-- ---- the tenant's administrators -----------------------------------------------

create or replace function app.webhook_here() returns json
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
begin
  if auth.rank() < 3 then
    raise exception using errcode = 'PT403', message = 'for the tenant''s administrators';
  end if;
  return json_build_object(
    'webhook', (select json_build_object('url', w.url, 'is_on', w.is_on, 'set_at', w.set_at)
      from app.webhooks w where w.tenant_id = auth.tenant_id()),
    'deliveries', (select coalesce(json_agg(json_build_object('id', d.id::text, 'kind', d.kind,
        'state', (array['waiting', 'sent', 'given_up'])[d.state], 'status', d.status, 'answer', d.answer,
        'attempts', d.attempts, 'at', d.created_at, 'next_try_at', case when d.state = 1 then d.next_try_at end) order by d.id desc), '[]')
      from (select x.* from app.webhook_deliveries x where x.tenant_id = auth.tenant_id()
        order by x.id desc limit 20) d),
    'keys', (select count(*) from app.grant_keys k where k.tenant_id = auth.tenant_id() and k.retired_at is null));
end $$;

-- What is given: an address, whether it is on, a new secret, new keys.
create or replace function app.change_webhook(url text, is_on boolean, new_secret boolean, new_keys boolean) returns void
language plpgsql security definer
set search_path = pg_catalog, pg_temp as $$
begin
  if auth.rank() < 3 then
    raise exception using errcode = 'PT403', message = 'for the tenant''s administrators';
  end if;
  if new_keys then
    update app.grant_keys k set retired_at = now() where k.tenant_id = auth.tenant_id() and k.retired_at is null;
  end if;
  if url is not null then
    insert into app.webhooks (tenant_id, url, is_on, set_by)
      values (auth.tenant_id(), change_webhook.url, coalesce(change_webhook.is_on, true), auth.person_id())
      on conflict (tenant_id) do update set url = excluded.url, is_on = coalesce(change_webhook.is_on, webhooks.is_on),
        set_by = excluded.set_by, set_at = now();
  else
    update app.webhooks w set is_on = coalesce(change_webhook.is_on, w.is_on), set_by = auth.person_id(), set_at = now()
      where w.tenant_id = auth.tenant_id() and change_webhook.is_on is not null;
  end if;
  update app.webhooks w set generation = w.generation + 1
    where w.tenant_id = auth.tenant_id() and new_secret;
  perform app.record('webhook.changed', null, null, jsonb_strip_nulls(jsonb_build_object(
    'url', url, 'is_on', is_on, 'new_secret', new_secret, 'new_keys', new_keys)));
end $$;

-- A message that says nothing, to see whether it arrives. At most 20 wait.
create or replace function app.try_webhook() returns void
language plpgsql security definer
set search_path = pg_catalog, pg_temp as $$
begin
  if auth.rank() < 3 or not exists (select from app.webhooks w where w.tenant_id = auth.tenant_id()) then
    raise exception using errcode = 'PT404', message = 'no webhook';
  elsif (select count(*) from app.webhook_deliveries d where d.tenant_id = auth.tenant_id()
      and d.state = 1 and d.event_id is null) >= 20 then
    raise exception using errcode = '23505', message = 'enough of them wait';
  end if;
  insert into app.webhook_deliveries (tenant_id, kind, body)
    values (auth.tenant_id(), 'webhook.test', json_build_object('type', 'webhook.test',
      'timestamp', to_char(now() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), 'data', '{}'::json)::text);
end $$;
