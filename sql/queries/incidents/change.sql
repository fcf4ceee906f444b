-- What is said of all of one, each only where it is given.
-- => json
-- writes
-- :id path bigint
-- :titles body jsonb? 2..8000b
-- :impact body text? minor|major|critical
-- :portals body jsonb? 2..2000b
-- :components body jsonb? 2..2000b
-- :starts_at body text? 0..40
-- :ends_at body text? 0..40
-- :postmortems body jsonb? 2..128000b
select app.change_incident(:'id', :'titles', :'impact', :'portals', :'components',
  app.status_time(:'starts_at', 'starts_at'), app.status_time(:'ends_at', 'ends_at'), :'postmortems')
