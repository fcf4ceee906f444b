-- One message to a tenant's product that is due, taken for the length of a lease.
-- => json
-- writes
-- :lease job interval
select jobs.take_webhook(:'lease')
