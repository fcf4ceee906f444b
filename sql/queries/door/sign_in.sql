-- Makes a session at this portal, or answers null and never says why.
-- => json
-- writes
-- :email made text
-- :derived_key made bytea
-- :token_hash made bytea
-- :old_token made bytea?
-- :client made text?
-- :browser made text?
select auth.sign_in(:'email', :'derived_key', :'token_hash', :'old_token', :'client', :'browser')
