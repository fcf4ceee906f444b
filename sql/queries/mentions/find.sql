-- Whom one may mention in a ticket: those whose name begins so.
-- => json
-- reads
-- :number path bigint
-- :q query text? 1..100
select app.find_mentions(:'number', :'q')
