-- It was sent, or thrown away.
-- => void
-- writes
-- :place path text 1..40
select app.end_draft(:'place')
