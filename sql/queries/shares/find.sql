-- Whom one may add to a ticket that is there, or to a new one here: colleagues
-- whose name or address begins so, and the staff named to the account (without
-- a question only these).
-- => json
-- reads
-- :q query text? 1..100
-- :ticket query bigint?
select app.find_colleagues(:'q', :'ticket')
