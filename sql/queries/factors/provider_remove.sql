-- The link to an identity provider is forgotten.
-- => void
-- writes
-- :id path bigint
select auth.identity_remove(:'id')
