-- Forgets what has had its time, some of it: how many rows that were.
-- => text
-- writes
select jobs.sweep()::text
