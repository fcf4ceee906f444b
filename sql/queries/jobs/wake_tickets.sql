-- Brings back tickets that were put aside until now: how many.
-- => text
-- writes
select jobs.wake_tickets()::text
