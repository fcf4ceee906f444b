-- One mail of a ticket's conversation: where its link leads, and what it says.

-- Where a mail's reader may go in: agents at the tenant's desk; everybody else
-- at the ticket's portal, or else the portal of the partner who looks after
-- its account, or else the first that opens for them. A bare address: at the
-- ticket's portal. Null: nowhere.
create or replace function jobs.way_in(d app.deliveries, t app.tickets,
  partner bigint, p app.people, has_access boolean) returns bigint
language sql stable
set search_path = pg_catalog, pg_temp as $$
  select case
    -- An agent without access of their own sees it there only.
    when d.reason = 'desk' or p.rank >= 2 and t.at_desk and not has_access then
      (select po.id from app.portals po where po.tenant_id = t.tenant_id
        and po.account_id is null order by po.created_at, po.id limit 1)
    when p.id is null or auth.may_enter(p.rank, p.doors, t.account_id, t.portal_id) then
      t.portal_id
    else coalesce(
      (select po.id from app.portals po where po.tenant_id = t.tenant_id
        and po.account_id = partner and po.parent_id is null
        and auth.may_enter(p.rank, p.doors, po.account_id, po.id)
        order by po.created_at, po.id limit 1),
      (select po.id from app.portals po where po.tenant_id = t.tenant_id
        and auth.may_enter(p.rank, p.doors, po.account_id, po.id)
        order by po.created_at, po.id limit 1)) end
$$;

