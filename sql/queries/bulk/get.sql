-- How far one is, and what was refused.
-- => json
-- reads
-- :id path bigint
select app.get_bulk(:'id')
