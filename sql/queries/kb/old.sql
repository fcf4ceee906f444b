-- Where an article is that was asked for by its key alone, or by the number that it had once.
-- => text
-- reads
-- :key path text 1..32
-- :chosen asked text?
-- :browser asked text?
select u from app.article_found(:'key', app.reading(:'chosen', :'browser')) u where u is not null
