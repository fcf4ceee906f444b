-- Takes back what was sent and is not out.
-- => json
-- writes
-- :id path bigint
select app.take_back(:'id')
