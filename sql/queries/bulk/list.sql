-- My last changes of many tickets.
-- => json
-- reads
select app.list_bulk()
