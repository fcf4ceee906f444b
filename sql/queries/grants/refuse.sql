-- Says no to what an agent asked for.
-- => void
-- writes
-- :id path bigint
select app.refuse_request(:'id')
