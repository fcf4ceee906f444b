-- It is out: its tickets are told. Twice is once.
-- => json
-- writes
-- :id path bigint
select app.publish_release(:'id')
