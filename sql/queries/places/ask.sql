-- A secret that opens the session one has at another host of the portal: at the
-- canonical one, or else, `asks`, once the person has said yes. Neither, when
-- there is no session to hand over.
-- => json
-- writes
-- :at query text 1..253
-- :proof query text 43..43
select json_build_object('host', h.host,
  'asks', not h.is_canonical and (select auth.person_id()) is not null and (select auth.grant_id()) is null,
  'token', case when h.is_canonical then auth.hand_over(h.host, :'proof') end)
from app.hosts h
where h.tenant_id = (select auth.tenant_id()) and h.portal_id = (select auth.portal_id())
  and h.is_on and h.host = :'at'
