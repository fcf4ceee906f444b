-- What is said of one, all of it; or, with in_front_of, its place alone (0: the last).
-- => json
-- writes
-- :id path bigint
-- :names body jsonb? 2..8000b
-- :parent body bigint?
-- :portals body jsonb? 2..2000b
-- :in_front_of body bigint?
select app.save_component(:'id', :'names', :'parent', :'portals', :'in_front_of')
