-- Support access to a ticket's account: what is open, what I asked for.
-- => json
-- reads
-- :number path bigint
select s from app.ticket_access_state(:'number') s where s is not null
