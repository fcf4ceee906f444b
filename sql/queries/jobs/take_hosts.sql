-- Names whose proof is to be looked for now.
-- => json
-- writes
-- :most job int
-- :lease job interval
select jobs.take_hosts(:'most', :'lease')
