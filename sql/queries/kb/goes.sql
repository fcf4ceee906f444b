-- The same for support under a grant, which writes nothing.
-- => text
-- reads
-- :key path text 1..32
-- :q query text? 0..200
-- :lang path text 2..40
select u from app.search_went(:'key', :'q', :'lang', false) u where u is not null
