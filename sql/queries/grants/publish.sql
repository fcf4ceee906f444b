-- The public half of a key, the first time it signs.
-- => void
-- writes
-- :kid made bigint
-- :public made text
select auth.publish_key(:'kid', :'public')
