-- Takes back what one did.
-- => json
-- writes
-- :id path bigint
select app.undo_bulk(:'id')
