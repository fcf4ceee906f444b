-- Forgets what has had its time.
-- => void
-- writes
select jobs.sweep()
