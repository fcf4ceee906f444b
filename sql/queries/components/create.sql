-- A new part of what the tenant runs.
-- => json
-- writes
-- :names body jsonb 2..8000b
-- :parent body bigint?
-- :portals body jsonb? 2..2000b
-- :key key text
select app.make_component(:'names', :'parent', :'portals', :'key')