-- What one mail says, as the templates want it (www/templates/DATA.md), and
-- whether the person may still see the ticket. Links are made of the stored
-- host, never of anything a request said; 'host' is null while there is none.
-- Ids of messages are hashes: the same for a second try, and they tell nobody
-- ours. Who is not of the ticket's account is told which one it is, and whoever
-- has no login that opens it, whom to ask for one: the partner who looks after
-- the account, or else the tenant. A reader without a zone gets UTC, by name.
create or replace function jobs.ticket_mail(delivery bigint, scheme text, port text)
returns json
language sql stable
set search_path = pg_catalog, pg_temp as $$
  select json_build_object(
    'tenant', d.tenant_id, 'delivery', d.id, 'attempts', d.attempts,
    -- What came with a release asks whether it is fixed, whoever may say so.
    'event', case when e.kind = 'ticket.replied' and exists (select from app.ticket_items ti where ti.tenant_id = t.tenant_id and ti.ticket_id = t.id and ti.comment_id = c.id)
        and t.status = 7 and p.rank < 2 and app.shows_to(d.person_id, 'status', t.portal_id, t.account_id) then 'ticket.released'
      when e.kind <> 'ticket.merged' then e.kind when n.number is null then 'ticket.merged_unseen'
      -- That this one was closed is not for everybody.
      when not app.shows_to(d.person_id, 'status', t.portal_id, t.account_id) then 'ticket.merged_on' else e.kind end, 'to', d.email, 'host', h.host,
    'reason', case d.reason when 'support_contact' then 'contact'
      when 'desk' then case when t.assignee_id = d.person_id then 'assignee' else 'team' end
      else d.reason end,
    'recipient', json_build_object('name', p.name),
    'lang', coalesce(p.locale, app.language_of(po.id)), 'time_zone', coalesce(p.time_zone, 'UTC'),
    'zone', case when coalesce(p.time_zone, 'UTC') = 'UTC' then 'UTC' end,
    'message_id', left(encode(sha256(convert_to(
      'delivery|' || d.tenant_id || '|' || d.id, 'UTF8')), 'hex'), 32) || '@' || h.host,
    'thread_id', left(encode(sha256(convert_to(
      'ticket|' || t.tenant_id || '|' || t.id, 'UTF8')), 'hex'), 32) || '@' || h.host,
    'portal', json_build_object('name', po.name, 'lang', app.language_of(po.id),
      'look', app.mail_look(po.id, coalesce(p.locale, app.language_of(po.id)), scheme || '://' || h.host || port),
      'url', scheme || '://' || h.host || port),
    -- Where it ends or goes on, how it stands: as the reader's pages call it.
    'status', case when e.kind in ('ticket.solved', 'ticket.closed', 'ticket.reopened') and app.shows_to(d.person_id, 'status', t.portal_id, t.account_id)
      then json_build_object('key', case when po.account_id is null then 'state.' else 'status.' end || app.status_name(t.status),
        'label', app.status_label(app.status_name(t.status), coalesce(p.locale, app.language_of(po.id)), case when po.account_id is null then 'agents' else 'customers' end)) end,
    'ticket', json_build_object('number', t.id, 'title', t.title, 'account', a.name,
      'customer', case when app.principal(t.account_id, 1) = any (u.principals) is not true
        then concat_ws(' · ', a.name, nullif(tp.name, a.name)) end,
      'helper', case when p.id is null and not coalesce(auth.may_enter(u.rank, u.doors, t.account_id, t.portal_id)
          and exists (select from app.ticket_access y where y.tenant_id = t.tenant_id and y.ticket_id = t.id
            and y.principal = any (u.principals)), false)
        then coalesce((select o.name from app.accounts o where o.tenant_id = a.tenant_id and o.id = a.partner_id),
          (select n.name from app.tenants n where n.tenant_id = t.tenant_id)) end,
      'url', scheme || '://' || h.host || port
        || case when po.account_id is null then '/agent/t/' else '/t/' end || t.id),
    -- Who did what the mail is about: wrote it, added its reader, closed it …
    'comment', json_build_object('html', c.html, 'author', case when e.kind in ('ticket.opened', 'ticket.replied', 'ticket.escalated') then au.name
      else coalesce((select x.name from app.people x where x.tenant_id = e.tenant_id and x.id = e.actor_id),
        (select n.name from app.tenants n where n.tenant_id = e.tenant_id)) end, 'score', e.data->>'score', 'other', n.number,
      'created_at', to_char(c.created_at, 'YYYY-MM-DD"T"HH24:MI:SS"Z"')),
    'clock', case when e.data ? 'clock' then json_build_object('kind', app.clock_name((e.data->>'clock')::smallint),
      'due', to_char((e.data->>'due')::timestamptz, 'YYYY-MM-DD"T"HH24:MI:SS"Z"')) end,
    -- Who must get it has none.
    'mute', case when d.person_id is not null and d.reason <> 'support_contact' then
      scheme || '://' || h.host || port || '/mute/' || auth.mute_token(po.id, t.id, d.person_id) end,
    -- Named, never attached: who opens one is asked who they are.
    'files', (select json_agg(json_build_object('name', f.name, 'url', scheme || '://' || h.host || port
        || case when po.account_id is null then '/agent/t/' else '/t/' end || t.id || '#f' || f.id) order by f.created_at, f.id)
      from app.files f where f.tenant_id = c.tenant_id and f.ticket_id = c.ticket_id and f.comment_id = c.id),
    'may_see', case when d.reason = 'support_contact' then exists (
        select from app.support_contacts sc where sc.tenant_id = t.tenant_id
          and sc.account_id = t.account_id and sc.email = d.email and sc.state in (1, 2))
      else p.rank > 0 and p.email = d.email and (p.rank >= 2 and t.at_desk or x.has_access and not c.is_internal) end)
  from app.deliveries d
  join app.events e on e.tenant_id = d.tenant_id and e.id = d.event_id
  join app.tickets t on t.tenant_id = e.tenant_id and t.id = e.ticket_id
  join app.accounts a on a.tenant_id = t.tenant_id and a.id = t.account_id
  join app.comments c on c.tenant_id = e.tenant_id and c.ticket_id = e.ticket_id
    and c.id = e.comment_id and c.is_internal = (e.kind = 'ticket.note_mentioned')
  join app.people au on au.tenant_id = c.tenant_id and au.id = c.author_id
  join app.portals tp on tp.tenant_id = t.tenant_id and tp.id = t.portal_id
  left join app.people p on p.tenant_id = d.tenant_id and p.id = d.person_id
  -- A contact that is an address only may be somebody's all the same.
  left join app.people u on u.tenant_id = d.tenant_id and u.email = d.email
  cross join lateral (select exists (select from app.ticket_access y
    where y.tenant_id = t.tenant_id and y.ticket_id = t.id
      and y.principal = any (p.principals)) as has_access) x
  -- The other ticket that it speaks of, if its reader may open that.
  left join lateral (select o.id::text as number from app.tickets o
    where o.tenant_id = e.tenant_id and o.id = (e.data->>'number')::bigint and app.sees_as(o.id, p.rank, p.principals)) n on true
  left join app.portals po on po.tenant_id = t.tenant_id
    and po.id = jobs.way_in(d, t, a.partner_id, p, x.has_access and not c.is_internal)
  left join app.hosts h on h.tenant_id = po.tenant_id and h.portal_id = po.id and h.is_canonical
  where d.tenant_id = (select auth.tenant_id()) and d.id = delivery and d.reason not in ('notice', 'status')
$$;
