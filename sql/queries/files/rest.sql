-- The last chunk of a file, as far as it has come.
-- => bytes
-- reads
-- :id path bigint
select app.file_rest(:'id')
