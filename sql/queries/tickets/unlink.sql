-- Takes a link away again.
-- => json
-- writes
-- :number path bigint
-- :kind query text relates|blocks|blocked_by|causes|caused_by
-- :to path bigint
select app.drop_link(:'number', :'kind', :'to')
