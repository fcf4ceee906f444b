-- One of them, and the newest of the tickets that wait for it.
-- => json
-- reads
-- :id path bigint
select app.get_item(:'id')
