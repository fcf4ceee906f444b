-- Another name for a passkey of one's own.
-- => json
-- writes
-- :id path bigint
-- :name body text 1..60
select auth.passkey_rename(:'id', :'name')
