-- An app's code was right: the session.
-- => json
-- writes
-- :step made text
-- :moment made bigint
-- :token_hash made bytea
-- :old_token made bytea?
select auth.step_code(:'step', :'moment', :'token_hash', :'old_token')
