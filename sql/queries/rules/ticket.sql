-- What rules did to a ticket, for who works on it.
-- => json
-- reads
-- :number path bigint
select app.ticket_rules(:'number')
