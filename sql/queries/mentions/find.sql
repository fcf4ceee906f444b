-- Whom one may mention in a ticket, or in a note about it: those whose name begins so.
-- => json
-- reads
-- :number path bigint
-- :q query text? 1..100
-- :note query text? yes|
select app.find_mentions(:'number', :'q', :'note' is not null)
