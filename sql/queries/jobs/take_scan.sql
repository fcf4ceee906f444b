-- A file that a virus scanner is to look at.
-- => json
-- writes
-- :lease made interval
select jobs.take_scan(:'lease')
