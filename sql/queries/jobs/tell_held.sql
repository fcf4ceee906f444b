-- Tells what agents changed a few seconds ago: how many.
-- => text
-- writes
select jobs.tell_held()::text
