-- A calendar whose feed is to be read, or that is to be laid out for another year.
-- => json
-- writes
-- :lease job interval
select jobs.take_calendar(:'lease')
