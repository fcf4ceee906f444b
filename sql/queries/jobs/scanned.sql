-- What the scanner says of it: clean, refused, or later.
-- => void
-- writes
-- :tenant made bigint
-- :id made bigint
-- :verdict made text
-- :wait made interval
select jobs.scanned(:'tenant', :'id', :'verdict', :'wait')
