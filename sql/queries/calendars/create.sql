-- A new calendar.
-- => json
-- writes
-- :name body text 1..80
-- :zone body text 1..60
-- :hours body jsonb 2..4000b
-- :holidays body jsonb? 2..100000b
-- :key key text
select app.create_calendar(:'name', :'zone', :'hours', :'holidays', null, :'key')
