-- The home page: what waits for the person, what else they may see, whom to
-- ask.
-- => json
-- reads
-- :chosen asked text?
-- :browser asked text?
with newest as (
  select distinct m.ticket_id, m.updated_at, p.principal = app.principal((select auth.person_id()), 0) as own
  from unnest((select auth.principals())) p (principal)
  cross join lateral (
    select a.ticket_id, a.updated_at from app.ticket_access a
    where a.tenant_id = (select auth.tenant_id()) and a.principal = p.principal
    order by a.updated_at desc, a.ticket_id desc
    limit case when p.principal % 4 = 0 then 20 else 6 end) m),
mine as (
  select t.id as number, t.title, case when not h.hidden then app.status_name(t.status) end as status,
    case when not h.hidden then l.labels->>app.status_name(t.status) end as label, t.updated_at,
    json_build_object(case when h.hidden then 'hidden' else app.status_name(t.status) end, true) as "is", '/t/' || t.id as url,
    n.own and t.status = 3 and not h.hidden as waits
  from (select n.ticket_id, bool_or(n.own) as own from newest n group by n.ticket_id) n
  join app.tickets t on t.tenant_id = (select auth.tenant_id()) and t.id = n.ticket_id
  cross join (select app.status_labels(app.reading(:'chosen', :'browser'), 'customers') as labels) l
  cross join lateral (select (select app.has_field_policies())
    and app.hides('status', t.portal_id, t.account_id) as hidden offset 0) h)
select json_build_object(
  'find', '/' || app.reading(:'chosen', :'browser') || '/search',
  'headline', l.headline,
  'welcome', (select json_agg(w order by n) from regexp_split_to_table(l.welcome, E'\\s*\n\\s*') with ordinality x (w, n) where w <> ''),
  'waiting', (select coalesce(json_agg(w order by w.updated_at desc), '[]')
    from mine w where w.waits),
  'recent', (select coalesce(json_agg(r order by r.updated_at desc), '[]')
    from (select * from mine m where not m.waits
      order by m.updated_at desc limit 5) r),
  'incidents', app.incidents_here(app.reading(:'chosen', :'browser')),
  'named', case when (select auth.person_id()) is not null then app.named_contacts((select auth.account_id())) end,
  'contacts', (select coalesce(json_agg(c order by c.email), '[]')
    from (select s.email from app.support_contacts s
      where s.tenant_id = (select auth.tenant_id()) and s.account_id = (select auth.account_id())
        and s.state in (1, 2)
      order by s.email limit 10) c))
from app.look((select auth.portal_id()), app.reading(:'chosen', :'browser')) l
