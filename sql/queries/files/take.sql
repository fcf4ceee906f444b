-- Goes on with a file where it ended.
-- => json
-- writes
-- :id path bigint
-- :at made bigint
select app.take_file(:'id', :'at')
