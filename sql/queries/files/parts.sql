-- Chunks of a file that the asker sees, in their order. Streamed (db_stream).
-- => bytes
-- reads
-- :id path bigint
-- :seq made int
-- :last made int
select c.data from app.file_chunks c
where c.file_id = :'id' and c.seq between :'seq' and :'last'
order by c.seq
