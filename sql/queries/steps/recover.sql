-- A recovery code: the session, if it is one.
-- => json
-- writes
-- :step made text
-- :code form text 1..100
-- :token_hash made bytea
-- :old_token made bytea?
select auth.step_recover(:'step', :'code', :'token_hash', :'old_token')
