-- What happened to a ticket between its messages: the newest 300 lines.
-- => json
-- reads
-- :number path bigint
select app.ticket_history(:'number')
