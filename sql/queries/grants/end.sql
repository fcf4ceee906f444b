-- Ends a grant at once.
-- => void
-- writes
-- :id path bigint
select app.end_grant(:'id')
