-- Who would get mail of what an agent is about to do to a ticket.
-- => json
-- reads
-- :number path bigint
-- :act query text replied|prioritised|solved|closed|reopened
select app.who_hears(:'number', :'act')
