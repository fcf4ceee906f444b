-- A new section, of another or (0) a category.
-- => json
-- writes
-- :parent body bigint?
-- :names body jsonb 2..8000b
-- :abouts body jsonb? 2..32000b
-- :audience body jsonb? 2..8000b
-- :in_front_of body bigint?
-- :key key text
select app.make_section(:'parent', :'names', :'abouts', :'audience', :'in_front_of', :'key')
