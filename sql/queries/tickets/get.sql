-- One ticket with the newest 50 of its conversation, or a megabyte of them
-- (each takes 20 kB of it at least): the rest is behind `more`. Of its files the newest 500.
-- => json
-- reads
-- :number path bigint
select json_build_object(
  'ticket', json_build_object('number', t.id, 'title', t.title,
    'status', case when 'status' <> all (h.fields) then app.status_name(t.status) end,
    'group', case when 'status' <> all (h.fields) then app.status_group(t.status) end,
    'priority', case when 'priority' <> all (h.fields) then app.priority_name(t.priority) end, 'requester', t.requester_id,
    'assignee', t.assignee_id, 'team', case when auth.is_agent() then t.team_id end, 'created_at', t.created_at, 'updated_at', t.updated_at,
    'desk_updated_at', case when auth.is_agent() then t.desk_updated_at end,
    'tags', case when auth.is_agent() then (select g.tags from app.tags_of(array[t.id]) g) end,
    'account', json_build_object('id', t.account_id, 'name', app.account_name(t.account_id)),
    'portal', json_build_object('id', t.portal_id, 'name', app.portal_name(t.portal_id)),
    'with', case when app.account_partner(t.account_id) is null then null
      when t.at_desk then app.tenant_name()
      else app.account_name(app.account_partner(t.account_id)) end,
    'instead', case when not auth.is_agent() then app.written_to_instead(t.account_id, t.at_desk) end,
    'tenant', case when not t.at_desk then app.tenant_name() end,
    'can', json_build_object('reply', (t.status not in (5, 6) or app.may_reopen(t.account_id, t.portal_id, t.done_at))
        and not (t.has_links and app.leads_on(t.id)), 'note', auth.is_agent(), 'edit', auth.is_agent(),
      'share', app.may_share(t.account_id),
      'work', auth.is_agent() or not t.at_desk and app.is_partner_of(t.account_id),
      'escalate', not t.at_desk and not auth.is_agent() and app.is_partner_of(t.account_id)),
    'service_level', app.has_service_level() and 'priority' <> all (h.fields),
    'level', case when app.has_service_level() then app.clocks_shown(t.id, t.portal_id, t.account_id) end,
    'snoozed', (select z.until_at from app.snoozes z where z.tenant_id = (select auth.tenant_id()) and z.ticket_id = t.id and z.until_at > now() offset 0),
    'asked', case when t.status = 7 and 'status' <> all (h.fields) and not auth.is_agent() then app.asked_release(t.id) end,
    'form', case when t.type is not null or app.has_field_policies() then app.ticket_form(t.id) end),
  'comments', coalesce(c.list, '[]'),
  'more', case when not c.whole then c.oldest::text end,
  'files', case when t.has_files then app.ticket_files(t.id) else '[]' end,
  'links', case when t.has_links then app.links_of(t.id) else '[]' end,
  'typed', case when t.has_links and auth.is_agent() then app.typed_links(t.id) end,
  'shared', s.ids,
  'people', app.names(array[t.requester_id, t.assignee_id] || c.authors || s.ids, t.account_id))
from app.tickets t cross join lateral (select case when app.has_field_policies()
    then app.hidden_fields(t.portal_id, t.account_id) else '{}' end as fields offset 0) h, (select app.ticket_people(:'number') as ids) s, (
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
where t.id = :'number'
