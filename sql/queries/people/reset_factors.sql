-- Takes all second factors of somebody who has lost them.
-- => void
-- writes
-- :id path bigint
select app.reset_factors(:'id')
