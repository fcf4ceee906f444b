-- What one has begun to write at a place.
-- => json
-- reads
-- :place path text 1..40
select app.draft(:'place')
