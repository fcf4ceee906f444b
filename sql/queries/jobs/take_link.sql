-- An address elsewhere that articles lead to and that is to be asked.
-- => json
-- writes
-- :lease job interval
select jobs.take_link(:'lease')
