-- Mail that is not a ticket's conversation: invitations, codes, changes of
-- one's rights or security, grants. Any event becomes one by what its data say:
--
--   one_time   id of a secret that is good once: to the address of that row,
--              with its link (path says where to) or, if code is true, its code
--   people     [id…]: to each person's address
--   emails     [address…]: to these, which were a person's until just now
--   portal     id: the portal it comes from; else the first that opens for them
--   path       where its button leads, behind the portal's address
--   args       {name: text}: what its texts mail.<kind>.… say: numbers, addresses,
--              names of organisations; nothing that people wrote
--   words      {name: text}: what stands in their place where the reader has
--              proven the address (P9): titles, people's names
--
-- Anybody may be named by anybody: at an address that nobody has proven a mail
-- says nothing that an account, a portal or a person could have written. It has the
-- tenant's name and look, and of its args numbers, times and addresses
-- (jobs.bare()). An invitation alone has the portal's name and welcome besides
-- (P1), which hold no web addresses (app.no_link()).
--
-- The kind 'person.invited' has the texts mail.person_invited.subject, .text
-- and, with a button, .do; an invitation's {welcome} is the portal's own. A secret to an address that has no person and no open invitation is
-- made and told to nobody, if data say known: the request then costs the same.

create or replace function jobs.notice_recipients(event bigint)
returns table (email text, person_id bigint, reason text)
language sql stable
set search_path = pg_catalog, pg_temp as $$
  with e as (
    select ev.* from app.events ev
    where ev.tenant_id = (select auth.tenant_id()) and ev.id = event
      and ev.data ?| array['one_time', 'people', 'emails'])
  select distinct on (c.email) c.email, c.person_id, 'notice'
  from e cross join lateral (
    select o.email, p.id as person_id
    from app.one_time o
    left join app.people p on p.tenant_id = o.tenant_id and p.email = o.email
    where o.tenant_id = e.tenant_id and o.id = (e.data->>'one_time')::bigint
      and (p.id is not null and e.kind <> 'person.invited'
        or not coalesce((e.data->>'known')::boolean, false)
        or exists (select from app.invitations i where i.tenant_id = o.tenant_id and i.email = o.email
          and i.portal_id = o.portal_id and i.accepted_at is null and i.withdrawn_at is null and app.is_offered(i) and i.expires_at > now()))
    union all
    select p.email, p.id
    -- Nobody is null in some.
    from jsonb_array_elements_text(coalesce(nullif(e.data->'people', 'null'), '[]')) v
    join app.people p on p.tenant_id = e.tenant_id and p.id = v::bigint
    union all
    select v, null from jsonb_array_elements_text(coalesce(e.data->'emails', '[]')) v) c
  order by c.email, c.person_id
$$;

-- The secret of a row, for its mail. Null: used or over.
create or replace function jobs.secret_of(one_time bigint) returns json
language sql stable security definer
set search_path = pg_catalog, pg_temp as $$
  select json_build_object(
    'token', auth.one_time_token(o.tenant_id, o.kind, o.id),
    'code', auth.one_time_code(o.tenant_id, o.kind, o.id))
  from app.one_time o
  where o.tenant_id = (select auth.tenant_id()) and o.id = one_time
    and o.used_at is null and o.expires_at > now()
$$;

-- One address gets so many of these a day, over all tenants: few where nobody
-- has proven it, since whoever has them sent is a stranger to it; more of what
-- somebody signed out asked for; and all that is told to people of themselves.
-- Whoever said never to being somebody's contact is not asked again.
create or replace function jobs.may_write_to(email text, event bigint) returns boolean
language plpgsql volatile
set search_path = pg_catalog, pg_temp as $$
begin
  if exists (select from app.events e join app.contact_refusals r on r.tenant_id = e.tenant_id and r.email = may_write_to.email
      where e.tenant_id = auth.tenant_id() and e.id = event and e.kind = 'contact.asked') then
    return false;
  elsif not exists (select from app.people p
      join app.confirmations c on c.tenant_id = p.tenant_id and c.person_id = p.id and c.email = p.email
      where p.tenant_id = auth.tenant_id() and p.email = may_write_to.email) then
    return jobs.take_notice('notice', email, 20);
  elsif exists (select from app.events e where e.tenant_id = auth.tenant_id() and e.id = event
      and e.actor_id is null and e.data ? 'one_time') then
    return jobs.take_notice('asked', email, 100);
  end if;
  return true;
