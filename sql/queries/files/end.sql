-- Ends a file that is not attached.
-- => void
-- writes
-- :id path bigint
select app.end_file(:'id')
