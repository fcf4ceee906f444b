-- Sends the invitation of somebody who is to join a ticket once more.
-- => json
-- writes
-- :number path bigint
-- :id path bigint
select app.change_pending(:'number', :'id', true)
