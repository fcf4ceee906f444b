-- Who comes from another host of this portal; no host, if it is none. `signed`:
-- somebody is signed in here already. `tickets`: they come for what that host
-- has not.
-- => json
-- reads
-- :from query text 1..253
select json_build_object('host', h.host, 'signed', (select auth.person_id()) is not null,
  'tickets', (select auth.has_tickets()) and not h.has_tickets)
from (values (:'from')) f (host)
left join app.hosts h on h.tenant_id = (select auth.tenant_id()) and h.portal_id = (select auth.portal_id())
  and h.is_on and h.host = f.host
