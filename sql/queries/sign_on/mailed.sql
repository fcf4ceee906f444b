-- The link of such a mail, in the browser that began: a session, a second step, or a refusal.
-- => json
-- writes
-- :token path text 1..80
-- :proof made bytea
-- :token_hash made bytea
-- :old_token made bytea?
-- :browser browser text?
select auth.sign_on_mailed(:'token', :'proof', :'token_hash', :'old_token', :'browser')
