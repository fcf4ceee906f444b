-- The three values a portal sets; the worker derives the rest.
-- => json
-- reads
select json_build_object('brand', l.brand, 'brand_bg', l.brand_bg, 'round', l.round)
from app.look((select auth.portal_id()), null) l
