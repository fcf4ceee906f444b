-- Says of maintenance that it has begun or is over: how many.
-- => text
-- writes
select jobs.tell_maintenance()::text
