-- One mail that is due, taken for the length of a lease.
-- => json
-- writes
-- :lease job interval
-- :scheme job text
-- :port job text
select jobs.take_mail(:'lease', :'scheme', :'port')
