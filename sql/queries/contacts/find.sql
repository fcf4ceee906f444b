-- The people field: staff of partners whose name or address begins so.
-- => json
-- reads
-- :q query text 1..100
-- :account query bigint?
-- :partner query bigint?
select app.find_contacts(:'q', :'account', :'partner')
