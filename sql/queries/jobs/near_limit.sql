-- A tenant makes nearly as many requests as it may.
-- => void
-- writes
-- :mark job text
select jobs.near_limit(:'mark')
