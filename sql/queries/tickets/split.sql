-- Comments of a ticket become a new one; comments: their ids.
-- => json
-- writes
-- :number path bigint
-- :title body text 1..200
-- :comments body jsonb 0..4000b
-- :key key text
select app.split_ticket(:'number', :'title', :'comments', :'key')
