-- How many tickets a list of the queue shows, all of them.
-- => json
-- reads
-- :query query text? 0..2000
select app.count_bulk(coalesce(:'query', ''))
