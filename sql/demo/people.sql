-- The people of the demo as one JSON array: per tenant first one of each role,
-- for a newcomer to try, then the others. psql -At -f sql/demo/people.sql, as
-- a superuser, with the variables scheme and port for complete addresses.
-- Whoever has a password of their own by now is left out.

\if :{?scheme}
\else
  \set scheme http
\endif
\if :{?port}
\else
  \set port 8080
\endif

with everybody as (
  select t.name as tenant, t.created_at as tenant_at, h.host,
    case when p.rank >= 2 then '/agent' else '/' end as path,
    p.email, m.role, p.name, coalesce(p.locale, po.locale) as lang, p.created_at,
    row_number() over (partition by t.tenant_id, m.role order by p.created_at, h.host) as turn
  from app.credentials c
  join app.people p on p.tenant_id = c.tenant_id and p.id = c.person_id
  join app.tenants t on t.tenant_id = p.tenant_id
  join app.memberships m on m.tenant_id = p.tenant_id and m.person_id = p.id
  join app.portals po on po.tenant_id = m.tenant_id
    and po.account_id is not distinct from m.account_id
    and case when m.portal_id is null then po.parent_id is null else po.id = m.portal_id end
  join app.hosts h on h.tenant_id = po.tenant_id and h.portal_id = po.id and h.is_canonical
  where c.verifier = '\x88e8e35c10b8c60df4b79357c2bb1cb5faaec9a74425eab72ce7d14adfda2a76')
select coalesce(json_agg(json_build_object(
    'tenant', e.tenant, 'host', e.host, 'path', e.path,
    'url', :'scheme' || '://' || e.host || ':' || :'port' || e.path,
    'email', e.email, 'password', 'welcome to the demo',
    'role', e.role, 'name', e.name, 'lang', e.lang)
  order by e.tenant_at, e.tenant, e.turn > 1,
    array_position(array['member', 'agent', 'main_user', 'account_admin', 'partner',
      'portal_admin', 'tenant_admin'], e.role), e.created_at, e.host), '[]')
from everybody e;
