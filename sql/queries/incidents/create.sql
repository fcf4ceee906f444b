-- A new incident or maintenance, with the first that is said of it.
-- => json
-- writes
-- :kind body text incident|maintenance
-- :titles body jsonb 2..8000b
-- :texts body jsonb 2..64000b
-- :stage body text? investigating|identified|monitoring|resolved
-- :impact body text? minor|major|critical
-- :portals body jsonb? 2..2000b
-- :components body jsonb? 2..2000b
-- :starts_at body text? 0..40
-- :ends_at body text? 0..40
-- :key key text
select app.make_incident(:'kind', :'titles', :'texts', :'stage', :'impact', :'portals', :'components',
  app.status_time(:'starts_at', 'starts_at'), app.status_time(:'ends_at', 'ends_at'), :'key')
