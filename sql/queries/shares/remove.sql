-- Takes somebody's own access to a ticket away. Twice is once.
-- => json
-- writes
-- :number path bigint
-- :person path bigint
select app.unshare_ticket(:'number', :'person')
