-- What is said of one: its names, where it lies, who reads it.
-- => json
-- writes
-- :id path bigint
-- :parent body bigint?
-- :names body jsonb? 2..8000b
-- :abouts body jsonb? 2..32000b
-- :audience body jsonb? 2..8000b
-- :in_front_of body bigint?
select app.save_section(:'id', :'parent', :'names', :'abouts', :'audience', :'in_front_of')
