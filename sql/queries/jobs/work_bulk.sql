-- A part of a change of many tickets: how many of them.
-- => text
-- writes
select jobs.work_bulk()::text
