-- A passkey no longer counts.
-- => void
-- writes
-- :id path bigint
select auth.passkey_remove(:'id')
