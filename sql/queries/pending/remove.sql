-- Takes somebody who is to join a ticket off it. Twice is once.
-- => json
-- writes
-- :number path bigint
-- :id path bigint
select app.change_pending(:'number', :'id', false)
