-- What a token about a live grant says, and the key to sign it with.
-- => json
-- writes
-- :id path bigint
-- :origin made text
select auth.grant_token(:'id', :'origin')
