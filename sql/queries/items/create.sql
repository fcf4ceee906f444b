-- A new thing for the engineers.
-- => json
-- writes
-- :key body text 1..40
-- :title body text 1..200
-- :url body text? 0..500
select app.save_item(null, :'key', :'title', :'url', null)
