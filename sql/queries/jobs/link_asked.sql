-- What came of it: missing, unreachable, or nothing amiss.
-- => void
-- writes
-- :tenant job bigint
-- :href job text
-- :fault job text?
select jobs.link_asked(:'tenant', :'href', :'fault')