end $$;

create or replace function jobs.take_notice(kind text, email text, most int) returns boolean
language sql volatile security definer
set search_path = pg_catalog, pg_temp as $$
  select auth.take(kind, email, most, interval '1 day')
$$;

-- The portal a person is at home at: the desk for staff, else the first that
-- opens for them.
create or replace function jobs.home_of(p app.people) returns bigint
language sql stable
set search_path = pg_catalog, pg_temp as $$
  select po.id from app.portals po
  where po.tenant_id = p.tenant_id and auth.may_enter(p.rank, p.doors, po.account_id, po.id)
  order by po.account_id is not null, po.parent_id is not null, po.created_at, po.id limit 1
$$;

-- Args without what somebody could have chosen.
create or replace function jobs.bare(args jsonb, tenant text) returns jsonb
language sql immutable
return (select coalesce(jsonb_object_agg(a.key, case when app.is_email(a.value) or a.value = tenant
    or a.value ~ '^[#0-9: -]+( UTC)?$' then a.value else '…' end), '{}')
  from jsonb_each_text(args) a);

-- What one says, as www/templates/DATA.md has it.
create or replace function jobs.notice_mail(delivery bigint, scheme text, port text)
returns json language sql stable
set search_path = pg_catalog, pg_temp as $$
  select json_build_object(
    'tenant', d.tenant_id, 'delivery', d.id, 'attempts', d.attempts,
    'event', e.kind, 'to', d.email, 'host', h.host,
    'reason', case when e.kind in ('contact.asked', 'status.asked') then 'asked' else 'notice' end,
    'recipient', json_build_object('name', case when m.proven then p.name end),
    'lang', l.lang, 'time_zone', coalesce(p.time_zone, 'UTC'),
    'message_id', m.id || '@' || h.host, 'thread_id', m.id || '@' || h.host,
    'portal', json_build_object('name', case when m.proven then po.name else t.name end, 'lang', app.language_of(po.id),
      'look', app.mail_look(case when m.proven then po.id else t.desk end, l.lang, u.base), 'url', u.base),
    'notice', json_build_object('kind', replace(e.kind, '.', '_'),
      'url', case when e.data ? 'path' then u.base || (e.data->>'path')
        || case when e.data ? 'code' then '' else coalesce(s.secret->>'token', '') end end,
      'code', case when (e.data->>'code')::boolean then s.secret->>'code' end,
      'args', case when m.proven then coalesce(e.data->'args', '{}') || coalesce(e.data->'words', '{}') else jobs.bare(e.data->'args', t.name) end
        || jsonb_build_object('portal', case when m.proven or e.kind = 'person.invited' and not app.has_link(po.name) then po.name else t.name end,
          'welcome', case when e.kind = 'person.invited' then coalesce((select k.welcome from app.look(po.id, l.lang) k where not app.has_link(k.welcome)), '') end)),
    'may_see', not e.data ? 'one_time' or s.secret is not null)
  from app.deliveries d
  join app.events e on e.tenant_id = d.tenant_id and e.id = d.event_id
  left join app.people p on p.tenant_id = d.tenant_id and p.id = d.person_id
  cross join lateral (select left(encode(sha256(convert_to(
      'delivery|' || d.tenant_id || '|' || d.id, 'UTF8')), 'hex'), 32) as id,
    app.is_proven(d.person_id, d.email) as proven) m
  cross join lateral (select case when e.data ? 'one_time'
      then jobs.secret_of((e.data->>'one_time')::bigint) end as secret) s
  left join app.portals po on po.tenant_id = d.tenant_id
    and po.id = coalesce((e.data->>'portal')::bigint, jobs.home_of(p))
  left join app.hosts h on h.tenant_id = po.tenant_id and h.portal_id = po.id and h.is_canonical
  cross join lateral (select n.name, (select x.id from app.portals x where x.tenant_id = n.tenant_id and x.account_id is null
      order by x.created_at, x.id limit 1) as desk
    from app.tenants n where n.tenant_id = d.tenant_id) t
  cross join lateral (select scheme || '://' || h.host || port as base) u
  cross join lateral (select coalesce(p.locale, e.data->>'lang', app.language_of(po.id)) as lang) l
  where d.tenant_id = (select auth.tenant_id()) and d.id = delivery and d.reason = 'notice'
$$;
