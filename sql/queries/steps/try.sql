-- One try at it: what the worker needs to check what was shown.
-- => json
-- writes
-- :step made text
-- :host made text
-- :credential made bytea?
select auth.step_try(:'step', :'host', :'credential')
