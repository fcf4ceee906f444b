-- The same for support under a grant, which writes nothing.
-- => text
-- reads
-- :key path text 1..32
-- :q query text? 0..200
-- :lang path text 2..40
-- :typed query text? yes|
select u from app.search_went(:'key', :'q', :'lang', false, :'typed' is not null) u where u is not null
