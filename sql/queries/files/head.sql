-- The first chunk of a file that the asker sees; nothing of one that they do not.
-- => bytes
-- reads
-- :file body bigint
select coalesce((select c.data from app.file_chunks c where c.tenant_id = (select auth.tenant_id()) and c.file_id = :'file' and c.seq = 0), '')
