-- Links a ticket to another.
-- => json
-- writes
-- :number path bigint
-- :kind body text relates|blocks|blocked_by|causes|caused_by
-- :to body bigint
select app.set_link(:'number', :'kind', :'to')
