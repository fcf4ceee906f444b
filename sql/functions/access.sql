-- Support access as it is shown: to the account's administrators, and to the
-- tenant's agents.

create or replace function app.portal_list(account bigint, ids bigint[]) returns json
language sql stable
set search_path = pg_catalog, pg_temp as $$
  select coalesce(json_agg(json_build_object('id', po.id, 'name', po.name, 'top', po.parent_id is null)
    order by po.parent_id is not null, po.name, po.id), '[]')
  from (select x.* from app.portals x
    where x.tenant_id = (select auth.tenant_id()) and x.account_id = account
      and (ids is null or x.id = any (ids))
    order by x.parent_id is not null, x.name, x.id limit 200) po
$$;

-- portals is null for all of the account's.
create or replace function app.grant_json(g app.grants) returns json
language sql stable
set search_path = pg_catalog, pg_temp as $$
  select json_build_object('id', g.id, 'reason', g.reason, 'ticket', g.ticket_id,
    'portals', case when g.portals is not null then app.portal_list(g.account_id, g.portals) end,
    'granted_by', g.granted_by, 'created_at', g.created_at, 'ends_at', g.ends_at, 'ended_at', g.ended_at)
$$;

create or replace function app.request_json(r app.grant_requests) returns json
language sql stable
set search_path = pg_catalog, pg_temp as $$
  select json_build_object('id', r.id, 'reason', r.reason, 'ticket', r.ticket_id, 'days', r.days,
    'portals', case when r.portals is not null then app.portal_list(r.account_id, r.portals) end,
    'asked_by', r.asked_by, 'created_at', r.created_at,
    'state', (array['open', 'approved', 'refused', 'withdrawn'])[r.state])
$$;

-- The same for who asked, who is told no portals' names.
create or replace function app.asked_json(r app.grant_requests) returns json
language sql stable
set search_path = pg_catalog, pg_temp as $$
  select (app.request_json(r)::jsonb - 'portals')::json
$$;

-- ---- the account's side --------------------------------------------------------

-- What was granted, changed, asked, entered and read, newest first; a page
-- that was read again within a minute, with nothing between, is one line with
-- how often. A cursor is where the page before ended.
create or replace function app.access_log(account bigint, after text, most int) returns json
language sql stable
set search_path = pg_catalog, pg_temp as $$
  with found as (
    (select e.created_at, e.id, substr(e.kind, 7) as what, e.actor_id as person, e.ticket_id as ticket,
        (e.data->>'portal')::bigint as portal, null::text as page, (e.data->>'until')::timestamptz as until
      from app.events e
      where e.tenant_id = (select auth.tenant_id()) and e.account_id = account
        and e.kind in ('grant.opened', 'grant.changed', 'grant.ended', 'grant.requested', 'grant.approved',
          'grant.refused', 'grant.withdrawn', 'grant.entered', 'grant.left')
        and (e.created_at, e.id) < (app.cursor_time(after), app.cursor_id(after))
      order by e.created_at desc, e.id desc limit most * 10 + 1)
    union all
    (select v.created_at, v.id, 'page', v.person_id, null, v.portal_id, v.page, null
      from app.grant_visits v
      where v.tenant_id = (select auth.tenant_id()) and v.account_id = account
        and (v.created_at, v.id) < (app.cursor_time(after), app.cursor_id(after))
      order by v.created_at desc, v.id desc limit most * 10 + 1)),
  rows as (
    select f.*, row_number() over newest as n,
      (f.page, f.portal, f.person) is not distinct from (lag(f.page) over newest, lag(f.portal) over newest, lag(f.person) over newest)
        and f.page is not null and lag(f.created_at) over newest - f.created_at <= interval '1 minute' as again
    from found f window newest as (order by f.created_at desc, f.id desc)
    order by f.created_at desc, f.id desc limit most * 10 + 1),
  lines as (select r.*, count(*) filter (where not r.again) over (order by r.n) as line from rows r where r.n <= most * 10),
  page as (select distinct on (l.line) l.*, count(*) over (partition by l.line) as times from lines l
    where l.line <= most order by l.line, l.n)
  select json_build_object(
    'items', (select coalesce(json_agg(json_build_object('id', p.id::text, 'at', p.created_at, 'what', p.what,
        'person', p.person, 'ticket', p.ticket, 'portal', p.portal, 'page', p.page, 'times', p.times, 'until', p.until)
      order by p.line), '[]') from page p),
    'people', app.names((select array_agg(distinct p.person) from page p)),
    'next', (select app.cursor(r.created_at, r.id) from rows r
      where r.n = (select max(l.n) from lines l where l.line <= most) and exists (select from rows q where q.n > r.n)))
$$;

create or replace function app.access_log_here(after text, most int) returns json
language sql stable security definer
set search_path = pg_catalog, pg_temp as $$
  select app.access_log(app.admin_here(), after, most)
