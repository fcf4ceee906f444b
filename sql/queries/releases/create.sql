-- A new release. said: what its tickets are to be told, by language.
-- => json
-- writes
-- :name body text 1..80
-- :notes body jsonb 2..64000b
-- :items body jsonb 2..8000b
-- :said made jsonb
select app.save_release(null, :'name', :'notes', :'said', :'items')
