-- What its feed said, or why it said nothing.
-- => void
-- writes
-- :tenant job bigint
-- :calendar job bigint
-- :url job text?
-- :days job jsonb?
-- :fault job text?
select jobs.calendar_fed(:'tenant', :'calendar', :'url', :'days', :'fault')
