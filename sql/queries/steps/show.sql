-- The second step of a sign-in, as its page shows it; with a new secret, sealed,
-- for an app that must be set up.
-- => json
-- writes
-- :step made text
-- :host made text
-- :secret made bytea
select auth.step_show(:'step', :'host', :'secret')
