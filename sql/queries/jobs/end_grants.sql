-- Ends grants that have had their time, of one tenant: how many there were.
-- => text
-- writes
select jobs.end_grants()::text
