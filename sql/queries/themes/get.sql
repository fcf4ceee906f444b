-- The three values a portal sets; the worker makes a style sheet of them.
-- => json
-- reads
select json_build_object('brand', po.brand, 'brand_bg', po.brand_bg, 'round', po.round)
from app.portals po
where po.tenant_id = (select auth.tenant_id()) and po.id = (select auth.portal_id())
