-- The lists of a place that I keep by name.
-- => json
-- reads
-- :place query text tickets|inbox|queue
select app.list_views(:'place')
