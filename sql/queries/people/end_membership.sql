-- Ends what somebody is in an account.
-- => void
-- writes
-- :id path bigint
select app.end_membership(:'id')
