-- One chunk of a file that the asker sees.
-- => bytes
-- reads
-- :id path bigint
-- :seq made int
select c.data from app.file_chunks c where c.file_id = :'id' and c.seq = :'seq'
