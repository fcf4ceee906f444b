-- Hosts that have a certificate, a thousand at a time.
-- => json
-- reads
-- :after job text
select jobs.certified_hosts(:'after')
