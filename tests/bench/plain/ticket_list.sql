with page as materialized (
  (select updated_at as at, ticket_id as id from app.ticket_access
    where tenant_id = :tenant and principal = :person::bigint * 4
    order by updated_at desc, ticket_id desc limit 51)
  union
  (select updated_at as at, ticket_id as id from app.ticket_access
    where tenant_id = :tenant and principal = :account::bigint * 4 + 1
    order by updated_at desc, ticket_id desc limit 51)
  order by 1 desc, 2 desc limit 51),
t as materialized (
  select t.id as number, t.title,
    (array['new', 'in_progress', 'blocked', 'on_hold', 'solved', 'closed', 'closed_escalated'])[t.status] as status,
    case when t.status <= 2 then 'open' when t.status <= 4 then 'pending' else 'done' end as "group",
    (array['low', 'normal', 'high', 'urgent'])[t.priority] as priority,
    t.requester_id as requester, t.assignee_id as assignee, t.account_id as account,
    case when t.updated_at > (select greatest(now() - interval '30 days', p.read_until) from app.people p where p.tenant_id = :tenant and p.id = :person)
      and coalesce(t.changed_by, t.requester_id) <> :person::bigint
      and not exists (select from app.seen s where s.tenant_id = :tenant and s.person_id = :person::bigint and s.ticket_id = t.id and s.seen_at >= t.updated_at) then true end as unread,
    t.created_at, t.updated_at
  from (select * from page limit 50) p
  join app.tickets t on t.tenant_id = :tenant and t.id = p.id)
select json_build_object(
  'items', (select coalesce(json_agg(t order by t.updated_at desc, t.number desc), '[]') from t),
  'people', (select json_object_agg(p.id, json_build_object('name', p.name,
      'side', case when p.rank >= 2 then 'support' else 'customer' end))
    from app.people p
    where p.tenant_id = :tenant and p.id = any ((select array_agg(requester) || array_agg(assignee) from t)::bigint[])),
  'accounts', (select json_object_agg(a.id, json_build_object('name', a.name))
    from app.accounts a
    where a.tenant_id = :tenant and a.id = any ((select array_agg(account) from t)::bigint[])),
  'next', (select (extract(epoch from at) * 1000000)::bigint || '_' || id
    from page where (select count(*) from page) > 50 offset 49 limit 1))
