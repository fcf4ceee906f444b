-- Writes what an agent sent a few seconds ago: how many.
-- => text
-- writes
select jobs.send_held()::text
