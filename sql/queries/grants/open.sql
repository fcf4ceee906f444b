-- Lets the tenant's agents in: scope is all, top, or ids of portals by spaces.
-- => json
-- writes
-- :scope body text 1..4000
-- :ends_at body text 1..40
-- :reason body text 1..500
-- :ticket body bigint?
-- :key key text
select app.open_grant(:'scope', :'ends_at', :'reason', :'ticket', :'key')
