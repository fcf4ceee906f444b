-- One's photo, in place of the one before.
-- => json
-- writes
-- :width made int
-- :height made int
-- :bytes made bytea
select app.set_photo(:'width', :'height', :'bytes')
