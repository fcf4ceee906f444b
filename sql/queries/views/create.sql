-- Keeps one more: what stands in the page's address after the '?'.
-- => json
-- writes
-- :place body text tickets|inbox|queue
-- :name body text 1..80
-- :query body text 0..2000b
select app.keep_view(:'place', :'name', :'query')
