-- A portal below another one, with its host.
-- => json
-- writes
-- :parent body bigint
-- :name body text 1..200
-- :slug body text 2..40
-- :language body text 2..20
-- :key key text
select app.create_portal(:'parent', :'name', :'slug', :'language', :'key')
