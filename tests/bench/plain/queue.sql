with page as materialized (
  select t.id, t.title, t.status, t.priority, t.requester_id, t.assignee_id, t.team_id, t.account_id, t.created_at, t.updated_at, t.desk_updated_at, t.desk_changed_by,
    c.due_at, c.warn_at, c.kind
  from app.ticket_clocks c
  cross join lateral (select x.* from app.tickets x where x.tenant_id = :tenant and x.id = c.ticket_id and x.at_desk and x.status in (1, 2) and x.priority = 2
    and x.assignee_id is null and not exists (select from app.snoozes z where z.tenant_id = :tenant and z.ticket_id = x.id and z.until_at > now()) offset 0) t
  where c.tenant_id = :tenant and c.is_next
  order by c.due_at, c.ticket_id limit 51),
t as materialized (
  select t.id as number, t.title,
    (array['new', 'in_progress', 'blocked', 'on_hold', 'solved', 'closed', 'closed_escalated'])[t.status] as status,
    case when t.status <= 2 then 'open' when t.status <= 4 then 'pending' else 'done' end as "group",
    (array['low', 'normal', 'high', 'urgent'])[t.priority] as priority,
    t.requester_id as requester, t.assignee_id as assignee, t.team_id as team, t.account_id as account,
    case when t.desk_updated_at > (select greatest(now() - interval '30 days', p.read_until) from app.people p where p.tenant_id = :tenant and p.id = :person)
      and coalesce(t.desk_changed_by, t.requester_id) <> :person::bigint
      and not exists (select from app.seen s where s.tenant_id = :tenant and s.person_id = :person::bigint and s.ticket_id = t.id and s.seen_at >= t.desk_updated_at) then true end as unread,
    t.created_at, t.updated_at, t.desk_updated_at,
    (select array_agg(g.tag order by g.tag) from app.ticket_tags g where g.tenant_id = :tenant and g.ticket_id = t.id) as tags,
    (select l.level from app.ticket_levels l where l.tenant_id = :tenant and l.ticket_id = t.id) as raised,
    (select z.until_at from app.snoozes z where z.tenant_id = :tenant and z.ticket_id = t.id and z.until_at > now()) as snoozed,
    json_build_object('kind', (array['first', 'next', 'resolution'])[t.kind], 'due', t.due_at, 'warn', t.warn_at) as due
  from page t limit 50)
select json_build_object(
  'items', (select coalesce(json_agg(t), '[]') from t),
  'people', (select json_object_agg(p.id, json_build_object('name', p.name,
      'side', case when p.rank >= 2 then 'support' else 'customer' end))
    from app.people p
    where p.tenant_id = :tenant and p.id = any ((select array_agg(requester) || array_agg(assignee) from t)::bigint[])),
  'accounts', (select json_object_agg(a.id, json_build_object('name', a.name))
    from app.accounts a
    where a.tenant_id = :tenant and a.id = any ((select array_agg(account) from t)::bigint[])),
  'searched', false,
  'next', (select (extract(epoch from due_at) * 1000000)::bigint || '_' || id
    from page where (select count(*) from page) > 50 offset 49 limit 1))
