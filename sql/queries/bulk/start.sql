-- One change of many tickets: of these numbers, or of all that a list of the queue shows.
-- hold: for so many seconds nobody is told of it.
-- => json
-- writes
-- :numbers body jsonb? 2..20000b
-- :query body text? 0..2000
-- :change body jsonb 2..4000b
-- :key key text
-- :hold body int? 0..30
select app.start_bulk(:'numbers', :'query', :'change', :'key', :'hold')
