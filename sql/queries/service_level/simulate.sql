-- What a table, or a calendar, that nobody has saved would have changed for the tickets of some days.
-- => json
-- reads
-- :table body jsonb? 2..250000b
-- :calendar body bigint?
-- :zone body text? 1..60
-- :hours body jsonb? 2..4000b
-- :holidays body jsonb? 2..100000b
-- :days body int 1..90
select app.simulate(:'table', :'calendar', :'zone', :'hours', :'holidays', :'days')
