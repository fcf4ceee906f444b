-- What is said of one, each only when it is given.
-- => json
-- writes
-- :id path bigint
-- :key body text? 1..40
-- :title body text? 1..200
-- :url body text? 0..500
-- :state body text? open|done|dropped
select app.save_item(:'id', :'key', :'title', :'url', :'state')
