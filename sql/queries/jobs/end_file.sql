-- Ends some of a file that nobody attached within a day. How many: one or none.
-- => text
-- writes
select jobs.end_file()::text
