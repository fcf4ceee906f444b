-- The three properties a portal sets, as a style sheet.
-- => text
-- reads
select format('@layer brand{:root{--brand:%s;--brand-bg:%s;--round:%s}}',
  po.brand, po.brand_bg, po.round)
from app.portals po
where po.tenant_id = (select auth.tenant_id()) and po.id = (select auth.portal_id())
