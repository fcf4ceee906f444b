-- A new calendar.
-- => json
-- writes
-- :name body text 1..80
-- :zone body text 1..60
-- :hours body jsonb 2..4000b
-- :holidays body jsonb? 2..100000b
-- :feed_url body text? 0..2000
-- :key key text
select app.create_calendar(:'name', :'zone', :'hours', :'holidays', :'feed_url', :'key')
