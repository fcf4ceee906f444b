-- Stops one: what it has not come to stays as it is.
-- => json
-- writes
-- :id path bigint
select app.stop_bulk(:'id')
