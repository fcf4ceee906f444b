-- Makes a session, or answers null and never says why.
-- => json
-- writes
-- :host made text
-- :email made text
-- :derived_key made bytea
-- :token_hash made bytea
-- :old_token made bytea?
select auth.sign_in(:'host', :'email', :'derived_key', :'token_hash', :'old_token')
