-- Enters the tenant that a command names; is_new: one that is to be made.
-- => text
-- reads
-- :slug made text
-- :is_new made boolean
select auth.operator_enter(:'slug', :'is_new')::text
