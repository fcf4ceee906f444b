-- That passkey was made: the session.
-- => json
-- writes
-- :step made text
-- :challenge made text
-- :host made text
-- :credential made bytea
-- :algorithm made int
-- :public_key made bytea
-- :uses made bigint
-- :name made text
-- :token_hash made bytea
-- :old_token made bytea?
select auth.step_made(:'step', :'challenge', :'host', :'credential', :'algorithm', :'public_key', :'uses',
  :'name', :'token_hash', :'old_token')