$$;

-- All that the page shows and looks at again and again.
create or replace function app.access_here() returns json
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
declare
  account bigint := app.admin_here();
begin
  return (
    with live as (
      select g.* from app.grants g where g.tenant_id = auth.tenant_id() and g.account_id = account
        and g.ended_at is null and g.ends_at > now()
      order by g.created_at desc limit 50),
    asked as (
      select r.* from app.grant_requests r where r.tenant_id = auth.tenant_id() and r.account_id = account
        and r.state = 1
      order by r.created_at limit 50)
    select json_build_object(
      'tenant', (select t.name from app.tenants t where t.tenant_id = auth.tenant_id()),
      'account', app.account_name(account),
      'days_most', app.setting_at('grant_days_most', account, null)::int,
      'portals', app.portal_list(account, null),
      'grants', (select coalesce(json_agg(app.grant_json(l::app.grants) order by l.created_at desc), '[]') from live l),
      'requests', (select coalesce(json_agg(app.request_json(a::app.grant_requests) order by a.created_at), '[]') from asked a),
      'people', app.names((select array_agg(l.granted_by) from live l) || (select array_agg(a.asked_by) from asked a)),
      'log', app.access_log(account, null, 20)));
end $$;

-- ---- the desk's side -----------------------------------------------------------

-- A grant as an agent sees it: which portals it opens, not who gave it.
create or replace function app.desk_grants(account bigint) returns json
language sql stable security definer
set search_path = pg_catalog, pg_temp as $$
  select coalesce(json_agg(json_build_object('id', g.id, 'reason', g.reason, 'ticket', g.ticket_id,
      'account', json_build_object('id', g.account_id, 'name', app.account_name(g.account_id)),
      'all', g.portals is null, 'portals', app.portal_list(g.account_id, g.portals),
      'created_at', g.created_at, 'ends_at', g.ends_at)
    order by g.created_at desc), '[]')
  from (select x.* from app.grants x
    where x.tenant_id = (select auth.tenant_id()) and (select auth.is_agent())
      and (desk_grants.account is null or x.account_id = desk_grants.account)
      and x.ended_at is null and x.ends_at > now()
    order by x.created_at desc limit 200) g
$$;

create or replace function app.desk_requests() returns json
language sql stable security definer
set search_path = pg_catalog, pg_temp as $$
  select coalesce(json_agg((app.asked_json(r::app.grant_requests)::jsonb
    || jsonb_build_object('account', app.account_name(r.account_id))) order by r.created_at desc), '[]')
  from (select x.* from app.grant_requests x
    where x.tenant_id = (select auth.tenant_id()) and x.asked_by = (select auth.person_id())
      and (select auth.is_agent()) and x.created_at > now() - interval '30 days'
    order by x.created_at desc limit 50) r
$$;

-- Beside a ticket: what is open for its account, my last question, and what
-- can be asked for: of the account's portals the ticket shows its own.
create or replace function app.ticket_access_state(ticket bigint) returns json
language sql stable security definer
set search_path = pg_catalog, pg_temp as $$
  select json_build_object(
    'grants', app.desk_grants(t.account_id),
    'request', (select app.asked_json(r) from app.grant_requests r
      where r.tenant_id = t.tenant_id and r.ticket_id = t.id and r.asked_by = (select auth.person_id())
      order by r.created_at desc limit 1),
    'days_most', app.setting_at('grant_days_most', t.account_id, null)::int,
    'portal', (select json_build_object('id', po.id, 'name', po.name, 'top', po.parent_id is null)
      from app.portals po where po.tenant_id = t.tenant_id and po.id = t.portal_id))
  from app.tickets t
  where t.tenant_id = (select auth.tenant_id()) and t.id = ticket and t.at_desk and (select auth.is_agent())
$$;

-- ---- for policies --------------------------------------------------------------

-- The portals that the asker's grant opens; none without one.
create or replace function app.granted_portals() returns bigint[]
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
begin
  if auth.grant_id() is null then
    return '{}';
  end if;
  return (select coalesce(array_agg(po.id), '{}')
    from app.grants g
    join app.portals po on po.tenant_id = g.tenant_id and po.account_id = g.account_id
      and (g.portals is null or po.id = any (g.portals))
    where g.tenant_id = (select auth.tenant_id()) and g.id = (select auth.grant_id()));
end $$;

-- The account, where its grant covers the top-level portal: what belongs to
-- the account as a whole is read there.
create or replace function app.granted_accounts() returns bigint[]
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
begin
  if auth.grant_id() is null then
    return '{}';
  end if;
  return (select coalesce(array_agg(distinct po.account_id), '{}') from app.portals po
    where po.tenant_id = (select auth.tenant_id()) and po.parent_id is null
      and po.id = any ((select app.granted_portals())::bigint[]));
end $$;
