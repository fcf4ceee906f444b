-- Who can see a ticket, and by which rule; `last` is the one the page before
-- ended with.
-- => json
-- reads
-- :number path bigint
-- :last query bigint?
select app.who_sees(:'number', :'last')
