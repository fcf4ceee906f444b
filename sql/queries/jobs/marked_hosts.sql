-- Hosts with the mark of their tenant, a thousand at a time.
-- => json
-- reads
-- :after job text
select jobs.marked_hosts(:'after')
