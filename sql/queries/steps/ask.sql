-- What a browser needs to make the passkey that a sign-in waits for.
-- => json
-- writes
-- :step made text
select auth.step_ask(:'step')
