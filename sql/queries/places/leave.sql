-- To another host of the portal one is at, its canonical one if none is named:
-- and whether somebody is signed in who could be handed over.
-- => json
-- reads
-- :host query text? 1..253
select json_build_object('host', h.host, 'tickets', not (select auth.has_tickets()),
  'signed', (select auth.person_id()) is not null and (select auth.grant_id()) is null)
from app.hosts h
where h.tenant_id = (select auth.tenant_id()) and h.portal_id = (select auth.portal_id())
  and h.is_on and case when :'host'::text is null then h.is_canonical else h.host = :'host' end
