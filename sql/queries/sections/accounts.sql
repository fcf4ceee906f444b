-- Accounts that may read something, found by name.
-- => json
-- reads
-- :q query text 1..100
select app.find_readers(:'q')
