-- What a ticket at the desk may come of.
-- => json
-- reads
-- :number path bigint
select app.incidents_for(:'number')
