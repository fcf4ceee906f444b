-- Ends support's session at a portal.
-- => void
-- writes
-- :host made text
-- :token made bytea?
select auth.leave(:'host', :'token')
