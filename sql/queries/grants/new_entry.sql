-- The address, good once and for 30 seconds, by which an agent enters a portal
-- under a grant.
-- => json
-- writes
-- :id path bigint
-- :portal body bigint?
-- :origin made text
-- :host made text
select auth.new_entry(:'id', :'portal', :'origin', :'host')
