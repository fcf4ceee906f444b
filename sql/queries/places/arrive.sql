-- Opens a session for whom the secret is, for so many seconds; none if it is not
-- good.
-- => json
-- writes
-- :token query text 1..80
-- :proof made text?
-- :token_hash made bytea
-- :old_token made bytea?
select json_build_object('seconds', auth.arrive(:'token', :'proof', :'token_hash', :'old_token')->'seconds')
