-- What is said of one, all of it; or, with before, its place alone (0: the last).
-- => json
-- writes
-- :id path bigint
-- :titles body jsonb? 2..8000b
-- :texts body jsonb? 2..64000b
-- :url body text? 0..500
-- :contact body text? 0..40
-- :roles body jsonb? 2..1000b
-- :portal body bigint?
-- :starts_at body text? 0..40
-- :ends_at body text? 0..40
-- :in_front_of body bigint?
select app.save_signpost(:'id', null, :'titles', :'texts', :'url', :'contact', :'roles', :'portal',
  app.signpost_time(:'starts_at', 'starts_at'), app.signpost_time(:'ends_at', 'ends_at'), :'in_front_of')
