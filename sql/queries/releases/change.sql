-- All that is said of a release that is not published. said: as for a new one.
-- => json
-- writes
-- :id path bigint
-- :name body text 1..80
-- :notes body jsonb 2..64000b
-- :items body jsonb 2..8000b
-- :said made jsonb
select app.save_release(:'id', :'name', :'notes', :'said', :'items')
