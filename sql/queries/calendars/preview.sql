-- A fortnight of hours that nobody has saved, from today or another day on.
-- => json
-- reads
-- :zone body text 1..60
-- :hours body jsonb 2..4000b
-- :holidays body jsonb? 2..100000b
-- :calendar body bigint?
-- :since body text? 10..10
select app.preview_calendar(:'calendar', :'zone', :'hours', :'holidays', :'since')
