-- Where an article is that somebody goes to from a search, which is counted.
-- => text
-- writes
-- :key path text 1..32
-- :q query text? 0..200
-- :lang path text 2..40
-- :typed query text? yes|
select u from app.search_went(:'key', :'q', :'lang', true, :'typed' is not null) u where u is not null
