-- A new incident, thing to try, or wish that leads elsewhere.
-- => json
-- writes
-- :kind body text incident|maintenance|first_aid|elsewhere
-- :titles body jsonb 2..8000b
-- :texts body jsonb? 2..64000b
-- :url body text? 0..500
-- :contact body text? 0..40
-- :roles body jsonb? 2..1000b
-- :portal body bigint?
-- :starts_at body text? 0..40
-- :ends_at body text? 0..40
-- :key key text
select app.make_signpost(:'kind', :'titles', :'texts', :'url', :'contact', :'roles', :'portal',
  app.signpost_time(:'starts_at', 'starts_at'), app.signpost_time(:'ends_at', 'ends_at'), :'key')
