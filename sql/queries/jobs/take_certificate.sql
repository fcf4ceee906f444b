-- A host that wants a certificate.
-- => json
-- writes
-- :lease job interval
select jobs.take_certificate(:'lease')
