-- Keeps a picture for the look that will name it.
-- => json
-- writes
-- :type made text
-- :width made int
-- :height made int
-- :bytes made bytea
select app.add_picture(:'type', :'width', :'height', :'bytes')
