-- One chunk of it.
-- => bytes
-- writes
-- :tenant made bigint
-- :id made bigint
-- :seq made int
select jobs.scan_part(:'tenant', :'id', :'seq')
