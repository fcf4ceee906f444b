-- Beside a ticket, for the desk: who opened it, and what else of theirs there is.
-- => json
-- reads
-- :number path bigint
select app.requester_of(:'number')
