-- One ticket with the newest 50 of its conversation, or a megabyte of them
-- (each takes 20 kB of it at least): the rest is behind `more`. Of its files the newest 500.
-- => json
-- reads
-- :number path bigint
select json_build_object(
  'ticket', json_build_object('number', t.id, 'title', t.title,
    'status', case when 'status' <> all (t.hides) then app.status_name(t.status) end,
    'group', case when 'status' <> all (t.hides) then app.status_group(t.status) end,
    'priority', case when 'priority' <> all (t.hides) then app.priority_name(t.priority) end, 'requester', t.requester_id,
    'assignee', t.assignee_id, 'team', case when t.agent then t.team_id end, 'created_at', t.created_at, 'updated_at', t.updated_at,
    'desk_updated_at', case when t.agent then t.desk_updated_at end,
    'tags', case when t.agent then app.ticket_tags(t.id) end,
    'account', json_build_object('id', t.account_id, 'name', app.account_name(t.account_id)),
    'portal', json_build_object('id', t.portal_id, 'name', app.portal_name(t.portal_id)),
    'with', case when t.partner is null then null when t.at_desk then app.tenant_name() else app.account_name(t.partner) end,
    'instead', case when t.waits then app.written_to_instead(t.account_id, t.at_desk) end,
    'tenant', case when not t.at_desk then app.tenant_name() end,
    'can', json_build_object('reply', (t.status not in (5, 6) or t.done_at is null or t.agent or app.may_reopen(t.account_id, t.portal_id, t.done_at))
        and not (t.has_links and app.leads_on(t.id)), 'note', t.agent, 'edit', t.agent,
      'share', app.may_share(t.account_id),
      'work', t.agent or t.works,
      'escalate', not t.agent and t.works),
    'service_level', t.promised and 'priority' <> all (t.hides),
    'level', case when t.promised then app.clocks_shown(t.id, t.portal_id, t.account_id) end,
    'snoozed', case when t.agent then app.snoozed_until(t.id) end,
    'asked', case when t.status = 7 and 'status' <> all (t.hides) and not t.agent then app.asked_release(t.id) end,
    'form', case when t.type is not null or t.ruled then app.ticket_form(t.id) end),
  'comments', coalesce(c.list, '[]'),
  'more', case when not c.whole then c.oldest::text end,
  'files', case when t.has_files then app.ticket_files(t.id) else '[]' end,
  'links', case when t.has_links then app.links_of(t.id) else '[]' end,
  'typed', case when t.has_links and t.agent then app.typed_links(t.id) end,
  'incident', case when t.has_links then app.ticket_incident(t.id, t.portal_id) end,
  'shared', t.shared,
  'people', app.names(array[t.requester_id, t.assignee_id] || c.authors || t.shared, t.account_id))
from (select x.*, auth.is_agent() as agent, not auth.is_agent() and app.awaits_contacts(x.account_id) as waits,
    app.account_partner(x.account_id) as partner, not x.at_desk and app.is_partner_of(x.account_id) as works,
    app.has_service_level() as promised, app.has_field_policies() as ruled,
    case when app.has_field_policies() then app.hidden_fields(x.portal_id, x.account_id) else '{}' end as hides,
    app.ticket_people(x.id) as shared
  from app.tickets x where x.id = :'number' offset 0) t, (
  select json_agg(json_build_object('id', n.id, 'author', n.author_id,
      'internal', n.is_internal, 'html', n.html, 'created_at', n.created_at,
      'automatic', case when n.about = 'rule' then true end)
      order by n.id) filter (where n.fits) as list,
    array_agg(n.author_id) filter (where n.fits) as authors,
    bool_and(n.fits) as whole, min(n.id) filter (where n.fits) as oldest
  from (
    select c.id, c.author_id, c.is_internal, c.html, c.created_at, c.about,
      sum(greatest(octet_length(c.html), 20000)) over w <= 1000000 as fits
    from app.comments c
    where c.ticket_id = :'number'
    window w as (order by c.id desc rows unbounded preceding)
    order by c.id desc limit 51) n) c
