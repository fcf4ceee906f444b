-- A secret that opens the session one has at another host of the portal, for
-- who has said yes; none when there is no session to hand over.
-- => json
-- writes
-- :at form text 1..253
-- :proof form text 43..43
select json_build_object('host', h.host, 'token', auth.hand_over(h.host, :'proof'))
from app.hosts h
where h.tenant_id = (select auth.tenant_id()) and h.portal_id = (select auth.portal_id())
  and h.is_on and h.host = :'at'
