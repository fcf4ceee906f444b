-- Ends grants that have had their time.
-- => void
-- writes
select jobs.end_grants()
