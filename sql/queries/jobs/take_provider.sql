-- An identity provider that is to be asked what it is.
-- => json
-- writes
-- :lease job interval
select jobs.take_provider(:'lease')
