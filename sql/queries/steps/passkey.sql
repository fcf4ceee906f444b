-- A passkey's signature was right: the session.
-- => json
-- writes
-- :step made text
-- :host made text
-- :credential made bytea
-- :uses made bigint
-- :token_hash made bytea
-- :old_token made bytea?
select auth.step_passkey(:'step', :'host', :'credential', :'uses', :'token_hash', :'old_token')
