-- An account's people by name, with what they are there; a part of a name or
-- an address finds them. `last` is the one the page before ended with.
-- => json
-- reads
-- :account query bigint?
-- :q query text? 1..100
-- :last query bigint?
with at as materialized (select app.must_see_people(coalesce(:'account', (select auth.account_id()))) as account),
page as (
  select p.id, p.name, p.email, p.job_title, p.phone, p.photo,
    row_number() over (order by p.name, p.id) as n
  from app.people p
  where p.tenant_id = (select auth.tenant_id())
    and p.id = any (array(select m.person_id from app.memberships m, at
      where m.tenant_id = (select auth.tenant_id()) and m.account_id is not distinct from at.account))
    and (:'q' is null or position(lower(:'q') in lower(p.name || ' ' || p.email)) > 0)
    and (p.name, p.id) > ((select coalesce(max(l.name), '') from app.people l
      where l.tenant_id = (select auth.tenant_id()) and l.id = :'last'), coalesce(:'last', 0))
  order by p.name, p.id limit 51),
held as materialized (select app.with_factors(array(select p.id from page p)) as people)
select json_build_object(
  'items', (select coalesce(json_agg(json_build_object('id', p.id, 'name', p.name, 'email', p.email,
      'job_title', p.job_title, 'phone', p.phone, 'photo', '/api/photos/' || p.photo, 'factor', p.id = any (held.people),
      'roles', (select json_agg(json_build_object('id', m.id, 'role', m.role, 'portal', m.portal_id,
          'support', m.is_support) order by m.role, m.id)
        from app.memberships m, at where m.tenant_id = (select auth.tenant_id())
          and m.person_id = p.id and m.account_id is not distinct from at.account),
      'moving', (select json_build_object('id', c.id, 'email', c.new_email, 'due_at', c.due_at,
          'mine', c.asked_by = (select auth.person_id()))
        from app.email_changes c where c.tenant_id = (select auth.tenant_id()) and c.person_id = p.id
          and c.account_id is not null and c.done_at is null and c.ended_at is null)) order by p.n), '[]')
    from page p, held where p.n <= 50),
  'next', (select p.id from page p where p.n = 50 and exists (select from page x where x.n > 50)))
