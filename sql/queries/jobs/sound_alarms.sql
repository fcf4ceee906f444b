-- Tells of clocks that are late, or soon will be: how many.
-- => text
-- writes
select jobs.sound_alarms()::text
