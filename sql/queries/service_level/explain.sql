-- The clocks of a ticket, line by line.
-- => json
-- reads
-- :number path bigint
select app.explain_clocks(:'number')
